/**
 * Usher's Block Kit: small constructors that can't make a payload Slack would refuse. Everything to draw with is
 * exported here; formatted text comes from `mrkdwn.ts`, ids from `ids.ts`, numbers and times from `words.ts`, signs
 * from `signs.ts`, pages from `paging.ts`, and `state.ts` reads a form back.
 *
 *     modal({
 *       callbackId: 'connectors.configure',
 *       title: 'Configure Zoom',
 *       submit: 'Next',
 *       metadata: { connectorId },
 *       blocks: [
 *         section(md`*${connector.name}* · last sync ${date(run.at, zone)}`, {
 *           accessory: button({ text: 'Details', action: 'connectors.open', value: connector.id }),
 *         }),
 *         input('Test e-mail address', emailInput({ action: 'testEmail' }), { hint: 'It must not exist in the target.' }),
 *         failed && preformatted(error.message),
 *       ],
 *     })
 *
 * - A string is shown as it is (plain_text, or raw text in a table); only a `Mrkdwn` made by `md` is formatted. So
 *   text from outside can be handed over as a string anywhere (X4).
 * - Too long is clipped with `…`, empty is shown as `–`, too many is cut with `and N more`; null, undefined and false
 *   fall out of lists of blocks and elements. What can't be cut without changing its meaning is a RangeError: a
 *   `value` over 2,000, metadata over 3,000, two inputs of one name.
 * - Action ids are routes (`connectors.open`); a repeated one gets a number, so rows of buttons need no suffix.
 * - `input` takes its block id from its element's action id, so `readText(values, 'testEmail')` reads it.
 */
import type {
  ActionsBlock,
  ActionsBlockElement,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  ImageBlock,
  ImageElement,
  InputBlock,
  InputBlockElement,
  RichTextBlock,
  SectionBlock,
  SectionBlockAccessory,
  TableBlock,
} from '@slack/types';
import { apart, clean, clip, cut, DASH, isBlank, oneLine } from './clip.ts';
import { fitId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { isHttps, plain, type Text, textObject } from './mrkdwn.ts';
import { count } from './words.ts';

export { button } from './elements.ts';
export { datePicker, emailInput, fileInput, numberInput, plainInput, timePicker, urlInput } from './inputs.ts';
export {
  type Choice,
  channelsSelect,
  checkboxes,
  conversationsSelect,
  externalSelect,
  isNoChoice,
  multiExternalSelect,
  multiStaticSelect,
  multiUsersSelect,
  noSuggestion,
  overflow,
  radioButtons,
  staticSelect,
  suggestions,
  usersSelect,
} from './menus.ts';
export { type Blocks, type HomeView, home, type Message, type ModalView, message, modal } from './surfaces.ts';

type Hole = null | undefined | false;
const solid = <T extends object>(items: readonly (T | Hole)[]): T[] => items.filter((item): item is T => item !== null && item !== undefined && item !== false);
const named = (blockId: string | undefined): { block_id?: string } => (blockId === undefined ? {} : { block_id: fitId(blockId) });

/** At most `limit`, the last of a longer list saying how many more there are. */
function some<T>(items: readonly T[], limit: number, more: (text: string) => T): T[] {
  return items.length <= limit ? [...items] : [...items.slice(0, limit - 1), more(`and ${count(items.length - limit + 1)} more`)];
}

export function section(
  text: Text,
  of: { readonly accessory?: SectionBlockAccessory | Hole; readonly blockId?: string; readonly expand?: boolean } = {},
): SectionBlock {
  return {
    type: 'section',
    ...named(of.blockId),
    text: textObject(text, LIMITS.text),
    ...(of.accessory ? { accessory: of.accessory } : {}),
    ...(of.expand === true ? { expand: true } : {}),
  };
}

/** Up to 10 fields in two columns, 2,000 characters each. */
export function sectionFields(
  fields: readonly Text[],
  of: { readonly text?: Text; readonly accessory?: SectionBlockAccessory | Hole; readonly blockId?: string } = {},
): SectionBlock {
  const shown: readonly Text[] = fields.length === 0 ? [DASH] : fields;
  return {
    type: 'section',
    ...named(of.blockId),
    ...(of.text === undefined ? {} : { text: textObject(of.text, LIMITS.text) }),
    fields: some(shown, LIMITS.fields, (text) => text).map((field) => textObject(field, LIMITS.field)),
    ...(of.accessory ? { accessory: of.accessory } : {}),
  };
}

/** The small line: up to 10 texts and images. */
export function context(...elements: readonly (Text | ImageElement | Hole)[]): ContextBlock {
  const shown = elements.filter((element): element is Text | ImageElement => element !== null && element !== undefined && element !== false);
  return {
    type: 'context',
    elements: some(shown.length === 0 ? [DASH] : shown, LIMITS.contextElements, (text) => text).map((element) =>
      typeof element === 'object' && 'type' in element ? element : textObject(element, LIMITS.text),
    ),
  };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, LIMITS.header) };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

