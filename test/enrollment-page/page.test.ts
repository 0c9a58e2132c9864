import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import { enrollmentKey } from '../../src/domain/enrollment/enrollment.ts';
import { DEFAULT_POLICY } from '../../src/domain/enrollment/policy.ts';
import { accepted, LEE, pageWorld, post, secretOf, SERIAL, STOP, submit, visit } from './page-world.ts';

const PATH = `/enroll/${LEE}`;

describe('a link', () => {
  it('E3 E9 says who is invited to what, by whom and until when, and accepts with one button', async () => {
    const page = await pageWorld();
    const seen = await visit(`${page.url}${PATH}`);
    expect(seen.status).toBe(200);
    expect(seen.text).toContain('Accept your invitation to Zoom');
    expect(seen.text).toContain('Lee Okafor, North School has an account for you in Zoom');
    expect(seen.html.match(/<button/g)).toHaveLength(1);
    expect(seen.html).not.toContain('name="serial"');
    const after = await accepted(page, PATH, { type: 'link' });
    expect(after.status).toBe(200);
    expect(after.text).toContain('You are enrolled');
    expect(await page.entry()).toMatchObject({ state: { is: 'enrolled' }, type: 'link', links: [] });
  });

  it('E3 changes nothing when it is opened, asked about or prefetched, as often as a mail scanner likes', async () => {
    const page = await pageWorld({ types: ['link', 'hardware-token'] });
    const before = await page.everything();
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'GET'])
      for (const headers of [{}, { 'sec-purpose': 'prefetch', purpose: 'prefetch' }, { 'user-agent': 'Mail-Scanner/1.0', accept: '*/*' }])
        await visit(`${page.url}${PATH}`, { method, headers });
    for (const query of ['?type=link', '?type=hardware-token&serial=GT-0001', '?accept=1&lang=es', '?said=enrolled']) await visit(`${page.url}${PATH}${query}`);
    expect(await page.everything()).toBe(before);
    expect((await visit(`${page.url}${PATH}`, { method: 'HEAD' })).html).toBe('');
    expect((await accepted(page, PATH, { type: 'link' })).text).toContain('You are enrolled');
  });

  it('E3 is answered to a POST by a redirect, so that a reload repeats nothing', async () => {
    const page = await pageWorld({ types: ['hardware-token'] });
    const answer = await submit(page, PATH, { type: 'hardware-token', serial: 'GT-9999' });
    expect(answer.status).toBe(303);
    const location = `${page.url}${answer.headers.get('location')}`;
    expect(new URL(location).origin).toBe(page.url);
    const [first, again] = [await visit(location), await visit(location)];
    expect(again.html).toBe(first.html);
    expect((await page.entry())?.attempts).toBe(1);
  });

  it('E3 is good once: a replayed form enrolls nobody again, and whose button was pressed twice reads the good news twice', async () => {
    const page = await pageWorld({ types: ['hardware-token'] });
    const form = await visit(`${page.url}${PATH}`);
    const proof = /name="proof" value="([^"]*)"/.exec(form.html)?.[1] ?? '';
    const fields = { proof, type: 'hardware-token', serial: SERIAL };
    const answers = await Promise.all([post(page, PATH, fields), post(page, PATH, fields)]);
    const after = await page.everything();
    for (const answer of answers) expect((await visit(`${page.url}${answer.headers.get('location')}`)).text).toContain('You are enrolled');
    expect((await visit(`${page.url}${PATH}`)).text).toContain('You are enrolled');
    await post(page, PATH, { ...fields, serial: 'GT-0002' });
    expect(await page.everything()).toBe(after);
    expect(await page.entry()).toMatchObject({ state: { is: 'enrolled' }, serial: 'GT0001' });
    await page.clock.advance(DAY);
    expect((await visit(`${page.url}${PATH}`)).text).toContain('This link does not work');
  });

  it('E3 that never was is answered like one that works no more: the same page after the same reads, whatever its end', async () => {
    const reads: string[][] = [];
    const page = await pageWorld({
      around: (store) => ({
        ...store,
        get: (kind, key) => {
          reads.at(-1)?.push(kind);
          return store.get(kind, key);
        },
        scan: (kind, range) => store.scan(kind, range),
        count: (kind, prefix) => store.count(kind, prefix),
        rows: (log, query) => store.rows(log, query),
        transaction: (change) => store.transaction(change),
      }),
    });
    await accepted(page, PATH, { type: 'link' });
    await page.clock.advance(DAY);
    const seen = [];
    for (const secret of [LEE, secretOf('nobody')]) {
      reads.push([]);
      seen.push(await visit(`${page.url}/enroll/${secret}`));
    }
    expect(reads.at(-1)).toEqual(reads.at(-2));
    expect(reads.at(-1)?.length).toBeGreaterThan(0);
    const [used, never] = seen;
    expect(used?.status).toBe(410);
    expect(never?.status).toBe(410);
    const bare = (text: string | undefined, secret: string): string | undefined => text?.replaceAll(secret, '').replaceAll(/value="[^"]*"/g, '');
    expect(bare(never?.html, secretOf('nobody'))).toBe(bare(used?.html, LEE));
  });

  it.each([
    ['cut off', LEE.slice(0, 20)],
    ['one letter longer', `${LEE}x`],
    ['very long', 'a'.repeat(3_000)],
    ['a path', '..%2f..%2fetc%2fpasswd'],
    ['a null character', '%00'],
    ['a query', encodeURIComponent("'; DROP TABLE enrollment; --")],
    ['markup', encodeURIComponent('"><script>alert(1)</script>')],
    ['a picture', '%F0%9F%92%A9'],
  ])('E3 X4 that was cut off or made up (%s) is answered like an unknown one, and repeated nowhere', async (_, made) => {
    const page = await pageWorld();
    const seen = await visit(`${page.url}/enroll/${made}`);
    expect(seen.status).toBe(410);
    expect(seen.text).toContain('This link does not work');
    for (const text of [made, decodeURIComponent(made)]) expect(seen.html).not.toContain(text);
  });
});

