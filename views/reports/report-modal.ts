import { REPORTS, type ReportName } from '../../src/domain/reports/report.ts';
import { type Choice, context, datePicker, externalSelect, input, type ModalView, modal, radioButtons, staticSelect } from '../blocks.ts';
import { readDate, readOption } from '../state.ts';
import { REPORT_WORDS } from './words.ts';

export interface ReportForm {
  /** Where the person stands, if files can go there. */
  readonly channelId: string | null;
  /** In whose days the dates are read: `Europe/Madrid`. */
  readonly timeZone: string;
  readonly report: ReportName | null;
}

/** Asks which report, what narrows it, and where it goes (R1). */
export function reportModal({ channelId, timeZone, report }: ReportForm): ModalView {
  return modal({
    callbackId: 'report.new',
    title: 'New report',
    submit: 'Make report',
    metadata: { channelId },
    blocks: [
      input('Report', staticSelect({ action: 'report', choices: REPORTS.map(choiceOf), initial: report ?? REPORTS[0] })),
      input('Organization', externalSelect({ action: 'report.organization', placeholder: 'All that you may see' }), {
        blockId: 'organization',
        optional: true,
        hint: 'This one and everything below it.',
      }),
      input('Connector', externalSelect({ action: 'report.connector', placeholder: 'All that you may see' }), { blockId: 'connector', optional: true }),
      input('From', datePicker({ action: 'from' }), { optional: true, hint: 'Assignments, accounts, runs, events, audit and enrollment tasks.' }),
      input('Until', datePicker({ action: 'until' }), { optional: true, hint: 'That day included.' }),
      input('As of', datePicker({ action: 'as-of' }), { optional: true, hint: 'Accounts and assignments as they were at the end of that day.' }),
      input('Send it', radioButtons({ action: 'to', choices: places(channelId), initial: 'me' })),
      context(
        `Days are read in the organization’s time zone; without one, in ${timeZone}. A report never goes to a channel that is shared with another workspace or has guests: it comes to you instead.`,
      ),
    ],
  });
}

function choiceOf(name: ReportName): Choice {
  return { text: REPORT_WORDS[name].title, value: name, description: REPORT_WORDS[name].about };
}

function places(channelId: string | null): readonly Choice[] {
  const me = { text: 'To me, as a direct message', value: 'me' };
  return channelId === null ? [me] : [me, { text: 'To the channel I am in', value: 'channel' }];
}

/** What was filled in; null where nothing was. */
export function readReport(state: unknown): {
  readonly report: ReportName | null;
  readonly organization: string | null;
  readonly connector: string | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly asOf: string | null;
  readonly to: 'me' | 'channel';
} {
  const chosen = readOption(state, 'report');
  return {
    report: REPORTS.find((name) => name === chosen) ?? null,
    organization: readOption(state, 'organization', 'report.organization'),
    connector: readOption(state, 'connector', 'report.connector'),
    from: readDate(state, 'from'),
    until: readDate(state, 'until'),
    asOf: readDate(state, 'as-of'),
    to: readOption(state, 'to') === 'channel' ? 'channel' : 'me',
  };
}