/** A row of buttons and menus; null where none applies. More than 25 is a RangeError: a list that grows is a menu or pages. */
export function actions(elements: readonly (ActionsBlockElement | Hole)[], blockId?: string): ActionsBlock | null {
  const shown = solid(elements);
  if (shown.length > LIMITS.actionsElements) throw new RangeError(`${shown.length} elements in a row; Slack takes ${LIMITS.actionsElements}`);
  return shown.length === 0 ? null : { type: 'actions', ...named(blockId), elements: shown };
}

export function input(
  label: string,
  element: InputBlockElement,
  of: {
    readonly hint?: string | undefined;
    readonly optional?: boolean;
    /** Sends block_actions too when the value changes. */ readonly dispatch?: boolean;
    readonly blockId?: string;
  } = {},
): InputBlock {
  return {
    type: 'input',
    block_id: fitId(of.blockId ?? element.action_id ?? ''),
    label: plain(label, LIMITS.label),
    element,
    ...(of.hint === undefined ? {} : { hint: plain(of.hint, LIMITS.hint) }),
    ...(of.optional === true ? { optional: true } : {}),
    ...(of.dispatch === true ? { dispatch_action: true } : {}),
  };
}

const checkedUrl = (url: string): string => {
  if (!isHttps(url)) throw new RangeError('the address of an image is not https, or too long');
  return url;
};

/** For `context` and accessories. The address is https, or it is a RangeError. */
export function imageElement(url: string, alt: string): ImageElement {
  return { type: 'image', image_url: checkedUrl(url), alt_text: plain(alt, LIMITS.altText).text };
}

export function image(url: string, alt: string, title?: string): ImageBlock {
  return {
    type: 'image',
    image_url: checkedUrl(url),
    alt_text: plain(alt, LIMITS.altText).text,
    ...(title === undefined ? {} : { title: plain(title, LIMITS.imageTitle) }),
  };
}

/** A text kept as it is, in fixed width, lines included: a provider's error (C8). Cut at 3,000 with an ellipsis. */
export function preformatted(text: string): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: clip(shownLines(text), LIMITS.text) }] }] };
}

/** The whole text in as many blocks as it needs: for *Learn more*. */
export function preformattedWhole(text: string): RichTextBlock[] {
  const blocks: RichTextBlock[] = [];
  for (let rest = shownLines(text); rest !== ''; ) {
    const chunk = cut(rest, LIMITS.text);
    blocks.push(preformatted(chunk));
    rest = rest.slice(chunk.length);
  }
  return blocks;
}

/** Control characters alone leave nothing to see. */
function shownLines(text: string): string {
  const kept = apart(clean(text));
  return isBlank(kept) ? DASH : kept;
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'center' | 'right';
  readonly wrap?: boolean;
}

/**
 * A table: a heading row and at most 99 more, 1 to 20 columns (else a RangeError), 10,000 characters in all. Short
 * rows are filled up, rows that don't fit are counted in the last one.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): TableBlock {
  if (columns.length === 0 || columns.length > LIMITS.tableColumns)
    throw new RangeError(`a table of ${columns.length} columns; Slack takes 1 to ${LIMITS.tableColumns}`);
  const heading = columns.map((column) => cell(column.title, Math.min(LIMITS.tableCell, 100)));
  const last = (left: number): string[] => columns.map((_, index) => (index === 0 ? `and ${count(left)} more` : DASH));
  const reserve = 40 + columns.length;
  const shown = [heading];
  let used = heading.join('').length;
  for (const [index, row] of rows.entries()) {
    const cells = columns.map((_, column) => cell(row[column] ?? '', LIMITS.tableCell));
    const size = cells.join('').length;
    const isLast = index === rows.length - 1;
    const fits = used + size + (isLast ? 0 : reserve) <= LIMITS.tableCharacters && shown.length < LIMITS.tableRows - (isLast ? 0 : 1);
    if (!fits) {
      shown.push(last(rows.length - index));
      break;
    }
    shown.push(cells);
    used += size;
  }
  return {
    type: 'table',
    rows: shown.map((cells) => cells.map((text) => ({ type: 'raw_text', text }))),
    column_settings: columns.map((column) => ({ align: column.align ?? 'left', is_wrapped: column.wrap ?? false })),
  };
}

function cell(text: string, limit: number): string {
  const shown = oneLine(text);
  return isBlank(shown) ? DASH : clip(apart(shown), limit);
}
