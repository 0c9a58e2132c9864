import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLEARED } from '../approvals/cleared.ts';
import { assign } from '../../../src/domain/assignments/verbs/assign.ts';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import { draftOf } from '../../../src/domain/connectors/settings.ts';
import { revertDraft, saveDraft, saveOperating } from '../../../src/domain/connectors/verbs/configure.ts';
import { createConnector } from '../../../src/domain/connectors/verbs/create.ts';
import { startRehearsal } from '../../../src/domain/connectors/verbs/rehearse.ts';
import { referencesFor, saveSecret } from '../../../src/domain/connectors/verbs/secret.ts';
import { activate } from '../../../src/domain/connectors/verbs/states.ts';
import { type Admin, createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { refusalOf } from '../refused.ts';
import { actor, ANA, connectorsWorld, person, REFERENCE, TEST_EMAIL, TOKEN } from './connectors-world.ts';

let target: ScimTarget;
let admin: Admin;
beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());

const TYPED = 'typed-token-nobody-may-see';
const start = () => connectorsWorld({ target, admin });

it('C17 creates a draft from the custom SCIM entry, which grants nobody anything', async () => {
  const world = await start();
  const made = await world.created();
  expect(made).toMatchObject({ id: 'zoom', state: { is: 'draft' }, inForce: null, organizationId: 'district' });
  expect(await world.all('assignment')).toEqual([]);
  expect(await world.all('instance')).toMatchObject([{ application: 'Zoom', seats: { is: 'unlimited' } }]);
  expect((await world.rows('audit')).map(({ action, by }) => [action, by])).toEqual([['connectors.create', 'U0ANA']]);
});

it('refuses a name that another connector has, case ignored, an empty one, and an organization that is gone', async () => {
  const world = await start();
  await world.created('Zoom');
  const wanted = { application: '', entryId: 'custom-scim', organizationId: 'district' };
  expect(await refusalOf(createConnector(world.outside, ANA, { ...wanted, name: ' zoom ' }))).toMatchObject({ is: 'name-taken' });
  expect(await refusalOf(createConnector(world.outside, ANA, { ...wanted, name: ' ' }))).toMatchObject({ field: 'name' });
  expect(await refusalOf(createConnector(world.outside, ANA, { ...wanted, name: 'Box', organizationId: 'nowhere' }))).toMatchObject({ is: 'bad-input' });
  expect((await createConnector(world.outside, ANA, { ...wanted, name: '漢字' })).id).toBe('connector');
});

it('C5 refuses to assign a connector that was never configured, with the button that does it', async () => {
  const world = await start();
  await world.groupings({ teachers: 'north' });
  await world.people([person('ann', 'north', ['teachers'])]);
  const wanted = { connectorId: 'zoom', groupingIds: ['teachers'], why: null };
  await world.configured();
  expect(await refusalOf(assign(world.outside, ANA, wanted, CLEARED))).toEqual({ is: 'not-configured', connectorId: 'zoom', connector: 'Zoom' });
});

it('C6 keeps each step of the modal in the store, so that it can be left and resumed after a restart', async () => {
  const world = await start();
  await world.created();
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: target.url, testEmail: TEST_EMAIL });
  await world.restart();
  await saveDraft(world.outside, ANA, 'zoom', { manageGroups: true, leavers: { are: 'deleted', afterDays: 14 }, tierAttribute: 'userType' });
  expect(draftOf(await world.connector())).toMatchObject({
    baseUrl: target.url,
    testEmail: TEST_EMAIL,
    manageGroups: true,
    leavers: { are: 'deleted', afterDays: 14 },
    tierAttribute: 'userType',
    matching: 'userName',
  });
});

