import { fullName, type Person } from '../../../directory/person.ts';
import type { Instant } from '../../../instant.ts';
import { type Account, type ToldState, toldState } from '../../../sync/account.ts';
import { iso, within } from '../../cells.ts';
import { applicationOf, type Drawing, type ReportSheet } from './sheet.ts';

const STATES: Readonly<Record<ToldState, string>> = { pending: 'pending', active: 'active', inactive: 'deactivated', invited: 'invited', gone: 'gone' };

/**
 * One row per account that Usher created or adopted. *As of* reads the state that it had then; names, organizations and
 * what was last pushed are always today's. The period is that of the last change of state.
 */
export const accounts: ReportSheet = {
  header: [
    ...['Connector ID', 'Connector', 'Application', 'Person ID', 'Name', 'Organization', 'User name', 'E-mail', 'Target ID'],
    ...['State', 'Since', 'Origin', 'Last pushed', 'Deletion due'],
  ],
  async *rows(drawing) {
    const { store, breath } = drawing.outside;
    for (const visible of drawing.scope.connectors) {
      const of = [visible.connector.id, visible.connector.name, await applicationOf(drawing.outside, visible.connector)];
      for await (const page of store.scan('account', { prefix: `${visible.connector.id}/` })) {
        for (const { value: account } of page) {
          const standing = standingOf(account, drawing.filter.asOf);
          if (standing === null || !within(standing.since, drawing.filter)) continue;
          const person = (await store.get('person', account.personId))?.value;
          if (drawing.scope.holds(visible.whole, person?.organizationId ?? null)) yield [...of, ...cells(account, standing, person, drawing)];
        }
        await breath.due();
      }
    }
  },
};

interface Standing {
  readonly state: ToldState;
  readonly since: Instant | null;
}

/** The account's state now, or at a moment; null where there was none then. */
function standingOf(account: Account, asOf: Instant | null): Standing | null {
  const { timeline } = account;
  if (asOf === null) return { state: toldState(account), since: timeline.at(-1)?.[0] ?? null };
  const then = timeline.findLast(([at]) => at <= asOf);
  return then === undefined ? null : { state: then[1], since: then[0] };
}

function cells(account: Account, { state, since }: Standing, person: Person | undefined, { scope, filter }: Drawing): readonly string[] {
  const pushed = account.pushed?.values ?? {};
  return [
    ...[account.personId, person === undefined ? (pushed.displayName ?? '') : fullName(person), scope.nameOf(person?.organizationId ?? null)],
    ...[pushed.userName ?? '', pushed['emails[work].value'] ?? '', account.targetId ?? ''],
    ...[STATES[state], iso(since), account.origin, iso(account.pushed?.at ?? null), iso(filter.asOf === null ? account.deleteAt : null)],
  ];
}
