import type { StoredPlan } from '../../src/domain/plans/plan.ts';
import { context, type Message, message, section } from '../blocks.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { count, listed, plural } from '../words.ts';

export interface UndoShown {
  readonly plan: StoredPlan;
  readonly runId: string;
  readonly connector: string;
  readonly left: readonly { readonly why: string; readonly count: number; readonly names: readonly string[] }[];
  /** Where the plan's card is. */
  readonly where: Mrkdwn;
}

/** Reasons told one by one; the rest is counted. */
const REASONS = 6;

/** What undoing a run would do, what it can't, and where its plan waits (S19). */
export function undoMessage({ plan, runId, connector, left, where }: UndoShown): Message {
  const { update, reactivate, deactivate } = plan.counts;
  const changes = [
    deactivate > 0 && `${plural(deactivate, 'account')} deactivated`,
    reactivate > 0 && `${count(reactivate)} re-activated`,
    update > 0 && `${count(update)} given their old values`,
  ].filter((part) => part !== false);
  const head =
    changes.length === 0
      ? md`Nothing of ${bold(runId)} can be undone in ${connector}.`
      : md`Undoing ${bold(runId)} in ${connector}: ${changes.join(', ')}. Plan ${plan.id} waits for its approval ${where}.`;
  return message({
    text: head,
    blocks: [
      section(head),
      ...left
        .slice(0, REASONS)
        .map(({ why, count: all, names }) => section(md`${count(all)} not undone, ${why}: ${listed([...names, ...more(all, names.length)])}`)),
      left.length > REASONS && context(`and ${plural(left.length - REASONS, 'more reason')}`),
      changes.length > 0 &&
        context('The next sync does it again, unless directory, assignments and mapping were put right: undo is for the time until they are.'),
    ],
  });
}

function more(all: number, named: number): readonly string[] {
  return all > named ? [`${count(all - named)} more`] : [];
}
