import { z } from 'zod';
import { connectorNamed, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { NO_FILTER, REPORT_FORMATS, REPORTS, type ReportFilter, type ReportName, takesAsOf, takesPeriod } from '../../src/domain/reports/report.ts';
import { type Days, periodOf } from '../../src/domain/reports/verbs/period.ts';
import { checkReport, type Destination, sendReport, type WantedReport } from '../../src/domain/reports/verbs/make.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import type { Choice } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import { readReport, reportModal } from '../../views/reports/report-modal.ts';
import { sentMessage, sentModal } from '../../views/reports/sent-message.ts';
import { REPORT_WORDS } from '../../views/reports/words.ts';
import { chosenOrganization, fittingChoices, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Form, Press, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { channelIn, type Words } from '../words.ts';

/** Reports as CSV files, sent to a channel or to the person who asks (R1). */
export const makeReport: Command = {
  typed: [
    { topic: 'report', verb: '', right: 'see', usage: 'report', summary: 'Choose a report: a form', run: (ask) => open(ask, ask.channelId) },
    ...REPORTS.map(typedReport),
  ],
  presses: {
    'report.new': (ask, press) => open(ask, press.message?.channelId ?? null),
    'report.connectors': pressedConnectors,
  },
  forms: { 'report.new': submitted },
  suggestions: { 'report.organization': (ask, suggestion) => organizationChoices(ask, suggestion, 'see'), 'report.connector': connectorChoices },
};

function typedReport(name: ReportName): Typed {
  const period = takesPeriod(name) ? ' [from=2026-03-01] [until=2026-03-31]' : '';
  const asOf = takesAsOf(name) ? ' [as-of=2026-03-31]' : '';
  const typed: Typed = {
    topic: 'report',
    verb: name,
    right: 'see',
    usage: `report ${name} [organization=] [connector=]${period}${asOf}${name === 'audit' ? ' [format=csv|jsonl]' : ''} [to=me|here|#channel]`,
    summary: REPORT_WORDS[name].about,
    run: (ask, words) => spoken(ask, name, typed, words),
  };
  return typed;
}

async function spoken(ask: Ask, name: ReportName, typed: Typed, words: Words): Promise<Answer> {
  const { options } = words;
  if (words.objects.length > 0) throw usage(typed, words);
  const organization = options.organization === undefined ? null : await organizationNamed(ask, options.organization, 'see');
  const connector = options.connector === undefined ? null : (await connectorNamed(ask.outside, ask.actor, options.connector)).connector;
  const days = { from: options.from ?? null, until: options.until ?? null, asOf: options['as-of'] ?? null };
  const filter = await filterOf(ask, organization?.id ?? null, connector?.id ?? null, days);
  const format = REPORT_FORMATS.find((known) => known === (options.format ?? 'csv'));
  if (format === undefined) throw badInput('format', `“${options.format}” is no format.`, 'Type format=csv or format=jsonl.');
  return making(ask, { name, filter, to: placeNamed(ask, options.to ?? 'me'), format });
}

function placeNamed(ask: Ask, typed: string): Destination {
  if (typed === 'me') return { userId: ask.actor.userId };
  const channelId = typed === 'here' ? ask.channelId : channelIn(typed);
  if (channelId === null)
    throw badInput('to', `“${typed}” is no channel that Slack knows.`, 'Choose it from the list that Slack offers after #, or type to=me or to=here.');
  return { channelId };
}

async function filterOf(ask: Ask, organizationId: string | null, connectorId: string | null, days: Days): Promise<ReportFilter> {
  return { organizationId, connectorId, ...(await periodOf(ask.outside, days, organizationId)) };
}

/** Refuses at once what can be told now; the file is made behind the answer. */
async function making(ask: Ask, wanted: WantedReport): Promise<Answer> {
  await checkReport(ask.outside, ask.actor, wanted);
  return {
    is: 'message',
    message: note(`Making the ${wanted.name} report…`),
    later: async () => sentMessage(await sendReport(ask.outside, ask.actor, wanted)),
  };
}

/** *Download CSV* under the list of connectors: to the person, for the organization that the list shows. */
async function pressedConnectors(ask: Ask, press: Press): Promise<Answer> {
  const value = press.value ?? '';
  const organization = value === '' ? null : await chosenOrganization(ask, value, 'see');
  if (organization === undefined) throw new Refusal({ is: 'not-found', what: 'organization', typed: value, near: [] });
  return making(ask, { name: 'connectors', filter: { ...NO_FILTER, organizationId: organization?.id ?? null }, to: { userId: ask.actor.userId } });
}

async function open(ask: Ask, channelId: string | null): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  // In direct messages (D…) there is no channel to send it to.
  const channel = channelId !== null && /^[CG]/.test(channelId) ? channelId : null;
  return { is: 'modal', view: reportModal({ channelId: channel, timeZone: ask.outside.settings.timeZone, report: null }) };
}

const metadata = z.object({ channelId: z.string().nullable() }).catch({ channelId: null });

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const filled = readReport(form.state);
  if (filled.report === null) throw badInput('report', 'No report is chosen.', 'Choose one.');
  const organization = filled.organization === null ? null : await chosenOrganization(ask, filled.organization, 'see');
  if (organization === undefined) throw badInput('organization', 'You can’t see that organization.', 'Choose another one.');
  const connector = filled.connector === null ? null : await chosenConnector(ask, filled.connector);
  if (connector === undefined) throw badInput('connector', 'You can’t see that connector.', 'Choose another one.');
  const { channelId } = metadata.parse(form.metadata);
  const filter = await filterOf(ask, organization?.id ?? null, connector, filled);
  const to: Destination = filled.to === 'channel' && channelId !== null ? { channelId } : { userId: ask.actor.userId };
  const wanted: WantedReport = { name: filled.report, filter, to };
  await checkReport(ask.outside, ask.actor, wanted);
  return {
    is: 'modal',
    view: loading('Report', `Making the ${wanted.name} report… It arrives even if you close this.`),
    later: async () => sentModal(await sendReport(ask.outside, ask.actor, wanted)),
  };
}

async function connectorChoices(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  const all = await visibleConnectors(ask.outside, ask.actor);
  return fittingChoices(
    suggestion.typed,
    all.map(({ connector }) => connector),
  );
}

async function chosenConnector(ask: Ask, value: string): Promise<string | undefined> {
  return (await visibleConnectors(ask.outside, ask.actor)).find(({ connector }) => isValueOf(value, connector.id))?.connector.id;
}
