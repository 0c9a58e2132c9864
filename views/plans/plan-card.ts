import { changesIn, type PlanState, removalsIn, type StoredPlan } from '../../src/domain/plans/plan.ts';
import type { PlanModel } from '../../src/domain/plans/verbs/model.ts';
import { actions, type Blocks, button, context, type Message, message, section } from '../blocks.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { CHANGE_WORDS } from '../sync/change-words.ts';
import { runStanding } from '../sync/run-card.ts';
import { count, duration, percent, plural } from '../words.ts';

/** People of a canary. */
export const CANARY = 5;

/** A plan as one message that is edited in place: the plan, then its run's progress, then the result (S6). */
export function planMessage(model: PlanModel): Message {
  const { plan } = model;
  switch (plan.state.is) {
    case 'making':
      return making(model);
    case 'open':
      return open(model);
    case 'applying':
    case 'applied':
      return model.run === null ? over(model, plan.state) : applied(model, model.run, []);
    case 'canary-done':
      return model.run === null ? over(model, plan.state) : applied(model, model.run, canary(model, plan.state));
    case 'cancelled':
    case 'expired':
    case 'voided':
      return over(model, plan.state);
  }
}

function making({ plan, connector }: PlanModel): Message {
  const seen = changesIn(plan) + plan.unchanged + plan.counts.frozen;
  return message({
    text: `Making the sync plan for ${connector.name}…`,
    blocks: [
      section(md`${bold(`Making the sync plan for ${connector.name}…`)}${seen > 0 ? ` ${plural(seen, 'person', 'people')} looked at` : ''}`),
      actions([cancel(plan)]),
      context(`${plan.id} · nothing is sent to ${connector.name}`),
    ],
  });
}

function open(model: PlanModel): Message {
  const { plan, connector, by, timeZone, waits, overFuse } = model;
  const adoption = plan.origin.is === 'first-adoption';
  const what = adoption ? 'First sync' : plan.origin.is === 'undo' ? `Undo of ${plan.origin.runId}` : 'Sync plan';
  const line = countsLine(plan);
  const blocks: Blocks = [
    section(md`${bold(`${what} for ${connector.name}`)}${by === null ? '' : ` · by ${by}`} · valid until ${date(plan.validUntil, timeZone)}`),
    section(line),
    section(`${timeLine(plan)} · ${seatsLine(plan)}`),
    adoption &&
      section(
        `${plural(plan.counts.adopt, 'account exists', 'accounts exist')} in ${connector.name} already and would be managed from then on. All other accounts there are never touched.`,
      ),
    ...risks(model),
    overFuse &&
      section(
        `⛔ So many removals are held by the fuse unless somebody else approves this plan. Run by one person alone, everything but the ${plural(removalsIn(plan), 'removal')} is done.`,
      ),
    model.freeze !== null &&
      section(
        md`❄ Its ${plural(removalsIn(plan), 'removal')} would be held back by the freeze “${model.freeze.name}”, until ${date(model.freeze.until, timeZone)}.`,
      ),
    model.turnedDown !== null && section(md`${model.turnedDown.requestId} ${model.turnedDown.how}`),
    waits !== null && section(`${waits} waits for approval.`, { accessory: button({ text: 'Show the request', action: 'approvals.show', value: waits }) }),
    actions([
      waits === null && button({ text: adoption ? 'Approve and adopt' : 'Approve and run', action: 'sync.apply', value: plan.id, style: 'primary' }),
      waits === null && changesIn(plan) > CANARY && button({ text: `Run first ${CANARY}`, action: 'sync.canary', value: plan.id }),
      button({ text: 'Full plan (CSV)', action: 'sync.plan-file', value: plan.id }),
      adoption && button({ text: 'Not managed', action: 'sync.unmanaged', value: connector.id }),
      cancel(plan),
    ]),
    context(
      `${plan.id} · ${connector.id}`,
      plan.counts.frozen > 0 && `${plural(plan.counts.frozen, 'person', 'people')} left as they are`,
      model.groups && 'groups follow with the next sync',
    ),
  ];
  return message({ text: `${what} for ${connector.name}: ${line}. ${plan.id} waits for somebody to run it.`, blocks });
}

