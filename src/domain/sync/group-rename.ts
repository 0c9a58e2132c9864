import { GROUPS } from '../connectors/dialect.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { Halted } from '../halts/halted.ts';
import type { GroupThere } from './account.ts';
import { withoutEffect } from './group-refusals.ts';
import { failed, keep, request, type Work } from './group-work.ts';

/** The key in `proven` of a group's name: as with a user's attributes, what a 2xx says of it is read back until it was once seen to be kept. */
const NAME = `${GROUPS}.displayName`;

/** A group, and the name that it has as far as is known. */
export interface Named {
  readonly group: GroupThere;
  readonly name: string;
}

/**
 * Gives the group its name, durably marked before. Where it does not get it that is told, and keeps nobody out of the group, or in it: after a lost reply
 * it may have it all the same, and the mark stays; where no further try can bring it about there is none (S23).
 */
export async function renamed(work: Work, known: GroupThere, name: string, isCircling: boolean): Promise<Named> {
  const { target, ledger } = work.push.gear;
  const { unnamed, renaming: _, ...plain } = known;
  if (known.name === name) {
    if (unnamed !== undefined) keep(work, plain);
    return { group: unnamed === undefined ? known : plain, name };
  }
  if (unnamed?.name === name && (unnamed.because === 'no-effect' || isCircling)) return { group: known, name: known.name };
  const group = { ...plain, renaming: name };
  const left = (because: 'no-effect' | 'names-in-a-circle', fault: TargetFault): Named => {
    failed(work, 'group_update_provision', fault);
    const now = { ...plain, unnamed: { name, because } };
    keep(work, now);
    return { group: now, name: known.name };
  };
  keep(work, group);
  await ledger.flush();
  try {
    await request(work, (turn) => target.renameGroup(group.targetId, name, turn, group.members));
    if (await isKept(work, known)) return { group, name };
    return left('no-effect', withoutEffect(`the group is named ${known.name} still`));
  } catch (fault) {
    if (!(fault instanceof TargetFault) || fault instanceof Halted || fault.error.next === 'gone') throw fault;
    if (isCircling && fault.error.next === 'taken') return left('names-in-a-circle', circle(known.name, name, fault));
    failed(work, 'group_update_provision', fault);
    return { group, name: known.name };
  }
}

/** One that doesn't show the old name is trusted: it shows the new one, what the target made of it, or none. One that can't be read is trusted too, and proves nothing. */
async function isKept(work: Work, known: GroupThere): Promise<boolean> {
  const { target, tongue, outside, connector } = work.push.gear;
  if (tongue.isProven(NAME)) return true;
  const shown = await request(work, () => target.readGroup(known.targetId)).catch((fault: unknown) => {
    if (fault instanceof TargetFault && !(fault instanceof Halted)) return null;
    throw fault;
  });
  if (shown === null) return true;
  if (shown.displayName === known.name) return false;
  tongue.prove([NAME]);
  await tongue.save(outside.store, connector);
  return true;
}

function circle(before: string, name: string, { error }: TargetFault): TargetFault {
  const message = `${before} is to be ${name}, which another group has that is to get a new name too, and names can't be passed on in a circle: give one of them another name, sync, and then the right one.`;
  return new TargetFault({ ...error, next: 'refused', scimType: 'names-in-a-circle', message });
}
