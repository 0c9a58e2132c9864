import type { Outside } from '../../../ports/outside.ts';

/** Plain names for Slack user ids, asked of the workspace: for after the ack. `schedule` and unknown ones keep their id. */
export async function namesOf(outside: Pick<Outside, 'workspace'>, ids: Iterable<string>): Promise<(userId: string) => string> {
  const wanted = [...new Set(ids)].filter((id) => /^[UW][A-Z0-9]+$/.test(id));
  const found = new Map<string, string>();
  for (const id of wanted) {
    const member = await outside.workspace.member(id).catch(() => undefined);
    if (member !== undefined) found.set(id, member.name);
  }
  return (userId) => found.get(userId) ?? (userId === 'schedule' ? 'the schedule' : userId);
}
