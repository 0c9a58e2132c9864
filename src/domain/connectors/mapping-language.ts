import type { AttributeRule, Expression, TransformName } from './mapping.ts';

/**
 * The little language in which a mapping is shown and typed (C10). An attribute is its name; names that are no plain
 * word are written `attribute("Home room")`. Texts stand in double quotes, with `\"` and `\\` inside.
 *
 *     lower(email)   join(" ", givenName, familyName)   default(title, "Teacher")   unique(ascii(lower(userName)))
 */
export type Parsed = { readonly is: 'expression'; readonly expression: Expression } | Problem;

/** `at` counts characters from 1. */
export interface Problem {
  readonly is: 'problem';
  readonly at: number;
  readonly problem: string;
  readonly remedy: string;
}

const TRANSFORMS: readonly TransformName[] = ['lower', 'upper', 'trim', 'ascii'];
const USAGES: Readonly<Record<string, string>> = {
  lower: 'lower(email)',
  upper: 'upper(familyName)',
  trim: 'trim(title)',
  ascii: 'ascii(familyName)',
  unique: 'unique(userName)',
  join: 'join(" ", givenName, familyName)',
  first: 'first(userName, email)',
  default: 'default(title, "Teacher")',
  replace: 'replace(phone, " ", "")',
  attribute: 'attribute("Home room")',
};
const WORD = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const WHOLE_WORD = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;
const MOST_DEPTH = 32;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

class Mistake extends Error {
  readonly found: Problem;
  constructor(at: number, problem: string, remedy: string) {
    super(problem);
    this.found = { is: 'problem', at: at + 1, problem, remedy };
  }
}

/** Reads an expression; a mistake comes back with its place and what to write instead. */
export function parseExpression(text: string): Parsed {
  const reader = new Reader(text);
  try {
    const expression = reader.expression(0);
    reader.end();
    return { is: 'expression', expression };
  } catch (mistake) {
    if (mistake instanceof Mistake) return mistake.found;
    throw mistake;
  }
}

/** Reads what a rule takes its value from: an expression, or `excluded`. */
export function parseRule(text: string): { readonly is: 'from'; readonly from: AttributeRule['from'] } | Problem {
  if (text.trim() === 'excluded') return { is: 'from', from: { is: 'excluded' } };
  const parsed = parseExpression(text);
  return parsed.is === 'problem' ? parsed : { is: 'from', from: parsed.expression };
}

/** The text that `parseRule` reads back to the same. */
export function printRule(from: AttributeRule['from']): string {
  return from.is === 'excluded' ? 'excluded' : printExpression(from);
}

/** The text that `parseExpression` reads back to the same expression. */
export function printExpression(expression: Expression): string {
  switch (expression.is) {
    case 'attribute':
      return WHOLE_WORD.test(expression.name) && expression.name !== 'excluded' ? expression.name : `attribute(${quoted(expression.name)})`;
    case 'constant':
      return quoted(expression.value);
    case 'transform':
      return `${expression.name}(${printExpression(expression.of)})`;
    case 'unique':
      return `unique(${printExpression(expression.of)})`;
    case 'join':
      return `join(${[quoted(expression.separator), ...expression.of.map(printExpression)].join(', ')})`;
    case 'first':
      return `first(${expression.of.map(printExpression).join(', ')})`;
    case 'default':
      return `default(${printExpression(expression.of)}, ${quoted(expression.value)})`;
    case 'replace':
      return `replace(${printExpression(expression.of)}, ${quoted(expression.find)}, ${quoted(expression.by)})`;
  }
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  expression(depth: number): Expression {
    const start = this.#skipSpace();
    if (depth > MOST_DEPTH) throw new Mistake(start, 'This is nested too deeply.', `Use at most ${MOST_DEPTH} functions inside each other.`);
    if (this.#quoteHere()) return { is: 'constant', value: this.#string() };
    const name = this.#word();
    if (name === undefined)
      throw this.#unexpected('an attribute, a function or a text', 'Write an attribute like givenName, a text like "Teacher", or lower(email).');
    this.#skipSpace();
    if (this.#text[this.#at] !== '(') return { is: 'attribute', name };
    this.#at += 1;
    const made = this.#call(name, start, depth);
    this.#expect(')', name);
    return made;
  }

  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('the end', 'Put several parts together with join("", …).');
  }

  #call(name: string, start: number, depth: number): Expression {
    const transform = TRANSFORMS.find((known) => known === name);
    if (transform !== undefined) return { is: 'transform', name: transform, of: this.expression(depth + 1) };
    switch (name) {
      case 'unique':
        return { is: 'unique', of: this.expression(depth + 1) };
      case 'attribute':
        return { is: 'attribute', name: this.#constant(name) };
      case 'join': {
        const separator = this.#constant(name);
        this.#expect(',', name);
        return { is: 'join', separator, of: this.#list(depth) };
      }
      case 'first':
        return { is: 'first', of: this.#list(depth) };
      case 'default': {
        const of = this.expression(depth + 1);
        this.#expect(',', name);
        return { is: 'default', of, value: this.#constant(name) };
      }
      case 'replace': {
        const of = this.expression(depth + 1);
        this.#expect(',', name);
        const find = this.#constant(name);
        this.#expect(',', name);
        return { is: 'replace', find, by: this.#constant(name), of };
      }
    }
    throw new Mistake(start, `There is no function “${name}”.`, `Use one of ${Object.keys(USAGES).join(', ')}.`);
  }

  #list(depth: number): readonly Expression[] {
    const list = [this.expression(depth + 1)];
    while (this.#text[this.#skipSpace()] === ',') {
      this.#at += 1;
      list.push(this.expression(depth + 1));
    }
    return list;
  }

  #constant(of: string): string {
    this.#skipSpace();
    if (!this.#quoteHere()) throw this.#unexpected('a text in double quotes', `For example: ${USAGES[of] ?? '"text"'}.`);
    return this.#string();
  }

  /** Slack turns typed quotes into curly ones: both kinds open and close a text. */
  #quoteHere(): boolean {
    const here = this.#text[this.#at];
    return here === '"' || here === '“' || here === '”';
  }

  #string(): string {
    const start = this.#at;
    const closes = this.#text[start] === '"' ? '"' : '“”';
    let made = '';
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const here = this.#text.charAt(this.#at);
      if (closes.includes(here)) {
        this.#at += 1;
        return made;
      }
      if (here !== '\\') {
        made += here;
        continue;
      }
      this.#at += 1;
      const escaped = ESCAPES[this.#text.charAt(this.#at)];
      if (escaped === undefined) throw new Mistake(this.#at - 1, 'A backslash must be followed by ", \\, n, r or t.', 'Write \\\\ for one backslash.');
      made += escaped;
    }
    throw new Mistake(start, 'This text has no closing quote.', 'Put a " at its end.');
  }

  #word(): string | undefined {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0];
    if (word !== undefined) this.#at += word.length;
    return word;
  }

  #expect(sign: string, of: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== sign) throw this.#unexpected(`“${sign}”`, `${of} is written like this: ${USAGES[of] ?? `${of}(…)`}.`);
    this.#at += 1;
  }

  #skipSpace(): number {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
    return this.#at;
  }

  #unexpected(wanted: string, remedy: string): Mistake {
    const here = this.#text[this.#at];
    return new Mistake(this.#at, here === undefined ? `Here ${wanted} is missing.` : `Here stands “${here}” where ${wanted} should be.`, remedy);
  }
}
