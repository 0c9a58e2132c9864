/** From here on a list that lacks somebody may have been cut off (FusionAuth shows 100). */
export const SUSPECT = 100;

/** Whether a group's list of members may be a part of it only: an empty or a long one that lacks somebody who is in it as far as we know. */
export function hides(shown: ReadonlySet<string>, known: Iterable<string>): boolean {
  if (shown.size > 0 && shown.size < SUSPECT) return false;
  for (const id of known) if (!shown.has(id)) return true;
  return false;
}
