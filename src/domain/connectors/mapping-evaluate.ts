import type { Person } from '../directory/person.ts';
import { toAscii } from './ascii.ts';
import { type AttributeRule, type Expression, type Mapping, SCIM_ATTRIBUTES, type ScimValues, type TransformName } from './mapping.ts';

/** What an evaluation needs beside the person. */
export interface EvaluationContext {
  /** Read by the attribute name `organization`, unless the source has a column of that name. */
  readonly organizationName: string | undefined;
  /** Values generated for this person earlier (`account.generated`): used again as they are, for ever (C10). */
  readonly kept: ScimValues;
  /** Whether the value of the attribute belongs to somebody else in this connector; case ignored. */
  readonly taken: (attribute: string, value: string) => boolean;
}

/** What a mapping gives for one person. */
export interface Evaluation {
  readonly values: ScimValues;
  /** The part of `values` that `unique` made, to be reserved for this person. */
  readonly generated: ScimValues;
  /** Required attributes that came out empty: the person is frozen (D4). */
  readonly missing: readonly string[];
}

const REQUIRED: ReadonlySet<string> = new Set(SCIM_ATTRIBUTES.filter((attribute) => attribute.required).map((attribute) => attribute.path));

/** More people than this with the same wished value get none; the search for a free number ends there. */
const MOST_SUFFIXES = 100_000;

/** Evaluates every rule of the mapping for a person (C10). Pure; a value that comes out empty is absent. */
export function evaluate(mapping: Mapping, person: Person, context: EvaluationContext): Evaluation {
  const values: Record<string, string> = {};
  let generated: Record<string, string> | undefined;
  const missing: string[] = [];
  for (const rule of mapping) {
    if (rule.from.is === 'excluded') continue;
    const made = generates(rule.from);
    const value = made ? generate(rule.attribute, rule.from, person, context) : compute(rule.from, person, context, '');
    if (value !== undefined && value !== '') {
      values[rule.attribute] = value;
      if (made) {
        generated ??= {};
        generated[rule.attribute] = value;
      }
    } else if (REQUIRED.has(rule.attribute)) missing.push(rule.attribute);
  }
  return { values, generated: generated ?? NONE, missing };
}

const NONE: ScimValues = {};

/** The value of one attribute only; for an attribute that is excluded, unmapped or generated: undefined. */
export function plainValue(rule: AttributeRule | undefined, person: Person, organizationName: string | undefined): string | undefined {
  if (rule === undefined || rule.from.is === 'excluded' || generates(rule.from)) return undefined;
  return compute(rule.from, person, { organizationName }, '');
}

/** Whether the expression has a `unique` in it. */
export function generates(expression: Expression): boolean {
  switch (expression.is) {
    case 'attribute':
    case 'constant':
      return false;
    case 'unique':
      return true;
    case 'transform':
    case 'default':
    case 'replace':
      return generates(expression.of);
    case 'join':
    case 'first':
      return expression.of.some(generates);
  }
}

/** The kept value, or the first free one: without a number, then with 2, 3, … where the `unique` stands. */
function generate(attribute: string, expression: Expression, person: Person, context: EvaluationContext): string | undefined {
  const kept = context.kept[attribute];
  if (kept !== undefined) return kept;
  let before: string | undefined;
  for (let number = 1; number <= MOST_SUFFIXES; number += 1) {
    const value = compute(expression, person, context, number === 1 ? '' : String(number));
    if (value === undefined || value === '' || value === before) return undefined;
    if (!context.taken(attribute, value)) return value;
    before = value;
  }
  return undefined;
}

type Reading = Pick<EvaluationContext, 'organizationName'>;

/** `suffix` is what `unique` appends. A missing value stays missing through every transform. */
function compute(expression: Expression, person: Person, reading: Reading, suffix: string): string | undefined {
  switch (expression.is) {
    case 'attribute':
      return attributeOf(person, expression.name, reading);
    case 'constant':
      return present(expression.value);
    case 'transform':
      return present(transformed(expression.name, compute(expression.of, person, reading, suffix)));
    case 'join': {
      const parts = expression.of.map((part) => compute(part, person, reading, suffix)).filter((part) => part !== undefined);
      return present(parts.join(expression.separator));
    }
    case 'first':
      for (const part of expression.of) {
        const value = compute(part, person, reading, suffix);
        if (value !== undefined) return value;
      }
      return undefined;
    case 'default':
      return compute(expression.of, person, reading, suffix) ?? present(expression.value);
    case 'replace': {
      const value = compute(expression.of, person, reading, suffix);
      return value === undefined || expression.find === '' ? value : present(value.replaceAll(expression.find, () => expression.by));
    }
    case 'unique': {
      const value = compute(expression.of, person, reading, suffix);
      return value === undefined ? undefined : value + suffix;
    }
  }
}

function attributeOf(person: Person, name: string, reading: Reading): string | undefined {
  const value = Object.hasOwn(person.attributes, name) ? person.attributes[name] : undefined;
  if (value !== undefined) return present(value);
  if (name === 'organization') return reading.organizationName;
  return name === 'sourceId' ? person.sourceId : undefined;
}

function transformed(name: TransformName, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  switch (name) {
    case 'lower':
      return value.toLowerCase();
    case 'upper':
      return value.toUpperCase();
    case 'trim':
      return value.trim();
    case 'ascii':
      return toAscii(value);
  }
}

function present(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
