import { fold } from '../src/domain/directory/fold.ts';
import type { Choice } from './menus.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Whether another one of these is called the same, case and accents ignored. */
export function namesakes(all: readonly Pick<Named, 'name'>[]): (one: Pick<Named, 'name'>) => boolean {
  const times = new Map<string, number>();
  for (const { name } of all) times.set(fold(name), (times.get(fold(name)) ?? 0) + 1);
  return ({ name }) => (times.get(fold(name)) ?? 0) > 1;
}

/** What has a name, as options. Those of one name are told apart by their id, which can be typed in its place; `about` tells more of each. */
export function namedChoices<T extends Named>(all: readonly T[], about: (one: T) => string | null = () => null): readonly Choice[] {
  const isShared = namesakes(all);
  return all.map((one) => {
    const description = [isShared(one) ? one.id : null, about(one)].filter((part) => part !== null).join(' · ');
    return { text: one.name, value: one.id, ...(description === '' ? {} : { description }) };
  });
}
