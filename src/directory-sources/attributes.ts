import { type Attributes, STANDARD_ATTRIBUTES } from '../domain/directory/person.ts';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/**
 * Which attribute a column gives: a standard one whatever its case, a renamed one, or one under the column's own name.
 * Passwords are never read, nor columns whose names could be mistaken for parts of JavaScript objects.
 */
export function attributeReader(renamed: Readonly<Record<string, string>>, ignored: readonly string[]): (cells: ReadonlyMap<string, string>) => Attributes {
  const standard = new Map<string, string>(STANDARD_ATTRIBUTES.map((name) => [name.toLowerCase(), name]));
  for (const [column, attribute] of Object.entries(renamed)) standard.set(column.toLowerCase(), attribute);
  const left = new Set(['password', ...ignored].map((name) => name.toLowerCase()));
  const targets = new Map<string, string | null>();
  const targetOf = (column: string): string | null => {
    const known = targets.get(column);
    if (known !== undefined) return known;
    const usable = !left.has(column.toLowerCase()) && NAME.test(column) && !(column in Object.prototype);
    const target = usable ? (standard.get(column.toLowerCase()) ?? column) : null;
    targets.set(column, target);
    return target;
  };
  return (cells) => {
    const attributes: Record<string, string> = {};
    for (const [column, value] of cells) {
      const target = targetOf(column);
      if (target !== null) attributes[target] = value;
    }
    return attributes;
  };
}
