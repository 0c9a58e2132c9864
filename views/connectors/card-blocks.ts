import type { CardModel } from '../../src/domain/connectors/verbs/card.ts';
import type { ConnectorRow } from '../../src/domain/connectors/verbs/overview.ts';
import { actions, type Blocks, button, context, overflow, section } from '../blocks.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { connectorSign, resultSign, signed } from '../signs.ts';
import { count, plural } from '../words.ts';
import { dialectInWords } from './dialect.ts';
import { coverage } from './list-message.ts';

/** A connector with everything its card tells. */
export type ConnectorCard = CardModel;

/** The card of a connector (SCREENS.md), in a message or in a modal. */
export function connectorCardBlocks(card: ConnectorCard): Blocks {
  const { connector, total, parts } = card.row;
  const id = connector.id;
  if (card.row.asPartner) return partnerBlocks(card);
  return [
    section(md`${bold(connector.name)} · ${signed(connectorSign(connector.state, connector.health))}`, { accessory: card.may.administer && more(card) }),
    section(md`Accounts ${bold(coverage(total))} · ${seats(card)} · ${leavers(card)} · ${pace(card)}`, {
      accessory: connector.inForce?.leavers.are === 'deleted' && button({ text: 'Scheduled deletions', action: 'sync.deletions', value: id }),
    }),
    section(lastSync(card), { accessory: button({ text: 'Sync history', action: 'sync.history', value: id }) }),
    section(nextSync(card)),
    section(assigned(parts)),
    section(rehearsed(card), {
      accessory: connector.dialect !== undefined && button({ text: 'Details', action: 'connectors.dialect', value: id }),
    }),
    actions([...syncButtons(card), ...assignButtons(card), ...adminButtons(card), button({ text: 'History', action: 'connectors.history', value: id })]),
    waitsForRehearsal(card) && context('Activate appears when the rehearsal passes.'),
    context(`${connector.id} · ${card.row.whole ? 'you see all of it' : 'you see the part that you hold a role for'}`),
  ];
}

/** For the partner whose entry it was made from: that it is there, how it is, and when it last provisioned (C4). */
function partnerBlocks({ row: { connector }, timeZone }: ConnectorCard): Blocks {
  const last = connector.lastProvision;
  return [
    section(md`${bold(connector.name)} · ${signed(connectorSign(connector.state, connector.health))}`),
    section(last === null ? md`Not provisioned yet.` : md`Last provision ${date(last, timeZone)}`),
    context(`${connector.id} · a connector of your catalog entry`),
  ];
}

function syncButtons(card: ConnectorCard): readonly (ReturnType<typeof button> | false)[] {
  const { connector } = card.row;
  if (!card.may.run || connector.state.is !== 'active') return [];
  if (card.running !== null) return [button({ text: 'Show progress', action: 'sync.progress', value: card.running.id, style: 'primary' })];
  return [
    button({ text: 'Preview', action: 'sync.preview', value: connector.id }),
    button({ text: 'Sync now', action: 'sync.now', value: connector.id, style: 'primary' }),
    card.may.verify && button({ text: 'Verify', action: 'verify.start', value: connector.id }),
  ];
}

function assignButtons({ may, row }: ConnectorCard): readonly (ReturnType<typeof button> | false)[] {
  const { state, id } = row.connector;
  return [may.assign && (state.is === 'active' || state.is === 'disabled') && button({ text: 'Assign', action: 'assign.new', value: id })];
}

/** What stands in the place of *Activate* until the rehearsal passes (C8). */
function waitsForRehearsal({ row, may, activatable }: ConnectorCard): boolean {
  const { is } = row.connector.state;
  return may.administer && !activatable && (is === 'draft' || is === 'disconnected');
}

function adminButtons(card: ConnectorCard): readonly (ReturnType<typeof button> | false)[] {
  if (!card.may.administer) return [];
  const { connector } = card.row;
  const { state } = connector;
  return [
    state.is === 'disabled' && button({ text: 'Enable', action: 'connectors.enable', value: connector.id, style: 'primary' }),
    card.activatable &&
      (state.is === 'draft' || state.is === 'disconnected') &&
      button({ text: 'Activate', action: 'connectors.activate', value: connector.id, style: 'primary' }),
    state.is === 'disconnected' && !card.activatable && button({ text: 'Reconnect…', action: 'connectors.configure', value: connector.id, style: 'primary' }),
    button({ text: 'Configure', action: 'connectors.configure', value: connector.id }),
  ];
}

