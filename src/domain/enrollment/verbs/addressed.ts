import type { Outside } from '../../../ports/outside.ts';
import type { Stored } from '../../../ports/store.ts';
import { fullName, type Person } from '../../directory/person.ts';
import { isOffboarded } from '../../halts/offboarded-in.ts';
import { DAY, type Instant } from '../../instant.ts';
import { type Enrollment, enrollmentKey, statusOf } from '../enrollment.ts';
import { languageOf, type Letter, type LetterModel } from '../letter.ts';
import { masked } from '../mask.ts';
import { OFF } from '../policy.ts';
import { policyOf } from '../rules-in-force.ts';
import type { EnrollmentTask } from '../task.ts';
import { addressOf } from './entries.ts';
import { memoryOf } from './outbox.ts';

/** News of a removal is old by then. */
const OLD_NEWS = 5 * DAY;

/** What is to be done with a letter that is due. */
export type Addressed =
  | {
      readonly is: 'send';
      readonly to: { readonly name: string; readonly address: string };
      /** All but its link, which is made when it is sent. */
      readonly model: Omit<LetterModel, 'link'>;
      readonly entry: Stored<Enrollment>;
    }
  /** Mail of this connector is switched off: it waits. */
  | { readonly is: 'wait' }
  /** It will not be sent; `why` completes "not sent: …". */
  | { readonly is: 'give-up'; readonly why: string }
  /** There is nobody left to tell of. */
  | { readonly is: 'drop' };

/** Looks up whether a letter is still wanted, and where it goes: to the person, to the address that was typed for it, or in test mode to that one address (E13). */
export async function addressed(outside: Pick<Outside, 'store' | 'clock'>, letter: Letter): Promise<Addressed> {
  const { store, clock } = outside;
  const entry = await store.get('enrollment', enrollmentKey(letter.taskId, letter.personId));
  const task = (await store.get('task', letter.taskId))?.value;
  if (entry === undefined || task === undefined) return { is: 'drop' };
  const connector = (await store.get('connector', letter.connectorId))?.value;
  const person = (await store.get('person', letter.personId))?.value;
  const why =
    connector === undefined
      ? 'the connector was deleted'
      : (unwanted(letter, entry.value, task, clock.now()) ?? unreachable(letter, person, await isOffboarded(store, letter.personId)));
  if (why !== null || connector === undefined || person === undefined) return { is: 'give-up', why: why ?? 'not in the directory any more' };
  const { on, testAddress } = (await store.get('enrollmentSwitch', connector.id))?.value ?? OFF;
  if (!on) return { is: 'wait' };
  const typed = memoryOf(store).typed.get(letter.id);
  const address = letter.typed ? typed : addressOf(person);
  if (letter.typed && typed === undefined) return { is: 'give-up', why: 'the address typed for it is kept in memory only, and Usher was restarted' };
  if (address === undefined || address === null) return { is: 'give-up', why: 'no e-mail address that mail can go to' };
  const name = fullName(person);
  const organization = (await store.get('organization', person.organizationId))?.value;
  return {
    is: 'send',
    // A test address belongs to somebody else.
    to: testAddress === null ? { name, address } : { name: '', address: testAddress },
    model: {
      kind: letter.is,
      language: languageOf(person.attributes.locale, await policyOf(outside, connector)),
      name,
      application: connector.name,
      organization: organization?.name ?? connector.name,
      stop: entry.value.stop,
      timeZone: task.timeZone,
      ask: await nameOf(outside, [task.by, connector.createdBy]),
      // One that was typed for this mail alone is shown masked, here too.
      insteadOf: testAddress === null ? null : { name, address: letter.typed ? masked(address) : address },
    },
    entry,
  };
}

/** Why nobody wants it any more; null while somebody does. */
function unwanted(letter: Letter, entry: Enrollment, task: EnrollmentTask, now: Instant): string | null {
  if (letter.is === 'removed') {
    if (now - letter.queuedAt >= OLD_NEWS) return 'it could not be sent for five days';
    return entry.state.is === 'removed' || task.state.is === 'removed' ? null : 'not removed any more';
  }
  if (task.state.is === 'removed') return 'the task was removed first';
  const status = statusOf(entry, now);
  if (status === 'active') return null;
  return status === 'expired' ? 'the stop date passed first' : `${status} first`;
}

function unreachable(letter: Letter, person: Person | undefined, offboarded: boolean): string | null {
  if (offboarded) return 'off-boarded';
  if (person === undefined) return 'not in the directory any more';
  return person.status === 'active' || letter.is === 'removed' ? null : 'not active in the directory';
}

/** The first of these Slack people whose name Usher knows. */
async function nameOf({ store }: Pick<Outside, 'store'>, userIds: readonly string[]): Promise<string | null> {
  for (const userId of userIds) {
    const person = (await store.get('slackPerson', userId))?.value;
    if (person !== undefined && person.deactivated === null) return person.name;
  }
  return null;
}
