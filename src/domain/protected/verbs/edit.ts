import type { Outside } from '../../../ports/outside.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import type { Described } from '../../approvals/request.ts';
import { audited } from '../../audit/row.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { accountKey } from '../../sync/account.ts';
import { coverage } from '../../sync/scope.ts';
import { type ProtectedChange, type ProtectedPerson, protectedId } from '../protected.ts';
import { everyConnector, protectionOf, requireProtector, shieldIn, whoIs } from './list.ts';

type Editing = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>;

/** What was edited. */
export interface ProtectedEdit {
  readonly is: ProtectedChange['is'];
  readonly entry: ProtectedPerson;
  readonly name: string;
  /** Null: all connectors. */
  readonly connector: string | null;
}

const LONGEST_WHY = 300;

type Describing = Pick<Outside, 'store' | 'settings' | 'clock'>;

/** What protecting somebody, or ending that, comes to (A7). Refuses as `applyProtected` does, and changes nothing. */
export async function describeProtected(outside: Describing, actor: Actor, change: ProtectedChange): Promise<Described> {
  reasonOf(change.why);
  return effectOfEdit(outside, actor, change);
}

/** The same before a reason was given: for the form that asks for one. */
export async function effectOfEdit(outside: Describing, actor: Actor, change: ProtectedChange): Promise<Described> {
  await requireProtector(outside, actor);
  const subject = await subjectOf(outside.store, change);
  const { personId, connectorId } = subject;
  const { name, organization } = await whoIs(outside.store, personId);
  const who = organization === null ? `${name}, who left the directory,` : `${name} (${organization})`;
  const connectors = (await everyConnector(outside.store)).filter(({ id }) => connectorId === null || id === connectorId);
  const accounts = await accountsOf(outside.store, personId, connectors);
  const where = connectorId === null ? 'in all connectors' : `in ${connectors[0]?.name ?? connectorId}`;
  const has =
    accounts.length === 0
      ? `${who} has no account there yet.`
      : `${who} has ${accounts.length === 1 ? 'an account' : `${accounts.length} accounts`}: ${accounts.map((each) => each.name).join(', ')}.`;
  const size = { size: 1, organizationId: null, connectorId };
  if (change.is === 'protect') {
    const lines = [has, 'No sync, un-assignment or scheduled deletion removes them or changes their licence tier while they are protected.'];
    return { title: `protect ${name} ${where}`, lines, ...size };
  }
  const leaving = await wouldLeave(outside, subject, accounts);
  const effect =
    leaving.length === 0
      ? 'No account is taken away by that now.'
      : `The next sync deactivates ${leaving.length === 1 ? 'an account' : `${leaving.length} accounts`} that nothing else keeps: ${leaving.join(', ')}.`;
  return { title: `stop protecting ${name} ${where}`, lines: [has, effect, `They were protected because: ${subject.why}`], ...size };
}

/** Puts somebody on the list of protected people, or takes them off it (A7). Takes two people: a clearance that nobody else gave is a fault of ours. */
export async function applyProtected(outside: Editing, actor: Actor, change: ProtectedChange, clearance: Clearance): Promise<ProtectedEdit> {
  await requireProtector(outside, actor);
  const { approval } = clearance.row;
  if (approval === undefined) throw new Error('editing the list of protected people takes two people');
  for (;;) {
    const subject = await subjectOf(outside.store, change);
    const { id, personId, connectorId } = subject;
    const stored = await outside.store.get('protected', id);
    const why = reasonOf(change.why);
    const made = { id, personId, connectorId, why, by: actor.userId, approvedBy: approval.approvedBy, at: outside.clock.now() };
    const entry: ProtectedPerson = change.is === 'protect' ? made : subject;
    const connector = connectorId === null ? null : ((await outside.store.get('connector', connectorId))?.value.name ?? connectorId);
    const told = { for: connector ?? 'all connectors', why: entry.why };
    const row = audited(outside, actor, {
      action: `protected.${change.is}`,
      connectorId,
      subject: personId,
      summary: `${change.is === 'protect' ? 'protected' : 'no longer protects'} ${personId} in ${connector ?? 'all connectors'}: ${why}`,
      before: change.is === 'protect' ? null : told,
      after: change.is === 'protect' ? told : { why },
      ...clearance.row,
    });
    const outcome = await outside.store.transaction({
      puts: [put('protected', id, change.is === 'protect' ? entry : null, change.is === 'protect' ? 0 : (stored?.version ?? 0))],
      appends: [row],
    });
    if (outcome === 'committed') return { is: change.is, entry, name: (await whoIs(outside.store, personId)).name, connector };
  }
}

