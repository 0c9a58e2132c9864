import type { ReportName } from '../../src/domain/reports/report.ts';

/** What each report is called, and what a row of it is. */
export const REPORT_WORDS: Readonly<Record<ReportName, { readonly title: string; readonly about: string }>> = {
  connectors: { title: 'Connectors', about: 'State, health and coverage by role and group, now' },
  assignments: { title: 'Assignments', about: 'What is assigned to whom, by whom and why' },
  accounts: { title: 'Accounts', about: 'Who has an account where, now or as of a day' },
  runs: { title: 'Runs', about: 'Every sync and retry with its counts and result' },
  events: { title: 'Events', about: 'Every operation on a person or group' },
  audit: { title: 'Audit', about: 'Who did what, when, before and after' },
  enrollment: { title: 'Enrollment tasks', about: 'Who is in which task, completed ones included' },
  seats: { title: 'Seats', about: 'Seat totals, active accounts and who waits, now' },
  partners: { title: 'Partners', about: 'Organizations that activated a partner’s entries' },
};
