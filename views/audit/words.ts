import type { AuditRow } from '../../src/domain/audit/audit.ts';
import { channelMention, md, type Mrkdwn } from '../mrkdwn.ts';

/** What was done, its channel as a mention. */
export function summaryOf({ summary, channelId }: Pick<AuditRow, 'summary' | 'channelId'>): Mrkdwn {
  if (channelId === undefined) return md`${summary}`;
  const [before = '', ...after] = summary.split(channelId);
  return after.length === 0 ? md`${summary}` : md`${before}${channelMention(channelId)}${after.join(channelId)}`;
}

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