it.each([
  ['baseUrl', { baseUrl: 'example' }],
  ['baseUrl', { baseUrl: 'http://api.example.com/scim' }],
  ['baseUrl', { baseUrl: 'https://user:password@api.example.com/scim' }],
  ['baseUrl', { baseUrl: 'https://api.example.com/scim?tenant=1' }],
  ['baseUrl', { baseUrl: 'https://127.0.0.1/scim' }],
  ['baseUrl', { baseUrl: 'https://[fe80::1]/scim' }],
  ['testEmail', { testEmail: 'nobody' }],
  ['testEmail', { testEmail: 'a@b<script>.example' }],
  ['matching', { matching: 'shoeSize' }],
  ['afterDays', { leavers: { are: 'deleted', afterDays: 0 } }],
  ['afterDays', { leavers: { are: 'deleted', afterDays: 2.5 } }],
  ['afterDays', { leavers: { are: 'deleted', afterDays: Number.NaN } }],
  ['tier', { tierAttribute: 'a b' }],
] as const)('C6 X5 refuses a bad %s under its own field and changes nothing: %j', async (field, part) => {
  const world = await start();
  const before = await world.created();
  expect(await refusalOf(saveDraft(world.outside, ANA, 'zoom', part))).toMatchObject({ is: 'bad-input', field });
  expect(await world.connector()).toEqual(before);
});

it('C6 takes the address as it is meant: host in lower case, without the slash at the end', async () => {
  const world = await start();
  await world.created();
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: ` ${target.url.replace('http', 'HTTP')}/ ` });
  expect((await world.connector()).draft?.baseUrl).toBe(target.url);
});

it('C6 does not let a slow name server hold the form: the address is checked again when it is used', async () => {
  const world = await start();
  await world.created();
  const outside = { ...world.outside, targets: { ...world.outside.targets, objection: () => new Promise<null>(() => undefined) } };
  const saving = saveDraft(outside, ANA, 'zoom', { baseUrl: 'https://other.example/scim' });
  await world.clock.waited();
  await world.clock.advance(1_000);
  expect((await saving).draft?.baseUrl).toBe('https://other.example/scim');
});

it('C6 a new host always needs a global admin and a new secret; another path of the same host needs neither', async () => {
  const world = await start();
  await world.configured();
  const owner = actor('admin', 'district', 'U0SAM');
  expect(await refusalOf(saveDraft(world.outside, owner, 'zoom', { baseUrl: 'https://other.example/scim' }))).toMatchObject({
    is: 'not-allowed',
    ask: ['U0ANA'],
  });
  await saveDraft(world.outside, owner, 'zoom', { baseUrl: `${target.url}/tenant` });
  expect((await world.connector()).draft?.secret).toEqual({ is: 'reference', name: REFERENCE });
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: 'https://other.example/scim' });
  expect((await world.connector()).draft?.secret).toBeUndefined();
});

it('C6 offers and takes only references that the configuration binds to the host', async () => {
  const world = await start();
  await world.configured();
  expect(referencesFor(world.outside, draftOf(await world.connector()))).toEqual([REFERENCE]);
  expect(await refusalOf(saveSecret(world.outside, ANA, 'zoom', { reference: 'env:USHER_SECRET_OTHER' }))).toMatchObject({
    field: 'reference',
    problem: `This reference may not be sent to ${world.host}.`,
  });
  expect(await refusalOf(saveSecret(world.outside, ANA, 'zoom', { reference: 'env:HOME' }))).toMatchObject({
    problem: 'The configuration has no such reference.',
  });
});

it('C6 does not send a reference to another port of the host it is bound to', async () => {
  const world = await start();
  await world.created();
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: 'https://other.example:8443/scim' }).catch(() => undefined);
  expect(referencesFor(world.outside, { baseUrl: 'https://other.example:8443/scim' })).toEqual([]);
  expect(referencesFor(world.outside, { baseUrl: 'https://other.example/scim' })).toEqual(['env:USHER_SECRET_OTHER']);
});

it('C6 X6 seals a typed token before anything: it stands in clear neither in the store, nor in the audit, nor in the log', async () => {
  const world = await start();
  await world.created();
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: target.url, testEmail: TEST_EMAIL });
  await saveSecret(world.outside, ANA, 'zoom', { token: `  ${TYPED}\n` });
  expect((await world.connector()).draft?.secret).toMatchObject({ is: 'sealed' });
  await world.rehearse();
  const everything = [await world.onDisk(), JSON.stringify(await world.rows('audit')), JSON.stringify(world.logged)].join('\n');
  expect(everything).toContain('gave the secret of Zoom (typed)');
  for (const form of [TYPED, Buffer.from(TYPED).toString('base64'), Buffer.from(TYPED).toString('hex')]) expect(everything).not.toContain(form);
});

