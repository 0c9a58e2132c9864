/** What stands where there is no value: an empty text is refused by Slack and says nothing to a reader. */
export const DASH = '–';

const CONTROL = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;
const BLANK = /^[\s\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]*$/u;

/** True for a text in which a reader sees nothing. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/**
 * Text as it may leave: well-formed UTF-16, no control characters but the line break, and no bidirectional overrides
 * (they let a name re-order the words around it, X4).
 */
export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(CONTROL, (character) => (character === '\n' ? '\n' : ''));
}

/** `clean`, and runs of white space become one space: a value from outside can't begin a line of its own. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/gu, ' ').trim();
}

/** What reads as a mention or a link (`<!`, `<@`, `<#`, `<https:`) kept apart by a word joiner: for texts that are shown as they are (X4). */
export function apart(text: string): string {
  return text.replace(/<(?=[!@#]|[a-z][a-z0-9+.-]*:)/gi, '<\u2060');
}

/** At most `limit` UTF-16 units, the last of them an ellipsis where something was cut; a surrogate pair is never split. */
export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${cut(text, limit - 1)}…`;
}

/** At most `limit` UTF-16 units from the start, without a mark; a surrogate pair is never split. */
export function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  const splits = text.length > limit && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, Math.max(0, splits ? limit - 1 : limit));
}

/** The number of UTF-8 bytes of a well-formed text. */
export function bytes(text: string): number {
  let sum = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    sum += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return sum;
}
