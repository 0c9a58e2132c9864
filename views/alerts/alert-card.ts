import type { Alert } from '../../src/domain/alerts/alert.ts';
import type { AlertModel, ToldCause } from '../../src/domain/alerts/verbs/model.ts';
import { actions, type Blocks, button, context, type Message, message, section, staticSelect } from '../blocks.ts';
import { stepValue } from '../connectors/configure-modal.ts';
import { bold, channelMention, date, md, mention, type Mrkdwn } from '../mrkdwn.ts';
import { holdBlocks, holdButtons, needsSomeone } from '../holds/hold-card.ts';
import { SIGNS } from '../signs.ts';
import { count, duration, percent, plural } from '../words.ts';
import { snoozeChoices } from './condition-words.ts';

/** Words of a provider on the card; the whole is behind *View errors*. */
const WORDS_SHOWN = 200;

/** An alert as one message that is edited in place (N2, N3): what failed, how many, the first causes, what to do; then how it was answered. */
export function alertMessage(model: AlertModel): Message {
  const line = headline(model);
  return message({ text: line, blocks: [section(line), ...body(model), buttons(model), model.hold !== null && holdButtons(model.hold), footing(model)] });
}

/** The second channel or person hears that nobody answered (N3). Counts only: it stands where the channel's mark says nothing. */
export function escalationMessage(model: AlertModel): Message {
  const { alert } = model;
  const line = md`${isOpen(alert) ? bold('Unanswered') : 'It was unanswered'} in ${channelMention(alert.channelId)}: ${headline(model)}`;
  return message({ text: line, blocks: [section(line), ...stateBlocks(model), buttons(model), context(`${alert.id} · ${alert.runId}`)] });
}

function isOpen({ state }: Alert): boolean {
  return state.is === 'open';
}

/** The fact in one line: what, since when, how often, how many. */
function headline(model: AlertModel): Mrkdwn {
  const { alert, connector, timeZone } = model;
  if (alert.state.is === 'recovered') {
    const after = alert.condition === 'recovered' ? md`` : md` after ${duration(alert.state.at - alert.since)}`;
    return md`${SIGNS.ok.sign} ${bold(`${connector.name}: recovered`)} ${date(alert.state.at, timeZone)}${after}`;
  }
  const repeats = alert.times > 1 ? md` · ${plural(alert.times, 'run')}` : md``;
  return md`${trouble(model)} since ${date(alert.since, timeZone)}${repeats}${affected(alert)}`;
}

function trouble({ alert, connector, run }: AlertModel): Mrkdwn {
  switch (alert.condition) {
    case 'failure':
      return md`${SIGNS.failing.sign} ${bold(`${connector.name}: sync failing`)}`;
    case 'partial':
      return md`${SIGNS.degraded.sign} ${bold(`${connector.name}: sync finished with errors`)}`;
    case 'credentials':
      return md`${SIGNS.needsCredentials.sign} ${bold(`${connector.name}: needs credentials`)}`;
    case 'fuse': {
      const lost =
        run?.held == null
          ? ''
          : `: it would lose ${count(run.held.removals)} of ${plural(run.held.accounts, 'account')} (${percent(run.held.removals, run.held.accounts)})`;
      return md`${SIGNS.quarantined.sign} ${bold(`${connector.name}: stopped before removing anyone${lost}`)},`;
    }
    case 'low-seats':
      return md`${SIGNS.degraded.sign} ${bold(`${connector.name}: ${seats(alert)}`)},`;
    case 'quarantine':
      return md`${SIGNS.quarantined.sign} ${bold(`${connector.name}: ${SIGNS.quarantined.word}`)}`;
    case 'result':
    case 'silence':
    case 'recovered':
      return md`${SIGNS.ok.sign} ${bold(connector.name)}`;
  }
}

function seats({ seats: now }: Alert): string {
  if (now === null) return 'few seats left';
  if (now.free < 0) return `${plural(-now.free, 'seat')} short of ${count(now.total)}`;
  return `${count(now.free)} of ${plural(now.total, 'seat')} left (${percent(now.free, now.total)})`;
}

function affected({ condition, affected: { now, before } }: Alert): Mrkdwn {
  if (now === 0 || condition === 'low-seats') return md``;
  const was = before === null || before === now ? md`` : md` (was ${count(before)})`;
  return md` · ${count(now)} failed${was}`;
}

