import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import { put } from '../../revise.ts';
import { lineOf } from '../days.ts';
import { available, type HardwareToken, serialOf } from '../stock.ts';
import { EMPTY } from './stock.ts';

type Known = Pick<Outside, 'store'>;

/**
 * Promises tokens to so many entries of a connector that `organizationId` owns (E9): from its own stock as far as that goes, then
 * from the next one above that has any. `from` has one organization an entry, at most `wanted`; the entry keeps it in
 * `reserved`. The puts go into the caller's transaction; they expect versions, so after a `conflict` ask again.
 */
export async function reservePuts(
  outside: Known,
  organizationId: OrganizationId,
  wanted: number,
): Promise<{ readonly from: readonly OrganizationId[]; readonly puts: readonly Put[] }> {
  const from: OrganizationId[] = [];
  const puts: Put[] = [];
  for (const { id } of await lineOf(outside, organizationId)) {
    const left = wanted - from.length;
    if (left <= 0) break;
    const stored = await outside.store.get('stock', id);
    const taken = stored === undefined ? 0 : Math.min(left, Math.max(0, available(stored.value)));
    if (stored === undefined || taken === 0) continue;
    puts.push(put('stock', id, { ...stored.value, reserved: stored.value.reserved + taken }, stored.version));
    for (let index = 0; index < taken; index += 1) from.push(id);
  }
  return { from, puts };
}

/** Gives promised tokens back: what unfinished entries have in `reserved` (nulls are nobody's). As above after a `conflict`. */
export async function releasePuts({ store }: Known, reserved: readonly (OrganizationId | null)[]): Promise<readonly Put[]> {
  const counts = new Map<OrganizationId, number>();
  for (const id of reserved) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  const puts: Put[] = [];
  for (const [id, count] of counts) {
    const stored = await store.get('stock', id);
    if (stored !== undefined) puts.push(put('stock', id, { ...stored.value, reserved: stored.value.reserved - count }, stored.version));
  }
  return puts;
}

/** Which token somebody wants to enroll with. */
export interface WantedToken {
  /** The owner of the connector. */
  readonly organizationId: OrganizationId;
  /** As typed. */
  readonly serial: string;
  readonly by: NonNullable<HardwareToken['used']>;
  /** Of the entry. */
  readonly reserved: OrganizationId | null;
}

export type TokenAnswer =
  /** `serial` as compared; the entry's `reserved` is null afterwards. */
  | { readonly is: 'free'; readonly serial: string; readonly puts: readonly Put[] }
  /** `promised`: every token that is left in that stock is reserved for others. */
  | { readonly is: 'not-free'; readonly why: 'unknown' | 'used' | 'promised' };

/**
 * Uses a token up (E9): it must be in the stock of the connector's owner or of one above, and free. The entry's own
 * reservation is turned into it; where the token lies in another stock than the reservation, that one must have a
 * token to spare and the reservation is given back. As above after a `conflict`.
 */
export async function takePuts(outside: Known, { organizationId, serial: typed, by, reserved }: WantedToken): Promise<TokenAnswer> {
  const serial = serialOf(typed);
  const token = serial === '' ? undefined : await outside.store.get('hardwareToken', serial);
  if (token === undefined || !(await lineOf(outside, organizationId)).some(({ id }) => id === token.value.organizationId))
    return { is: 'not-free', why: 'unknown' };
  if (token.value.used !== null) return { is: 'not-free', why: 'used' };
  const holder = token.value.organizationId;
  const stored = await outside.store.get('stock', holder);
  const stock = stored?.value ?? EMPTY;
  const own = reserved === holder ? 1 : 0;
  if (available(stock) + own < 1) return { is: 'not-free', why: 'promised' };
  return {
    is: 'free',
    serial,
    puts: [
      put('hardwareToken', serial, { ...token.value, used: by }, token.version),
      put('stock', holder, { ...stock, used: stock.used + 1, reserved: stock.reserved - own }, stored?.version ?? 0),
      ...(own === 1 ? [] : await releasePuts(outside, [reserved])),
    ],
  };
}
