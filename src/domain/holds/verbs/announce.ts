import type { Outside } from '../../../ports/outside.ts';
import { subscriptionsTo } from '../../alerts/verbs/covering.ts';
import { newCard } from '../../cards/show.ts';
import { type Connector, ownerOf } from '../../connectors/connector.ts';
import { put } from '../../revise.ts';
import { holds } from '../../rights/grant.ts';
import { everybody, tree } from '../../rights/verbs/who.ts';
import { holdCard } from '../cards.ts';
import { isStanding } from '../hold.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'cards'>;

/** Cards by direct message are at most so many. */
const MOST_CARDS = 20;

/**
 * Tells of every hold that nobody was told of yet: after a run, and once a minute for what a crash left. Where a channel is
 * subscribed to the connector's fuse its alert shows the hold; without any, it is a card of its own for the owner and
 * whoever may release it.
 */
export async function announceHolds(outside: Parts): Promise<void> {
  for await (const page of outside.store.scan('hold'))
    for (const { value } of page) if (!value.announced && isStanding(value)) await announce(outside, value.id);
}

async function announce(outside: Parts, holdId: string): Promise<void> {
  for (;;) {
    const stored = await outside.store.get('hold', holdId);
    if (stored === undefined || stored.value.announced) return;
    const connector = (await outside.store.get('connector', stored.value.connectorId))?.value;
    if (connector === undefined) return;
    const whom = (await isAlerted(outside, connector)) ? [] : await whomToTell(outside, connector);
    const cards = whom.map((userId) => holdCard(holdId, userId));
    const puts = [
      put('hold', holdId, { ...stored.value, announced: true, cards }, stored.version),
      ...whom.map((userId, index) => newCard(cards[index] ?? '', { is: 'person', userId }, { is: 'hold', holdId }, true)),
    ];
    if ((await outside.store.transaction({ puts })) === 'conflict') continue;
    outside.cards.changed(cards);
    return;
  }
}

async function isAlerted(outside: Parts, connector: Connector): Promise<boolean> {
  return [...(await subscriptionsTo(outside, connector)).values()].some(({ conditions }) => conditions.includes('fuse'));
}

/** The owner first, then whoever may release it. */
async function whomToTell(outside: Parts, connector: Connector): Promise<readonly string[]> {
  const organizations = await tree(outside);
  const actors = await everybody(outside);
  const having = (right: 'see' | 'decide'): readonly string[] =>
    actors.filter((actor) => holds(actor, right, connector.organizationId, organizations)).map(({ userId }) => userId);
  const owner = ownerOf(connector);
  return [...new Set([...having('see').filter((userId) => userId === owner), ...having('decide')])].slice(0, MOST_CARDS);
}
