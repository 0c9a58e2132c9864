import { clear } from '../../../src/domain/approvals/clearance.ts';
import type { AuditRow } from '../../../src/domain/audit/audit.ts';
import type { Actor, Grant, Role } from '../../../src/domain/rights/grant.ts';
import type { Holder } from '../../../src/domain/rights/role-grant.ts';
import { giveRole } from '../../../src/domain/rights/verbs/change-roles.ts';
import { actorOf } from '../../../src/domain/rights/verbs/who.ts';
import { WorkspaceFault, type WorkspaceGroup, type WorkspaceMember } from '../../../src/ports/workspace.ts';
import { manualClock } from '../../clock.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { connector, organization, people, world } from '../sync/world.ts';

export const TEAM = 'T1';
/** The only first admin of the configuration. */
export const ANA = 'U0ANA';
export const SAM = 'U0SAM';
export const MIA = 'U0MIA';
export const LEADS = 'S0LEADS';
/** Nobody's approval was needed. */
export const CLEAR = clear(null, null);

export function person(userId: string): Holder {
  return { is: 'person', teamId: TEAM, userId };
}

export function group(groupId: string): Holder {
  return { is: 'group', teamId: TEAM, groupId };
}

/** A real store, a clock to move, and a Slack workspace whose people and groups the test changes. Nobody there at first but members. */
export async function rightsWorld() {
  const clock = manualClock();
  const home = await world({ clock });
  await home.seed(connector('https://x.example'), people(0));
  await home.put('organization', 'csv:bright', { ...organization('csv:bright', 'Brightpath', null), kind: 'partner' });
  const members = new Map<string, WorkspaceMember>();
  const groups = new Map<string, WorkspaceGroup>();
  const asked: string[] = [];
  let away = false;
  const answer = <T>(what: string, found: T): T => {
    asked.push(what);
    if (away) throw new WorkspaceFault('slack_webapi_request_error', 'Slack could not be reached. Try again in a minute.');
    return found;
  };
  const settings: { grants: Grant[] } = { grants: [{ teamId: TEAM, userId: ANA, role: 'admin', organizationId: null }] };
  const logged: string[] = [];
  const take = (_fields: object, message: string): void => void logged.push(message);
  const change = (id: string, how: Partial<WorkspaceMember>): void => {
    const fresh = { id, teamId: TEAM, name: id.slice(2).toLowerCase(), timeZone: 'UTC', guest: false, foreign: false, deleted: false };
    members.set(id, { ...fresh, ...members.get(id), ...how });
  };
  for (const id of [ANA, SAM, MIA]) change(id, {});
  groups.set(LEADS, { id: LEADS, teamId: TEAM, handle: 'it-leads', name: 'IT leads', members: [SAM] });
  const workspace = quietWorkspace({
    member: async (id) => answer(id, members.get(id)),
    group: async (id) => answer(id, groups.get(id)),
    groups: async () => answer('groups', [...groups.values()]),
  });
  const outside = () => ({
    ...home.outside,
    settings: { ...home.outside.settings, grants: settings.grants },
    workspace,
    log: { info: take, warn: take, error: take },
  });
  return {
    home,
    clock,
    settings,
    asked,
    logged,
    get outside() {
      return outside();
    },
    /** What Slack says of somebody from now on. */
    change,
    /** Slack knows nothing of them any more. */
    forget: (id: string): void => void members.delete(id),
    /** What Slack says of a group from now on; null disables it. */
    changeGroup: (id: string, now: Partial<WorkspaceGroup> | null): void => {
      if (now === null) groups.delete(id);
      else groups.set(id, { id, teamId: TEAM, handle: id.toLowerCase(), name: id, members: [], ...groups.get(id), ...now });
    },
    /** Slack does not answer from now on, or does again. */
    goAway: (is: boolean): void => {
      away = is;
    },
    actor: (userId: string, teamId = TEAM): Promise<Actor> => actorOf(outside(), teamId, userId, 'command'),
    give: async (holder: Holder, role: Role, organizationId: string | null = null, by = ANA) =>
      giveRole(outside(), await actorOf(outside(), TEAM, by, 'command'), { is: 'give', holder, role, organizationId }, CLEAR),
    audit: async (): Promise<readonly AuditRow[]> => {
      const rows: AuditRow[] = [];
      for await (const page of home.outside.store.rows('audit', { order: 'oldest' })) rows.push(...page.map(({ row }) => row));
      return rows;
    },
    /** What Usher wrote to people directly. */
    notes: async (): Promise<readonly string[]> =>
      (await home.all('card')).flatMap(({ place, content }) => (place.is === 'person' && content.is === 'note' ? [`${place.userId}: ${content.text}`] : [])),
  };
}
export type RightsWorld = Awaited<ReturnType<typeof rightsWorld>>;
