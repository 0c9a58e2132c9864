import type { Outside } from '../../ports/outside.ts';
import type { RehearsedSettings } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import { accountKey } from '../sync/account.ts';
import { waitsFor } from '../sync/change.ts';
import { decide } from '../sync/decide.ts';
import { stranded } from '../sync/handovers.ts';
import type { PlanInput } from '../sync/plan-input.ts';
import type { Planned, PlanPage } from '../sync/plan.ts';
import type { Run } from '../sync/run.ts';
import type { Survey } from '../sync/survey.ts';
import { digestOf } from './digest.ts';
import { changesIn, isVoid, type PlanId, type PlannedChange, type StoredPlan } from './plan.ts';
import { difference, differenceOfAccount, waitingAs } from './same-change.ts';

type World = Pick<Outside, 'store' | 'fingerprint' | 'breath'>;

/** What a run applies that was handed a plan (S6): the plan's rows of its part, each decided anew, and nothing else. */
export interface StoredChanges {
  /** Why none of it may be applied; reads the whole plan, before anything is sent. */
  readonly objection: () => Promise<string | null>;
  /** In place of the planner's pages: whoever changed since is frozen in them. Ends early where too many have; `voided` says so then. */
  readonly pages: () => AsyncGenerator<PlanPage>;
  readonly voided: () => string | null;
  /** Of a canary: how many of its people are left to the rest of the plan (`putOff`). */
  readonly putOff: number;
}

const NOBODY: ReadonlySet<PersonId> = new Set();

/** Whom this run served before a crash or a pause: they look done already, and are not skipped. */
async function servedBy(outside: World, run: Run): Promise<ReadonlySet<PersonId>> {
  const served = new Set<PersonId>();
  if (run.total === null && run.done === 0) return served;
  for await (const page of outside.store.rows('event', { partition: run.connectorId, match: { runId: run.id, success: true }, order: 'oldest' }))
    for (const { row } of page) served.add(row.subjectId);
  return served;
}

/** Opens the plan of a run; throws where it is gone from the store. */
export async function storedChanges(
  outside: World,
  run: Run,
  of: { readonly settings: RehearsedSettings; readonly input: PlanInput; readonly survey: Survey },
): Promise<StoredChanges> {
  const part = run.plan;
  const plan = part === undefined ? undefined : (await outside.store.get('plan', part.planId))?.value;
  if (part === undefined || plan === undefined) throw new Error(`run ${run.id} has no plan`);
  const { from, to } = part;
  const [all, before] = [changesIn(plan), plan.skipped ?? 0];
  const served = await servedBy(outside, run);
  const recheck = checker(outside, plan, run, of);
  const [earlier, later] = [from === 0 ? NOBODY : await putOff(outside, plan.id, from), to === null ? NOBODY : await putOff(outside, plan.id, to)];
  const isPart = (index: number, personId: PersonId): boolean => (index < from ? earlier.has(personId) : (to === null || index < to) && !later.has(personId));
  let voided: string | null = null;
  return {
    voided: () => voided,
    putOff: later.size,
    objection: async () => {
      const digest = digestOf(outside.fingerprint, of.settings);
      let index = 0;
      let skipped = before;
      for await (const page of rowsOf(outside, plan.id)) {
        for (const row of page) {
          const pause = outside.breath.due();
          if (pause !== undefined) await pause;
          digest.add(row);
          const isDue = (index >= from || earlier.has(row.personId)) && !served.has(row.personId);
          if (isDue && (await recheck(row)).is === 'changed') skipped += 1;
          index += 1;
        }
      }
      if (digest.value() !== plan.hash)
        return `${plan.id} is not what was shown: the settings of the connector changed since, or its stored changes did. Nothing of it was applied.`;
      return isVoid(skipped, all) ? tooMany(plan, skipped, all) : null;
    },
    pages: async function* () {
      let index = 0;
      let skipped = before;
      for await (const page of rowsOf(outside, plan.id)) {
        const planned: Planned[] = [];
        for (const row of page) {
          const pause = outside.breath.due();
          if (pause !== undefined) await pause;
          const at = index++;
          if (!isPart(at, row.personId) || served.has(row.personId)) continue;
          const checked = await recheck(row);
          planned.push(checked.planned);
          if (checked.is === 'changed') skipped += 1;
          if (isVoid(skipped, all)) {
            voided = tooMany(plan, skipped, all);
            return;
          }
        }
        yield { planned, unchanged: 0 };
        if (to !== null && index >= to) return;
      }
    },
  };
}

/** A plan's rows in their order, a page at a time. */
export async function* rowsOf(outside: Pick<Outside, 'store'>, planId: string): AsyncGenerator<readonly PlannedChange[]> {
  for await (const page of outside.store.rows('plan', { partition: planId, order: 'oldest' })) yield page.map(({ row }) => row);
}

/**
 * Who of the first `to` of a plan's changes is to get a name that somebody behind these gives up, or waits for such a one: a canary leaves
 * them to the rest of the plan, which takes them along. Known by the plan alone, whose rows are in the order of person ids.
 */
async function putOff(outside: Pick<Outside, 'store' | 'breath'>, planId: PlanId, to: number): Promise<ReadonlySet<PersonId>> {
  const waiting: PlannedChange[] = [];
  let last = '';
  let index = 0;
  for await (const page of rowsOf(outside, planId)) {
    for (const row of page.slice(0, to - index)) {
      last = row.personId;
      if (waitsFor(row.change) !== undefined) waiting.push(row);
    }
    index += page.length;
    if (index >= to) break;
  }
  const behind = waiting.flatMap(({ change }) => waitsFor(change)?.personId ?? []).filter((holder) => holder > last);
  return await stranded(waiting, behind, outside.breath);
}

function tooMany({ id }: StoredPlan, skipped: number, all: number): string {
  return `${id} is void: ${skipped} of its ${all} people changed since it was made, more than 5 %. Nothing more of it is applied.`;
}

interface Checked {
  readonly is: 'same' | 'changed';
  /** With the account as it stands; frozen where it changed. */
  readonly planned: Planned;
}

/** Decides each person of the plan with the directory and the account as they are now. */
function checker(
  outside: World,
  plan: StoredPlan,
  run: Run,
  { input, survey }: { readonly input: PlanInput; readonly survey: Survey },
): (row: PlannedChange) => Promise<Checked> {
  return async ({ personId, name, organizationId, change }) => {
    const person = (await outside.store.get('person', personId))?.value;
    const account = (await outside.store.get('account', accountKey(plan.connectorId, personId)))?.value;
    const of = { account, name, organizationId };
    const decided = plan.origin.is === 'undo' ? undefined : decide({ personId, person, account }, input, survey);
    const now = decided === undefined ? differenceOfAccount(change, account) : difference(change, decided, account?.intent?.runId === run.id);
    if (now !== null) return { is: 'changed', planned: { ...of, change: { is: 'frozen', personId, because: { is: 'changed-since-plan', now } } } };
    return { is: 'same', planned: { ...of, change: decided === undefined ? change : waitingAs(change, decided) } };
  };
}
