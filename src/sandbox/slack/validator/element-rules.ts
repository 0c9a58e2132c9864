/** Rules across the properties of one element. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';

interface Offering {
  readonly options?: readonly unknown[] | undefined;
  readonly option_groups?: readonly { readonly options: readonly unknown[] }[] | undefined;
  readonly initial_option?: unknown;
  readonly initial_options?: readonly unknown[] | undefined;
}

/** Options or groups, not both; whatever is chosen at first deep-equals an offered option. */
export function offeredOnly(element: Offering, ctx: z.RefinementCtx): void {
  if ((element.options === undefined) === (element.option_groups === undefined))
    ctx.addIssue({ code: 'custom', message: 'must define either `options` or `option_groups`', params: { code: 'either_or' } });
  const offered = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
  const isOffered = (chosen: unknown): boolean => offered.some((option) => isDeepStrictEqual(option, chosen));
  const params = { code: 'initial_not_offered' };
  if (element.initial_option !== undefined && !isOffered(element.initial_option))
    ctx.addIssue({ code: 'custom', message: 'must be one of the provided options', path: ['initial_option'], params });
  for (const [index, chosen] of (element.initial_options ?? []).entries()) {
    if (!isOffered(chosen)) ctx.addIssue({ code: 'custom', message: 'must be one of the provided options', path: ['initial_options', index], params });
  }
}

interface Lengths {
  readonly initial_value?: string | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
}

/** `min_length` is not over `max_length`, and an initial value keeps both. */
export function withinLength(element: Lengths, ctx: z.RefinementCtx): void {
  const { initial_value: initial, min_length: least = 0, max_length: most = 3_000 } = element;
  if (least > most) ctx.addIssue({ code: 'custom', message: 'must be less than or equal to `max_length`', path: ['min_length'], params: { code: 'range' } });
  if (initial !== undefined && initial.length > most)
    ctx.addIssue({ code: 'custom', message: `must be less than ${most + 1} characters`, path: ['initial_value'], params: { code: 'too_long' } });
}

interface Range {
  readonly is_decimal_allowed: boolean;
  readonly initial_value?: string | undefined;
  readonly min_value?: string | undefined;
  readonly max_value?: string | undefined;
}

/** All three are numbers written out, whole unless decimals are allowed; min ≤ initial ≤ max. */
export function withinRange(element: Range, ctx: z.RefinementCtx): void {
  const form = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  for (const name of ['initial_value', 'min_value', 'max_value'] as const) {
    const value = element[name];
    if (value !== undefined && !form.test(value))
      ctx.addIssue({ code: 'custom', message: 'must be a number', path: [name], params: { code: 'invalid_format' } });
  }
  const least = Number(element.min_value ?? Number.NEGATIVE_INFINITY);
  const most = Number(element.max_value ?? Number.POSITIVE_INFINITY);
  if (least > most) ctx.addIssue({ code: 'custom', message: 'must be less than or equal to `max_value`', path: ['min_value'], params: { code: 'range' } });
  const first = Number(element.initial_value ?? Number.NaN);
  if (first < least || first > most)
    ctx.addIssue({ code: 'custom', message: 'must be between `min_value` and `max_value`', path: ['initial_value'], params: { code: 'range' } });
}
