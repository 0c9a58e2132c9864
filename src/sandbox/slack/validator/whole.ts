/** Rules over a whole payload: what is unique, what is counted together, what may stand in no text. */
import { type Dict, isDict } from '../json.ts';
import { type Problem, pointerOf } from './problem.ts';

/** An object somewhere in the payload, with the way to it. */
interface Found {
  readonly object: Dict;
  readonly path: readonly PropertyKey[];
}

function* objectsIn(value: unknown, path: readonly PropertyKey[] = []): Generator<Found> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* objectsIn(item, [...path, index]);
  if (!isDict(value)) return;
  yield { object: value, path };
  for (const [key, item] of Object.entries(value)) yield* objectsIn(item, [...path, key]);
}

/** Block ids, and action ids over the whole payload (Slack asks for it per block: the stricter). Pointers lead to the second one. */
export function uniqueIds(root: unknown, base: string): Problem[] {
  return (['block_id', 'action_id'] as const).flatMap((name) => {
    const seen = new Set<unknown>();
    return [...objectsIn(root)].flatMap(({ object, path }) => {
      const id = object[name];
      if (typeof id !== 'string') return [];
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [{ code: `duplicate_${name}`, message: `\`${name}\` "${id}" already exists`, pointer: pointerOf(base, [...path, name]) }];
    });
  });
}

/** At most one element takes the focus. */
export function oneFocus(root: unknown, base: string): Problem[] {
  const focused = [...objectsIn(root)].filter(({ object }) => object.focus_on_load === true);
  return focused
    .slice(1)
    .map(({ path }) => ({ code: 'focus_on_load', message: 'only one element can set `focus_on_load`', pointer: pointerOf(base, [...path, 'focus_on_load']) }));
}

/** A modal with inputs has a submit button; `response_url_enabled` stands only in a modal's input. */
export function formRules(view: unknown, base: string): Problem[] {
  if (!isDict(view) || !Array.isArray(view.blocks)) return [];
  const inputs = view.blocks.flatMap((block: unknown, index) => (isDict(block) && block.type === 'input' ? [index] : []));
  const [first] = inputs;
  const submit =
    view.type === 'modal' && first !== undefined && view.submit === undefined
      ? [{ code: 'submit_required', message: 'must define `submit` to use an `input` block in modals', pointer: pointerOf(base, ['blocks', first, 'input']) }]
      : [];
  return [...submit, ...responseUrls(view, base, (path) => view.type === 'modal' && inputs.includes(Number(path[1])))];
}

/** `response_url_enabled` where `allowed` says no: everywhere in messages and in the Home tab. */
export function responseUrls(root: unknown, base: string, allowed: (path: readonly PropertyKey[]) => boolean = () => false): Problem[] {
  const asking = [...objectsIn(root)].filter(({ object, path }) => object.response_url_enabled === true && !allowed(path));
  return asking.map(({ path }) => ({
    code: 'response_url_enabled',
    message: 'can only be used in an `input` block of a modal',
    pointer: pointerOf(base, [...path, 'response_url_enabled']),
  }));
}

const MOST_TABLE_CHARACTERS = 10_000;
const MOST_MARKDOWN_CHARACTERS = 12_000;

/** One table a message; 10,000 characters over all tables, 12,000 over all markdown blocks. */
export function countedTogether(blocks: unknown, base: string): Problem[] {
  const all = [...objectsIn(blocks)];
  const tables = all.filter(({ object }) => object.type === 'table');
  const tabular = all.filter(({ object }) => object.type === 'table' || object.type === 'data_table');
  const problems: Problem[] = tables
    .slice(1)
    .map(({ path }) => ({ code: 'only_one_table_allowed', message: 'only one table is allowed', pointer: pointerOf(base, path) }));
  const cells = tabular.map(({ object, path }) => ({ path, characters: charactersIn(object.rows) }));
  const markdown = all.filter(({ object }) => object.type === 'markdown').map(({ object, path }) => ({ path, characters: lengthOf(object.text) }));
  return [...problems, ...over(cells, MOST_TABLE_CHARACTERS, 'rows', base), ...over(markdown, MOST_MARKDOWN_CHARACTERS, 'text', base)];
}

function over(parts: readonly { readonly path: readonly PropertyKey[]; readonly characters: number }[], most: number, key: string, base: string): Problem[] {
  let sum = 0;
  return parts.flatMap(({ path, characters }) => {
    sum += characters;
    return sum > most && sum - characters <= most
      ? [{ code: 'too_long', message: `must be less than ${most + 1} characters in all`, pointer: pointerOf(base, [...path, key]) }]
      : [];
  });
}

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0);
const charactersIn = (value: unknown): number => [...objectsIn(value)].reduce((sum, { object }) => sum + lengthOf(object.text), 0);

/** Not shown to anybody: what a broadcast in it would not reach. */
const UNSEEN = new Set(['value', 'private_metadata', 'callback_id', 'external_id', 'block_id', 'action_id', 'initial_value', 'url', 'image_url']);
const BROADCAST = /<!(channel|here|everyone)(\||>)/;

/** Nothing may address a whole channel: the app never does, so it came from outside (X4; SLACK.md 7, mistake 9). */
export function noBroadcasts(root: unknown, base: string): Problem[] {
  return [...objectsIn(root)].flatMap(({ object, path }) => {
    const texts = Object.entries(object).filter(([key, value]) => !UNSEEN.has(key) && typeof value === 'string' && BROADCAST.test(value));
    const found = texts.map(([key]) => unsafe(pointerOf(base, [...path, key])));
    return object.type === 'broadcast' ? [...found, unsafe(pointerOf(base, path))] : found;
  });
}

function unsafe(pointer: string): Problem {
  return { code: 'unsafe_broadcast', message: 'must not notify a whole channel', pointer };
}
