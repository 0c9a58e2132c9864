import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds, type Right } from '../../rights/grant.ts';
import { requireRight, requireRole, tree } from '../../rights/verbs/who.ts';
import { isMailing } from '../rules-in-force.ts';
import { type EnrollmentTask, taskIdMeant } from '../task.ts';

type Known = Pick<Outside, 'store' | 'settings'>;

export interface PermittedTask {
  readonly task: EnrollmentTask;
  readonly version: number;
  readonly connector: Connector;
}

/** The task that is meant (`1042`, `T-1042`), for whoever may see at its organization; *not found* to all others. */
export async function seenTask(outside: Known, actor: Actor, typed: string): Promise<PermittedTask> {
  await requireRole(outside, actor);
  const id = taskIdMeant(typed);
  const stored = id === undefined ? undefined : await outside.store.get('task', id);
  const connector = stored === undefined ? undefined : (await outside.store.get('connector', stored.value.connectorId))?.value;
  if (stored === undefined || connector === undefined || !holds(actor, 'see', stored.value.organizationId, await tree(outside)))
    throw new Refusal({ is: 'not-found', what: 'task', typed, near: [] });
  return { task: stored.value, version: stored.version, connector };
}

/** The task, for a change that the actor may make; refused for one that was removed. `action` completes "Only … can …": `nudge people of task 1042`. */
export async function permittedTask(
  outside: Known,
  actor: Actor,
  typed: string,
  right: Right,
  action: (task: EnrollmentTask) => string,
): Promise<PermittedTask> {
  const seen = await seenTask(outside, actor, typed);
  await requireRight(outside, actor, right, seen.task.organizationId, action(seen.task));
  if (seen.task.state.is === 'removed')
    throw new Refusal({ is: 'nothing-to-do', detail: `Task ${seen.task.number} was removed: nobody enrolls by it any more.` });
  return seen;
}

/** Refuses where no mail goes out: nothing is set up, or the connector's enrollment is off (E13). */
export async function requireMailing(outside: Pick<Outside, 'store' | 'enrollment'>, connector: Connector): Promise<void> {
  if (await isMailing(outside, connector.id)) return;
  throw outside.enrollment === null ? notSetUp() : switchedOff(connector);
}

export function notSetUp(): Refusal {
  return new Refusal({
    ...{ is: 'bad-input', field: null, problem: 'No mail server or no enrollment page is set up on the host.' },
    remedy: 'Whoever runs Usher sets USHER_SMTP_URL, USHER_MAIL_FROM and USHER_PAGE_URL (docs/configuration.md).',
  });
}

export function switchedOff({ name }: Connector): Refusal {
  return new Refusal({
    is: 'bad-input',
    field: null,
    problem: `Enrollment is off for ${name}: nobody is mailed.`,
    remedy: 'An admin of its organization switches it on.',
  });
}
