import type { PersonId } from '../directory/person.ts';
import type { Frozen, NameHolder } from './change.ts';
import type { PlanInput } from './plan-input.ts';
import type { Survey } from './survey.ts';

/** The name may be given, where need be after somebody who gives it up in the same plan. */
export interface Free {
  readonly is: 'free';
  readonly after?: NameHolder;
}

export const FREE: Free = { is: 'free' };

/** Whether an account may get the name that it is to get. Targets hide a name that is taken behind a 500, or let two have it: found before anything is sent. */
export function nameFor(
  personId: PersonId,
  match: string | undefined,
  { targetId, has }: { readonly targetId: string; readonly has: string | undefined },
  input: Pick<PlanInput, 'sightings' | 'touches'>,
  survey: Pick<Survey, 'occupied' | 'handovers'>,
): Free | Frozen {
  if (!isRenamed(match, has)) return FREE;
  const turn = turnFor(personId, match, input, survey);
  if (turn.is !== 'free') return turn;
  const strangers = input.sightings
    .byMatch(match)
    .flatMap((seen) => (seen.targetId === targetId || seen.targetId === turn.after?.targetId ? [] : [seen.targetId]));
  return strangers.length === 0 ? turn : { is: 'ambiguous-match', targetIds: [targetId, ...strangers.sort()] };
}

/** Who has the name gives it up in the same plan, or keeps it. */
export function turnFor(
  personId: PersonId,
  match: string,
  { touches }: Pick<PlanInput, 'touches'>,
  { occupied, handovers }: Pick<Survey, 'occupied' | 'handovers'>,
): Free | Frozen {
  const name = match.toLowerCase();
  const holder = occupied.get(name);
  if (holder === undefined || holder.personId === personId) return FREE;
  switch (handovers.fateOf(name, touches)) {
    case 'given-up':
      return { is: 'free', after: holder };
    case 'circle':
      return { is: 'names-in-a-circle', value: match, ...holder };
    case 'kept':
      return { is: 'linked-to-another', ...holder };
  }
}

/** What a change says of whom it waits for. */
export function waiting({ after }: Free): { readonly after?: NameHolder } {
  return after === undefined ? {} : { after };
}

function isRenamed(match: string | undefined, before: string | undefined): match is string {
  return match !== undefined && match.toLowerCase() !== before?.toLowerCase();
}