describe('a hardware token', () => {
  it('E9 is taken by its serial, however it is typed', async () => {
    const page = await pageWorld({ types: ['hardware-token'] });
    const after = await accepted(page, PATH, { type: 'hardware-token', serial: ' gt 00–01 ' });
    expect(after.text).toContain('You are enrolled');
    expect(after.text).toContain('Keep your token');
    expect(await page.entry()).toMatchObject({ state: { is: 'enrolled' }, serial: 'GT0001', type: 'hardware-token' });
  });

  it('E9 that is not in the stock says so with the attempts that are left, and keeps what was typed', async () => {
    const page = await pageWorld({ types: ['hardware-token'], attempts: 3 });
    const after = await accepted(page, PATH, { type: 'hardware-token', serial: 'GT-9999"><b>' });
    expect(after.title).toMatch(/^Problem: /);
    expect(after.text).toContain('2 attempts are left');
    expect(after.html).toContain('value="GT-9999&quot;&gt;&lt;b&gt;"');
    expect(after.html).toContain('aria-invalid="true"');
    expect((await visit(`${page.url}${PATH}`)).text).toContain('2 attempts are left before your invitation is locked');
  });

  it('E2 E8 locks after so many wrong serials, and the right one does not open it any more', async () => {
    const page = await pageWorld({ types: ['hardware-token'], attempts: 3 });
    const form = await visit(`${page.url}${PATH}`);
    const proof = /name="proof" value="([^"]*)"/.exec(form.html)?.[1] ?? '';
    const texts: string[] = [];
    for (const serial of ['A1', 'A2', 'A3', SERIAL]) {
      const answer = await post(page, PATH, { proof, type: 'hardware-token', serial });
      texts.push((await visit(`${page.url}${answer.headers.get('location')}`)).text);
    }
    expect(texts[0]).toContain('2 attempts are left');
    expect(texts[1]).toContain('1 attempt is left');
    expect(texts[2]).toContain('Your invitation is locked');
    expect(texts[2]).toContain('Ask your admin at North School to re-issue your invitation');
    expect(await page.entry()).toMatchObject({ state: { is: 'locked' }, attempts: 3 });
  });

  it('E2 E8 X7 costs one attempt where its button was pressed twice, and the press that locks says so both times', async () => {
    const page = await pageWorld({ types: ['hardware-token'], attempts: 3 });
    const form = await visit(`${page.url}${PATH}`);
    const proof = /name="proof" value="([^"]*)"/.exec(form.html)?.[1] ?? '';
    const pressedTwice = async (typed: string, again = typed): Promise<readonly string[]> => {
      const answers = await Promise.all([typed, again].map((serial) => post(page, PATH, { proof, type: 'hardware-token', serial })));
      return Promise.all(answers.map(async ({ headers }) => (await visit(`${page.url}${headers.get('location')}`)).text));
    };
    for (const text of await pressedTwice('A1')) expect(text).toContain('2 attempts are left');
    for (const text of await pressedTwice('A2', ' a-2 ')) expect(text).toContain('1 attempt is left');
    expect(JSON.stringify(await page.entry())).not.toContain('A2');
    for (const text of await pressedTwice('A3')) expect(text).toContain('Your invitation is locked');
    expect(await page.entry()).toMatchObject({ state: { is: 'locked' }, attempts: 3 });
    // Once it may be re-issued, the link that a newer mail replaces says so.
    await page.clock.advance(MINUTE);
    expect((await visit(`${page.url}${PATH}`)).text).toContain('This link does not work');
  });

  it('E8 costs no attempt where nothing was typed, or what can be no serial', async () => {
    const page = await pageWorld({ types: ['hardware-token'] });
    expect((await accepted(page, PATH, { type: 'hardware-token', serial: ' - ' })).text).toContain('Type the serial number of your token');
    expect((await accepted(page, PATH, { type: 'hardware-token', serial: 'x'.repeat(900) })).text).toContain('too long for a serial number');
    expect((await page.entry())?.attempts).toBe(0);
  });

  it('E9 is a choice where the policy offers both ways, and only there', async () => {
    const both = await pageWorld({ types: ['link', 'hardware-token'] });
    const seen = await visit(`${both.url}${PATH}`);
    expect(seen.html.match(/<form/g)).toHaveLength(2);
    expect((await accepted(both, PATH, { type: 'link' })).text).toContain('You are enrolled');
    const token = await pageWorld({ types: ['hardware-token'] });
    expect((await submit(token, PATH, { type: 'link' })).status).toBe(400);
    expect(await token.entry()).toMatchObject({ state: { is: 'active' } });
  });
});