it('C6 a sealed token opens for its own connector and host only', async () => {
  const world = await start();
  await world.created('Zoom');
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: target.url });
  const { draft } = await saveSecret(world.outside, ANA, 'zoom', { token: TYPED });
  const secret = draft?.secret ?? { is: 'erased' as const };
  const { secrets } = world.outside;
  expect(await secrets.reveal(secret, `zoom ${world.host}`, world.host)).toBe(TYPED);
  await expect(secrets.reveal(secret, `box ${world.host}`, world.host)).rejects.toThrow('does not open');
  await expect(secrets.reveal(secret, 'zoom other.example', 'other.example')).rejects.toThrow('does not open');
});

it('C6 refuses what can’t be a token, and a secret before there is a host', async () => {
  const world = await start();
  await world.created();
  expect(await refusalOf(saveSecret(world.outside, ANA, 'zoom', { token: 'x' }))).toMatchObject({ field: 'token', problem: 'The base URL comes first.' });
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: target.url });
  for (const token of ['', 'two words', 'line\nbreak', 'ünicode', 'x'.repeat(4_001)])
    expect(await refusalOf(saveSecret(world.outside, ANA, 'zoom', { token }))).toMatchObject({ field: 'token' });
});

it('X1 C6 only a global admin gives a secret; the reference that is in use is no new one', async () => {
  const world = await start();
  await world.configured();
  const owner = actor('admin', 'district', 'U0SAM');
  expect(await refusalOf(saveSecret(world.outside, owner, 'zoom', { token: TYPED }))).toMatchObject({ is: 'not-allowed', organization: null, ask: ['U0ANA'] });
  await saveSecret(world.outside, owner, 'zoom', { reference: REFERENCE });
  expect((await world.connector()).draft?.secret).toEqual({ is: 'reference', name: REFERENCE });
});

it('C6 never gives a secret to a host that was put in its place meanwhile', async () => {
  const world = await start();
  await world.configured();
  // The verb read the connector; before it writes, the host is another.
  const outside = world.outside;
  const racing = {
    ...outside,
    store: {
      ...outside.store,
      get: outside.store.get.bind(outside.store),
      scan: outside.store.scan.bind(outside.store),
      count: outside.store.count.bind(outside.store),
      rows: outside.store.rows.bind(outside.store),
      async transaction(change: Parameters<typeof outside.store.transaction>[0]) {
        await saveDraft(outside, ANA, 'zoom', { baseUrl: 'https://other.example/scim' });
        return outside.store.transaction(change);
      },
    },
  };
  expect(await refusalOf(saveSecret(racing, ANA, 'zoom', { token: TYPED }))).toMatchObject({ is: 'changed-meanwhile' });
  expect((await world.connector()).draft).toMatchObject({ baseUrl: 'https://other.example/scim' });
  expect((await world.connector()).draft?.secret).toBeUndefined();
});

it('C9 edits of an active connector begin with what is in force, ask for the test address again, and for a typed token', async () => {
  const world = await start();
  await world.activated();
  const inForce = (await world.connector()).inForce;
  expect(draftOf(await world.connector())).toMatchObject({ baseUrl: target.url, secret: { is: 'reference' } });
  expect(draftOf(await world.connector()).testEmail).toBeUndefined();
  await saveDraft(world.outside, ANA, 'zoom', { manageGroups: true });
  expect(await refusalOf(startRehearsal(world.outside, ANA, 'zoom', { is: 'person', userId: 'U0ANA' }))).toMatchObject({
    problem: 'The rehearsal still needs a test e-mail address.',
  });
  expect((await world.connector()).inForce).toEqual(inForce);
});

