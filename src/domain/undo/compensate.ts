import { MANAGER, type ScimValues } from '../connectors/mapping.ts';
import { type ProtectedPerson, saysTier } from '../protected/protected.ts';
import { type Account, isPresent } from '../sync/account.ts';
import type { AttributeChange, Change } from '../sync/change.ts';
import type { ProvisioningEvent } from '../sync/event.ts';

/** Why something that a run did can't be taken back. */
export type NotUndone =
  | { readonly is: 'deleted' }
  | { readonly is: 'adopted' }
  | { readonly is: 'group' }
  | { readonly is: 'invited' }
  | { readonly is: 'switch-unknown' }
  | { readonly is: 'changed-since' }
  | { readonly is: 'manager-gone' }
  | { readonly is: 'protected'; readonly why: string }
  | { readonly is: 'offboarded' };

/** What takes back one thing that a run did: a change, or why there is none. */
export type Compensation = { readonly is: 'change'; readonly change: Exclude<Change, { is: 'frozen' | 'create' | 'adopt' | 'delete' }> } | NotUndone;

/** What holds for the person whatever a run did. */
export interface Guard {
  readonly shield: Pick<ProtectedPerson, 'why'> | undefined;
  readonly tierAttribute: string | null;
  /** Kept out until released (S25). */
  readonly offboarded: boolean;
  /** The manager that the event took away has no account any more: nobody is linked to that again (S24). */
  readonly managerGone?: boolean;
}

const ACTIVE = 'active';

/**
 * What undoes one event of a run that succeeded (S19), from its before-values and the account as it stands: created and
 * re-activated accounts are deactivated, deactivated ones re-activated, updated ones get their old values back. Nothing
 * where somebody changed since what the run had done, and nothing that removes or downgrades a protected person (A7). Pure.
 */
export function compensate(event: ProvisioningEvent, account: Account | undefined, guard: Guard): Compensation {
  switch (event.type) {
    case 'user_create_provision':
      return stands(account, event, 'present') ? deactivation(account, guard) : { is: 'changed-since' };
    case 'user_update_provision':
      return updated(event, account, guard);
    case 'user_deprovision':
      if (!stands(account, event, 'inactive')) return { is: 'changed-since' };
      // It was never active: nobody is let in by an undo (E10).
      if (switchOf(event) === undefined) return { is: 'invited' };
      if (switchOf(event)?.before !== 'true') return { is: 'switch-unknown' };
      return guard.offboarded ? { is: 'offboarded' } : { is: 'change', change: { is: 'reactivate', ...kept(account), changes: [] } };
    case 'user_delete_provision':
      return { is: 'deleted' };
    case 'user_lookup_provision':
      return { is: 'changed-since' };
    case 'group_create_provision':
    case 'group_update_provision':
    case 'group_delete_provision':
      return { is: 'group' };
  }
}

type Linked = Account & { readonly targetId: string };

function updated(event: ProvisioningEvent, account: Account | undefined, guard: Guard): Compensation {
  if (!stands(account, event, 'present')) return { is: 'changed-since' };
  const switched = switchOf(event);
  if (switched?.after === 'true' && switched.before === 'false') return deactivation(account, guard);
  const values = event.changes.filter((change) => change !== switched);
  // Only who is invited is switched off by an update (S20): nobody is let in by an undo (E10).
  if (switched !== undefined && values.length === 0) return { is: switched.after === 'true' ? 'switch-unknown' : 'invited' };
  if (isAdoption(event, account)) return { is: 'adopted' };
  const { shield, tierAttribute, managerGone = false } = guard;
  const due = values.filter(({ attribute, before, after }) => before !== after && !(managerGone && attribute === MANAGER));
  if (managerGone && due.length === 0) return { is: 'manager-gone' };
  const changes = shield === undefined || tierAttribute === null ? due : due.filter(({ attribute }) => !saysTier(attribute, tierAttribute));
  if (changes.length === 0) return shield === undefined ? { is: 'changed-since' } : { is: 'protected', why: shield.why };
  const inverse = changes.map(({ attribute, before, after }): AttributeChange => ({ attribute, before: after, after: before }));
  return { is: 'change', change: { is: 'update', ...kept(account), values: applied(account.pushed?.values ?? {}, inverse), changes: inverse } };
}

function switchOf({ changes }: ProvisioningEvent): AttributeChange | undefined {
  return changes.find(({ attribute }) => attribute === ACTIVE);
}

/** What it held before it was adopted is known to nobody. Older events don't say it: there the account became active with it. */
function isAdoption({ at, adopted }: ProvisioningEvent, { origin, timeline }: Account): boolean {
  if (adopted === true) return true;
  return origin === 'adopted' && timeline.some(([since, state]) => since === at && state === 'active');
}

/** Whether the account is as that event left it: by its state, its place in the target and every value that it set. */
function stands(account: Account | undefined, event: ProvisioningEvent, state: 'present' | 'inactive'): account is Linked {
  if (account === undefined || account.targetId === null || account.targetId !== event.targetId) return false;
  if (account.intent !== null || isPresent(account) !== (state === 'present') || (state === 'inactive' && account.state !== state)) return false;
  const held = account.pushed?.values ?? {};
  return event.changes.every(({ attribute, after }) => attribute === ACTIVE || (held[attribute] ?? null) === after);
}

function deactivation(account: Linked, { shield }: Guard): Compensation {
  if (shield !== undefined) return { is: 'protected', why: shield.why };
  return { is: 'change', change: { is: 'deactivate', personId: account.personId, targetId: account.targetId, why: 'no-assignment' } };
}

function kept({ personId, targetId, pushed, generated }: Linked): {
  readonly personId: string;
  readonly targetId: string;
  readonly values: ScimValues;
  readonly generated: ScimValues;
} {
  return { personId, targetId, values: pushed?.values ?? {}, generated };
}

function applied(values: ScimValues, changes: readonly AttributeChange[]): ScimValues {
  const next: Record<string, string> = { ...values };
  for (const { attribute, after } of changes) {
    if (after === null) delete next[attribute];
    else next[attribute] = after;
  }
  return next;
}

/** The same for whoever reads the plan. */
export function notUndoneWords(because: NotUndone): string {
  switch (because.is) {
    case 'deleted':
      return 'a deleted account can’t be brought back';
    case 'adopted':
      return 'it was adopted, and what it held before is not known';
    case 'invited':
      return 'they had not accepted yet, and nobody is made active by an undo';
    case 'switch-unknown':
      return 'whether it was active before is not known';
    case 'group':
      return 'groups follow with the next sync';
    case 'changed-since':
      return 'somebody changed it since';
    case 'manager-gone':
      return 'the account of the manager before is not there any more';
    case 'protected':
      return `they are protected: ${because.why}`;
    case 'offboarded':
      return 'they were off-boarded and are kept out until released';
  }
}
