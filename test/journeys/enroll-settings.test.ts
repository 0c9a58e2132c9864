import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accept } from '../../src/domain/enrollment/verbs/accept.ts';
import { put } from '../../src/domain/revise.ts';
import { type App, ANA, MIA, PROVISIONING, startApp } from '../app.ts';
import { filesBelow } from '../leaks.ts';
import { syncedTask } from './enrolling.ts';
import { assignTeachers, plant } from './planted.ts';
import { marked } from './sent-texts.ts';
import { reads, screen, shows } from './steps.ts';
import { becomes } from './two-schools.ts';

/** Zoom for the whole district, its enrollment still off, with so many seats. */
async function quiet(seats: number | null): Promise<App> {
  const app = await startApp({ people: 200, mail: true });
  const { instanceId, organizationId } = await plant(app, { connector: { listing: { at: 1, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } } });
  const total = seats === null ? ({ is: 'unlimited' } as const) : ({ is: 'set', total: seats, by: ANA, at: 1 } as const);
  const instance = { id: instanceId, application: 'Zoom', name: 'Zoom', organizationId, seats: total };
  await app.usher().outside.store.transaction({ puts: [put('instance', instanceId, instance)] });
  await assignTeachers(app);
  return app;
}

/** The secrets of the links that were mailed, oldest first. */
async function secretsIn({ mailbox }: App, count: number): Promise<readonly string[]> {
  const mails = await mailbox.until(`${count} mails`, (all) => all.length >= count && all);
  return mails.map(({ text }) => /\/enroll\/([\w-]{43})/.exec(text)?.[1] ?? '');
}

