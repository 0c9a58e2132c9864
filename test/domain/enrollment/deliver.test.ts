import { describe, expect, it } from 'vitest';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { enrollmentKey, LINKS_KEPT } from '../../../src/domain/enrollment/enrollment.ts';
import { DEFAULT_POLICY } from '../../../src/domain/enrollment/policy.ts';
import { letterPuts, rememberTyped } from '../../../src/domain/enrollment/verbs/letters.ts';
import { DAY, MINUTE } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import { linksIn, type ReceivedMail } from '../../../src/sandbox/mailbox/mails.ts';
import { CONNECTOR, person } from '../sync/world.ts';
import { entryOf, lettersWorld, ON, STOP, TASK, task } from './letters-world.ts';

const fingerprint = createFingerprint();

/** The digest of the link in a mail. */
function digestIn(mail: ReceivedMail | undefined): string {
  const [link = ''] = mail === undefined ? [] : linksIn(mail);
  return fingerprint.ofSecret(link.split('/').at(-1) ?? '');
}

function recipients(mails: readonly ReceivedMail[]): string[] {
  return mails.flatMap(({ to }) => to).sort();
}

describe('the outbox', () => {
  it('E1 E3 sends everyone a mail with a link of their own, of which only the digest is kept', async () => {
    const world = await lettersWorld();
    await world.queue(['ana', 'ben', 'cem']);
    await world.deliver();
    const mails = world.mailbox.mails();
    expect(recipients(mails)).toEqual(['ana@example.org', 'ben@example.org', 'cem@example.org']);
    expect(new Set(mails.flatMap(linksIn)).size).toBe(3);
    for (const mail of mails) {
      const id = mail.to[0]?.split('@')[0] ?? '';
      expect(mail).toMatchObject({
        subject: expect.stringMatching(/^Your Portal account: enroll by Thursday,? 12 March 2026$/),
        toHeader: `${id} Okafor <${id}@example.org>`,
      });
      expect(mail.text).toContain(`Hello ${id} Okafor,`);
      expect(mail.text).toContain('Ask Ana Ruiz.');
      expect(linksIn(mail)).toEqual([expect.stringMatching(/^https:\/\/enroll\.example\.org\/enroll\/[\w-]{43}$/)]);
      const entry = await world.entry(id);
      expect(entry.links).toEqual([digestIn(mail)]);
      expect(entry.mail).toEqual({ is: 'accepted', to: `${id[0]}…@example.org`, at: world.clock.now() });
      const secret = linksIn(mail)[0]?.split('/').at(-1) ?? '';
      expect(JSON.stringify([entry, world.logged, await world.links()])).not.toContain(secret);
    }
    expect((await world.links()).sort()).toEqual(mails.map(digestIn).sort());
    expect(await world.letters()).toEqual([]);
    expect((await world.get('task', TASK))?.value.mailedTo).toMatch(/^[abc]…@example\.org$/);
    expect(world.drawn).toContain(`task/${TASK}`);
  });

  it('E3 brings another link beside the earlier ones, keeps the newest few, and takes back those of mails that never arrived', async () => {
    const world = await lettersWorld();
    await world.queue(['ana']);
    await world.deliver();
    for (let reminder = 0; reminder < LINKS_KEPT; reminder += 1) {
      await world.queue(['ana'], 'reminder');
      await world.deliver();
    }
    const arrived = world.mailbox.mails().map(digestIn);
    expect((await world.entry('ana')).links).toEqual(arrived.slice(-LINKS_KEPT));
    world.mailbox.mischief.add({ is: 'later', times: 1 });
    await world.queue(['ana'], 'reminder');
    await world.deliver();
    expect((await world.entry('ana')).links).toEqual(arrived.slice(-LINKS_KEPT));
    expect((await world.links()).sort()).toEqual(arrived.slice(-LINKS_KEPT).sort());
  });

  it('E3 shows on the entry what the mail server refused, without the address that it repeats', async () => {
    const world = await lettersWorld();
    world.mailbox.mischief.add({ is: 'refuse', address: 'ben' });
    await world.queue(['ana', 'ben']);
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['ana@example.org']);
    expect(await world.entry('ben')).toMatchObject({
      links: [],
      mail: { is: 'refused', to: 'b…@example.org', why: expect.stringMatching(/^550 5\.1\.1 <b?…@example\.org>/) },
    });
    expect(await world.letters()).toEqual([]);
  });

  it('E3 tries again what is put off, later each time, over a restart, and gives up at the stop date', async () => {
    const world = await lettersWorld();
    world.mailbox.mischief.add({ is: 'later', address: 'ana' });
    await world.queue(['ana'], 'invitation', { stop: STOP });
    await world.deliver();
    expect((await world.letters()).map(({ tries, nextAt }) => [tries, nextAt - world.clock.now()])).toEqual([[1, MINUTE]]);
    expect((await world.entry('ana')).mail).toMatchObject({ is: 'queued' });
    await world.deliver();
    expect((await world.letters())[0]?.tries).toBe(1);
    await world.advance(MINUTE);
    await world.restart();
    await world.deliver();
    expect((await world.letters()).map(({ tries, nextAt }) => [tries, nextAt - world.clock.now()])).toEqual([[2, 5 * MINUTE]]);
    await world.write([put('enrollment', enrollmentKey(TASK, 'csv:ana'), { ...(await world.entry('ana')), stop: world.clock.now() + 6 * MINUTE })]);
    await world.advance(5 * MINUTE);
    await world.deliver();
    expect(await world.letters()).toEqual([]);
    expect(await world.entry('ana')).toMatchObject({ links: [], mail: { is: 'given-up', why: expect.stringMatching(/^450 /) } });
    expect(world.mailbox.mails()).toEqual([]);
  });

  it('E3 sends what could not even be tried for a week, where it is still wanted', async () => {
    const world = await lettersWorld();
    await world.queue(['ana']);
    await world.queue(['ben'], 'removed', { state: { is: 'removed', at: world.clock.now(), by: 'U1' } });
    await world.advance(7 * DAY);
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['ana@example.org']);
    expect((await world.entry('ben')).mail).toMatchObject({ is: 'given-up' });
  });

  it('E3 gives up after about five days of being put off, however far the stop date is', async () => {
    const world = await lettersWorld();
    world.mailbox.mischief.add({ is: 'later' });
    await world.queue(['ana']);
    for (let tries = 0; (await world.letters()).length > 0 && tries < 100; tries += 1) {
      await world.deliver();
      await world.advance(4 * 60 * MINUTE);
    }
    expect((await world.entry('ana')).mail?.is).toBe('given-up');
    expect(world.clock.now()).toBeLessThan(STOP);
    const days = (world.clock.now() - task().start) / DAY;
    expect(days).toBeGreaterThan(4);
    expect(days).toBeLessThan(6.1);
  });

  it('E3 waits for a mail server that takes nothing without counting tries, and sends all of it afterwards', async () => {
    const world = await lettersWorld();
    world.mailbox.mischief.add({ is: 'busy' });
    const ids = Array.from({ length: 12 }, (_, at) => `p${at}`);
    await world.queue(ids);
    await world.deliver();
    expect((await world.letters()).map(({ tries }) => tries)).toEqual(ids.map(() => 0));
    expect(JSON.stringify(world.logged)).toContain('takes no mail');
    world.mailbox.mischief.clear();
    await world.advance(MINUTE);
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(ids.map((id) => `${id}@example.org`).sort());
  });

  it('E3 does not send again what the server may have taken, and says so', async () => {
    const world = await lettersWorld();
    world.mailbox.mischief.add({ is: 'drop', address: 'ana' });
    await world.queue(['ana', 'ben']);
    await world.deliver();
    await world.advance(DAY);
    await world.restart();
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['ana@example.org', 'ben@example.org']);
    const ana = await world.entry('ana');
    expect(ana.mail).toMatchObject({ is: 'unknown', to: 'a…@example.org' });
    // It may have arrived: then its link works.
    expect(ana.links).toEqual([digestIn(world.mailbox.mails().find(({ to }) => to[0]?.startsWith('ana')))]);
  });

  it('E3 E5 sends nothing to who enrolled, was removed, is locked or has expired meanwhile', async () => {
    const world = await lettersWorld();
    const at = world.clock.now();
    await world.queue(['ana'], 'reminder', { state: { is: 'enrolled', at } });
    await world.queue(['ben'], 'invitation', { state: { is: 'removed', at, by: 'U1' } });
    await world.queue(['cem'], 'extended', { state: { is: 'locked', at } });
    await world.queue(['dee'], 'reminder', { state: { is: 'completed', enrolledAt: at, at } });
    await world.queue(['eva'], 'invitation', { stop: at });
    await world.deliver();
    expect(world.mailbox.mails()).toEqual([]);
    expect(await world.letters()).toEqual([]);
    const why = async (id: string) => (await world.entry(id)).mail;
    expect(await why('ana')).toMatchObject({ is: 'given-up', why: 'enrolled first' });
    expect(await why('eva')).toMatchObject({ is: 'given-up', why: 'the stop date passed first' });
    await world.queue(['ben'], 'removed');
    await world.deliver();
    expect(world.mailbox.mails().map(({ subject, to }) => [to[0], subject])).toEqual([['ben@example.org', 'You don’t need to enroll in Portal any more']]);
    expect(linksIn(world.mailbox.mails()[0] ?? { text: '' })).toEqual([]);
    await world.queue(['fay']);
    await world.write([put('task', TASK, task({ state: { is: 'removed', at, by: 'U1' } }))]);
    await world.deliver();
    expect(await why('fay')).toMatchObject({ is: 'given-up', why: 'the task was removed first' });
  });

  it('E6 sends to an address that was typed once and keeps it nowhere; a restart loses it, and the entry says so', async () => {
    const world = await lettersWorld();
    const typed = 'granny.okafor@elsewhere.example';
    await world.queue(['ana']);
    await world.deliver();
    world.mailbox.forget();
    const send = async (): Promise<void> => {
      const outside = world.outside();
      const id = outside.chance.id();
      rememberTyped(outside, id, typed);
      await world.write(letterPuts(outside, { kind: 'invitation', entry: entryOf('ana'), at: world.clock.now(), id, typed: true }));
    };
    await send();
    await world.deliver();
    expect(world.mailbox.mails().map(({ to }) => to)).toEqual([[typed]]);
    expect(await world.entry('ana')).toMatchObject({ mail: { is: 'accepted', to: 'g…@elsewhere.example' } });
    world.mailbox.mischief.add({ is: 'refuse' });
    await send();
    await world.deliver();
    const refused = await world.entry('ana');
    expect(refused.mail).toMatchObject({ is: 'refused', to: 'g…@elsewhere.example' });
    expect(JSON.stringify([refused, world.logged])).not.toContain('granny');
    await send();
    await world.restart();
    await world.deliver();
    expect((await world.entry('ana')).mail).toMatchObject({ is: 'given-up', why: expect.stringContaining('restarted') });
    expect(await world.letters()).toEqual([]);
  });

  it('E13 sends nothing while the connector’s mail is off, and what waits when it is switched on', async () => {
    const world = await lettersWorld();
    await world.write([put('enrollmentSwitch', CONNECTOR, { ...ON, on: false })]);
    await world.queue(['ana', 'ben']);
    await world.deliver();
    expect(world.mailbox.mails()).toEqual([]);
    await world.write([put('enrollmentSwitch', CONNECTOR, ON)]);
    await world.advance(10 * MINUTE);
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['ana@example.org', 'ben@example.org']);
  });

  it('E13 sends every mail to the one address of the test mode, with a line that says who it was for', async () => {
    const world = await lettersWorld();
    await world.write([put('enrollmentSwitch', CONNECTOR, { ...ON, testAddress: 'tester@example.org' })]);
    await world.queue(['ana', 'ben']);
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['tester@example.org', 'tester@example.org']);
    for (const mail of world.mailbox.mails()) expect(mail.subject).toMatch(/^\[Test\] Your Portal account/);
    const said = world.mailbox.mails().map(({ text }) => text.split('\n')[0]?.replaceAll('\u2060', ''));
    expect(said.sort()).toEqual(
      ['ana', 'ben'].map((id) => `Test mode: this mail was for ${id} Okafor (${id}@example.org) and went to nobody but you. Its link works.`),
    );
    expect((await world.entry('ana')).mail).toMatchObject({ is: 'accepted', to: 't…@example.org' });
  });

  it('E13 mails nobody without an address, and nobody who left the directory', async () => {
    const world = await lettersWorld();
    await world.queue(['ana', 'ben', 'cem']);
    const { email: _, ...attributes } = person('ana').attributes;
    await world.write([
      put('person', 'csv:ana', { ...person('ana'), attributes }),
      put('person', 'csv:ben', null),
      put('person', 'csv:cem', person('cem', { status: 'inactive' })),
    ]);
    await world.deliver();
    expect(world.mailbox.mails()).toEqual([]);
    for (const id of ['ana', 'ben', 'cem']) expect((await world.entry(id)).mail?.is).toBe('given-up');
  });

  it('N5 E3 lets letters wait while all writes are stopped', async () => {
    const world = await lettersWorld();
    await world.queue(['ana']);
    world.brake.pull({ by: 'U1', at: world.clock.now(), why: null });
    await world.deliver();
    expect(world.mailbox.mails()).toEqual([]);
    world.brake.release();
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['ana@example.org']);
  });

  it('E3 speaks the language of the person’s locale', async () => {
    const world = await lettersWorld();
    await world.queue(['ana', 'ben']);
    await world.write([put('person', 'csv:ana', person('ana', { attributes: { locale: 'es-MX' } }))]);
    await world.deliver();
    const [ana] = world.mailbox.mails().filter(({ to }) => to[0] === 'ana@example.org');
    expect(ana?.subject).toMatch(/^Tu cuenta de Portal: actívala antes de que acabe el jueves,? 12 de marzo de 2026$/);
    expect(ana?.headers.get('content-language')).toEqual(['es']);
    expect(ana?.html).toContain('<html lang="es">');
  });

  it('E3 E8 speaks the language of the policy to whose profile names none: the nearest one’s, and English where it has none', async () => {
    const world = await lettersWorld();
    const spanish = { ...DEFAULT_POLICY, language: 'es' as const };
    const told = async (...ids: readonly string[]): Promise<readonly unknown[]> => {
      await world.queue(ids);
      await world.deliver();
      const mails = world.mailbox.mails();
      return ids.map((id) => mails.findLast(({ to }) => to[0] === `${id}@example.org`)?.headers.get('content-language')?.[0]);
    };
    await world.write([
      ...[['ben', 'en-GB'] as const, ['cleo', 'fr-FR'] as const].map(([id, locale]) => put('person', `csv:${id}`, person(id, { attributes: { locale } }))),
      put('enrollmentPolicy', 'default', spanish),
    ]);
    expect(await told('ana', 'ben', 'cleo')).toEqual(['es', 'en', 'es']);
    // As policies were stored before there was a language.
    await world.write([put('enrollmentPolicy', `connector/${CONNECTOR}`, DEFAULT_POLICY)]);
    expect(await told('dora')).toEqual(['en']);
  });

  it('E3 X8 waits only so long for a silent mail server when it is told to stop, and sends nothing twice afterwards', async () => {
    const world = await lettersWorld();
    world.mailbox.mischief.add({ is: 'hold' });
    await world.queue(['ana']);
    const stopping = new AbortController();
    const delivering = world.deliver(stopping.signal);
    await world.mailbox.until('the mail', (mails) => mails.length > 0);
    stopping.abort();
    await world.clock.waited();
    await world.advance(5_000);
    await delivering;
    await world.restart();
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['ana@example.org']);
    expect((await world.entry('ana')).mail).toMatchObject({ is: 'unknown' });
  });

  it('E3 X8 begins no letter after it was told to stop, and leaves none behind', async () => {
    const world = await lettersWorld();
    await world.queue(['ana', 'ben']);
    const stopping = new AbortController();
    stopping.abort();
    await world.deliver(stopping.signal);
    expect(world.mailbox.mails()).toEqual([]);
    await world.deliver();
    expect(recipients(world.mailbox.mails())).toEqual(['ana@example.org', 'ben@example.org']);
  });
});
