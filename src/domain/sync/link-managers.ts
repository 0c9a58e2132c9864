import { MANAGER } from '../connectors/mapping.ts';
import type { PersonId } from '../directory/person.ts';
import type { Change } from './change.ts';
import { ManagerLinks } from './manager-links.ts';
import { keepsNoManager } from './manager-write.ts';
import { byCodeUnit } from './plan-input.ts';
import { type Planned, plan } from './plan.ts';
import type { Work } from './work.ts';

/** The first few find out whether the target keeps managers at all. */
const FIRST = 8;
const BLOCK = 1_024;

/**
 * The second pass (S24): whose manager had no account when they were decided on, or has another one now, is decided on anew;
 * where the link can be made it is one request, and nobody else costs one; whose manager has none still is not looked at. A stored plan has no second pass: its links follow with the next sync.
 */
export async function linkManagers(work: Work, drained: () => Promise<void>): Promise<void> {
  const { source, gear, applied, stored, survey } = work;
  const { ledger, tongue, settings } = gear;
  const known = source.everybody.managers;
  const { created, adopted, updated, deleted } = ledger.run.counts;
  if (known === undefined || stored !== undefined || created + adopted + updated + deleted === 0) return;
  await ledger.flush();
  const managers = await ManagerLinks.read(source.everybody.accounts(), settings.matching);
  const { scope } = ledger.run;
  const { touches } = source.of(scope);
  const isTouched = (id: PersonId): boolean => scope.is !== 'people' || touches(id, undefined, undefined);
  const again = new Set([...(await managers.foundSince(known, work.outside.breath)), ...(await linkedTo(work, managers.vanishedSince(known)))]);
  const ids = [...again].filter((id) => isTouched(id) && !work.served.has(id)).sort(byCodeUnit);
  for (let at = 0; at < ids.length && !applied.lanes.stopped && !keepsNoManager(tongue); ) {
    const some = ids.slice(at, at + (at === 0 ? FIRST : BLOCK));
    at += some.length;
    const links: Planned[] = [];
    for await (const page of plan({ ...source.of({ is: 'people', ids: some }), touches, managers }, survey))
      links.push(...page.planned.filter(({ change }) => isLink(change)));
    if (links.length === 0) continue;
    ledger.amend({ total: (ledger.run.total ?? 0) + links.length });
    applied.lanes.feed(links);
    await drained();
  }
}

/** Whose account names one of these as the manager's. */
async function linkedTo({ source }: Work, ids: ReadonlySet<string>): Promise<readonly PersonId[]> {
  const people: PersonId[] = [];
  if (ids.size === 0) return people;
  for await (const page of source.everybody.accounts())
    for (const { personId, pushed } of page) if (ids.has(pushed?.values[MANAGER] ?? '')) people.push(personId);
  return people;
}

/** Whether a change is about the manager and nothing else: what changed in the directory meanwhile is the next run's. */
function isLink(change: Change): boolean {
  return change.is === 'update' && change.changes.every(({ attribute }) => attribute === MANAGER);
}
