import { HOUR } from '../../instant.ts';
import type { Actor } from '../../rights/grant.ts';
import { NUDGED, statusOf } from '../enrollment.ts';
import type { EnrollmentSwitch } from '../policy.ts';
import { switchOf } from '../rules-in-force.ts';
import type { BulkSummary } from '../shown.ts';
import type { TaskId } from '../task.ts';
import { inBulk, type Step, unfinishedOf } from './bulk.ts';
import { addressOf, type Known, mailed } from './entries.ts';
import { permittedTask, requireMailing } from './permit.ts';
import { type Editing, people, peopleRow } from './remove.ts';

/** Two people who nudge, or one who presses twice, mail nobody twice. */
const PAUSE = HOUR;

/**
 * *Nudge stragglers* (E11): a reminder by mail to everybody who is active and did not accept yet. Never to who is through, and not
 * to who waits for a seat: they did their part.
 */
export async function nudge(outside: Editing, actor: Actor, taskId: TaskId): Promise<BulkSummary> {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `nudge people of task ${number}`);
  await requireMailing(outside, connector);
  const given = await switchOf(outside.store, connector.id);
  return await inBulk(
    outside,
    task.id,
    await unfinishedOf(outside, task.id),
    (known) => nudged(outside, known, given),
    (ids) => peopleRow(outside, actor, task, `nudged ${people(ids.length)} of task ${task.number} of ${connector.name}`, 'nudge', ids),
  );
}

function nudged(outside: Editing, { entry, person }: Known, { testAddress }: EnrollmentSwitch): Step {
  const now = outside.clock.now();
  const status = statusOf(entry, now);
  const address = addressOf(person);
  const last = entry.reminded.find((name) => name.startsWith(NUDGED));
  if (status !== 'active') return { is: 'skip', why: status };
  if (entry.waitingSince !== null) return { is: 'skip', why: 'waits for a seat' };
  if (address === null) return { is: 'skip', why: 'no e-mail address' };
  if (entry.mail?.is === 'queued') return { is: 'skip', why: 'a mail to them is on its way' };
  if (last !== undefined && now - Number(last.slice(NUDGED.length)) < PAUSE) return { is: 'skip', why: 'nudged within the last hour' };
  const reminded = [...entry.reminded.filter((name) => name !== last), `${NUDGED}${now}`];
  return { is: 'change', ...mailed(outside, { ...entry, reminded }, 'reminder', testAddress ?? address) };
}
