import type { Place } from '../../src/domain/cards/card.ts';
import type { PersonNow } from '../../src/domain/sync/verbs/person-now.ts';
import { actions, button, type Message, message, section } from '../blocks.ts';
import { bold, channelMention, md, type Mrkdwn } from '../mrkdwn.ts';

export interface Provisioning {
  readonly person: string;
  readonly connector: string;
  readonly now: PersonNow;
  /** Where the run's live message is. */
  readonly place: Place;
  /** Who asked. */
  readonly userId: string;
}

/** *One person now*: in a run of their own, or first in the one under way (S1), and where its progress is. */
export function provisioningMessage(of: Provisioning): Message {
  const { now, place } = of;
  const what =
    now.is === 'started'
      ? md`${bold(of.person)} is being provisioned in ${of.connector}: run ${now.run.id}.`
      : md`${bold(of.person)} goes first in the run of ${of.connector} that is under way, ${now.run.id}.`;
  const line = md`${what} Its progress is ${whereabouts(place, of.userId)}.`;
  return message({ text: line, blocks: [section(line), actions([button({ text: 'Show the run', action: 'sync.open', value: now.run.id })])] });
}

function whereabouts(place: Place, userId: string): Mrkdwn {
  if (place.is === 'channel') return md`in ${channelMention(place.channelId)}`;
  return place.userId === userId ? md`in your direct messages from Usher` : md`with whoever started it`;
}
