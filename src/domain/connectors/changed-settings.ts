import type { AuditRow } from '../audit/audit.ts';
import type { Draft, SecretSource } from './connector.ts';

type Words = Readonly<Record<string, string>>;

/** What differs between two states of the rehearsed settings, as an audit row has it (X2): each attribute's mapping by itself, of a secret only its kind. */
export function changedSettings(before: Draft | null, after: Draft | null): Pick<AuditRow, 'before' | 'after'> {
  const [one, other] = [inWords(before ?? {}), inWords(after ?? {})];
  // Another token in the place of one says nothing but that it is another.
  const resealed = before?.secret?.is === 'sealed' && after?.secret?.is === 'sealed' && before.secret.box !== after.secret.box;
  const changed = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
  const of = (words: Words): Words => Object.fromEntries(changed.flatMap((name) => (words[name] === undefined ? [] : [[name, words[name]]])));
  const secret = resealed ? { secret: 'typed token, another one' } : {};
  return { before: of(one), after: { ...of(other), ...secret } };
}

function inWords({ secret, mapping, ...rest }: Draft): Words {
  const plain = Object.entries(rest).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const);
  const rules = (mapping ?? []).map((rule) => [`mapping ${rule.attribute}`, JSON.stringify(rule)] as const);
  return Object.fromEntries([...plain, ...rules, ...(secret === undefined ? [] : [['secret', secretInWords(secret)] as const])]);
}

function secretInWords(secret: SecretSource): string {
  switch (secret.is) {
    case 'reference':
      return secret.name;
    case 'sealed':
      return 'typed token';
    case 'erased':
      return 'erased';
  }
}
