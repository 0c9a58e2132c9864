import type { Outside } from '../../ports/outside.ts';
import type { TargetUser } from '../../ports/target.ts';
import type { RehearsedSettings } from '../connectors/connector.ts';
import type { ScimValues } from '../connectors/mapping.ts';
import type { Person } from '../directory/person.ts';
import { fullName } from '../directory/person.ts';
import { put } from '../revise.ts';
import { type Account, accountKey } from './account.ts';
import type { Entry } from './entry.ts';
import type { Ledger } from './ledger.ts';
import type { Listing } from './listing.ts';
import { eventRow, type Scribe } from './record.ts';
import { activeChange, awaiting, withoutOne } from './outcome.ts';
import { EVENT_OF } from './task.ts';

/**
 * Settles the accounts whose create or adoption a crash left without an answer, from one walk of the target (S13):
 * found ones are linked, and told as the success that they were; the others never came to be. After an incomplete
 * walk nothing is concluded of those not found: they stay pending, and are looked up before any second create.
 */
export async function recover(outside: Pick<Outside, 'store'>, listing: Listing, settings: RehearsedSettings, ledger: Ledger, scribe: Scribe): Promise<void> {
  const mapped = settings.mapping.filter((rule) => rule.from.is !== 'excluded').map((rule) => rule.attribute);
  for await (const page of outside.store.scan('account', { prefix: `${scribe.connector.id}/` })) {
    for (const { value: account } of page) {
      if (account.state !== 'pending') continue;
      const user = listing.found.get(account.personId);
      if (user !== undefined) {
        const person = await outside.store.get('person', account.personId);
        ledger.step();
        ledger.record(linkedEntry(account, user, mapped, person?.value, scribe));
      } else if (listing.complete)
        ledger.record({ puts: [put('account', accountKey(account.connectorId, account.personId), withoutOne(account, scribe.now()))] });
    }
  }
  await ledger.flush();
}

function linkedEntry(account: Account, user: TargetUser, mapped: readonly string[], person: Person | undefined, scribe: Scribe): Entry {
  const at = scribe.now();
  const values: Record<string, string> = {};
  for (const attribute of mapped) {
    const value = user.values[attribute];
    if (value !== undefined) values[attribute] = value;
  }
  const invited = account.intent?.invited === true;
  const active = user.active !== false;
  const settled: Account = {
    ...account,
    targetId: user.id,
    state: active ? 'active' : 'inactive',
    pushed: { values, at },
    intent: null,
  };
  // One that was to wait for its person and does not look so is written once more (E10).
  const linked: Account = invited
    ? awaiting({ ...settled, intent: active ? { runId: scribe.run.id, operation: 'update' } : null }, account, at)
    : { ...settled, timeline: [...account.timeline, [at, settled.state]] };
  const created = account.origin === 'created';
  const specific = {
    type: created ? EVENT_OF.create : EVENT_OF.adopt,
    organizationId: person?.organizationId ?? scribe.connector.organizationId,
    subjectId: account.personId,
    subjectName: person === undefined ? account.personId : fullName(person),
    targetId: user.id,
    success: true,
    errorCode: null,
    errorMessage: null,
    httpStatus: null,
    attempts: 1,
    cause: null,
    changes: created ? [...changesFrom(values), activeChange(null, String(active))] : changesFrom(values),
    ...(created ? {} : { adopted: true as const }),
  };
  const puts = [put('account', accountKey(account.connectorId, account.personId), linked), put('sighting', `${account.connectorId}/${user.id}`, null)];
  return { puts, appends: [eventRow(scribe, specific, at)], count: created ? 'created' : 'adopted' };
}

function changesFrom(values: ScimValues): readonly { attribute: string; before: null; after: string }[] {
  return Object.entries(values).map(([attribute, after]) => ({ attribute, before: null, after }));
}
