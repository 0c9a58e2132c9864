/** Composition objects (SLACK.md 2.1, 2.3; `@slack/types` composition-objects). */
import { z } from 'zod';

/** A string of at most `most` UTF-16 units: never fewer than code points, which zod's own `max` counts. */
export const upTo = (most: number): z.ZodString =>
  z.string().superRefine((text, ctx) => {
    if (text.length > most) ctx.addIssue({ code: 'too_big', origin: 'string', maximum: most, inclusive: true, input: text });
  });

/** A string of 1 to `most`. */
export const words = (most: number): z.ZodString => upTo(most).min(1);

export const ID = words(255);
/** SLACK.md gives no rule but the length; an address that is none at all is refused too. */
export const URL_TEXT = words(3_000).regex(/^https?:\/\/\S+$/u);

export const plainText = (most: number) => z.strictObject({ type: z.literal('plain_text'), text: words(most), emoji: z.boolean().optional() });
export const mrkdwnText = (most: number) => z.strictObject({ type: z.literal('mrkdwn'), text: words(most), verbatim: z.boolean().optional() });
export const anyText = (most: number) => z.discriminatedUnion('type', [plainText(most), mrkdwnText(most)]);

export const STYLE = z.enum(['primary', 'danger']);

export const CONFIRM = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: STYLE.optional(),
});

/** `value` is 75 in the types and 150 in a transcription: the smaller one. */
const described = { value: words(75), description: plainText(75).optional() };
export const PLAIN_OPTION = z.strictObject({ text: plainText(75), ...described });
export const OVERFLOW_OPTION = z.strictObject({ text: plainText(75), ...described, url: URL_TEXT.optional() });
export const TICK_OPTION = z.strictObject({ text: anyText(75), ...described });
export const OPTION_GROUP = z.strictObject({ label: plainText(75), options: z.array(PLAIN_OPTION).min(1).max(100) });

export const FILTER = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .superRefine((filter, ctx) => {
    if (Object.keys(filter).length === 0) ctx.addIssue({ code: 'custom', message: 'must define at least one filter', params: { code: 'empty_filter' } });
  });

export const DISPATCH = z.strictObject({
  trigger_actions_on: z
    .array(z.enum(['on_enter_pressed', 'on_character_entered']))
    .min(1)
    .optional(),
});

const SLACK_FILE = z.strictObject({ id: z.string().min(1).optional(), url: URL_TEXT.optional() }).superRefine((file, ctx) => {
  if ((file.id === undefined) === (file.url === undefined))
    ctx.addIssue({ code: 'custom', message: 'must define either `id` or `url`', params: { code: 'either_or' } });
});

/** Where an image comes from: exactly one of the two. */
export const imageSource = { image_url: URL_TEXT.optional(), slack_file: SLACK_FILE.optional() };

/** Refuses an image with both sources or none. */
export function oneSource(image: { readonly image_url?: unknown; readonly slack_file?: unknown }, ctx: z.RefinementCtx): void {
  if (image.image_url === undefined && image.slack_file === undefined)
    ctx.addIssue({ code: 'custom', message: 'missing required field: image_url', params: { code: 'missing_field' } });
  if (image.image_url !== undefined && image.slack_file !== undefined)
    ctx.addIssue({ code: 'custom', message: 'must define either `image_url` or `slack_file`', params: { code: 'either_or' } });
}
