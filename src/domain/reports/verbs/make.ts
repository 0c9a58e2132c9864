import type { Outside } from '../../../ports/outside.ts';
import type { Sheet } from '../../../ports/sheets.ts';
import { audited } from '../../audit/row.ts';
import { badInput, Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { type ReportFilter, type ReportFormat, type ReportName, takesAsOf, takesPeriod } from '../report.ts';
import { SHEETS } from './rows/all.ts';
import { type Drawing, rememberedNames } from './rows/sheet.ts';
import { type ReportScope, reportScope } from './scope.ts';

export type Destination = { readonly channelId: string } | { readonly userId: string };

export interface WantedReport {
  readonly name: ReportName;
  readonly filter: ReportFilter;
  /** A channel, or the actor's own direct messages. */
  readonly to: Destination;
  /** CSV unless told; JSON lines only of a report that is offered so. */
  readonly format?: ReportFormat;
}

export interface SentReport {
  readonly name: ReportName;
  readonly file: string;
  /** Without the header. */
  readonly rows: number;
  readonly to: Destination;
  /** The channel that was asked for, where the file went to the actor instead because others than our own people read there (R3). */
  readonly keptFrom: string | null;
}

type Reporting = Pick<Outside, 'store' | 'settings' | 'breath' | 'workspace' | 'sheets' | 'clock' | 'chance'>;

/** Refuses at once what `sendReport` would refuse of our own knowledge: rights, and filters that a report doesn't take. Reads our own store only. */
export async function checkReport(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, wanted: WantedReport): Promise<ReportScope> {
  const { name, filter, to } = wanted;
  if (filter.asOf !== null && !takesAsOf(name)) throw badInput('as-of', `The ${name} report can’t look back.`, 'Accounts and assignments can.');
  if (!takesPeriod(name) && (filter.from !== null || filter.until !== null))
    throw badInput(filter.from === null ? 'until' : 'from', `The ${name} report tells how things are now.`, 'Leave the days out.');
  if (wanted.format === 'jsonl' && SHEETS[name].records === undefined) throw badInput('format', `The ${name} report is a CSV only.`, 'Leave the format out.');
  if ('userId' in to && to.userId !== actor.userId) throw badInput('to', 'A report goes to a channel or to you.', 'Type to=me, to=here or to= #channel.');
  return reportScope(outside, actor, filter);
}

/**
 * Makes a file and sends it, both as streams (R1): from the store to a file, from the file to Slack. It goes to
 * the actor instead of a channel that others than our own people read (R3). Audited when it is sent. Throws a `Refusal` (`checkReport`'s,
 * `cannot-post`, also where the actor is not in the channel) before anything is made, and a `WorkspaceFault` where Slack won't take it.
 */
export async function sendReport(outside: Reporting, actor: Actor, wanted: WantedReport): Promise<SentReport> {
  const { name, filter } = wanted;
  const scope = await checkReport(outside, actor, wanted);
  const { to, keptFrom } = await placeFor(outside, actor, wanted);
  const { header, rows, records } = SHEETS[name];
  const drawing: Drawing = { outside, actor, filter, scope, nameOf: rememberedNames(outside) };
  // 2026-03-02T09:00:00.000Z as 20260302T0900Z: no colon, which file systems refuse.
  const stamp = new Date(outside.clock.now())
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\d{2}\.\d{3}Z$/, 'Z');
  const asLines = wanted.format === 'jsonl' && records !== undefined;
  const file = `${outside.settings.name}-${name}-${stamp}.${asLines ? 'jsonl' : 'csv'}`;
  const by = 'channelId' in to ? `, asked for by ${await drawing.nameOf(actor.userId)}` : '';
  const send = async (sheet: Sheet): Promise<number> => {
    const comment = `Report of ${name}: ${sheet.rows} ${sheet.rows === 1 ? 'row' : 'rows'}${by}.`;
    await outside.workspace.upload({ name: file, title: file, comment, length: sheet.length, content: sheet.content }, to);
    return sheet.rows;
  };
  const count = asLines
    ? await outside.sheets.lines(breathing(outside, records(drawing)), send)
    : await outside.sheets.make(header, breathing(outside, rows(drawing)), send);
  await outside.store.transaction({ appends: [rowOf(outside, actor, wanted, to, count)] });
  return { name, file, rows: count, to, keptFrom };
}

/** The same rows, letting other work in between them: a page of a log is more than a slice's work. */
async function* breathing<T>({ breath }: Reporting, rows: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const row of rows) {
    const pause = breath.due();
    if (pause) await pause;
    yield row;
  }
}

/** Nobody sends through Usher where they can't send themselves, and no file goes where others than our own people read it (R3). */
async function placeFor(outside: Reporting, actor: Actor, { to }: WantedReport): Promise<Pick<SentReport, 'to' | 'keptFrom'>> {
  if ('userId' in to) return { to, keptFrom: null };
  const { channelId } = to;
  const problem = await outside.workspace.postingProblem(channelId, actor.userId);
  if (problem !== null) throw new Refusal({ is: 'cannot-post', channelId, ...problem });
  if (!(await outside.workspace.mayHoldNames(channelId))) return { to: { userId: actor.userId }, keptFrom: channelId };
  return { to, keptFrom: null };
}

function rowOf(outside: Reporting, actor: Actor, { name, filter }: WantedReport, to: Destination, rows: number): ReturnType<typeof audited> {
  const given = Object.entries(filter).filter((entry): entry is [string, string | number] => entry[1] !== null);
  return audited(outside, actor, {
    action: 'reports.send',
    connectorId: filter.connectorId,
    subject: name,
    ...('channelId' in to ? { channelId: to.channelId } : {}),
    summary: `sent the ${name} report, ${rows} ${rows === 1 ? 'row' : 'rows'}, to ${'channelId' in to ? `the channel ${to.channelId}` : 'themselves'}`,
    after: Object.fromEntries(given.map(([key, value]) => [key, typeof value === 'number' ? new Date(value).toISOString() : value])),
  });
}
