/** The rich_text block (SLACK.md 2.2: no numeric limits are published). */
import { z } from 'zod';
import { ID, URL_TEXT } from './composition.ts';

const STYLE = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    underline: z.boolean().optional(),
    code: z.boolean().optional(),
  })
  .optional();
const some = z.string().min(1);

const TEXT = z.strictObject({ type: z.literal('text'), text: some, style: STYLE });
const LINK = z.strictObject({ type: z.literal('link'), url: URL_TEXT, text: some.optional(), unsafe: z.boolean().optional(), style: STYLE });
const INLINE = z.discriminatedUnion('type', [
  TEXT,
  LINK,
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']), style: STYLE }),
  z.strictObject({ type: z.literal('channel'), channel_id: some, style: STYLE }),
  z.strictObject({ type: z.literal('color'), value: some, style: STYLE }),
  z.strictObject({ type: z.literal('date'), timestamp: z.int(), format: some, url: URL_TEXT.optional(), fallback: some.optional(), style: STYLE }),
  z.strictObject({ type: z.literal('emoji'), name: some, unicode: some.optional(), url: URL_TEXT.optional(), style: STYLE }),
  z.strictObject({ type: z.literal('team'), team_id: some, style: STYLE }),
  z.strictObject({ type: z.literal('user'), user_id: some, style: STYLE }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: some, style: STYLE }),
]);

const BORDER = z.union([z.literal(0), z.literal(1)]).optional();
const SECTION = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(INLINE) });

export const RICH_TEXT = z.strictObject({
  type: z.literal('rich_text'),
  block_id: ID.optional(),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        SECTION,
        z.strictObject({
          type: z.literal('rich_text_list'),
          elements: z.array(SECTION),
          style: z.enum(['bullet', 'ordered']),
          indent: z.int().min(0).max(8).optional(),
          border: BORDER,
        }),
        z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(INLINE), border: BORDER }),
        z.strictObject({ type: z.literal('rich_text_preformatted'), elements: z.array(z.discriminatedUnion('type', [TEXT, LINK])), border: BORDER }),
      ]),
    )
    .min(1),
});
