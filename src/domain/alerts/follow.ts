import { HOUR, type Instant } from '../instant.ts';
import { MOST_CAUSES } from '../sync/tally.ts';
import { type Alert, type Condition, isLive, type Subscription } from './alert.ts';
import { isLow, type News } from './news.ts';

/** An alert as it will be; its id is given when it is written. */
export type NewAlert = Omit<Alert, 'id'>;

/** What is to be done in one channel after a run. */
export type Step =
  | { readonly is: 'raise'; readonly alert: NewAlert; readonly instead: readonly Alert[] }
  | { readonly is: 'repeat'; readonly alert: Alert }
  | { readonly is: 'recover'; readonly alert: Alert };

export interface ChannelNow {
  readonly channelId: string;
  /** Null where the channel is subscribed no more: what it was told of still closes. */
  readonly subscription: Pick<Subscription, 'conditions'> | null;
  /** The connector's alerts there, live ones only. */
  readonly live: readonly Alert[];
}

/** Decides what a run's end means for one channel (N2, N3). Pure. `now` is when it is told, which may be after the run's end. */
export function follow(news: News, channel: ChannelNow, now: Instant): readonly Step[] {
  return [...afterEnding(news, channel, now), ...afterSeats(news, channel, now)];
}

function afterEnding(news: News, channel: ChannelNow, now: Instant): readonly Step[] {
  const live = channel.live.filter((alert) => isLive(alert) && alert.condition !== 'low-seats');
  const wanted = news.troubles.find((condition) => wants(channel, condition));
  if (wanted !== undefined) {
    const same = live.filter(({ condition }) => condition === wanted);
    const told = same.filter((alert) => holds(alert, news));
    const again = repeatOf(told, news);
    if (again !== undefined) return [{ is: 'repeat', alert: repeated(again, news) }];
    // Who snoozed one wants nothing of what that tells, and hears of the rest.
    const instead = live.filter((alert) => !(alert.condition === wanted && isSnoozed(alert, news.at)));
    return [{ is: 'raise', alert: raised(news, channel, wanted, now, same.at(-1), told.length > 0), instead }];
  }
  if (!news.success) return [];
  if (live.length > 0) return live.map((alert) => recovered(alert, news));
  if (!news.recovered || !wants(channel, 'recovered')) return [];
  const alert = raised(news, channel, 'recovered', now);
  return [{ is: 'raise', alert: { ...alert, state: { is: 'recovered', at: news.at } }, instead: [] }];
}

/** Few seats are one alert for as long as they are few. */
function afterSeats(news: News, channel: ChannelNow, now: Instant): readonly Step[] {
  if (news.seats === null) return [];
  const { seats } = news;
  const live = channel.live.find((alert) => isLive(alert) && alert.condition === 'low-seats');
  if (live !== undefined) return [isLow(seats) ? { is: 'repeat', alert: { ...repeated(live, news), seats } } : { ...recovered({ ...live, seats }, news) }];
  if (!isLow(seats) || !wants(channel, 'low-seats')) return [];
  return [{ is: 'raise', alert: { ...raised(news, channel, 'low-seats', now), seats }, instead: [] }];
}

function wants({ subscription }: ChannelNow, condition: Condition): boolean {
  return subscription?.conditions.includes(condition) ?? false;
}

/** Within an hour, or while it is snoozed, it takes what it told of already (N2, N3). There is one open hold a connector (S14): its alert goes on. */
function holds(alert: Alert, { at }: News): boolean {
  return alert.condition === 'fuse' || isRecent(alert, at) || isSnoozed(alert, at);
}

function isRecent({ lastAt }: Alert, at: Instant): boolean {
  return at - lastAt <= HOUR;
}

function isSnoozed({ state }: Alert, at: Instant): boolean {
  return state.is === 'snoozed' && state.until > at;
}

/** The alert that tells of this run's causes; undefined where one of them was told by none. A run names its commonest causes only: where there are more, one that was told is enough. */
function repeatOf(told: readonly Alert[], { run }: News): Alert | undefined {
  const tells = (alert: Alert, key: string): boolean => alert.condition === 'fuse' || alert.causes === undefined || alert.causes.includes(key);
  const isTold = ({ key }: { readonly key: string }): boolean => told.some((alert) => tells(alert, key));
  const isRepeat = run.causes.length >= MOST_CAUSES ? run.causes.some(isTold) : run.causes.every(isTold);
  return isRepeat ? (told.findLast((alert) => run.causes.some(({ key }) => tells(alert, key))) ?? told.at(-1)) : undefined;
}

/** Causes that an alert remembers. */
const CAUSES_KEPT = 100;

/** What the earlier message told within the hour is not told anew because another cause came between. */
function causesOf({ run, at }: News, earlier: Alert | undefined): readonly string[] {
  const told = earlier !== undefined && isRecent(earlier, at) ? (earlier.causes ?? []) : [];
  return [...new Set([...run.causes.map(({ key }) => key), ...told])].slice(0, CAUSES_KEPT);
}

function repeated(alert: Alert, { run, at }: News): Alert {
  const affected = { now: run.counts.failed, before: alert.affected.now };
  return { ...alert, runId: run.id, lastAt: at, times: alert.times + 1, affected, causes: alert.causes ?? run.causes.map(({ key }) => key) };
}

/** `isOther`: it tells of something else than the earlier one, and not of the same once more. */
function raised(news: News, { channelId }: ChannelNow, condition: Condition, now: Instant, earlier?: Alert, isOther = false): NewAlert {
  const { run, at } = news;
  return {
    connectorId: run.connectorId,
    channelId,
    condition,
    runId: run.id,
    since: earlier?.since ?? at,
    raisedAt: at,
    lastAt: at,
    times: (earlier?.times ?? 0) + 1,
    affected: { now: run.counts.failed, before: earlier?.affected.now ?? null },
    causes: causesOf(news, earlier),
    seats: null,
    // Silence that was escalated once is not escalated again by the same trouble going on.
    state: { is: 'open', since: now, escalated: earlier?.state.is === 'open' && !isOther ? earlier.state.escalated : null },
  };
}

function recovered(alert: Alert, { at, run }: News): Extract<Step, { is: 'recover' }> {
  return { is: 'recover', alert: { ...alert, runId: run.id, lastAt: at, state: { is: 'recovered', at } } };
}
