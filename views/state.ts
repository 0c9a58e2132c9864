/**
 * Reads `view.state.values` (or a message's `state.values`) and `private_metadata` back. They come from outside: any
 * shape is accepted, and what is not there or not of that kind is null or empty. `action` defaults to the block id,
 * which is what `input` makes of it.
 */
import { NO_CHOICE } from './menus.ts';

function at(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
}

const element = (values: unknown, block: string, action: string): unknown => at(at(values, block), action);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : []);

function chosen(option: unknown): string | null {
  const value = text(at(option, 'value'));
  return value === NO_CHOICE.more || value === NO_CHOICE.nothing ? null : value;
}

/** The trimmed text of a text, e-mail, URL or number input; null when empty. */
export function readText(values: unknown, block: string, action = block): string | null {
  const value = at(element(values, block, action), 'value');
  return typeof value === 'string' ? text(value.trim()) : null;
}

/** The number of a number input; null when empty or no finite number. */
export function readNumber(values: unknown, block: string, action = block): number | null {
  const typed = readText(values, block, action);
  const number = typed === null ? Number.NaN : Number(typed);
  return Number.isFinite(number) ? number : null;
}

/** The value of the chosen option of a select or of radio buttons. */
export function readOption(values: unknown, block: string, action = block): string | null {
  return chosen(at(element(values, block, action), 'selected_option'));
}

/** The values of the chosen options of a multi select or of check boxes. */
export function readOptions(values: unknown, block: string, action = block): readonly string[] {
  const options = at(element(values, block, action), 'selected_options');
  return Array.isArray(options) ? texts(options.map(chosen)) : [];
}

export function readUser(values: unknown, block: string, action = block): string | null {
  return text(at(element(values, block, action), 'selected_user'));
}

export function readUsers(values: unknown, block: string, action = block): readonly string[] {
  return texts(at(element(values, block, action), 'selected_users'));
}

/** The id chosen in a conversations or channels select. */
export function readChannel(values: unknown, block: string, action = block): string | null {
  const of = element(values, block, action);
  return text(at(of, 'selected_conversation')) ?? text(at(of, 'selected_channel'));
}

/** `YYYY-MM-DD`. */
export function readDate(values: unknown, block: string, action = block): string | null {
  const value = text(at(element(values, block, action), 'selected_date'));
  return value !== null && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null;
}

/** `HH:mm`. */
export function readTime(values: unknown, block: string, action = block): string | null {
  const value = text(at(element(values, block, action), 'selected_time'));
  return value !== null && /^\d{2}:\d{2}$/.test(value) ? value : null;
}

/** The id of the file chosen in a file input. */
export function readFile(values: unknown, block: string, action = block): string | null {
  const files = at(element(values, block, action), 'files');
  return Array.isArray(files) ? text(at(files[0], 'id')) : null;
}

/** What `metadata` was given to `modal` or `home`; undefined where it is no JSON. To be parsed like any input. */
export function readMetadata(privateMetadata: unknown): unknown {
  if (typeof privateMetadata !== 'string' || privateMetadata === '') return undefined;
  try {
    return JSON.parse(privateMetadata);
  } catch {
    return undefined;
  }
}