it('E8 E9 E10 E13 is off until it is switched on; imports the stock by a file, reserves from it, shows who waits for a seat, and activates who fits', async () => {
  const app = await quiet(2);
  const { ana, workspace, mailbox } = app;
  const { store } = app.usher().outside;

  // Quiet start: it says what will happen before it is switched on.
  await ana.say(PROVISIONING, '/usher enroll settings');
  await shows(workspace, ana, '○ off');
  await ana.press('enroll.settings');
  await shows(workspace, ana, 'Nobody is e-mailed');
  await ana.press('enroll.on');
  await shows(workspace, ana, 'is e-mailed a link and must enroll');
  expect(screen(ana)).toContain('No accounts are there yet.');
  await ana.submit({ arriveAs: 'invited', testAddress: 'nobody' });
  await ana.submit({ arriveAs: 'invited', testAddress: null });
  await shows(workspace, ana, '● on, accounts arrive invited');
  await ana.dismiss(true);

  // How people enroll, by words and by form.
  await ana.say(PROVISIONING, '/usher enroll policy Zoom days=14 types=hardware-token');
  await reads(workspace, ana, PROVISIONING, '14 days');
  await ana.say(PROVISIONING, '/usher enroll policy Zoom');
  await shows(workspace, ana, 'It is set here.');
  await ana.submit({ days: 0 });
  await ana.submit({ days: 14, attempts: 3 });
  await shows(workspace, ana, 'locked after 3 wrong serials');
  expect(screen(ana)).not.toContain('without a language');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher enroll policy Zoom');
  await shows(workspace, ana, 'Language of people without one');
  await ana.submit({ language: 'es' });
  await shows(workspace, ana, 'Español for people without a language');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher enroll settings Zoom');
  await shows(workspace, ana, 'Español for people without a language');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher enroll policy Zoom language=klingon');
  await reads(workspace, ana, PROVISIONING, 'no language that Usher writes');
  await ana.say(PROVISIONING, '/usher enroll policy Zoom days=13 language=none');
  await reads(workspace, ana, PROVISIONING, '13 days · locked after 3 wrong serials · reminders at half time and one day before · hardware token.');

  // The stock, from a file that she chooses in Slack.
  await ana.say(PROVISIONING, '/usher enroll import "Riverside District"');
  await shows(workspace, ana, 'CSV file');
  const serials = Array.from({ length: 5 }, (_, at) => `1000-${at}`);
  await ana.choose('file', { name: '<https://evil.example|click>.csv', content: `\uFEFFserial,batch\r\n${serials.join(',7\r\n')},7\r\n1000-0,7\r\n,7\r\n` });
  await ana.submit();
  await shows(workspace, ana, '5 added, 1 already there, 1 invalid');
  expect(screen(ana)).toContain('line 8: no serial');
  expect(screen(ana)).toContain('Columns left aside: batch');
  await ana.press('enroll.stock-log');
  const log = await workspace.until((world) =>
    world
      .files()
      .find(({ name }) => name.includes('stock-import'))
      ?.bytes?.toString(),
  );
  expect(log).toContain('7,10000,already there,');
  await workspace.until((world) => world.messages(ana.directChannel()).at(-1)?.files.length === 1, 'the file in her direct messages');
  expect(marked(workspace)).toContain('Import of &lt;https://evil.example|click&gt;.csv: 7 lines.');
  await ana.dismiss(true);

  // The sync makes a task; its tokens are promised as far as the stock goes.
  const people = await syncedTask({ app });
  await ana.say(PROVISIONING, '/usher enroll stock');
  await shows(workspace, ana, `${Math.max(0, 5 - people)} available · ${Math.min(5, people)} reserved · 0 used`);
  await ana.dismiss(true);

  // Two seats, four accept.
  const secrets = await secretsIn(app, people);
  const answers: string[] = [];
  for (const [index, secret] of secrets.slice(0, 4).entries())
    answers.push((await accept(app.usher().outside, secret, { type: 'hardware-token', serial: `1000-${index}` })).is);
  expect(answers).toEqual(['enrolled', 'enrolled', 'no-seat', 'no-seat']);
  await ana.say(PROVISIONING, '/usher enroll waiting');
  await shows(workspace, ana, '2 people wait');
  await ana.press('enroll.waiting');
  await shows(workspace, ana, '2 of 2 seats taken, 0 free');
  expect(screen(ana)).not.toContain('enroll.activate-all');
  await ana.press('enroll.activate');
  await shows(workspace, ana, '1 person skipped: no seat is free');

  // *Add seats…* leads to the setting that there is.
  await ana.press('connectors.step');
  await shows(workspace, ana, 'Seats');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher connectors seats Zoom total=3');
  await reads(workspace, ana, PROVISIONING, '3 seats');
  await ana.say(PROVISIONING, '/usher enroll waiting Zoom');
  await shows(workspace, ana, 'Activate the first 1');
  await ana.press('enroll.activate-all');
  await shows(workspace, ana, '1 person got a seat.');
  expect(screen(ana)).toContain('1 person waits');
  await expect.poll(async () => (await app.target.users({})).users.filter(({ active }) => active).length, { timeout: 60_000 }).toBe(3);

  // The other one: by words; there is no seat left, and it says so.
  await ana.say(PROVISIONING, '/usher enroll activate Zoom waiting=all');
  await reads(workspace, ana, PROVISIONING, '0 people got a seat');
  expect((await store.get('stock', 'district:riverside'))?.value ?? (await store.scan('stock')[Symbol.asyncIterator]().next()).value?.[0]?.value).toMatchObject(
    { used: 2 },
  );
  await ana.say(PROVISIONING, '/usher enroll off Zoom');
  await shows(workspace, ana, 'links that were sent keep working');
  await ana.submit();
  await shows(workspace, ana, '○ off');
  expect(mailbox.mails().length).toBe(people);
  expect(workspace.failures).toEqual([]);
});

