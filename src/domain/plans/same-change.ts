import { MANAGER, type ScimValues } from '../connectors/mapping.ts';
import { type Account, isPresent } from '../sync/account.ts';
import { type AttributeChange, type Change, waitsFor } from '../sync/change.ts';
import type { Decision } from '../sync/decide.ts';
import { frozenReason } from '../sync/plan.ts';

/**
 * Why what would be done for a person now is not what the plan says (S6); null where it is. `resumed`: this very run had begun to
 * write the account, so that what is still to be sent of the same wish may be another part of it (S13).
 */
export function difference(planned: Change, now: Decision, resumed: boolean): string | null {
  if (now === 'keep') return 'the account is as it should be already';
  if (now === 'none') return 'there is nothing to do any more';
  if (now.is === 'frozen') return `this can't be done now: the person ${frozenReason(now)}`;
  const holder = waitsFor(now);
  if (holder !== undefined && holder.personId !== waitsFor(planned)?.personId) return `account ${holder.targetId} has the name that the person is to get`;
  if (now.is !== planned.is) return `it would be ${WOULD[now.is]} now`;
  return isSame(planned, withoutLaterLink(planned, now), resumed) ? null : 'the data is another now';
}

/** The change as it was planned; it waits for nobody who has given up the name since. */
export function waitingAs(planned: Change, now: Decision): Change {
  if (waitsFor(planned) === undefined || now === 'keep' || now === 'none' || waitsFor(now) !== undefined) return planned;
  const { after: _, ...rest } = planned as Extract<Change, { after?: unknown }>;
  return rest;
}

/** A manager whose account came to be since is no part of a plan that didn't say so: the link follows with the next sync (S24). */
function withoutLaterLink(planned: Change, now: Change): Change {
  if (!('values' in planned) || !('values' in now)) return now;
  const changes = 'changes' in planned ? planned.changes : null;
  if (changes === null ? planned.values[MANAGER] !== undefined : changes.some(({ attribute }) => attribute === MANAGER)) return now;
  const { [MANAGER]: _later, ...rest } = now.values;
  const planless = planned.values[MANAGER];
  const values = planless === undefined ? rest : { ...rest, [MANAGER]: planless };
  if (!('changes' in now)) return { ...now, values };
  return { ...now, values, changes: now.changes.filter(({ attribute }) => attribute !== MANAGER) };
}

const WOULD = {
  create: 'created',
  adopt: 'adopted',
  update: 'changed',
  reactivate: 're-activated',
  deactivate: 'deactivated',
  delete: 'deleted',
} as const satisfies Record<Exclude<Change['is'], 'frozen'>, string>;

function isSame(planned: Change, now: Change, resumed: boolean): boolean {
  switch (planned.is) {
    case 'create':
      return now.is === 'create' && planned.invited === now.invited && sameValues(planned.values, now.values) && sameValues(planned.generated, now.generated);
    case 'adopt':
      return now.is === 'adopt' && planned.targetId === now.targetId && sameValues(planned.values, now.values) && sameValues(planned.generated, now.generated);
    case 'update':
    case 'reactivate':
      return (
        now.is === planned.is &&
        planned.targetId === now.targetId &&
        sameValues(planned.values, now.values) &&
        sameValues(planned.generated, now.generated) &&
        (resumed || sameChanges(planned.changes, now.changes))
      );
    case 'deactivate':
      return now.is === 'deactivate' && planned.targetId === now.targetId && planned.why === now.why;
    case 'delete':
      return now.is === 'delete' && planned.targetId === now.targetId;
    case 'frozen':
      return false;
  }
}

function sameValues(a: ScimValues, b: ScimValues): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function sameChanges(a: readonly AttributeChange[], b: readonly AttributeChange[]): boolean {
  if (a.length !== b.length) return false;
  const others = new Map(b.map((change) => [change.attribute, change]));
  return a.every(({ attribute, before, after }) => {
    const other = others.get(attribute);
    return other !== undefined && other.before === before && other.after === after;
  });
}

/** Present, or deactivated. */
function stands(account: Account, present: boolean): boolean {
  return isPresent(account) ? present : !present && account.state === 'inactive';
}

/**
 * The same of a plan that goes against the directory on purpose, an undo (S19): the account must stand as it did when the plan
 * was made; what the directory wants doesn't count.
 */
export function differenceOfAccount(planned: Change, account: Account | undefined): string | null {
  switch (planned.is) {
    case 'create':
    case 'adopt':
      return account === undefined || account.state === 'gone' ? null : 'there is an account again';
    case 'update':
    case 'reactivate': {
      if (account?.targetId !== planned.targetId || !stands(account, planned.is === 'update')) return 'the account is another now';
      const held = account.pushed?.values ?? {};
      return planned.changes.every(({ attribute, before }) => (held[attribute] ?? null) === before) ? null : 'somebody changed it since';
    }
    case 'deactivate':
      return account?.targetId === planned.targetId && stands(account, true) ? null : 'the account is another now';
    case 'delete':
      return account?.targetId === planned.targetId && account.state === 'inactive' ? null : 'the account is another now';
    case 'frozen':
      return 'nothing was planned';
  }
}