function more(card: ConnectorCard): ReturnType<typeof overflow> {
  const { state, id } = card.row.connector;
  const choices = [
    ...(state.is === 'active' ? [{ text: 'Disable', value: `disable/${id}` }] : []),
    ...(state.is === 'active' || state.is === 'disabled' ? [{ text: 'Disconnect…', value: `disconnect/${id}` }] : []),
    ...(state.is === 'draft' || state.is === 'disconnected' ? [{ text: 'Delete…', value: `delete/${id}` }] : []),
    { text: 'Seats…', value: `seats/${id}` },
    { text: 'Alerts…', value: `alerts/${id}` },
  ];
  return overflow({ action: 'connectors.more', choices });
}

/** What was chosen in the `⋯` menu; null for anything else. */
export function readMore(value: string | null): { readonly verb: string; readonly connectorId: string } | null {
  const [, verb, connectorId] = /^([a-z]+)\/(.+)$/.exec(value ?? '') ?? [];
  return verb === undefined || connectorId === undefined ? null : { verb, connectorId };
}

function seats({ instance, activeAccounts, row }: ConnectorCard): string {
  if (instance === null || instance.seats.is === 'unlimited') return 'seats unlimited';
  if (instance.seats.total === null) return 'seats not read yet';
  // Who sees a part sees counts of that part only (C3).
  if (!row.whole) return plural(instance.seats.total, 'seat');
  return `seats ${count(activeAccounts)} of ${count(instance.seats.total)}`;
}

function leavers({ row }: ConnectorCard): string {
  const settings = row.connector.inForce ?? row.connector.draft;
  if (settings?.leavers === undefined || settings.leavers.are === 'deactivated') return 'deactivates leavers';
  return `deactivates leavers, deletes them after ${plural(settings.leavers.afterDays, 'day')}`;
}

function pace({ row }: ConnectorCard): string {
  const { requestsPerSecond } = row.connector.operating;
  return requestsPerSecond === null ? 'no rate limit' : `${requestsPerSecond} requests/s`;
}

function lastSync({ lastRun, timeZone, row }: ConnectorCard): Mrkdwn {
  if (lastRun === null || lastRun.state.is !== 'ended') return md`No sync yet.`;
  const failed = lastRun.counts.failed === 0 || !row.whole ? md`` : md`, ${count(lastRun.counts.failed)} failed`;
  return md`Last sync: ${signed(resultSign(lastRun.state.result))}, ${date(lastRun.state.at, timeZone)}${failed}`;
}

function nextSync({ row, nextRun, timeZone }: ConnectorCard): Mrkdwn {
  const { schedule } = row.connector.operating;
  if (schedule === null) return md`No schedule: it syncs when somebody asks.`;
  if (row.connector.state.is !== 'active') return md`The schedule (${schedule.cron}, ${schedule.timeZone}) waits until the connector is active.`;
  return nextRun === null ? md`Schedule: ${schedule.cron} (${schedule.timeZone})` : md`Next sync: ${date(nextRun, timeZone)} (${schedule.timeZone})`;
}

function assigned(parts: ConnectorRow['parts']): Mrkdwn {
  if (parts.length === 0) return md`Assigned to nobody yet.`;
  const shown = parts.slice(0, 8).map((part) => md`${part.grouping} (${part.organization}) ${coverage(part)}`);
  const rest = parts.length - shown.length;
  return md`Assigned: ${joined(shown, ' · ')}${rest > 0 ? ` · and ${count(rest)} more` : ''}`;
}

function rehearsed({ row, timeZone, activatable }: ConnectorCard): Mrkdwn {
  const { rehearsal, state, dialect } = row.connector;
  if (rehearsal === null) return md`Not rehearsed yet.`;
  if (rehearsal.verdict === 'running') return md`The rehearsal is running.`;
  const at = date(rehearsal.endedAt ?? rehearsal.startedAt, timeZone);
  const speaks = dialect === undefined ? md`` : md` Dialect: ${dialectInWords(dialect)}`;
  if (rehearsal.verdict === 'failed') return md`Rehearsed ${at}: failed.${speaks}`;
  return activatable && state.is !== 'active' ? md`Rehearsed ${at}: passed. It can be activated.${speaks}` : md`Rehearsed ${at}: passed.${speaks}`;
}
