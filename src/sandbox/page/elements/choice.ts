import type { PlainTextOption } from '@slack/types';
import type { OptionSet } from '../blocks/shapes.ts';
import { withEmoji } from '../mrkdwn/emoji.ts';

/** One line of a list to choose from. `id` is unique in the list. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly description: string | null;
}

export interface ChoiceSet {
  readonly label: string | null;
  readonly choices: readonly Choice[];
}

/** An option as a choice. Two options may share a value, so that its text is part of the id. */
export function choiceOf(option: PlainTextOption): Choice {
  return {
    id: `${option.value ?? ''}\u0000${option.text.text}`,
    label: withEmoji(option.text.text),
    description: option.description ? withEmoji(option.description.text) : null,
  };
}

export function choiceSets(sets: readonly OptionSet[]): readonly ChoiceSet[] {
  return sets.map((set) => ({ label: set.label === null ? null : withEmoji(set.label), choices: set.options.map(choiceOf) }));
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The choices whose label or description holds the typed text; case and accents do not matter. */
export function matching(sets: readonly ChoiceSet[], typed: string): readonly ChoiceSet[] {
  const sought = folded(typed.trim());
  if (sought === '') return sets;
  return sets
    .map((set) => ({ ...set, choices: set.choices.filter((choice) => folded(`${choice.label} ${choice.description ?? ''}`).includes(sought)) }))
    .filter((set) => set.choices.length > 0);
}
