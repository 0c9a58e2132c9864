import type {
  ActionsBlockElement,
  ContextActionsBlockElement,
  InputBlockElement,
  KnownBlock,
  PlainTextElement,
  PlainTextOption,
  SectionBlockAccessory,
} from '@slack/types';
import * as z from 'zod/mini';

/** Every element that a person can see in a block and might act on. */
export type PageElement = ActionsBlockElement | InputBlockElement | SectionBlockAccessory | ContextActionsBlockElement;

/** A block with the key that keeps its inputs alive while the view around it is replaced. */
export interface ShownBlock {
  readonly key: string;
  /** Empty when the sender gave none. */
  readonly blockId: string;
  readonly block: KnownBlock;
}

export interface ShownModal {
  readonly title: PlainTextElement;
  readonly submit: PlainTextElement | null;
  readonly close: PlainTextElement | null;
  readonly blocks: readonly ShownBlock[];
}

const anyBlock = z.looseObject({ type: z.string(), block_id: z.optional(z.string()) });
const plainText = z.object({ type: z.literal('plain_text'), text: z.string(), emoji: z.optional(z.boolean()) });
const modalView = z.object({
  title: plainText,
  submit: z.optional(z.nullable(plainText)),
  close: z.optional(z.nullable(plainText)),
  blocks: z.array(anyBlock),
});
const homeView = z.object({ blocks: z.array(anyBlock) });

/**
 * Blocks as the workspace stored them. Their inner shape was checked there, as strictly as Slack's own, before it
 * kept them; what is drawn wrongly all the same is caught block by block (`blocks.tsx`).
 */
export function readBlocks(raw: readonly unknown[]): readonly ShownBlock[] {
  const seen = new Set<string>();
  return raw.flatMap((one, at) => {
    const parsed = anyBlock.safeParse(one);
    if (!parsed.success) return [];
    const blockId = parsed.data.block_id ?? '';
    const key = blockId !== '' && !seen.has(blockId) ? blockId : `#${at}`;
    seen.add(blockId);
    return [{ key, blockId, block: parsed.data as unknown as KnownBlock }];
  });
}

/** A modal view, or null when it has not even a title. */
export function readModal(raw: unknown): ShownModal | null {
  const parsed = modalView.safeParse(raw);
  if (!parsed.success) return null;
  const { title, submit, close, blocks } = parsed.data;
  return { title: plain(title), submit: submit ? plain(submit) : null, close: close ? plain(close) : null, blocks: readBlocks(blocks) };
}

/** The blocks of a Home view; none when it can't be read. */
export function readHome(raw: unknown): readonly ShownBlock[] {
  const parsed = homeView.safeParse(raw);
  return parsed.success ? readBlocks(parsed.data.blocks) : [];
}

function plain(read: z.infer<typeof plainText>): PlainTextElement {
  return { type: 'plain_text', text: read.text, ...(read.emoji === undefined ? {} : { emoji: read.emoji }) };
}

const optionShape = z.looseObject({ text: z.looseObject({ type: z.string(), text: z.string() }), value: z.optional(z.string()) });
const suggestions = z.union([
  z.looseObject({ option_groups: z.array(z.looseObject({ label: z.looseObject({ text: z.string() }), options: z.array(optionShape) })) }),
  z.looseObject({ options: z.array(optionShape) }),
]);

/** Options under the label of their group; `label` is null outside any group. */
export interface OptionSet {
  readonly label: string | null;
  readonly options: readonly PlainTextOption[];
}

/** The app's answer to a suggestion request; null when it is none. */
export function readSuggestions(raw: unknown): readonly OptionSet[] | null {
  const parsed = suggestions.safeParse(raw);
  if (!parsed.success) return null;
  if ('option_groups' in parsed.data) {
    const groups = parsed.data.option_groups as readonly { label: { text: string }; options: readonly unknown[] }[];
    return groups.map((group) => ({ label: group.label.text, options: group.options as unknown as readonly PlainTextOption[] }));
  }
  return [{ label: null, options: parsed.data.options as unknown as readonly PlainTextOption[] }];
}

/** The elements of a block with what a person can set or press. */
export function elementsOf(block: KnownBlock): readonly PageElement[] {
  switch (block.type) {
    case 'input':
      return [block.element];
    case 'actions':
    case 'context_actions':
      return block.elements;
    case 'section':
      return block.accessory === undefined ? [] : [block.accessory];
    default:
      return [];
  }
}

/** The name of an element's value within its block. An image has none. */
export function actionIdOf(element: PageElement): string {
  return 'action_id' in element && element.action_id !== undefined ? element.action_id : '';
}
