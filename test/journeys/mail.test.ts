import { describe, expect, it, vi } from 'vitest';
import { enrollmentKey } from '../../src/domain/enrollment/enrollment.ts';
import { letterPuts } from '../../src/domain/enrollment/verbs/letters.ts';
import { put } from '../../src/domain/revise.ts';
import { linksIn } from '../../src/sandbox/mailbox/mails.ts';
import { entryOf, ON, TASK, task } from '../domain/enrollment/letters-world.ts';
import { CONNECTOR, connector, person } from '../domain/sync/world.ts';
import { type App, startApp } from '../app.ts';

/** Somebody in a task whose stop is far away, with a letter that is due. */
async function queue(app: App, id: string): Promise<void> {
  const { outside } = app.usher();
  const now = outside.clock.now();
  const entry = entryOf(id, { stop: now + 86_400_000 });
  await outside.store.transaction({
    puts: [
      put('connector', CONNECTOR, connector('https://portal.example/scim')),
      put('task', TASK, task({ start: now, stop: now + 86_400_000 })),
      put('enrollmentSwitch', CONNECTOR, ON),
      put('person', `csv:${id}`, person(id)),
      put('enrollment', enrollmentKey(TASK, `csv:${id}`), entry),
      ...letterPuts(outside, { kind: 'invitation', entry, at: now }),
    ],
  });
}

describe('mail of the whole app', () => {
  it('E3 X8 sends by the configured server, at the start what waited before, and tells of a server that is away', async () => {
    const app = await startApp({ people: 0, mail: true, environment: { USHER_OPERATION_PORT: '0' } });
    const { mailbox } = app;
    const ready = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${app.usher().operation?.port}/readyz`)).json();
    expect(await ready()).toMatchObject({ ready: true, parts: { mail: 'ok' } });
    await queue(app, 'ana');
    app.usher().outside.work.mail();
    const mail = await mailbox.until('the first mail', ([first]) => first);
    expect(mail).toMatchObject({ to: ['ana@example.org'], from: 'it@riverside.example' });
    expect(linksIn(mail)).toEqual([expect.stringMatching(/^http:\/\/localhost:8080\/enroll\/[\w-]{43}$/)]);

    mailbox.mischief.add({ is: 'busy' });
    await queue(app, 'ben');
    app.usher().outside.work.mail();
    await vi.waitUntil(() => app.logged.some(({ message }) => message.includes('takes no mail')), { timeout: 60_000 });
    mailbox.mischief.clear();
    // It waits for a minute; the next process finds it due at once when the minute is over.
    const { store } = app.usher().outside;
    for await (const page of store.scan('letter'))
      for (const { key, value } of page) await store.transaction({ puts: [put('letter', key, { ...value, nextAt: 0 })] });
    await app.restart();
    await mailbox.until('the second mail', (mails) => mails.find(({ to }) => to[0] === 'ben@example.org'));
    expect(mailbox.mails()).toHaveLength(2);
  });
});