describe('without a seat', () => {
  it('E10 takes nothing, says “ask your admin”, and gives the seat to whoever tries again when one is free', async () => {
    const page = await pageWorld({ seats: 1, people: ['lee', 'kim'] });
    await accepted(page, `/enroll/${secretOf('kim')}`, { type: 'link' });
    const full = await accepted(page, PATH, { type: 'link' });
    expect(full.status).toBe(200);
    expect(full.text).toContain('No seat is free right now');
    expect(full.text).toContain('Ask your admin at North School');
    expect(full.text).toContain('Try again');
    expect(await page.entry()).toMatchObject({ state: { is: 'active' }, waitingSince: page.clock.now() });
    expect((await visit(`${page.url}${PATH}`)).text).toContain('No seat is free right now');
    await page.world.put('instance', 'i1', { id: 'i1', application: 'Zoom', name: 'Zoom', organizationId: 'csv:district', seats: { is: 'unlimited' } });
    expect((await accepted(page, PATH, { type: 'link' })).text).toContain('You are enrolled');
  });
});

describe('a link that lets nobody in', () => {
  it('E2 E5 tells the last day of an expired invitation in the zone where it ended, and works again once extended', async () => {
    const page = await pageWorld();
    await page.clock.advanceTo(STOP);
    const seen = await visit(`${page.url}${PATH}`);
    expect(seen.status).toBe(410);
    expect(seen.text).toContain('North School · Zoom Your invitation has expired');
    expect(seen.text).toContain('until the end of Thursday, 12 March 2026 (Central European Standard Time)');
    expect((await submit(page, PATH, { type: 'link' })).status).not.toBe(200);
    expect(await page.entry()).toMatchObject({ state: { is: 'active' } });
    const entry = await page.entry();
    if (entry !== undefined) await page.world.put('enrollment', enrollmentKey(entry.taskId, entry.personId), { ...entry, stop: STOP + DAY });
    expect((await accepted(page, PATH, { type: 'link' })).text).toContain('You are enrolled');
  });

  it('E5 says that an admin took the invitation back', async () => {
    const page = await pageWorld();
    const task = (await page.world.outside.store.get('task', 'T-1'))?.value;
    if (task !== undefined) await page.world.put('task', 'T-1', { ...task, state: { is: 'removed', at: page.clock.now(), by: 'U1' } });
    const seen = await visit(`${page.url}${PATH}`);
    expect([seen.status, seen.title]).toEqual([410, 'Your invitation was withdrawn · Enrollment']);
  });
});

