/** Blocks, and which surface takes which (SLACK.md 2.2, 8.4: the stricter where sources conflict). */
import { z } from 'zod';
import { anyText, ID, imageSource, mrkdwnText, oneSource, plainText, URL_TEXT, upTo, words } from './composition.ts';
import { ACCESSORY, BUTTON, IMAGE_ELEMENT, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT } from './elements.ts';
import { RICH_TEXT } from './rich-text.ts';
import { DATA_TABLE, TABLE } from './tables.ts';

const block = { block_id: ID.optional() };
const HTTPS = URL_TEXT.startsWith('https://');

const SECTION = z
  .strictObject({
    type: z.literal('section'),
    ...block,
    text: anyText(3_000).optional(),
    fields: z.array(anyText(2_000)).min(1).max(10).optional(),
    accessory: ACCESSORY.optional(),
    expand: z.boolean().optional(),
  })
  .superRefine((section, ctx) => {
    if (section.text === undefined && section.fields === undefined)
      ctx.addIssue({ code: 'custom', message: 'must define either `text` or `fields`', path: ['type'], params: { code: 'either_or' } });
  });

const IMAGE = z
  .strictObject({ type: z.literal('image'), ...block, ...imageSource, alt_text: words(2_000), title: plainText(2_000).optional() })
  .superRefine(oneSource);

const INPUT = z.strictObject({
  type: z.literal('input'),
  ...block,
  label: plainText(2_000),
  element: IN_INPUT,
  hint: plainText(2_000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

const HEADER = z.strictObject({ type: z.literal('header'), ...block, text: plainText(150), level: z.int().min(1).max(4).optional() });
const DIVIDER = z.strictObject({ type: z.literal('divider'), ...block });
const CONTEXT = z.strictObject({
  type: z.literal('context'),
  ...block,
  elements: z
    .array(z.discriminatedUnion('type', [plainText(3_000), mrkdwnText(3_000), IMAGE_ELEMENT]))
    .min(1)
    .max(10),
});
const ACTIONS = z.strictObject({ type: z.literal('actions'), ...block, elements: z.array(IN_ACTIONS).min(1).max(25) });
const CONTEXT_ACTIONS = z.strictObject({ type: z.literal('context_actions'), ...block, elements: z.array(IN_CONTEXT_ACTIONS).min(1).max(5) });
const MARKDOWN = z.strictObject({ type: z.literal('markdown'), ...block, text: words(12_000) });
const ALERT = z.strictObject({
  type: z.literal('alert'),
  ...block,
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

const VIDEO = z.strictObject({
  type: z.literal('video'),
  ...block,
  video_url: HTTPS,
  thumbnail_url: HTTPS,
  alt_text: words(200),
  title: plainText(199),
  title_url: HTTPS.optional(),
  author_name: words(49).optional(),
  provider_name: words(50).optional(),
  provider_icon_url: HTTPS.optional(),
  description: plainText(200).optional(),
});

const CARD = z
  .strictObject({
    type: z.literal('card'),
    ...block,
    hero_image: IMAGE_ELEMENT.optional(),
    icon: IMAGE_ELEMENT.optional(),
    slack_icon: z.strictObject({ name: words(255) }).optional(),
    title: mrkdwnText(150).optional(),
    subtitle: mrkdwnText(150).optional(),
    body: mrkdwnText(200).optional(),
    subtext: mrkdwnText(200).optional(),
    actions: z.array(BUTTON).min(1).max(3).optional(),
  })
  .superRefine((card, ctx) => {
    const has = card.hero_image ?? card.title ?? card.actions ?? card.body;
    if (has === undefined)
      ctx.addIssue({ code: 'custom', message: 'must define one of `hero_image`, `title`, `actions` or `body`', path: ['type'], params: { code: 'either_or' } });
    if (card.icon !== undefined && card.slack_icon !== undefined)
      ctx.addIssue({ code: 'custom', message: 'must define either `icon` or `slack_icon`', path: ['type'], params: { code: 'either_or' } });
  });
const CAROUSEL = z.strictObject({ type: z.literal('carousel'), ...block, elements: z.array(CARD).min(1).max(10) });

const SOURCE = z.strictObject({ type: z.literal('url'), url: URL_TEXT, text: z.string().min(1) });
const TASK_CARD = z.strictObject({
  type: z.literal('task_card'),
  ...block,
  task_id: words(255),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: RICH_TEXT.optional(),
  output: RICH_TEXT.optional(),
  sources: z.array(SOURCE).optional(),
});
const PLAN = z.strictObject({ type: z.literal('plan'), ...block, title: z.string().min(1), tasks: z.array(TASK_CARD).optional() });

const COMMON = [SECTION, HEADER, DIVIDER, CONTEXT, ACTIONS, IMAGE, RICH_TEXT, VIDEO] as const;

const CONTAINER = z
  .strictObject({
    type: z.literal('container'),
    ...block,
    title: plainText(150).optional(),
    rich_text_title: RICH_TEXT.optional(),
    subtitle: anyText(150).optional(),
    child_blocks: z
      .array(z.discriminatedUnion('type', [...COMMON, TABLE]))
      .min(1)
      .max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: IMAGE_ELEMENT.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .superRefine((container, ctx) => {
    if (container.title === undefined && container.rich_text_title === undefined)
      ctx.addIssue({ code: 'custom', message: 'must define either `title` or `rich_text_title`', path: ['type'], params: { code: 'either_or' } });
    if (container.default_collapsed === true && container.is_collapsible !== true)
      ctx.addIssue({ code: 'custom', message: 'must be used with `is_collapsible`', path: ['default_collapsed'], params: { code: 'needs_collapsible' } });
  });

/** `input` in messages is not confirmed anywhere, nor is `alert` outside modals: both are refused there. */
const MESSAGE_BLOCK = z.discriminatedUnion('type', [...COMMON, CONTEXT_ACTIONS, MARKDOWN, TABLE, DATA_TABLE, CARD, CAROUSEL, CONTAINER, TASK_CARD, PLAN]);
const HOME_BLOCK = z.discriminatedUnion('type', [...COMMON, INPUT]);
const MODAL_BLOCK = z.discriminatedUnion('type', [...COMMON, INPUT, ALERT]);

export const MESSAGE_BLOCKS = z.array(MESSAGE_BLOCK).max(50);

const view = { private_metadata: upTo(3_000).optional(), callback_id: ID.optional(), external_id: ID.optional() };

export const VIEW = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    ...view,
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    blocks: z.array(MODAL_BLOCK).min(1).max(100),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('home'), ...view, blocks: z.array(HOME_BLOCK).min(1).max(100) }),
]);
