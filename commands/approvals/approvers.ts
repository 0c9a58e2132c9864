import type { Approvers, Step } from '../../src/domain/approvals/policy.ts';
import { fold, holdsWords, wordsOf } from '../../src/domain/directory/fold.ts';
import { badInput } from '../../src/domain/refusal.ts';
import type { WorkspaceGroup } from '../../src/ports/workspace.ts';
import { MOST_STEPS } from '../../views/approvals/policy-modal.ts';
import type { Choice } from '../../views/blocks.ts';
import type { Ask, Suggestion } from '../command.ts';
import { groupIn, userIn, type Words } from '../words.ts';

/** A user group as it is chosen. */
export type Group = Pick<WorkspaceGroup, 'id' | 'handle' | 'name'>;

/** Slack's user groups as options. */
export async function groupChoices(ask: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  const words = wordsOf(typed);
  return (await ask.outside.workspace.groups())
    .filter(({ handle, name }) => holdsWords(fold(`${name} ${handle}`), words))
    .map(({ id, handle, name }) => ({ text: name, value: id, description: `@${handle}` }));
}

/** The steps of typed words: `steps="@ana,@it-leads:2; @sam"`, or `by=` and `count=` for one. Undefined where none is typed. */
export function stepsIn({ options }: Words, groups: readonly Group[]): readonly Step[] | undefined {
  const { steps, by, count } = options;
  if (steps !== undefined && by !== undefined) throw badInput('steps', 'by= is typed as well.', 'Type one of the two.');
  if (steps === undefined && by === undefined && count === undefined) return undefined;
  if (steps === undefined) return [{ approvers: approversIn('by', by ?? '', groups), count: numberIn('count', count ?? '1') }];
  const parts = steps.split(';').filter((part) => part.trim() !== '');
  if (parts.length === 0 || parts.length > MOST_STEPS) throw badInput('steps', `A policy has 1 to ${MOST_STEPS} steps.`, 'Type them with ; between.');
  return parts.map((part) => {
    const [, who = part, many = '1'] = /^(.*):(\d+)$/s.exec(part.trim()) ?? [];
    return { approvers: approversIn('steps', who, groups), count: numberIn('steps', many) };
  });
}

/** `@ana,@it-leads`: mentions as Slack makes them, or handles of user groups. */
function approversIn(field: string, typed: string, groups: readonly Group[]): Approvers {
  const people: string[] = [];
  const named: string[] = [];
  const words = typed.split(',').map((word) => word.trim());
  for (const word of words.filter((one) => one !== '' && one !== 'anyone')) {
    const userId = userIn(word);
    const group = groups.find(({ id, handle }) => id === groupIn(word) || fold(`@${handle}`) === fold(word));
    if (userId !== null) people.push(userId);
    else if (group !== undefined) named.push(group.id);
    else throw badInput(field, `“${word}” is neither a person nor a user group.`, 'Type by= and, after a blank, @ and their name: by= @sam @it-leads.');
  }
  return { people, groups: named };
}

/** A whole number of typed words. */
export function numberIn(field: string, typed: string): number {
  if (!/^\d{1,9}$/.test(typed.trim())) throw badInput(field, `“${typed}” is no whole number.`, 'Type one, like 2.');
  return Number(typed);
}
