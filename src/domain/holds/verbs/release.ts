import type { Outside } from '../../../ports/outside.ts';
import type { Asking } from '../../approvals/action.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import type { Described } from '../../approvals/request.ts';
import { audited } from '../../audit/row.ts';
import { cardIds } from '../../alerts/cards.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import type { DirectoryImport } from '../../directory/import.ts';
import { describeImportRelease, releaseImport } from '../../directory/verbs/release-import.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { redrawnHold } from '../cards.ts';
import { type Hold, unreleased } from '../hold.ts';
import type { Chosen, Release } from '../release.ts';
import { latestHold } from '../standing.ts';
import { holdById, type SeenHold } from './find.ts';
import { chosenOf } from './people.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'breath' | 'fingerprint'>;

/** What was let go. */
export type Released =
  | { readonly is: 'hold'; readonly hold: Hold; readonly connector: Connector; readonly people: number }
  | { readonly is: 'import'; readonly import: DirectoryImport };

const LONGEST_WHY = 300;

/** What a form or typed words need to ask for a release: whom it would let go now, and what to agree to. Refuses where nothing is left to release. */
export async function releasable(
  outside: Parts,
  actor: Actor,
  holdId: string,
  chosen: Chosen,
): Promise<SeenHold & { readonly ids: readonly PersonId[]; readonly agreed: string }> {
  const seen = await holdById(outside, actor, holdId);
  await requireReleasable(outside, seen);
  const ids = await chosenOf(outside, seen.hold, chosen);
  return { ...seen, ids, agreed: agreedTo(outside, ids) };
}

/** What an approver agreed to: exactly these people. */
export function agreedTo({ fingerprint }: Pick<Outside, 'fingerprint'>, ids: readonly PersonId[]): string {
  return fingerprint.of(ids.join('\n'));
}

/** What a release comes to, in numbers. Refuses without a reason, where it is over, and where the people are not those agreed to. Whether the actor may approve it is for the approvals to say. */
export async function describeRelease(outside: Asking, actor: Actor, release: Release): Promise<Described> {
  const why = reasonOf(release.why);
  if (release.is === 'import') return describeImportRelease(outside, actor, { ...release, why });
  const { hold, connector, ids } = await agreed(outside, actor, release);
  const all = unreleased(hold).length;
  const organizations = await tree(outside);
  const where = hold.places.map(
    ({ organizationId, people }) =>
      `${people} ${organizationId === null ? 'who left the directory' : `of ${organizations.get(organizationId)?.name ?? 'an organization that is gone'}`}`,
  );
  return {
    title: `release ${counted(ids.length)} of ${counted(all)} held removals of ${connector.name}`,
    lines: [
      `The next run removes the accounts of exactly ${ids.length === 1 ? 'this person' : `these ${counted(ids.length)} people`}; ${all === ids.length ? 'nobody else is held' : `${counted(all - ids.length)} stay held`}.`,
      `${hold.id} holds ${counted(hold.people.length)} of ${counted(hold.accounts)} accounts: ${where.join(', ')}.`,
      ...(hold.reason.is === 'freeze' ? [`They go in spite of the freeze “${hold.reason.name}”.`] : []),
    ],
    size: ids.length,
    organizationId: connector.organizationId,
    connectorId: connector.id,
    begunBy: hold.startedBy,
  };
}

