import type { z } from 'zod';

/** One thing that Slack would refuse. `pointer` is a JSON pointer into the request: `/view/title/text`, `/blocks/0`. */
export interface Problem {
  /** Ours, or Slack's error code where a whole request fails by it (`msg_too_long`, `no_text`). */
  readonly code: string;
  /** In Slack's words, as far as they are known from public logs (SLACK.md 2.9). */
  readonly message: string;
  readonly pointer: string;
}

type Path = readonly PropertyKey[];

/** RFC 6901. */
export function pointerOf(base: string, path: Path): string {
  return base + path.map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}

/** Checks `value` by a schema; pointers begin with `base`. */
export function problemsBy(schema: z.ZodType, value: unknown, base: string): Problem[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.flatMap((issue) => worded(issue, value, base));
}

function worded(issue: z.core.$ZodIssue, root: unknown, base: string): Problem[] {
  const pointer = pointerOf(base, issue.path);
  switch (issue.code) {
    case 'too_big':
      return [tooBig(issue, pointer)];
    case 'too_small':
      return [tooSmall(issue, pointer)];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ code: 'unknown_property', message: `invalid additional property: ${key}`, pointer }));
    case 'invalid_type':
      return [missing(issue.path, root, base) ?? { code: 'invalid_type', message: mustBe(issue.expected), pointer }];
    case 'invalid_value':
      return [missing(issue.path, root, base) ?? { code: 'invalid_value', message: 'must be a valid enum value', pointer }];
    case 'invalid_union':
      return [missing(issue.path, root, base) ?? { code: 'unsupported_type', message: `unsupported type: ${String(at(root, issue.path))}`, pointer }];
    case 'custom':
      return [{ code: typeof issue.params?.code === 'string' ? issue.params.code : 'invalid', message: issue.message, pointer }];
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return [{ code: 'invalid_format', message: 'failed to match schema', pointer }];
  }
}

function tooBig(issue: z.core.$ZodIssueTooBig, pointer: string): Problem {
  if (issue.origin === 'string') return { code: 'too_long', message: `must be less than ${Number(issue.maximum) + 1} characters`, pointer };
  if (issue.origin === 'array') return { code: 'too_many', message: `no more than ${issue.maximum} items allowed`, pointer };
  return { code: 'too_big', message: `must be at most ${issue.maximum}`, pointer };
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, pointer: string): Problem {
  if (issue.origin === 'string') return { code: 'too_short', message: `must be more than ${Number(issue.minimum) - 1} characters`, pointer };
  if (issue.origin === 'array') return { code: 'too_few', message: `no fewer than ${issue.minimum} items allowed`, pointer };
  return { code: 'too_small', message: `must be at least ${issue.minimum}`, pointer };
}

function mustBe(expected: string): string {
  if (expected === 'object') return 'must provide an object';
  if (expected === 'array') return 'must provide an array';
  return `must be a ${expected === 'int' ? 'integer' : expected}`;
}

function missing(path: Path, root: unknown, base: string): Problem | undefined {
  const name = path.at(-1);
  if (name === undefined || typeof name === 'number' || at(root, path) !== undefined) return undefined;
  return { code: 'missing_field', message: `missing required field: ${String(name)}`, pointer: pointerOf(base, path.slice(0, -1)) };
}

function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((holder, step) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined), root);
}
