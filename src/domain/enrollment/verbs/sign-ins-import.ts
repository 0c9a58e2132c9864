import type { Outside } from '../../../ports/outside.ts';
import { SheetFault, type SheetRow } from '../../../ports/sheets.ts';
import type { IncomingFile } from '../../../ports/workspace.ts';
import { audited } from '../../audit/row.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { connectorNamed } from '../../connectors/verbs/find.ts';
import { fold } from '../../directory/fold.ts';
import type { PersonId } from '../../directory/person.ts';
import type { Instant } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { type SigningIn, signedIn } from './sign-ins.ts';

/** What became of a file of sign-ins (I2). */
export interface SignInsImport {
  readonly lines: number;
  /** Entries that were completed by it. */
  readonly completed: number;
  /** Seats that invited people took, and how many found none free. */
  readonly seats: { readonly taken: number; readonly noneFree: number };
  /** Marked as social: they count for nothing. */
  readonly social: number;
  readonly invalid: number;
  /** The first invalid ones. */
  readonly problems: readonly { readonly line: number; readonly why: string }[];
}

type Importing = SigningIn & Pick<Outside, 'settings' | 'sheets'>;

const COLUMNS = { required: ['connector', 'person', 'at'], optional: ['social'] };
const TOLD = 20;
const YES = /^(true|yes|1|social)$/i;
const NO = /^(false|no|0|)$/i;

/**
 * Reads sign-ins from a CSV: `connector` (id or name), `person` (source id or user name), `at` (ISO 8601 with a zone), `social`. A
 * sign-in by a social account never counts (I2). The same file again changes nothing more. Takes a global admin; refuses a
 * file that can't be read as one.
 */
export async function importSignIns(outside: Importing, actor: Actor, { name, content }: IncomingFile): Promise<SignInsImport> {
  await requireRight(outside, actor, 'administer', null, 'import sign-ins');
  const done = {
    lines: 0,
    completed: 0,
    seats: { taken: 0, noneFree: 0 },
    social: 0,
    invalid: 0,
    problems: [] as { readonly line: number; readonly why: string }[],
  };
  try {
    const { rows } = await outside.sheets.read(content, COLUMNS);
    const known: Known = { outside, actor, people: await peopleByName(outside), connectors: new Map() };
    for await (const row of rows) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      done.lines += 1;
      const meant = await meantBy(known, row);
      if (meant.is === 'invalid') {
        done.invalid += 1;
        if (done.problems.length < TOLD) done.problems.push({ line: row.line, why: meant.why });
      } else if (meant.is === 'social') done.social += 1;
      else {
        const { completed, seat } = await signedIn(outside, meant.connectorId, meant.personId, meant.at);
        done.completed += completed;
        if (seat === 'taken') done.seats.taken += 1;
        if (seat === 'none-free') done.seats.noneFree += 1;
      }
    }
  } catch (error) {
    throw error instanceof SheetFault ? badInput(null, `${name} could not be read to its end.`, error.message) : error;
  } finally {
    const summary = `read ${done.lines} sign-ins from ${name}: ${done.completed} completed, ${done.seats.taken} seats taken, ${done.social} social, ${done.invalid} invalid`;
    await outside.store.transaction({ appends: [audited(outside, actor, { action: 'enrollment.sign-ins-import', summary })] });
  }
  return done;
}

interface Known {
  readonly outside: Importing;
  readonly actor: Actor;
  /** By source id and by folded user name; null where two people share it. */
  readonly people: ReadonlyMap<string, PersonId | null>;
  readonly connectors: Map<string, ConnectorId | null>;
}

async function peopleByName({ store, breath }: Pick<Importing, 'store' | 'breath'>): Promise<ReadonlyMap<string, PersonId | null>> {
  const people = new Map<string, PersonId | null>();
  const add = (key: string, id: PersonId): void => {
    people.set(key, people.has(key) && people.get(key) !== id ? null : id);
  };
  for await (const page of store.scan('person')) {
    for (const { value } of page) {
      add(`id ${value.sourceId}`, value.id);
      if (value.attributes.userName !== undefined) add(`name ${fold(value.attributes.userName)}`, value.id);
    }
    const pause = breath.due();
    if (pause !== undefined) await pause;
  }
  return people;
}

type Meant =
  | { readonly is: 'sign-in'; readonly connectorId: ConnectorId; readonly personId: PersonId; readonly at: Instant }
  | { readonly is: 'social' }
  | { readonly is: 'invalid'; readonly why: string };

async function meantBy(known: Known, { cells }: SheetRow): Promise<Meant> {
  const invalid = (why: string): Meant => ({ is: 'invalid', why });
  const social = cells.get('social') ?? '';
  if (!YES.test(social) && !NO.test(social)) return invalid('social is neither yes nor no');
  const connector = cells.get('connector') ?? '';
  const connectorId = await connectorOf(known, connector);
  if (connectorId === null) return invalid(connector === '' ? 'connector is empty' : 'no such connector');
  const person = cells.get('person') ?? '';
  // An id that two people share is nobody's; it is not looked for among the names then.
  const personId = known.people.get(known.people.has(`id ${person}`) ? `id ${person}` : `name ${fold(person)}`);
  if (personId === undefined) return invalid(person === '' ? 'person is empty' : 'no such person');
  if (personId === null) return invalid('more than one person has that name or id');
  const at = momentOf(cells.get('at') ?? '');
  if (at === null) return invalid('at is no time such as 2026-11-21T06:10:00Z');
  if (at > known.outside.clock.now()) return invalid('at is in the future');
  return YES.test(social) ? { is: 'social' } : { is: 'sign-in', connectorId, personId, at };
}

async function connectorOf({ outside, actor, connectors }: Known, typed: string): Promise<ConnectorId | null> {
  const found = connectors.get(typed);
  if (found !== undefined) return found;
  const id = await connectorNamed(outside, actor, typed).then(
    ({ connector }) => connector.id,
    (error: unknown) => {
      if (error instanceof Refusal) return null;
      throw error;
    },
  );
  connectors.set(typed, id);
  return id;
}

/** ISO 8601 with its zone: a time without one means another moment in each. */
function momentOf(typed: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(typed)) return null;
  const at = Date.parse(typed);
  return Number.isFinite(at) ? at : null;
}
