/** An object read from JSON: nothing is known of its values until they are looked at. */
export type Dict = { readonly [key: string]: unknown };

export function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or an empty one. */
export function dictOf(value: unknown): Dict {
  return isDict(value) ? value : {};
}

/** The value as a list of objects; anything else in the list is left out. */
export function dictsOf(value: unknown): readonly Dict[] {
  return Array.isArray(value) ? value.filter(isDict) : [];
}

/** The value as a string, or the empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value of a JSON text, or undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Slack encodes exactly these three in text that it stores and delivers (reference: formatting message text). */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