/** Lets exactly the people go whom the approver saw (S14): the next run removes them. Takes two people: a clearance that nobody gave is a fault of ours. */
export async function performRelease(outside: Asking, actor: Actor, release: Release, clearance: Clearance): Promise<Released> {
  const { approval } = clearance.row;
  if (approval === undefined) throw new Error('releasing the fuse takes two people');
  const why = reasonOf(release.why);
  const by = approval.approvedBy.at(-1) ?? actor.userId;
  if (release.is === 'import') return { is: 'import', import: await releaseImport(outside, { ...release, why }, { userId: by, way: actor.way }, clearance) };
  for (;;) {
    const { hold, version, connector, ids } = await agreed(outside, await approverOf(outside, actor, release.holdId), release);
    const at = outside.clock.now();
    const next: Hold = {
      ...hold,
      released: [...hold.released, ...ids],
      releases: [...hold.releases, { at, by, reason: why, people: ids }],
      updatedAt: at,
      state: { is: 'released', at, by, reason: why },
    };
    const redraws = await redrawnHold(outside.store, next, true);
    const outcome = await outside.store.transaction({
      puts: [put('hold', hold.id, next, version), ...redraws],
      appends: [
        audited(
          outside,
          { userId: by, way: actor.way },
          {
            action: 'holds.release',
            connectorId: connector.id,
            subject: hold.id,
            summary: `released ${ids.length} of ${unreleased(hold).length} held removals of ${connector.name}: ${why}`,
            after: { people: ids.slice(0, 50).join(', '), count: String(ids.length), why },
            ...clearance.row,
          },
        ),
      ],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed(cardIds(redraws));
    return { is: 'hold', hold: next, connector, people: ids.length };
  }
}

/** What was done, without names: it may stand where none may be told. */
export function toldOfRelease(released: Released): string {
  if (released.is === 'import') return `The held import of ${released.import.source} is applied: ${counted(released.import.people.removed)} people removed.`;
  const { people, connector } = released;
  return `${counted(people)} ${people === 1 ? 'removal' : 'removals'} of ${connector.name} ${people === 1 ? 'is' : 'are'} released: the next run removes exactly ${people === 1 ? 'that one' : 'these'}.`;
}

/** What was approved is done whoever began it, and whatever they may see by now: the right was checked when it was approved. */
async function approverOf(outside: Parts, actor: Actor, holdId: string): Promise<Actor> {
  const hold = (await outside.store.get('hold', holdId))?.value;
  const connector = hold === undefined ? undefined : (await outside.store.get('connector', hold.connectorId))?.value;
  if (connector === undefined) return actor;
  return { ...actor, grants: [...actor.grants, { teamId: actor.teamId, userId: actor.userId, role: 'approver', organizationId: connector.organizationId }] };
}

async function agreed(
  outside: Parts,
  actor: Actor,
  { holdId, chosen, agreed: wanted }: Extract<Release, { is: 'hold' }>,
): Promise<SeenHold & { readonly ids: readonly PersonId[] }> {
  const seen = await releasable(outside, actor, holdId, chosen);
  if (seen.ids.length === 0) throw new Refusal({ is: 'nothing-to-do', detail: `Nobody of ${seen.hold.id} is left to release by that.` });
  if (chosen.is === 'people' && seen.ids.length !== new Set(chosen.ids).size)
    throw new Refusal({ is: 'changed-meanwhile', what: `Who is held by ${seen.hold.id}` });
  if (seen.agreed !== wanted) throw new Refusal({ is: 'changed-meanwhile', what: `Who is held by ${seen.hold.id}` });
  return seen;
}

/** One that was not applied can still be released while no other took its place: otherwise nobody could remove them any more. */
async function requireReleasable({ store }: Parts, { hold, connector }: SeenHold): Promise<void> {
  const over = (detail: string): Refusal => new Refusal({ is: 'nothing-to-do', detail });
  const { state } = hold;
  if (state.is === 'settled') throw over(`${hold.id} is settled: ${hold.runId} of ${connector.name} found nothing more to hold.`);
  if (state.is === 'closed') throw over(`${hold.id} is closed: ${state.because}`);
  const latest = await latestHold(store, connector.id);
  if (latest !== undefined && latest.id !== hold.id) throw over(`${latest.id} took the place of ${hold.id}: its people had changed.`);
  if (unreleased(hold).length === 0) throw over(`Everybody of ${hold.id} is released already: the next run removes them.`);
}

function reasonOf(typed: string): string {
  const why = typed.trim();
  if (why === '') throw badInput('why', 'Releasing takes a reason.', 'Say why they may go.');
  if (why.length > LONGEST_WHY) throw badInput('why', 'The reason is too long.', `Use at most ${LONGEST_WHY} characters.`);
  return why;
}

function counted(number: number): string {
  return number.toLocaleString('en-US');
}
