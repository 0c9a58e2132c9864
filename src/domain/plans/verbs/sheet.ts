import type { Outside } from '../../../ports/outside.ts';
import type { Sheet } from '../../../ports/sheets.ts';
import { audited } from '../../audit/row.ts';
import { SECOND } from '../../instant.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Change, waitsFor } from '../../sync/change.ts';
import { planCard, type StoredPlan } from '../plan.ts';
import { rowsOf } from '../stored-changes.ts';

type Sending = Pick<Outside, 'store' | 'breath' | 'workspace' | 'sheets' | 'clock' | 'chance' | 'settings'>;

const HEADER = ['person', 'name', 'organization', 'change', 'why', 'target id', 'attribute', 'before', 'after'];
/** How often the card is looked for, a quarter of a second apart, before the file goes without it. */
const LOOKS = 40;

/** Where the file went. */
export type SentTo = 'thread' | 'person';

/**
 * The whole plan as a CSV, one row an attribute that changes, streamed into the thread of its card (S6); to the actor where the card's channel may not hold names
 * (R3), or isn't there. Throws a `WorkspaceFault` where Slack won't take it.
 */
export async function sendPlan(outside: Sending, actor: Actor, plan: StoredPlan): Promise<SentTo> {
  const to = await destination(outside, actor, plan);
  const names = new Map<string, string>();
  const organization = async (id: string | null): Promise<string> => {
    if (id === null) return '';
    const known = names.get(id) ?? (await outside.store.get('organization', id))?.value.name ?? id;
    names.set(id, known);
    return known;
  };
  const send = async (sheet: Sheet): Promise<void> => {
    const file = `${outside.settings.name}-plan-${plan.id}.csv`;
    await outside.workspace.upload({ name: file, title: file, comment: `All of plan ${plan.id}.`, length: sheet.length, content: sheet.content }, to);
  };
  await outside.sheets.make(HEADER, lines(outside, plan, organization), send);
  await outside.store.transaction({
    appends: [
      audited(outside, actor, { action: 'sync.send-plan', connectorId: plan.connectorId, subject: plan.id, summary: `sent all of plan ${plan.id} as a file` }),
    ],
  });
  return 'threadTs' in to ? 'thread' : 'person';
}

async function destination(outside: Sending, actor: Actor, plan: StoredPlan): Promise<{ channelId: string; threadTs: string } | { userId: string }> {
  for (let look = 0; look < LOOKS; look += 1) {
    const card = (await outside.store.get('card', planCard(plan.id)))?.value;
    if (card === undefined || card.givenUp !== null || card.place.is === 'view') break;
    if (card.posted !== null) {
      const { channelId, ts: threadTs } = card.posted;
      const isTheirs = card.place.is === 'person' && card.place.userId === actor.userId;
      return isTheirs || (await outside.workspace.mayHoldNames(channelId).catch(() => false)) ? { channelId, threadTs } : { userId: actor.userId };
    }
    await outside.clock.until(outside.clock.now() + SECOND / 4);
  }
  return { userId: actor.userId };
}

/** Who gives up the name that they get goes first. */
function wordsOfTurn(change: Change): string {
  const holder = waitsFor(change);
  return holder === undefined ? '' : `after ${holder.personId}`;
}

async function* lines(outside: Sending, plan: StoredPlan, organization: (id: string | null) => Promise<string>): AsyncGenerator<readonly string[]> {
  for await (const page of rowsOf(outside, plan.id)) {
    for (const { personId, name, organizationId, change } of page) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      const head = [
        personId,
        name,
        await organization(organizationId),
        change.is,
        'why' in change ? change.why : wordsOfTurn(change),
        'targetId' in change ? change.targetId : '',
      ];
      const details = detailsOf(change);
      if (details.length === 0) yield [...head, '', '', ''];
      for (const [attribute, before, after] of details) yield [...head, attribute, before, after];
    }
  }
}

const NOT_KNOWN = 'not known';

/** Of an account that is taken over nobody knows what it holds, nor of one whose last write was never confirmed. */
function detailsOf(change: Change): readonly (readonly [attribute: string, before: string, after: string])[] {
  if ('changes' in change)
    return change.changes.map(({ attribute, before, after, unconfirmed }) => [attribute, unconfirmed ? NOT_KNOWN : (before ?? ''), after ?? '']);
  const before = change.is === 'adopt' ? NOT_KNOWN : '';
  return 'values' in change ? Object.entries(change.values).map(([attribute, value]) => [attribute, before, value]) : [];
}