describe('the language', () => {
  const spanish = 'Acepta tu invitación a Zoom';

  it('E3 is the person’s where the page speaks it, else the browser’s, else English; whoever chooses another one gets it', async () => {
    const lee = await pageWorld({ attributes: { locale: 'es-MX' } });
    expect((await visit(`${lee.url}${PATH}`, { headers: { 'accept-language': 'en' } })).text).toContain(spanish);
    expect((await visit(`${lee.url}${PATH}?lang=en`)).text).toContain('Accept your invitation to Zoom');
    const french = await pageWorld({ attributes: { locale: 'fr-FR' } });
    expect((await visit(`${french.url}${PATH}`, { headers: { 'accept-language': 'fr, es;q=0.8, en;q=0.5' } })).text).toContain(spanish);
    expect((await visit(`${french.url}${PATH}`, { headers: { 'accept-language': 'fr' } })).headers.get('content-language')).toBe('en');
    expect((await visit(`${french.url}${PATH}?lang=klingon&lang=es`)).status).toBe(200);
  });

  it('E3 E8 is the policy’s before the browser’s for whose profile names none, on the answer to the form too; not before the person’s or the chosen one', async () => {
    const english = { headers: { 'accept-language': 'en' } };
    const spoken = async (attributes: Readonly<Record<string, string>>) => {
      const page = await pageWorld({ attributes });
      await page.world.put('enrollmentPolicy', 'organization/csv:district', { ...DEFAULT_POLICY, language: 'es' });
      return page;
    };
    const nobodys = await spoken({});
    expect((await visit(`${nobodys.url}${PATH}`, english)).text).toContain(spanish);
    expect((await visit(`${nobodys.url}${PATH}?lang=en`)).text).toContain('Accept your invitation to Zoom');
    expect((await accepted(nobodys, PATH, { type: 'link' })).html).toContain('<html lang="es">');
    expect((await visit(`${nobodys.url}${PATH}`, english)).html).toContain('<html lang="es">');
    const french = await spoken({ locale: 'fr' });
    expect((await visit(`${french.url}${PATH}`, english)).text).toContain(spanish);
    const british = await spoken({ locale: 'en-GB' });
    expect((await visit(`${british.url}${PATH}`, { headers: { 'accept-language': 'es' } })).text).toContain('Accept your invitation to Zoom');
  });

  it('E3 stays through the form, on its answer, and can be changed there', async () => {
    const page = await pageWorld();
    const answer = await submit(page, `${PATH}?lang=es`, { type: 'link' });
    const after = await visit(`${page.url}${answer.headers.get('location')}`);
    expect(after.text).toContain('Ya tienes tu cuenta');
    expect(after.html).toContain('<html lang="es">');
    const english = /href="([^"]*lang=en[^"]*)"/.exec(after.html)?.[1]?.replaceAll('&amp;', '&');
    expect((await visit(`${page.url}${english}`)).text).toContain('You are enrolled');
  });
});
