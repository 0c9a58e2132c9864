/** Tables (SLACK.md 2.2). Their 10,000 characters are counted over the whole message: see `whole.ts`. */
import { z } from 'zod';
import { ID } from './composition.ts';
import { RICH_TEXT } from './rich-text.ts';

const RAW_TEXT = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) });
const RAW_NUMBER = z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) });
const CELL = z.discriminatedUnion('type', [RAW_TEXT, RAW_NUMBER, RICH_TEXT]);
const ROW = z.array(CELL).min(1).max(20);

function sameLength(rows: readonly (readonly unknown[])[], ctx: z.RefinementCtx): void {
  const width = rows[0]?.length;
  for (const [index, row] of rows.entries()) {
    if (row.length !== width)
      ctx.addIssue({ code: 'custom', message: `must have ${width} cells like the first row`, path: [index], params: { code: 'uneven_rows' } });
  }
}

export const TABLE = z.strictObject({
  type: z.literal('table'),
  block_id: ID.optional(),
  rows: z.array(ROW).min(1).max(100).superRefine(sameLength),
  column_settings: z
    .array(z.strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() }).nullable())
    .max(20)
    .optional(),
});

/** A heading row and 1 to 100 more: the smaller of the two published numbers. */
export const DATA_TABLE = z
  .strictObject({
    type: z.literal('data_table'),
    block_id: ID.optional(),
    caption: z.string().min(1),
    rows: z.array(ROW).min(2).max(101).superRefine(sameLength),
    page_size: z.int().min(1).max(100).optional(),
    row_header_column_index: z.int().min(0).max(19).optional(),
  })
  .superRefine((table, ctx) => {
    for (const [index, cell] of (table.rows[0] ?? []).entries()) {
      if (cell.type === 'rich_text')
        ctx.addIssue({ code: 'custom', message: 'unsupported type: rich_text', path: ['rows', 0, index, 'type'], params: { code: 'unsupported_type' } });
    }
    if ((table.row_header_column_index ?? 0) >= (table.rows[0]?.length ?? 0))
      ctx.addIssue({ code: 'custom', message: 'must be the index of a column', path: ['row_header_column_index'], params: { code: 'range' } });
  });
