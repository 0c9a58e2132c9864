import type { Outside } from '../../../ports/outside.ts';
import { upwards } from '../../directory/organization.ts';
import { DAY, HOUR, type Instant } from '../../instant.ts';
import type { Actor } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import type { Alert, Snooze } from '../alert.ts';
import { type Answering, changeAlert, requireAlert } from './change.ts';

/** Keeps an alert quiet until its end; then it opens again, unless it recovered (N3). */
export async function snooze(outside: Answering & Pick<Outside, 'calendar'>, actor: Actor, id: string, length: Snooze): Promise<Alert> {
  const alert = await requireAlert(outside, actor, id, 'snooze');
  const until = endOf(outside, length, await zoneOf(outside, alert.connectorId));
  return changeAlert(outside, actor, id, {
    verb: 'snooze',
    done: 'snoozed',
    next: ({ state }) => ({
      is: 'snoozed',
      by: actor.userId,
      until,
      escalated: state.is === 'open' || state.is === 'snoozed' ? state.escalated : null,
    }),
  });
}

function endOf(outside: Pick<Outside, 'clock' | 'calendar'>, length: Snooze, timeZone: string): Instant {
  const now = outside.clock.now();
  switch (length) {
    case '1h':
      return now + HOUR;
    case '4h':
      return now + 4 * HOUR;
    case '1w':
      return now + 7 * DAY;
    case 'tomorrow':
      return outside.calendar.next('0 8 * * *', timeZone, outside.calendar.next('0 0 * * *', timeZone, now));
  }
}

/** The named zone of the connector's organization, or of the next one above it that has one. */
export async function zoneOf(outside: Pick<Outside, 'store' | 'settings'>, connectorId: string): Promise<string> {
  const connector = (await outside.store.get('connector', connectorId))?.value;
  const above = connector === undefined ? [] : upwards(await tree(outside), connector.organizationId);
  return above.find(({ timeZone }) => timeZone !== null)?.timeZone ?? outside.settings.timeZone;
}
