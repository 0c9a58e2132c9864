import type { Outside } from '../../../ports/outside.ts';
import type { PrintedSlip } from '../../../ports/sheets.ts';
import type { Put } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import type { Connector } from '../../connectors/connector.ts';
import { fullName, type Person, type PersonId } from '../../directory/person.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Enrollment, enrollmentKey, LINKS_KEPT, statusOf } from '../enrollment.ts';
import { addressOfLink } from '../invitation.ts';
import { languageOf } from '../letter.ts';
import type { EnrollmentPolicy } from '../policy.ts';
import { policyOf } from '../rules-in-force.ts';
import type { SlipModel, WriteSlip } from '../slip.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';
import { addressOf, knownEntry } from './entries.ts';
import { permittedTask, requireMailing } from './permit.ts';

type Printing = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'breath' | 'fingerprint' | 'sheets' | 'workspace' | 'enrollment'>;

/** Who would get a slip, by manager or organization; counts only. */
export interface Printable {
  readonly task: EnrollmentTask;
  readonly connector: Connector;
  readonly people: number;
  readonly groups: readonly { readonly name: string; readonly people: number }[];
}

interface Due {
  readonly personId: PersonId;
  readonly name: string;
  readonly group: string;
}

const CHUNK = 50;

/** What printing the links of a task's people without e-mail comes to (E13). Refuses who may not run it, and where nobody is in need of it. */
export async function printable(outside: Printing, actor: Actor, taskId: TaskId): Promise<Printable> {
  const { task, connector, due } = await prepared(outside, actor, taskId);
  const counts = new Map<string, number>();
  for (const { group } of due) counts.set(group, (counts.get(group) ?? 0) + 1);
  return { task, connector, people: due.length, groups: [...counts].map(([name, people]) => ({ name, people })) };
}

/**
 * Makes a link for everybody of the task who may enroll and has no e-mail address, and sends one slip each to the actor, alone, as a
 * file to be printed (E13). Slips that were printed earlier keep working, up to `LINKS_KEPT` a person. Throws a `WorkspaceFault`.
 */
export async function printSlips(
  outside: Printing,
  actor: Actor,
  taskId: TaskId,
  write: WriteSlip,
): Promise<{ readonly people: number; readonly file: string }> {
  const { task, connector, url, due } = await prepared(outside, actor, taskId);
  const summary = `prints the links of ${due.length} people of task ${task.number}`;
  await outside.store.transaction({
    appends: [audited(outside, actor, { action: 'enrollment.print', connectorId: connector.id, subject: task.id, summary })],
  });
  const title = `${connector.name} · task ${task.number}`;
  const slips = slipsOf(outside, { task, connector, url, due }, write);
  return await outside.sheets.slips({ title, slips }, async ({ length, content, rows: people }) => {
    const file = `${outside.settings.name}-task-${task.number}-slips.html`;
    const comment = `${people} personal ${people === 1 ? 'slip' : 'slips'} of task ${task.number}. Each lets its person in: print it, hand them out, then delete the file.`;
    await outside.workspace.upload({ name: file, title: file, comment, length, content }, { userId: actor.userId });
    return { people, file };
  });
}

async function prepared(outside: Printing, actor: Actor, taskId: TaskId) {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `print the links of task ${number}`);
  await requireMailing(outside, connector);
  const due = await withoutMail(outside, task);
  if (due.length === 0) throw new Refusal({ is: 'nothing-to-do', detail: `Everybody of task ${task.number} who may enroll has an e-mail address.` });
  return { task, connector, due, url: outside.enrollment?.url ?? '' };
}

/** By group and name. */
async function withoutMail(outside: Printing, task: EnrollmentTask): Promise<readonly Due[]> {
  const due: Due[] = [];
  for await (const page of outside.store.scan('enrollment', { prefix: `${task.id}/` })) {
    for (const { value: entry } of page) {
      if (statusOf(entry, outside.clock.now()) !== 'active') continue;
      const person = (await outside.store.get('person', entry.personId))?.value;
      if (person !== undefined && addressOf(person) === null) due.push({ personId: person.id, name: fullName(person), group: await groupOf(outside, person) });
    }
    const pause = outside.breath.due();
    if (pause !== undefined) await pause;
  }
  const order = new Intl.Collator('en', { sensitivity: 'base' });
  return due.sort((a, b) => order.compare(a.group, b.group) || order.compare(a.name, b.name));
}

/** Who hands it over: their manager or teacher where the directory names one, else their school. */
async function groupOf({ store }: Printing, { attributes, source, organizationId }: Person): Promise<string> {
  const { manager } = attributes;
  const leader = manager === undefined ? undefined : (await store.get('person', `${source}:${manager}`))?.value;
  return leader === undefined ? ((await store.get('organization', organizationId))?.value.name ?? organizationId) : fullName(leader);
}

interface Minting {
  readonly task: EnrollmentTask;
  readonly connector: Connector;
  readonly url: string;
  readonly due: readonly Due[];
}

async function* slipsOf(outside: Printing, { task, connector, url, due }: Minting, write: WriteSlip): AsyncGenerator<PrintedSlip> {
  const policy = await policyOf(outside, connector);
  for (let at = 0; at < due.length; at += CHUNK) {
    const chunk = due.slice(at, at + CHUNK);
    const minted = await mint(outside, task.id, chunk);
    for (const { personId, name, group } of chunk) {
      const link = minted.get(personId);
      const model = link === undefined ? undefined : await modelOf(outside, { task, connector, policy, entry: link.entry });
      if (link === undefined || model === undefined) continue;
      yield { group, name, ...write(model), link: addressOfLink(url, link.secret) };
    }
  }
}

type Minted = ReadonlyMap<PersonId, { readonly secret: string; readonly entry: Enrollment }>;

/** A link each for those who may still enroll, durable before it is told. */
async function mint(outside: Printing, taskId: TaskId, chunk: readonly Due[]): Promise<Minted> {
  for (;;) {
    const minted = new Map<PersonId, { readonly secret: string; readonly entry: Enrollment }>();
    const puts: Put[] = [];
    for (const { personId } of chunk) {
      const known = await knownEntry(outside, taskId, personId);
      if (known === undefined || statusOf(known.entry, outside.clock.now()) !== 'active') continue;
      const secret = outside.chance.secret();
      const digest = outside.fingerprint.ofSecret(secret);
      const links = [...known.entry.links, digest];
      const entry = { ...known.entry, links: links.slice(-LINKS_KEPT) };
      puts.push(put('enrollment', enrollmentKey(taskId, personId), entry, known.version), put('enrollmentLink', digest, { taskId, personId }, 0));
      puts.push(...links.slice(0, -LINKS_KEPT).map((old) => put('enrollmentLink', old, null)));
      minted.set(personId, { secret, entry });
    }
    if ((await outside.store.transaction({ puts })) === 'committed') return minted;
  }
}

async function modelOf(
  { store }: Printing,
  { task, connector, policy, entry }: Pick<Minting, 'task' | 'connector'> & { readonly policy: EnrollmentPolicy; readonly entry: Enrollment },
): Promise<SlipModel | undefined> {
  const person = (await store.get('person', entry.personId))?.value;
  if (person === undefined) return undefined;
  const organization = (await store.get('organization', person.organizationId))?.value.name ?? person.organizationId;
  const types = entry.type === null ? task.types : [entry.type];
  const language = languageOf(person.attributes.locale, policy);
  return { language, application: connector.name, organization, stop: entry.stop, timeZone: task.timeZone, types };
}
