import type { AuditRow } from '../../src/domain/audit/audit.ts';

/** By which way something was done, after "by". */
export const WAYS: Readonly<Record<AuditRow['way'], string>> = {
  command: 'a typed command',
  button: 'a button',
  submission: 'a form',
  job: 'a job',
  'command-line': 'the host’s command line',
  configuration: 'the configuration file',
};

/** Topics of actions that can be chosen; others can be typed. */
export const ACTION_TOPICS: readonly (readonly [topic: string, text: string])[] = [
  ['connectors', 'Connectors'],
  ['assignments', 'Assignments'],
  ['sync', 'Syncs'],
  ['roles', 'Roles'],
  ['approvals', 'Approvals'],
  ['policies', 'Approval policies'],
  ['protected', 'Protected people'],
  ['secrets', 'Secrets'],
  ['directory', 'Directory'],
  ['alerts', 'Alerts'],
  ['reports', 'Reports'],
  ['audit', 'Audit'],
];