function body(model: AlertModel): Blocks {
  const { alert, causes, moreCauses, detail } = model;
  if (alert.state.is === 'recovered' || alert.state.is === 'superseded' || alert.state.is === 'closed') return stateBlocks(model);
  return [
    ...(alert.condition === 'low-seats' ? [] : causes.map((cause) => section(causeLine(cause)))),
    moreCauses > 0 && alert.condition !== 'low-seats' && context(`and ${plural(moreCauses, 'more cause')}`),
    detail !== null && alert.condition !== 'low-seats' && section(detail.slice(0, WORDS_SHOWN)),
    ...(model.hold === null ? [HINTS[alert.condition] !== null && section(HINTS[alert.condition] ?? '')] : holdBlocks(model.hold)),
    ...stateBlocks(model),
  ];
}

const HINTS: Readonly<Record<Alert['condition'], string | null>> = {
  failure: null,
  partial: null,
  result: null,
  recovered: null,
  fuse: 'Joins and changes went on. Nothing was removed. Check the last import, then sync again.',
  quarantine: 'Its schedule runs only after 1, 4, 12, then 24 hours, until a sync is good again. Sync now works as ever.',
  silence: null,
  credentials: 'The schedule waits until somebody enters a new secret.',
  'low-seats': 'Free some, or raise the seat total. Who comes after the last one gets no account.',
};

function causeLine({ count: number, status, words }: ToldCause): Mrkdwn {
  const answer = status === null ? 'no answer' : `status ${status}`;
  if (words === null) return md`✕ ${count(number)} × ${answer}`;
  return md`✕ ${count(number)} × “${words.slice(0, WORDS_SHOWN)}” (${answer})`;
}

/** Who answered, and when; mentions in an edited message notify nobody (SLACK.md 6.1). */
function stateBlocks({ alert, run, timeZone }: AlertModel): Blocks {
  const { state } = alert;
  switch (state.is) {
    case 'open':
      return state.escalated === null ? [] : [section(md`Nobody answered: told a second time ${date(state.escalated, timeZone)}.`)];
    case 'acknowledged':
      return [section(md`Acknowledged by ${mention(state.by)}, ${date(state.at, timeZone)}.`)];
    case 'snoozed':
      return [section(md`Snoozed by ${mention(state.by)} until ${date(state.until, timeZone)}.`)];
    case 'superseded':
      return [section(`It went on: ${state.by} tells how it stands.`)];
    case 'closed':
      return [section(`Closed: ${state.because}`)];
    case 'recovered':
      return [section(run === null ? 'A sync succeeded again.' : `${run.id} was a success.`)];
  }
}

/** Only what still applies. */
function buttons({ alert, connector, run }: AlertModel): ReturnType<typeof actions> {
  const { state } = alert;
  const live = state.is === 'open' || state.is === 'acknowledged' || state.is === 'snoozed';
  const failed = live && alert.condition !== 'low-seats' ? (run?.counts.failed ?? 0) : 0;
  return actions([
    failed > 0 && button({ text: `Retry failed (${count(failed)})`, action: 'sync.retry', value: alert.runId }),
    live && alert.condition === 'credentials' && button({ text: 'Enter a secret', action: 'connectors.step', value: stepValue('secret', connector.id) }),
    failed > 0 && button({ text: 'View errors', action: 'sync.errors', value: alert.runId }),
    (state.is === 'open' || state.is === 'snoozed') && button({ text: 'Acknowledge', action: 'alerts.acknowledge', value: alert.id }),
    (state.is === 'open' || state.is === 'acknowledged') && staticSelect({ action: 'alerts.snooze', placeholder: 'Snooze', choices: snoozeChoices(alert.id) }),
    button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
  ]);
}

function footing({ alert, connector, escalation, hold }: AlertModel): ReturnType<typeof context> {
  const waits = alert.state.is === 'open' && alert.state.escalated === null && escalation !== null;
  return context(hold === null ? '' : needsSomeone(hold), hold?.hold.id ?? '', `${alert.id} · ${alert.runId} · ${connector.id}`, waits && silence(escalation));
}

/** A person is not named here: a mention in a new message would notify them at once. */
function silence({ to, afterMinutes }: NonNullable<AlertModel['escalation']>): Mrkdwn {
  const where = /^[UW]/.test(to) ? 'somebody else' : channelMention(to);
  return md`unanswered for ${duration(afterMinutes * 60_000)}, it goes to ${where}`;
}
