/**
 * Text with Slack's formatting, in which nothing from outside can ping, link or break a message (X4).
 *
 *     md`*Last sync*: ${connector.name}, ${date(run.at, zone)} by ${mention(run.by)}`
 *
 * Values put into `md` are escaped; so are `& < >` of the template itself, so that mentions, dates and links come
 * only from the functions here. Slack has no escape for `* _ ~` and the backtick: in values they are replaced by
 * look-alikes (an underscore inside a word stays: it doesn't format). Where a value must stay copyable use `code`, or
 * hand a plain string to a constructor of `blocks.ts`: strings become plain_text, only a `Mrkdwn` becomes mrkdwn.
 */
import type { MrkdwnElement, PlainTextElement } from '@slack/types';
import { apart, bytes, clean, clip, DASH, isBlank, oneLine } from './clip.ts';
import { type DateForm, moment } from './words.ts';

/** `text` is unescaped and may be cut anywhere, and formats only if it is `ours`; a `token` is whole or absent, `plain` being what a reader sees of it. */
type Part = { readonly is: 'text'; readonly text: string; readonly ours?: true } | { readonly is: 'token'; readonly token: string; readonly plain: string };

/** Made only by the functions of this file: the private field keeps any other object out. */
class SafeMrkdwn {
  readonly #parts: readonly Part[];
  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }
  get parts(): readonly Part[] {
    return this.#parts;
  }
}
export type Mrkdwn = SafeMrkdwn;

/** A string is shown as it is (plain_text); a `Mrkdwn` is formatted. */
export type Text = string | Mrkdwn;

/** What Slack lets one escape. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

const LOOK_ALIKE: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ', _: 'ˍ' };
const FORMATTING = /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** An empty text says nothing; a blank one is shown as missing. Runs of white space become one blank, so that no value begins a line of its own. */
function outside(value: string): Part {
  const line = clean(value)
    .replace(/\s+/gu, ' ')
    .replace(FORMATTING, (character) => LOOK_ALIKE[character] ?? character);
  return { is: 'text', text: value !== '' && isBlank(line) ? DASH : line };
}

function authored(text: string): Part {
  return { is: 'text', text: clean(text), ours: true };
}

function partsOf(value: Text | number): readonly Part[] {
  return value instanceof SafeMrkdwn ? value.parts : [outside(String(value))];
}

/** Composes mrkdwn: the template's own `* _ ~` and backtick format, values never do. */
export function md(template: TemplateStringsArray, ...values: readonly (Text | number)[]): Mrkdwn {
  return new SafeMrkdwn(template.flatMap((literal, index) => [authored(literal), ...(index < values.length ? partsOf(values[index] ?? '') : [])]));
}

/** The texts with a separator of ours between them: `, `, ` · ` or a line break. */
export function joined(texts: readonly Text[], separator = ', '): Mrkdwn {
  return new SafeMrkdwn(texts.flatMap((text, index) => [...(index === 0 ? [] : [authored(separator)]), ...partsOf(text)]));
}

/** One line each, with a bullet. */
export function bulleted(lines: readonly Text[]): Mrkdwn {
  return joined(
    lines.map((line) => md`• ${line}`),
    '\n',
  );
}

export function bold(text: Text): Mrkdwn {
  return new SafeMrkdwn([authored('*'), ...partsOf(text), authored('*')]);
}

export function italic(text: Text): Mrkdwn {
  return new SafeMrkdwn([authored('_'), ...partsOf(text), authored('_')]);
}