it('C9 a typed token is asked for again when an active connector is edited', async () => {
  const world = await start();
  await world.configured();
  await saveSecret(world.outside, ANA, 'zoom', { token: TOKEN });
  await world.rehearse();
  await activate(world.outside, ANA, 'zoom');
  await saveDraft(world.outside, ANA, 'zoom', { testEmail: TEST_EMAIL, manageGroups: true });
  expect(await refusalOf(startRehearsal(world.outside, ANA, 'zoom', { is: 'person', userId: 'U0ANA' }))).toMatchObject({
    problem: 'The rehearsal still needs a secret.',
  });
});

it('C9 Revert discards the edits; what is in force stays, and a draft connector starts again from its mapping', async () => {
  const world = await start();
  await world.activated();
  const { inForce } = await world.connector();
  await saveDraft(world.outside, ANA, 'zoom', { manageGroups: true });
  await revertDraft(world.outside, ANA, 'zoom');
  expect(await world.connector()).toMatchObject({ inForce, draft: null, rehearsal: { verdict: 'passed' } });
  await world.configured('Box');
  await revertDraft(world.outside, ANA, 'box');
  expect((await world.connector('box')).draft).toEqual({ mapping: defaultMapping() });
});

it('C9 refuses another address of a connected connector: that is another tenant, so disconnect first', async () => {
  const world = await start();
  await world.activated();
  for (const baseUrl of ['https://other.example/scim', `${target.url}/tenant`])
    expect(await refusalOf(saveDraft(world.outside, ANA, 'zoom', { baseUrl }))).toMatchObject({
      field: 'baseUrl',
      remedy: expect.stringContaining('Disconnect'),
    });
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: target.url });
});

it('C9 schedule, rate and thresholds take effect at once, and are audited with before and after', async () => {
  const world = await start();
  await world.activated();
  await saveOperating(world.outside, actor('admin', 'district', 'U0SAM'), 'zoom', { requestsPerSecond: 5, fuse: { people: 1, percent: 2, absolute: 3 } });
  expect(await world.connector()).toMatchObject({ operating: { requestsPerSecond: 5, fuse: { people: 1 } }, draft: null });
  const row = (await world.rows('audit')).at(-1);
  expect(row).toMatchObject({ action: 'connectors.operate', by: 'U0SAM', before: { requestsPerSecond: 'null' }, after: { requestsPerSecond: '5' } });
  await saveOperating(world.outside, ANA, 'zoom', { requestsPerSecond: 5 });
  expect((await world.rows('audit')).at(-1)).toEqual(row);
});

it.each([
  ['rate', { requestsPerSecond: 0 }],
  ['rate', { requestsPerSecond: Number.NaN }],
  ['concurrency', { concurrency: 1.5 }],
  ['concurrency', { concurrency: 129 }],
  ['fuse', { fuse: { people: -1, percent: 5, absolute: 50 } }],
  ['fuse', { fuse: { people: 1, percent: 101, absolute: 50 } }],
] as const)('C9 refuses a bad %s under its own field: %j', async (field, part) => {
  const world = await start();
  await world.created();
  expect(await refusalOf(saveOperating(world.outside, ANA, 'zoom', part))).toMatchObject({ is: 'bad-input', field });
});

it('C10 keeps a changed mapping in the draft, and refuses to leave a required attribute out', async () => {
  const world = await start();
  await world.activated();
  const without = (attribute: string) =>
    defaultMapping().map((rule) => (rule.attribute === attribute ? { attribute, from: { is: 'excluded' as const } } : rule));
  await saveDraft(world.outside, ANA, 'zoom', { mapping: without('title') });
  const now = await world.connector();
  expect(now.draft?.mapping?.find(({ attribute }) => attribute === 'title')).toMatchObject({ from: { is: 'excluded' } });
  expect(now.inForce?.mapping?.find(({ attribute }) => attribute === 'title')).toMatchObject({ from: { is: 'attribute' } });
  expect(await refusalOf(saveDraft(world.outside, ANA, 'zoom', { mapping: without('userName') }))).toMatchObject({
    problem: expect.stringContaining('User name'),
  });
});
