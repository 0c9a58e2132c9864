import { blocksOf, placeJson, placeOf } from './containers.ts';
import type { ControlCalls } from './control.ts';
import { elementsIn } from './elements.ts';
import { basics, settledFor } from './interactions.ts';
import { type Dict, dictOf } from './json.ts';
import type { Parts } from './parts.ts';
import { optionsAreSound } from './payload-checks.ts';

/** What the app suggested, as it sent it. */
export type Suggested = { readonly ok: true; readonly options?: unknown; readonly option_groups?: unknown } | { readonly ok: false; readonly error: string };

/** Asks the app for the options of an external select: `block_suggestion`. Fewer letters than `min_query_length` (3 by default) ask nothing. */
export async function suggest(parts: Parts, call: ControlCalls['suggest']): Promise<Suggested> {
  const place = placeOf(parts, call.as, call.container);
  if (typeof place === 'string') return { ok: false, error: place };
  const placed = elementsIn(blocksOf(place)).find((one) => one.blockId === call.blockId && one.actionId === call.actionId);
  if (placed === undefined || !placed.type.endsWith('external_select')) return { ok: false, error: 'element_not_found' };
  const least = placed.element.min_query_length;
  if (call.typed.length < (typeof least === 'number' ? least : 3)) return { ok: true, options: [] };
  const where: Dict = placeJson(parts, place);
  const payload = { type: 'block_suggestion', ...basics(parts, call.as), ...where, action_id: call.actionId, block_id: call.blockId, value: call.typed };
  const what = `block_suggestion ${call.actionId}`;
  const acted = settledFor(parts, call.as, 'Loading options', await parts.courier.ask('interactive', what, payload));
  if (!acted.ok) return { ok: false, error: acted.error };
  if (!optionsAreSound(parts, what, acted.ack ?? {})) return { ok: false, error: 'bad_ack' };
  const { options, option_groups: groups } = dictOf(acted.ack);
  return groups === undefined ? { ok: true, options } : { ok: true, option_groups: groups };
}