/** Fixed-width and copyable: only the backtick is replaced. */
export function code(text: string): Mrkdwn {
  const line = oneLine(text).replace(/`/g, 'ˋ');
  return new SafeMrkdwn([authored('`'), { is: 'text', text: isBlank(line) ? DASH : line }, authored('`')]);
}

/** `<@U…>`: notifies in a channel, so only for those who should be. Anything but a user id (`schedule`) is shown as it is. */
export function mention(userId: string): Mrkdwn {
  return new SafeMrkdwn([/^[UW][A-Z0-9]{2,30}$/.test(userId) ? { is: 'token', token: `<@${userId}>`, plain: `@${userId}` } : outside(userId)]);
}

/** `<#C…>`; anything but a channel id is shown as it is. */
export function channelMention(channelId: string): Mrkdwn {
  return new SafeMrkdwn([/^[CGD][A-Z0-9]{2,30}$/.test(channelId) ? { is: 'token', token: `<#${channelId}>`, plain: `#${channelId}` } : outside(channelId)]);
}

/** A link of ours: https only; for any other address the text alone. */
export function link(url: string, text: string): Mrkdwn {
  const shown = oneLine(text).replace(/\|/g, '¦');
  const label = isBlank(shown) ? DASH : shown;
  if (!isHttps(url)) return new SafeMrkdwn([outside(text)]);
  const address = url.replace(/[|<>]/g, (character) => encodeURIComponent(character));
  return new SafeMrkdwn([{ is: 'token', token: `<${escaped(address)}|${escaped(clip(label, 150))}>`, plain: label }]);
}

/** An https address without credentials, white space or control characters, short enough for Slack. */
export function isHttps(url: string): boolean {
  return url.length <= 3_000 && /^https:\/\/[^\s/?#@\p{Cc}]+([/?#][^\s\p{Cc}]*)?$/u.test(url);
}

const FORMAT: Readonly<Record<DateForm, string>> = { date: '{date_short_pretty}', time: '{time}', 'date time': '{date_short_pretty} at {time}' };

/** A moment (ms) in the reader's own zone; `timeZone` (IANA) serves clients that can't show that, and is named there. */
export function date(at: number, timeZone: string, form: DateForm = 'date time'): Mrkdwn {
  const plain = moment(at, timeZone, form);
  if (plain === DASH) return new SafeMrkdwn([{ is: 'text', text: DASH }]);
  return new SafeMrkdwn([{ is: 'token', token: `<!date^${Math.floor(at / 1_000)}^${FORMAT[form]}|${plain}>`, plain }]);
}

/** The string to send as mrkdwn, at most `limit` UTF-16 units and `byteLimit` bytes; never cut inside an escape or a token. What lies behind the limit isn't looked at, however long it is. */
export function render(text: Mrkdwn, limit: number, byteLimit = Number.POSITIVE_INFINITY): string {
  let kept = '';
  /** What is kept where the whole is too long: an ellipsis still fits behind it. */
  let cutTo = '';
  let size = 0;
  for (const atom of atomsOf(text)) {
    size += bytes(atom);
    kept += atom;
    if (kept.length > limit || size > byteLimit) return isBlank(cutTo) ? DASH : `${cutTo}…`;
    if (kept.length <= limit - 1 && size <= byteLimit - 3) cutTo = kept;
  }
  return isBlank(kept) ? DASH : kept;
}

/** What can't be cut: tokens and characters. */
function* atomsOf({ parts }: Mrkdwn): Generator<string> {
  for (const part of parts) {
    if (part.is === 'token') yield part.token;
    else for (const character of part.text) yield ESCAPES[character] ?? character;
  }
}

/** What a reader sees of it without formatting: for the errors of a form. Mentions read `@U…`, and `* ~` and backticks of ours fall away. */
export function unformatted(text: Mrkdwn): string {
  return text.parts.map((part) => (part.is === 'token' ? part.plain : part.ours ? part.text.replace(/[*~`]/g, '') : part.text)).join('');
}

/** plain_text, one line; `lines` keeps line breaks. Never reads as a token: see `apart`. */
export function plain(text: string, limit: number, lines = false): PlainTextElement {
  const kept = apart(lines ? clean(text) : oneLine(text));
  return { type: 'plain_text', text: isBlank(kept) ? DASH : clip(kept, limit), emoji: false };
}

/** A text object: plain_text for a string, mrkdwn for a `Mrkdwn`. `verbatim` keeps Slack from linking what looks like a URL, a name or a channel. */
export function textObject(text: Text, limit: number): PlainTextElement | MrkdwnElement {
  return text instanceof SafeMrkdwn ? { type: 'mrkdwn', text: render(text, limit), verbatim: true } : plain(text, limit, true);
}

/** The top-level `text` of a message, which Slack reads as mrkdwn. */
export function fallbackText(text: Text, limit: number, byteLimit: number): string {
  return render(text instanceof SafeMrkdwn ? text : new SafeMrkdwn([{ is: 'text', text: clean(text) }]), limit, byteLimit);
}