it('E13 E8 R3 X1 prints slips for people without e-mail: confirmed, to the asker alone, in their language or the policy’s, their links nowhere else', async () => {
  const app = await quiet(null);
  const { ana, workspace } = app;
  const { store } = app.usher().outside;
  await ana.say(PROVISIONING, '/usher enroll on Zoom test=it-test@riverside.example');
  await shows(workspace, ana, '"initial_value":"it-test@riverside.example"');
  await ana.submit({});
  await shows(workspace, ana, 'Test mode');
  await ana.dismiss(true);
  const people = await syncedTask({ app });
  // Test mode: every mail goes to one address.
  await secretsIn(app, people);
  expect(new Set(app.mailbox.mails().flatMap(({ to }) => to))).toEqual(new Set(['it-test@riverside.example']));
  await ana.say(PROVISIONING, '/usher enroll print 1');
  await shows(workspace, ana, 'has an e-mail address');

  const ids: string[] = [];
  for await (const page of store.scan('enrollment')) ids.push(...page.map(({ value }) => value.personId));
  for (const id of ids.slice(0, 3)) {
    const person = (await store.get('person', id))?.value;
    if (person === undefined) throw new Error(id);
    const { email: _none, ...attributes } = person.attributes;
    await store.transaction({ puts: [put('person', id, { ...person, attributes: { ...attributes, displayName: `<b>${person.sourceId}</b>` } })] });
  }
  const [british] = ids;
  const person = british === undefined ? undefined : (await store.get('person', british))?.value;
  if (person === undefined) throw new Error('nobody is in the task');
  await store.transaction({ puts: [put('person', person.id, { ...person, attributes: { ...person.attributes, locale: 'en-GB' } })] });
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher enroll policy for=everybody language=es');
  await reads(workspace, ana, PROVISIONING, 'Español for people without a language');
  await ana.say(PROVISIONING, '/usher enroll print 1');
  await shows(workspace, ana, '3 people');
  expect(screen(ana)).toContain('links that let people in');
  await ana.submit();
  await shows(workspace, ana, '3 slips sent to you');
  const file = await workspace.until((world) => world.files().find(({ name }) => name === 'usher-task-1-slips.html'));
  expect([...file.channelIds]).toEqual([ana.directChannel()]);
  const html = file.bytes?.toString() ?? '';
  const secrets = [...html.matchAll(/\/enroll\/([\w-]{43})/g)].map(([, secret = '']) => secret);
  expect(secrets).toHaveLength(3);
  expect(html.match(/<svg/g)).toHaveLength(3);
  expect([html.match(/Escanea el código/g)?.length, html.match(/Scan the code/g)?.length]).toEqual([2, 1]);
  expect(html).toContain('&lt;b&gt;');
  expect(html).not.toContain('<b>');
  // They work, and stand in no file of Usher's.
  expect(await accept(app.usher().outside, secrets[0] ?? '', { type: 'link', serial: null })).toEqual({ is: 'enrolled' });
  const kept = await filesBelow(join(app.folder, 'store'));
  expect(kept.filter(({ text }) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
  const audited: string[] = [];
  for await (const page of store.rows('audit', { order: 'oldest', match: { action: 'enrollment.print' } })) audited.push(...page.map(({ row }) => row.summary));
  expect(audited).toEqual(['prints the links of 3 people of task 1']);
  // Whoever may only see tasks prints none.
  await becomes(app, MIA, 'viewer', null);
  const mia = workspace.as(MIA);
  await mia.say(PROVISIONING, '/usher enroll print 1');
  await reads(workspace, mia, PROVISIONING, 'print the links of task 1');
  expect(workspace.files().filter(({ name }) => name.endsWith('.html'))).toHaveLength(1);
  expect(workspace.failures).toEqual([]);
});

it('E3 edits a mail’s text: previews it on somebody, refuses one without a link under its field, saves, and goes back to the built-in one', async () => {
  const app = await startApp({ people: 200, mail: true });
  const { ana, workspace } = app;
  await ana.say(PROVISIONING, '/usher enroll letters');
  await shows(workspace, ana, 'Invitation · English');
  await ana.press('enroll.letter');
  await shows(workspace, ana, '{{link}}');
  await ana.submit({ subject: 'Welcome, {{name}}', body: 'No way in.' });
  expect(ana.modal()?.errors.body).toContain('{{link}}');
  await ana.press('enroll.letter-preview');
  await shows(workspace, ana, 'nobody could enroll');
  await ana.dismiss();
  await ana.submit({ subject: 'Welcome, {{name}}', body: 'Come in:\n\n{{link}}' });
  await shows(workspace, ana, 'Welcome, {{name}}');
  await ana.press('enroll.letter');
  await shows(workspace, ana, 'Built-in text');
  await ana.press('enroll.letter-preview');
  await shows(workspace, ana, 'Welcome, Lee Okafor');
  expect(screen(ana)).toContain('Nothing was sent');
  await ana.dismiss();
  await ana.press('enroll.letter-reset');
  await shows(workspace, ana, 'Your {{application}} account');
  await ana.dismiss(true);
  // Mia holds no role: she sees none of it.
  const mia = workspace.as(MIA);
  for (const verb of ['settings', 'stock', 'waiting', 'letters', 'policy for=everybody', 'import']) await mia.say(PROVISIONING, `/usher enroll ${verb}`);
  await workspace.until(() => mia.messages(PROVISIONING).filter(({ ephemeralFor }) => ephemeralFor === mia.id).length >= 6);
  expect(mia.modal()).toBeUndefined();
  expect(app.mailbox.mails()).toEqual([]);
  expect(workspace.failures).toEqual([]);
});
