import { z } from 'zod';
import { auditEntry, type AuditEntry, findAudit, auditPartitions } from '../../src/domain/audit/verbs/find.ts';
import { connectorNamed, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import { badInput } from '../../src/domain/refusal.ts';
import { NO_FILTER, type ReportFormat } from '../../src/domain/reports/report.ts';
import { checkReport, sendReport, type WantedReport } from '../../src/domain/reports/verbs/make.ts';
import { periodOf } from '../../src/domain/reports/verbs/period.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { AUDIT_PAGE, type AuditShown, auditModal, readTopic } from '../../views/audit/list-modal.ts';
import { auditRowModal } from '../../views/audit/row-modal.ts';
import type { Choice, ModalView } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import { sentMessage } from '../../views/reports/sent-message.ts';
import { fittingChoices } from '../choices.ts';
import { type Answer, type Ask, type Command, LONGEST_KEPT, type Press, type Suggestion, type Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { userIn, type Words } from '../words.ts';

const metadata = z.object({
  by: z.string().max(LONGEST_KEPT).nullable(),
  action: z.string().max(LONGEST_KEPT).nullable(),
  connectorId: z.string().max(LONGEST_KEPT).nullable(),
  from: z.string().max(LONGEST_KEPT).nullable(),
  until: z.string().max(LONGEST_KEPT).nullable(),
  below: z.number().int().nullable(),
});
const EVERYTHING: AuditShown = { by: null, action: null, connectorId: null, from: null, until: null, below: null };
const LONGEST = 60;
const typed: Typed = {
  topic: 'audit',
  verb: '',
  right: 'see',
  usage: 'audit [by= @person] [action=connectors] [connector=<connector>] [from=2026-03-01] [until=2026-03-31]',
  summary: 'Who did what, when and how, newest first',
  run: spoken,
};

/** The audit with filters and paging, one row whole, and its files (X2). */
export const listAudit: Command = {
  typed: [typed, { topic: 'audit', verb: 'show', right: 'see', usage: 'audit show <row>', summary: 'One row of the audit, whole', run: showTyped }],
  presses: {
    'audit.list': (ask) => open(ask, EVERYTHING),
    'audit.back': (ask, press) => open(ask, shownIn(press)),
    'audit.newest': (ask, press) => open(ask, { ...shownIn(press), below: null }),
    'audit.older': (ask, press) => open(ask, { ...shownIn(press), below: rowIn(press.value) }),
    'audit.by': (ask, press) => open(ask, { ...shownIn(press), below: null, by: press.value?.slice(0, LONGEST_KEPT) ?? null }),
    'audit.action': (ask, press) => open(ask, { ...shownIn(press), below: null, action: readTopic(press.value) }),
    'audit.connector': async (ask, press) => open(ask, { ...shownIn(press), below: null, connectorId: await chosen(ask, press.value) }),
    'audit.from': (ask, press) => open(ask, { ...shownIn(press), below: null, from: press.value }),
    'audit.until': (ask, press) => open(ask, { ...shownIn(press), below: null, until: press.value }),
    'audit.open': (ask, press) => show(ask, rowIn(press.value) ?? 0, shownIn(press)),
    'audit.csv': (ask, press) => send(ask, shownIn(press), 'csv'),
    'audit.jsonl': (ask, press) => send(ask, shownIn(press), 'jsonl'),
  },
  suggestions: { 'audit.connector': connectors },
};

async function spoken(ask: Ask, words: Words): Promise<Answer> {
  const { options } = words;
  if (words.objects.length > 0) throw usage(typed, words);
  const connectorId = options.connector === undefined ? null : (await connectorNamed(ask.outside, ask.actor, options.connector)).connector.id;
  const by = options.by === undefined ? null : (userIn(options.by) ?? options.by);
  for (const [field, value] of [
    ['by', by],
    ['action', options.action],
  ] as const)
    if ((value ?? '').length > LONGEST) throw badInput(field, 'Nothing is called that.', 'Choose it in the window: type audit alone.');
  return open(ask, { by, action: options.action ?? null, connectorId, from: options.from ?? null, until: options.until ?? null, below: null });
}

async function showTyped(ask: Ask, words: Words): Promise<Answer> {
  const seq = rowIn((words.objects[0] ?? '').replace(/^#/, ''));
  if (seq === null) throw badInput(null, 'Rows are named by their number.', 'Type it like audit show 4711.');
  return show(ask, seq, EVERYTHING);
}

async function open(ask: Ask, shown: AuditShown): Promise<Answer> {
  await auditPartitions(ask.outside, ask.actor);
  await period(ask, shown);
  return { is: 'modal', view: loading('Audit', 'Reading the audit…'), later: () => drawn(ask, shown) };
}

function period({ outside }: Ask, { from, until }: AuditShown): ReturnType<typeof periodOf> {
  return periodOf(outside, { from, until, asOf: null }, null);
}

async function drawn(ask: Ask, shown: AuditShown): Promise<ModalView> {
  const { outside, actor } = ask;
  const { from, until } = await period(ask, shown);
  const { by, action, connectorId, below } = shown;
  const page = await findAudit(outside, actor, { by, action, connectorId, from, until }, { below, limit: AUDIT_PAGE });
  return auditModal({
    shown,
    ...page,
    connector: await connectorOf(ask, connectorId),
    verifies: (await auditPartitions(outside, actor)) === null,
    timeZone: outside.settings.timeZone,
    names: await hostNames(ask, [...page.entries.map(({ row }) => row.by), ...(by === null ? [] : [by])]),
  });
}

async function show(ask: Ask, seq: number, shown: AuditShown): Promise<Answer> {
  const entry = await auditEntry(ask.outside, ask.actor, seq);
  return { is: 'modal', view: loading('Audit', `Reading row ${seq}…`), later: () => drawnRow(ask, entry, shown) };
}

async function drawnRow(ask: Ask, entry: AuditEntry, shown: AuditShown): Promise<ModalView> {
  const names = await hostNames(ask, [entry.row.by, ...(entry.row.approval?.approvedBy ?? [])]);
  return auditRowModal({ entry, shown, connector: await connectorOf(ask, entry.row.connectorId), timeZone: ask.outside.settings.timeZone, names });
}

async function hostNames({ outside }: Ask, ids: readonly string[]): Promise<(id: string) => string> {
  const names = await namesOf(outside, ids);
  return (id) => (id.startsWith('host:') ? `${id.slice('host:'.length)} on the host` : names(id));
}

async function connectorOf({ outside, actor }: Ask, id: string | null): Promise<{ readonly id: string; readonly name: string } | null> {
  if (id === null) return null;
  const found = (await visibleConnectors(outside, actor)).find(({ connector }) => connector.id === id);
  return found === undefined ? null : { id, name: found.connector.name };
}

/** The connector and the days as a file, to the person who asks. */
async function send(ask: Ask, shown: AuditShown, format: ReportFormat): Promise<Answer> {
  const { from, until } = await period(ask, shown);
  const filter = { ...NO_FILTER, connectorId: shown.connectorId, from, until };
  const wanted: WantedReport = { name: 'audit', filter, to: { userId: ask.actor.userId }, format };
  await checkReport(ask.outside, ask.actor, wanted);
  return { is: 'message', message: note('Making the audit report…'), later: async () => sentMessage(await sendReport(ask.outside, ask.actor, wanted)) };
}

async function connectors(ask: Ask, { typed: text }: Suggestion): Promise<readonly Choice[]> {
  const whole = (await visibleConnectors(ask.outside, ask.actor)).filter((visible) => visible.whole);
  return fittingChoices(
    text,
    whole.map(({ connector }) => connector),
  );
}

async function chosen(ask: Ask, value: string | null): Promise<string | null> {
  if (value === null) return null;
  return (await visibleConnectors(ask.outside, ask.actor)).find(({ connector }) => isValueOf(value, connector.id))?.connector.id ?? null;
}

function rowIn(value: string | null): number | null {
  return /^\d{1,15}$/.test(value ?? '') ? Number(value) : null;
}

/** From outside the modal, or tampered with: everything that the person may see. */
function shownIn(press: Press): AuditShown {
  return metadata.catch(EVERYTHING).parse(press.view?.metadata);
}
