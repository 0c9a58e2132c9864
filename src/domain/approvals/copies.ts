import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import type { Place } from '../cards/card.ts';
import { newCard, redrawn } from '../cards/show.ts';
import type { Actor } from '../rights/grant.ts';
import type { ApprovalRequest } from './request.ts';

/** A line added in the thread of a copy, so that Slack tells whoever it is for; once a key. */
export interface Line {
  readonly key: string;
  readonly text: string;
}

/** What to do with the copies of a request's card beside drawing each anew. */
export interface Telling {
  /** Copies that shall exist: people and channels that have none yet get one. */
  readonly at?: readonly Place[];
  /** Said in the thread of the copies at these places, where they stood already. */
  readonly line?: Line;
  /** Whom else to tell, by a copy of their own: the requester (P2). */
  readonly requester?: Line;
}

/** Copies by direct message are at most so many; the request says how many more could decide. */
export const MOST_COPIES = 20;

/** The key of the copy at a place. */
function copyId(requestId: string, place: Place): string {
  return place.is === 'channel' ? `approval/${requestId}/${place.channelId}` : `approval/${requestId}/${place.userId}`;
}

/** The request with its copies, and the puts that draw every one of them anew, decisions first. In the transaction of the change that they show. */
export async function copiesOf(
  outside: Pick<Outside, 'store'>,
  request: ApprovalRequest,
  { at = [], line, requester }: Telling,
): Promise<{ readonly request: ApprovalRequest; readonly puts: readonly Put[]; readonly cards: readonly string[] }> {
  const mine: readonly Place[] = requester === undefined || !isSlackUser(request.by.userId) ? [] : [{ is: 'person', userId: request.by.userId }];
  const places = new Map([...at, ...mine].map((place) => [copyId(request.id, place), place]));
  const told = new Set(at.map((place) => copyId(request.id, place)));
  const requesters = new Set(mine.map((place) => copyId(request.id, place)));
  const cards = [...new Set([...request.cards, ...places.keys()])];
  const puts: Put[] = [];
  for (const id of cards) {
    const stored = await outside.store.get('card', id);
    const place = places.get(id);
    if (stored !== undefined) puts.push(redrawn(stored, true, requesters.has(id) ? requester : told.has(id) ? line : undefined));
    else if (place !== undefined) puts.push(newCard(id, place, { is: 'approval', requestId: request.id }, true));
  }
  return { request: { ...request, cards }, puts, cards };
}

/** Whether a copy of its card was before the eyes of whoever pressed a button in that channel; in direct messages those are their own. */
export function isShown({ userId }: Pick<Actor, 'userId'>, { id, cards }: ApprovalRequest, channelId: string | null): boolean {
  if (channelId === null) return false;
  const place: Place = channelId.startsWith('D') ? { is: 'person', userId } : { is: 'channel', channelId };
  return cards.includes(copyId(id, place));
}

/** The channel that the request stands in, whatever its policy says by now. */
export function channelOf({ id, cards }: ApprovalRequest): string | null {
  const prefix = `approval/${id}/`;
  return cards.map((card) => card.slice(prefix.length)).find((place) => /^[CG]/.test(place)) ?? null;
}

function isSlackUser(userId: string): boolean {
  return /^[UW][A-Z0-9]+$/.test(userId);
}
