import type { Outside } from '../../ports/outside.ts';
import type { PersonId } from '../directory/person.ts';
import type { StoredChanges } from '../plans/stored-changes.ts';
import { type ProtectedPerson, saysTier } from '../protected/protected.ts';
import { accountKey, isInvited } from '../sync/account.ts';
import type { Change, Frozen } from '../sync/change.ts';
import type { Planned, PlanPage } from '../sync/plan.ts';
import type { PlanInput } from '../sync/plan-input.ts';
import type { Run } from '../sync/run.ts';
import { switchedIn, valuesIn } from './drift.ts';
import { isStanding } from './standing.ts';
import type { Drift, DriftRow } from './verification.ts';

/**
 * What a run re-asserts (S20): exactly the last pushed values of the drifted people in its scope, in place of the planner's pages.
 * Whoever was written since the reading is passed over. Of a protected person neither the tier nor the account is touched (A7).
 */
export function reassertions(
  outside: Pick<Outside, 'store'>,
  run: Pick<Run, 'connectorId' | 'scope'>,
  input: Pick<PlanInput, 'protectedPeople' | 'tierAttribute'>,
): StoredChanges {
  const only = run.scope.is === 'people' ? new Set(run.scope.ids) : null;
  return { objection: async () => null, voided: () => null, putOff: 0, pages: () => pages(outside, run.connectorId, only, input) };
}

type Shields = Pick<PlanInput, 'protectedPeople' | 'tierAttribute'>;

async function* pages({ store }: Pick<Outside, 'store'>, connectorId: string, only: ReadonlySet<PersonId> | null, shields: Shields): AsyncGenerator<PlanPage> {
  for await (const rows of store.rows('drift', { partition: connectorId, order: 'oldest' })) {
    const planned: Planned[] = [];
    let unchanged = 0;
    for (const { row } of rows) {
      if (only !== null && !only.has(row.drift.personId)) continue;
      const change = await changeFor(store, connectorId, row, shields);
      if (change === undefined) unchanged += 1;
      else planned.push(change);
    }
    yield { planned, unchanged };
  }
}

async function changeFor(store: Outside['store'], connectorId: string, row: DriftRow, shields: Shields): Promise<Planned | undefined> {
  const { drift } = row;
  const { personId, name } = drift;
  const account = (await store.get('account', accountKey(connectorId, personId)))?.value;
  if (account === undefined || !(await isStanding(store, connectorId, row, account))) return undefined;
  const organizationId = (await store.get('person', personId))?.value.organizationId ?? null;
  const values = account.pushed?.values ?? {};
  const change = reassert(
    drift,
    { values, generated: account.generated, waits: isInvited(account) },
    shields.protectedPeople.get(personId),
    shields.tierAttribute,
  );
  return change === undefined ? undefined : { change, account, name, organizationId };
}

/** The change that makes the target what it was last told; undefined where nothing of it may be written. Pure. */
function reassert(
  drift: Drift,
  { waits, ...pushed }: Pick<Extract<Change, { is: 'create' }>, 'values' | 'generated'> & { readonly waits: boolean },
  shield: Pick<ProtectedPerson, 'why'> | undefined,
  tierAttribute: string | null,
): Change | undefined {
  const { personId, targetId } = drift;
  switch (drift.is) {
    case 'missing':
      return { is: 'create', personId, ...pushed, ...(waits ? { invited: true } : {}) };
    case 'active':
      if (drift.wanted) return { is: 'reactivate', personId, targetId, ...pushed, changes: [] };
      if (shield !== undefined) return frozen(personId, 'deactivation', shield);
      // Inactive again, and invited still (E10).
      if (waits) return { is: 'update', personId, targetId, ...pushed, changes: [] };
      return { is: 'deactivate', personId, targetId, why: 'no-assignment' };
    case 'changed': {
      const all = valuesIn(drift.changes);
      const changes = shield === undefined || tierAttribute === null ? all : all.filter(({ attribute }) => !saysTier(attribute, tierAttribute));
      if (switchedIn(drift.changes)) return { is: 'reactivate', personId, targetId, ...pushed, changes };
      if (changes.length > 0) return { is: 'update', personId, targetId, ...pushed, changes };
      return shield === undefined ? undefined : frozen(personId, 'downgrade', shield);
    }
  }
}

function frozen(personId: PersonId, spared: Extract<Frozen, { is: 'protected' }>['spared'], { why }: Pick<ProtectedPerson, 'why'>): Change {
  return { is: 'frozen', personId, because: { is: 'protected', spared, why } };
}
