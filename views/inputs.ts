/** Inputs that are typed in or picked from a calendar. Used through `blocks.ts`. */
import type { Datepicker, EmailInput, FileInput, NumberInput, PlainTextInput, Timepicker, URLInput } from '@slack/types';
import { clean, cut } from './clip.ts';
import { type Common, common, type Entry, entry } from './elements.ts';
import { fitId } from './ids.ts';
import { LIMITS } from './limits.ts';

interface Typed extends Entry {
  readonly initial?: string | null | undefined;
  /** With `input(…, {dispatch: true})`: when the action is sent; default on enter. */
  readonly dispatchOn?: 'enter' | 'character';
}

function typed(
  of: Typed,
  limit: number,
): ReturnType<typeof entry> & { initial_value?: string; dispatch_action_config?: { trigger_actions_on: ('on_enter_pressed' | 'on_character_entered')[] } } {
  const initial = cut(clean(of.initial ?? ''), limit);
  return {
    ...entry(of),
    ...(initial === '' ? {} : { initial_value: initial }),
    ...(of.dispatchOn === undefined
      ? {}
      : { dispatch_action_config: { trigger_actions_on: [of.dispatchOn === 'enter' ? 'on_enter_pressed' : 'on_character_entered'] } }),
  };
}

/** `min` and `max` are lengths, 0 to 3,000. */
export function plainInput(of: Typed & { readonly multiline?: boolean; readonly min?: number; readonly max?: number }): PlainTextInput {
  const longest = Math.min(LIMITS.inputLength, Math.max(1, Math.floor(of.max ?? LIMITS.inputLength)));
  const shortest = Math.min(longest, Math.max(0, Math.floor(of.min ?? 0)));
  return {
    type: 'plain_text_input',
    ...typed(of, longest),
    ...(of.multiline === true ? { multiline: true } : {}),
    ...(shortest === 0 ? {} : { min_length: shortest }),
    max_length: longest,
  };
}

/** Numbers are finite; where `min` is over `max` there is no `max`, and an initial number outside is left out. */
export function numberInput(
  of: Entry & {
    readonly initial?: number | null | undefined;
    readonly min?: number;
    readonly max?: number;
    readonly decimal?: boolean;
    readonly dispatchOn?: 'enter' | 'character';
  },
): NumberInput {
  const decimal = of.decimal ?? false;
  const shown = (number: number | null | undefined): string | undefined =>
    typeof number === 'number' && Number.isFinite(number) && Math.abs(number) < 1e15
      ? decimal
        ? number.toFixed(6).replace(/\.?0+$/, '')
        : number.toFixed(0)
      : undefined;
  const least = shown(of.min);
  const upper = shown(of.max);
  const top = upper !== undefined && least !== undefined && Number(upper) < Number(least) ? undefined : upper;
  const first = shown(of.initial);
  const fits = first !== undefined && (least === undefined || Number(first) >= Number(least)) && (top === undefined || Number(first) <= Number(top));
  return {
    type: 'number_input',
    ...typed({ ...of, initial: fits ? first : null }, LIMITS.inputLength),
    is_decimal_allowed: decimal,
    ...(least === undefined ? {} : { min_value: least }),
    ...(top === undefined ? {} : { max_value: top }),
  };
}

export function emailInput(of: Typed): EmailInput {
  return { type: 'email_text_input', ...typed(of, LIMITS.inputLength) };
}

export function urlInput(of: Typed): URLInput {
  return { type: 'url_text_input', ...typed(of, LIMITS.url) };
}

/** One file, of these endings (without the dot). It needs the scope `files:read`; the app checks what it gets all the same. */
export function fileInput(of: { readonly action: string; readonly types: readonly string[] }): FileInput {
  return { type: 'file_input', action_id: fitId(of.action), filetypes: [...of.types], max_files: 1 };
}

/** `initial` is `YYYY-MM-DD`; anything else is left out. */
export function datePicker(of: Common & Entry & { readonly initial?: string | null | undefined }): Datepicker {
  const real = /^\d{4}-\d{2}-\d{2}$/.test(of.initial ?? '') && new Date(`${of.initial}T00:00:00Z`).toJSON()?.slice(0, 10) === of.initial;
  return { type: 'datepicker', ...common(of), ...entry(of), ...(real && of.initial ? { initial_date: of.initial } : {}) };
}

/** `initial` is `HH:mm`; anything else is left out. */
export function timePicker(of: Common & Entry & { readonly initial?: string | null | undefined }): Timepicker {
  return {
    type: 'timepicker',
    ...common(of),
    ...entry(of),
    ...(of.initial && /^([01]\d|2[0-3]):[0-5]\d$/.test(of.initial) ? { initial_time: of.initial } : {}),
  };
}