/** `+334 create · ~12 change · −14 deactivate (3.4 %) · 5,240 unchanged`. */
export function countsLine(plan: StoredPlan): string {
  const parts = CHANGE_WORDS.filter(([kind]) => plan.counts[kind] > 0).map(([kind, sign, word]) => {
    const share = sign === '−' && plan.accounts > 0 ? ` (${percent(plan.counts[kind], plan.accounts)})` : '';
    return `${sign}${count(plan.counts[kind])} ${word}${share}`;
  });
  return [...parts, `${count(plan.unchanged)} unchanged`].join(' · ');
}

function timeLine(plan: StoredPlan): string {
  return plan.seconds === null ? 'No rate limit set' : `About ${duration(plan.seconds * 1_000)} at its rate limit`;
}

function seatsLine({ seats }: StoredPlan): string {
  if (seats.total === null) return `${plural(seats.after, 'active account')} afterwards`;
  const left = seats.total - seats.after;
  return left >= 0 ? `${plural(left, 'seat')} left after` : `${plural(-left, 'seat')} short after`;
}

/** By name where people may be named; else how many of each (R3). */
function risks({ plan, mayName }: PlanModel): Blocks {
  if (plan.risky.length === 0) return [];
  if (mayName) return [section(md`Riskiest: ${joined(plan.risky.map(({ name, why }) => md`${name} (${why})`))}`)];
  const kinds = new Map<string, number>();
  for (const { why } of plan.risky) kinds.set(why, (kinds.get(why) ?? 0) + 1);
  return [section(`Worth a look: ${[...kinds].map(([why, number]) => `${count(number)} × ${why}`).join(' · ')}. Names are in the file.`)];
}

function applied(model: PlanModel, { run, by, task }: NonNullable<PlanModel['run']>, tail: Blocks): Message {
  const shown = runStanding({ run, connector: model.connector, now: model.now, by, mayName: model.mayName, task });
  return message({ text: shown.text, blocks: [...shown.blocks, ...tail, context(`applies plan ${model.plan.id}: ${countsLine(model.plan)}`)] });
}

function canary({ plan, timeZone }: PlanModel, { applied: first, putOff = 0 }: Extract<PlanState, { is: 'canary-done' }>): Blocks {
  const left = changesIn(plan) - first + putOff;
  const all = `first ${plural(first, 'person', 'people')}`;
  const is = (number: number): string => (number === 1 ? 'is' : 'are');
  const done = putOff === 0 ? `The ${all} ${is(first)} done.` : `${count(first - putOff)} of the ${all} ${is(first - putOff)} done.`;
  const further = `That counts ${plural(putOff, 'person', 'people')} of the first ${count(first)} who ${is(putOff)} to get a name that somebody further on still has.`;
  return [
    section(
      md`${bold(done)} ${plural(left, 'person waits', 'people wait')} for *Continue*, until ${date(plan.validUntil, timeZone)}.${putOff === 0 ? '' : ` ${further}`}`,
    ),
    actions([button({ text: `Continue with ${count(left)}`, action: 'sync.continue', value: plan.id, style: 'primary' }), cancel(plan)]),
  ];
}

function cancel(plan: StoredPlan): ReturnType<typeof button> {
  return button({ text: 'Cancel plan', action: 'sync.drop', value: plan.id });
}

function over({ plan, connector, timeZone }: PlanModel, state: Exclude<PlanState, { is: 'making' | 'open' }>): Message {
  const head = `Plan ${plan.id} for ${connector.name} ${OVER[state.is]}`;
  const why: Mrkdwn | string = state.is === 'voided' ? state.because : '';
  return message({
    text: why === '' ? `${head}.` : `${head}: ${state.is === 'voided' ? state.because : ''}`,
    blocks: [
      section(md`${bold(head)}${'at' in state ? md` · ${date(state.at, timeZone)}` : ''}`),
      why !== '' && section(why),
      section(countsLine(plan)),
      actions([
        button({ text: 'Make a new plan', action: 'sync.plan', value: connector.id }),
        button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

const OVER = {
  applying: 'is being applied',
  'canary-done': 'was applied in part',
  applied: 'was applied',
  cancelled: 'was cancelled: nothing more of it is applied',
  expired: 'expired: not applied',
  voided: 'is void',
} as const satisfies Readonly<Record<Exclude<PlanState['is'], 'making' | 'open'>, string>>;