/** What was done, without the name: it may stand where none may be told. */
export function toldOfEdit({ is, connector }: ProtectedEdit): string {
  const where = connector ?? 'all connectors';
  return is === 'protect' ? `The person is protected in ${where}.` : `The person is no longer protected in ${where}.`;
}

/** The entry that is meant: the one to make, or the one that stands. */
async function subjectOf(store: Editing['store'], change: ProtectedChange): Promise<ProtectedPerson> {
  if (change.is === 'unprotect') {
    const stored = (await store.get('protected', change.id))?.value;
    if (stored === undefined) throw new Refusal({ is: 'nothing-to-do', detail: 'That person is not protected there. See who is: /usher protected.' });
    return stored;
  }
  const { personId, connectorId } = change;
  const connectors = await everyConnector(store);
  const known = (await store.get('person', personId)) !== undefined || (await accountsOf(store, personId, connectors)).length > 0;
  if (!known) throw new Refusal({ is: 'not-found', what: 'person', typed: personId, near: [] });
  if (connectorId !== null && connectors.every(({ id }) => id !== connectorId))
    throw new Refusal({ is: 'not-found', what: 'connector', typed: connectorId, near: connectors.slice(0, 5).map(({ name }) => name) });
  const id = protectedId(personId, connectorId);
  const stands = (await store.get('protected', id))?.value ?? (connectorId === null ? undefined : shieldIn(await protectionOf(store, personId), connectorId));
  if (stands !== undefined) {
    const { name } = await whoIs(store, stands.personId);
    const where = stands.connectorId === null ? 'all connectors' : (connectors.find((each) => each.id === stands.connectorId)?.name ?? stands.connectorId);
    throw new Refusal({ is: 'nothing-to-do', detail: `${name} is protected in ${where} already: ${stands.why}` });
  }
  return { id, personId, connectorId, why: change.why.trim(), by: '', approvedBy: [], at: 0 };
}

function reasonOf(typed: string): string {
  const why = typed.trim();
  if (why === '') throw badInput('why', 'The list says why somebody is on it, or no longer.', 'Give a reason.');
  if (why.length > LONGEST_WHY) throw badInput('why', 'The reason is too long.', `Use at most ${LONGEST_WHY} characters.`);
  return why;
}

/** The connectors where the person has an account. */
async function accountsOf(store: Editing['store'], personId: PersonId, connectors: readonly Connector[]): Promise<readonly Connector[]> {
  const holding: Connector[] = [];
  for (const connector of connectors) {
    const account = (await store.get('account', accountKey(connector.id, personId)))?.value;
    if (account !== undefined && account.targetId !== null && account.state !== 'gone') holding.push(connector);
  }
  return holding;
}

/** Names of the connectors whose next sync would take the account away, were the entry not there. */
async function wouldLeave(outside: Pick<Outside, 'store' | 'clock'>, entry: ProtectedPerson, accounts: readonly Connector[]): Promise<readonly string[]> {
  const { store } = outside;
  const others = (await protectionOf(store, entry.personId)).filter(({ id }) => id !== entry.id);
  const person = (await store.get('person', entry.personId))?.value;
  const leaving: string[] = [];
  for (const { id, name } of accounts) {
    const account = (await store.get('account', accountKey(id, entry.personId)))?.value;
    const covered = person !== undefined && (await covers(outside, id))(person) !== undefined;
    if (account?.state === 'active' && !covered && shieldIn(others, id) === undefined) leaving.push(name);
  }
  return leaving;
}

async function covers({ store, clock }: Pick<Outside, 'store' | 'clock'>, connectorId: ConnectorId): Promise<ReturnType<typeof coverage>> {
  const assignments = [];
  for await (const page of store.scan('assignment', { prefix: `${connectorId}/` })) assignments.push(...page.map(({ value }) => value));
  return coverage(assignments, clock.now());
}
