import type { App } from '@slack/bolt';
import { groupChanged, personChanged } from '../../src/domain/rights/verbs/standings.ts';
import type { Outside } from '../../src/ports/outside.ts';
import { readChangedGroup, readChangedPerson } from './payloads.ts';

/**
 * Slack tells that somebody was deactivated, made a guest, renamed or came back, and that a user group changed (X11).
 * What it tells is only a reason to ask: events may be lost, late or out of order.
 */
export function onStandings(app: App, outside: Outside, track: (work: Promise<unknown>) => void): void {
  const heard = (work: Promise<unknown>): void =>
    track(
      work.catch((error: unknown) => outside.log.error({ err: error }, 'a change of people or user groups could not be read; it is read again within minutes')),
    );
  app.event('user_change', async ({ event }) => heard(personChanged(outside, readChangedPerson(event))));
  app.event('subteam_members_changed', async ({ event }) => heard(groupChanged(outside, readChangedGroup(event))));
  app.event('subteam_updated', async ({ event }) => heard(groupChanged(outside, readChangedGroup(event))));
}
