/** Block elements and the places each may stand (SLACK.md 2.3). */
import { z } from 'zod';
import {
  CONFIRM,
  DISPATCH,
  FILTER,
  ID,
  imageSource,
  OPTION_GROUP,
  OVERFLOW_OPTION,
  oneSource,
  PLAIN_OPTION,
  plainText,
  STYLE,
  TICK_OPTION,
  URL_TEXT,
  upTo,
  words,
} from './composition.ts';
import { offeredOnly, withinLength, withinRange } from './element-rules.ts';
import { RICH_TEXT } from './rich-text.ts';

const action = { action_id: ID.optional() };
const confirmed = { ...action, confirm: CONFIRM.optional() };
const focused = { focus_on_load: z.boolean().optional() };
const placed = { ...focused, placeholder: plainText(150).optional() };
const menu = { ...confirmed, ...placed };
const several = { max_selected_items: z.int().min(1).optional() };
const dispatched = { dispatch_action_config: DISPATCH.optional() };
const labelled = { accessibility_label: words(75).optional() };
const ids = z.array(words(255));

const offers = { options: z.array(PLAIN_OPTION).min(1).max(100).optional(), option_groups: z.array(OPTION_GROUP).min(1).max(100).optional() };
const ticks = { options: z.array(TICK_OPTION).min(1).max(10) };
const minQuery = { min_query_length: z.int().min(0).optional() };
const respondable = { response_url_enabled: z.boolean().optional() };
const conversations = { default_to_current_conversation: z.boolean().optional(), filter: FILTER.optional() };

export const BUTTON = z.strictObject({
  type: z.literal('button'),
  ...confirmed,
  ...labelled,
  text: plainText(75),
  value: words(2_000).optional(),
  url: URL_TEXT.optional(),
  style: STYLE.optional(),
});

export const IMAGE_ELEMENT = z.strictObject({ type: z.literal('image'), ...imageSource, alt_text: words(2_000) }).superRefine(oneSource);

const SELECTS = [
  z.strictObject({ type: z.literal('static_select'), ...menu, ...offers, initial_option: PLAIN_OPTION.optional() }).superRefine(offeredOnly),
  z.strictObject({ type: z.literal('external_select'), ...menu, ...minQuery, initial_option: PLAIN_OPTION.optional() }),
  z.strictObject({ type: z.literal('users_select'), ...menu, initial_user: words(255).optional() }),
  z.strictObject({ type: z.literal('conversations_select'), ...menu, ...respondable, ...conversations, initial_conversation: words(255).optional() }),
  z.strictObject({ type: z.literal('channels_select'), ...menu, ...respondable, initial_channel: words(255).optional() }),
  z
    .strictObject({ type: z.literal('multi_static_select'), ...menu, ...several, ...offers, initial_options: z.array(PLAIN_OPTION).min(1).max(100).optional() })
    .superRefine(offeredOnly),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...menu,
    ...several,
    ...minQuery,
    initial_options: z.array(PLAIN_OPTION).min(1).max(100).optional(),
  }),
  z.strictObject({ type: z.literal('multi_users_select'), ...menu, ...several, initial_users: ids.optional() }),
  z.strictObject({ type: z.literal('multi_conversations_select'), ...menu, ...several, ...conversations, initial_conversations: ids.optional() }),
  z.strictObject({ type: z.literal('multi_channels_select'), ...menu, ...several, initial_channels: ids.optional() }),
] as const;

const PICKED = [
  z
    .strictObject({ type: z.literal('checkboxes'), ...confirmed, ...focused, ...ticks, initial_options: z.array(TICK_OPTION).min(1).max(10).optional() })
    .superRefine(offeredOnly),
  z.strictObject({ type: z.literal('radio_buttons'), ...confirmed, ...focused, ...ticks, initial_option: TICK_OPTION.optional() }).superRefine(offeredOnly),
  z.strictObject({ type: z.literal('datepicker'), ...menu, initial_date: z.iso.date().optional() }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...menu,
    initial_time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .optional(),
    timezone: words(255).optional(),
  }),
] as const;

const DATE_TIME = z.strictObject({
  type: z.literal('datetimepicker'),
  ...confirmed,
  ...focused,
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
});
const OVERFLOW = z.strictObject({ type: z.literal('overflow'), ...confirmed, options: z.array(OVERFLOW_OPTION).min(1).max(5) });
const lines = z.int().min(1).max(100).optional();
const RICH_TEXT_INPUT = z.strictObject({
  type: z.literal('rich_text_input'),
  ...action,
  ...placed,
  ...dispatched,
  initial_value: RICH_TEXT.optional(),
  min_lines: lines,
  max_lines: lines,
});

const PARAMETER = z.strictObject({ name: words(255), value: words(3_000) });
const WORKFLOW_BUTTON = z.strictObject({
  type: z.literal('workflow_button'),
  ...confirmed,
  ...labelled,
  text: plainText(75),
  style: STYLE.optional(),
  workflow: z.strictObject({ trigger: z.strictObject({ url: URL_TEXT, customizable_input_parameters: z.array(PARAMETER).optional() }) }),
});

const TYPED = [
  z
    .strictObject({
      type: z.literal('plain_text_input'),
      ...action,
      ...placed,
      ...dispatched,
      initial_value: upTo(3_000).optional(),
      multiline: z.boolean().optional(),
      min_length: z.int().min(0).max(3_000).optional(),
      max_length: z.int().min(1).max(3_000).optional(),
    })
    .superRefine(withinLength),
  z.strictObject({ type: z.literal('email_text_input'), ...action, ...placed, ...dispatched, initial_value: upTo(3_000).optional() }),
  z.strictObject({ type: z.literal('url_text_input'), ...action, ...placed, ...dispatched, initial_value: upTo(3_000).optional() }),
  z
    .strictObject({
      type: z.literal('number_input'),
      ...action,
      ...placed,
      ...dispatched,
      is_decimal_allowed: z.boolean(),
      initial_value: upTo(3_000).optional(),
      min_value: upTo(3_000).optional(),
      max_value: upTo(3_000).optional(),
    })
    .superRefine(withinRange),
] as const;

const FILE_INPUT = z.strictObject({
  type: z.literal('file_input'),
  ...action,
  filetypes: z.array(words(255)).min(1).optional(),
  max_files: z.int().min(1).max(10).optional(),
});

const RATING = z.strictObject({ text: plainText(75), value: words(2_000), ...labelled });

export const ACCESSORY = z.discriminatedUnion('type', [BUTTON, IMAGE_ELEMENT, OVERFLOW, WORKFLOW_BUTTON, ...SELECTS, ...PICKED]);
export const IN_ACTIONS = z.discriminatedUnion('type', [BUTTON, OVERFLOW, WORKFLOW_BUTTON, DATE_TIME, RICH_TEXT_INPUT, ...SELECTS, ...PICKED]);
export const IN_INPUT = z.discriminatedUnion('type', [DATE_TIME, RICH_TEXT_INPUT, FILE_INPUT, ...TYPED, ...SELECTS, ...PICKED]);
export const IN_CONTEXT_ACTIONS = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('feedback_buttons'), ...action, positive_button: RATING, negative_button: RATING }),
  z.strictObject({
    type: z.literal('icon_button'),
    ...confirmed,
    ...labelled,
    icon: words(255),
    text: plainText(75),
    value: words(2_000).optional(),
    visible_to_user_ids: z.array(words(255)).max(10).optional(),
  }),
]);
