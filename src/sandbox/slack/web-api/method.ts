import { z } from 'zod';
import { type Dict, parsed } from '../json.ts';
import type { Parts } from '../parts.ts';
import { Refused } from '../refused.ts';

/** A Web API method: takes its arguments as they came, answers without `ok`. Throws `Refused`. */
export type Handler = (raw: Dict, parts: Parts) => Dict | Promise<Dict>;

/** The methods of one family, by full name. */
export type Family = Readonly<Record<string, Handler>>;

/** A method with arguments parsed by a schema; a wrong one is Slack's `invalid_arguments`, and the app's failure. */
export function method<Schema extends z.ZodType>(name: string, schema: Schema, run: (args: z.output<Schema>, parts: Parts) => Dict | Promise<Dict>): Family {
  return {
    [name]: (raw, parts) => {
      const args = schema.safeParse(raw);
      if (args.success) return run(args.data, parts);
      const messages = args.error.issues.map((issue) => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`);
      parts.failures.record('bad-arguments', name, messages.join('; '));
      throw new Refused('invalid_arguments', { response_metadata: { messages } });
    },
  };
}

/** Forms carry everything as text: JSON inside is opened. */
export function embedded<Inner extends z.ZodType>(inner: Inner) {
  return z.preprocess((value) => (typeof value === 'string' ? parsed(value) : value), inner);
}

export const dict = z.record(z.string(), z.unknown());
export const flag = z.union([z.boolean(), z.stringbool()]);
export const whole = z.coerce.number().int();
/** A list, or text with commas. */
export const listed = z.union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))]);

/** Arguments of paged methods. */
export const paging = { cursor: z.string().optional(), limit: whole.optional() };

/** One page, and the cursor of the next (empty at the end). Refused: `invalid_limit`, `invalid_cursor`. */
export function paged<Item>(
  items: readonly Item[],
  args: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): { readonly items: readonly Item[]; readonly next: Dict } {
  const limit = args.limit ?? 100;
  if (limit < 1 || limit > 1000) throw new Refused('invalid_limit');
  const start = args.cursor === undefined || args.cursor === '' ? 0 : Number(Buffer.from(args.cursor, 'base64').toString());
  if (!Number.isInteger(start) || start < 0 || start > items.length) throw new Refused('invalid_cursor');
  const end = start + limit;
  return { items: items.slice(start, end), next: { next_cursor: end < items.length ? Buffer.from(String(end)).toString('base64') : '' } };
}
