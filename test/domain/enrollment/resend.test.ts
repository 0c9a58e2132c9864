import { afterEach, beforeEach, expect, it } from 'vitest';
import { CLEARED } from '../approvals/cleared.ts';
import { deleteConnector } from '../../../src/domain/connectors/verbs/delete.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { deliverLetters } from '../../../src/domain/enrollment/verbs/deliver.ts';
import { moveStop } from '../../../src/domain/enrollment/verbs/extend.ts';
import { nudge } from '../../../src/domain/enrollment/verbs/nudge.ts';
import { memoryOf } from '../../../src/domain/enrollment/verbs/outbox.ts';
import { reissue, resend } from '../../../src/domain/enrollment/verbs/resend.ts';
import { taskSeen } from '../../../src/domain/enrollment/verbs/tasks.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import type { MailAnswer } from '../../../src/ports/mail.ts';
import { CONNECTOR, people } from '../sync/world.ts';
import { ADMIN, ANA, id, secretIn, type TasksWorld, tasksWorld } from './tasks-world.ts';

const LINK = { type: 'link', serial: null } as const;
const PUT_OFF: MailAnswer = { is: 'later', why: '450 busy', away: false };
let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
  await here.seeded(1);
  await here.sync();
});
afterEach(() => here.close());

/** One mail goes on the wire, and `meanwhile` happens before the server's answer to it is heard. */
async function deliver(meanwhile: () => Promise<unknown>, answer: MailAnswer): Promise<void> {
  const { enrollment } = here.outside;
  const once = new AbortController();
  const send = async (): Promise<MailAnswer> => {
    once.abort();
    await meanwhile();
    return answer;
  };
  await deliverLetters({ ...here.outside, enrollment: { ...enrollment, mail: { ...enrollment.mail, send } } }, once.signal);
}

const again = (address: string | null = null) => resend(here.outside, ANA, 'T-1', id(0), address);

it('E6 takes back the letter that is on the wire too: put off by the server, it does not come after the new one', async () => {
  await deliver(() => again(), PUT_OFF);
  await here.clock.advance(HOUR);
  await here.deliver();
  expect(here.sent).toHaveLength(1);
  expect(await here.letters()).toEqual([]);
  expect(await accept(here.outside, secretIn(here.sent[0]), LINK)).toEqual({ is: 'enrolled' });
});

it('E6 what the server says of a letter that was taken back stands for no other: the next invitation takes back the one that waits', async () => {
  await deliver(() => again(), { is: 'accepted' });
  expect((await here.entry(id(0))).mail).toMatchObject({ is: 'queued' });
  await again('other@example.org');
  await here.deliver();
  expect(here.sent.map(({ to }) => to.address)).toEqual(['other@example.org']);
  expect((await here.entry(id(0))).links).toHaveLength(1);
});

it('E6 takes back all letters that wait, of whatever kind', async () => {
  await moveStop(here.outside, ANA, 'T-1', [id(0)], '2026-03-20');
  expect(await here.letters()).toHaveLength(2);
  await again();
  await here.deliver();
  expect(here.sent).toHaveLength(1);
});

it('E6 looks at this person’s letters only, however long the outbox is', async () => {
  const scanned: string[] = [];
  const { store } = here.outside;
  const scan: typeof store.scan = (kind, range) => {
    scanned.push(kind);
    return store.scan(kind, range);
  };
  const narrow = new Proxy(store, { get: (target, name) => (name === 'scan' ? scan : Reflect.get(target, name).bind(target)) });
  await resend({ ...here.outside, store: narrow }, ANA, 'T-1', id(0), null);
  expect(scanned).not.toContain('letter');
  expect(await here.letters()).toHaveLength(1);
});

it('E6 forgets a typed address with its letter, where that is taken back or erased', async () => {
  const { typed } = memoryOf(here.outside.store);
  await again('first@elsewhere.example');
  await again('second@elsewhere.example');
  expect([...typed.values()]).toEqual(['second@elsewhere.example']);
  await deliver(() => again(), PUT_OFF);
  expect([...typed]).toEqual([]);
  await again('third@elsewhere.example');
  await disconnect(here.outside, ADMIN, CONNECTOR, CLEARED);
  await deleteConnector(here.outside, ADMIN, CONNECTOR, CLEARED);
  expect([...typed]).toEqual([]);
});

it('E11 a new stop date or another invitation does not make anybody be nudged twice within the hour', async () => {
  await here.deliver();
  for (const between of [() => moveStop(here.outside, ANA, 'T-1', [id(0)], '2026-03-20'), () => again()]) {
    expect((await nudge(here.outside, ANA, 'T-1')).done).toBe(1);
    await here.deliver();
    await between();
    await here.deliver();
    expect((await nudge(here.outside, ANA, 'T-1')).skipped).toMatchObject([{ why: 'nudged within the last hour' }]);
    await here.clock.advance(HOUR);
  }
});

it('E6 E13 a re-issue without an address leaves no mail queued: the letter is taken back, they count among those without mail, and reminders wait for an address', async () => {
  const [one] = people(1);
  if (one === undefined) throw new Error('nobody is there');
  const { email: _, ...attributes } = one.attributes;
  await here.put('enrollment', `T-1/${id(0)}`, { ...(await here.entry(id(0))), state: { is: 'locked', at: here.clock.now() } });
  await here.home.people([{ ...one, attributes }]);
  expect((await here.entry(id(0))).mail).toMatchObject({ is: 'queued' });
  await reissue(here.outside, ANA, 'T-1', id(0));
  expect(await here.letters()).toEqual([]);
  expect((await here.entry(id(0))).mail).toBeNull();
  expect(await taskSeen(here.outside, ANA, 'T-1')).toMatchObject({ withoutMail: 1 });
  expect((await nudge(here.outside, ANA, 'T-1')).skipped).toMatchObject([{ why: 'no e-mail address' }]);
  await here.home.people([one]);
  expect((await nudge(here.outside, ANA, 'T-1')).done).toBe(1);
  await here.deliver();
  expect(here.sent.map(({ to }) => to.address)).toEqual(['p00000@example.org']);
});
