import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSecrets } from '../../../src/adapters/system/secrets.ts';
import { isRehearsed, sealedFor } from '../../../src/domain/connectors/settings.ts';
import { saveDraft } from '../../../src/domain/connectors/verbs/configure.ts';
import { performRehearsal, startRehearsal } from '../../../src/domain/connectors/verbs/rehearse.ts';
import { lookAtSecrets, rotateSecrets } from '../../../src/domain/connectors/verbs/rotate-secrets.ts';
import { saveSecret } from '../../../src/domain/connectors/verbs/secret.ts';
import { activate } from '../../../src/domain/connectors/verbs/states.ts';
import { executeRun } from '../../../src/domain/sync/verbs/execute.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { type Admin, createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { refusalOf } from '../refused.ts';
import { actor, ANA, type ConnectorsWorld, connectorsWorld, patiently, TEST_EMAIL, TOKEN } from './connectors-world.ts';

let target: ScimTarget;
let admin: Admin;
beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());

const K1 = { id: 'k1', key: Buffer.alloc(32, 'k') };
const K2 = { id: 'k2', key: Buffer.alloc(32, 'n') };
const keys = (key: typeof K1, olderKeys: readonly (typeof K1)[] = []) => createSecrets({ key, olderKeys, references: [], environment: {}, folder: null });

/** The world as it is after a restart with other keys. */
const withKeys = (world: ConnectorsWorld, ...of: Parameters<typeof keys>) => ({ ...world.outside, secrets: keys(...of) });

async function typedZoom(world: ConnectorsWorld): Promise<void> {
  await world.configured();
  await saveSecret(world.outside, ANA, 'zoom', { token: TOKEN });
  await world.rehearse();
  await activate(world.outside, ANA, 'zoom');
}

async function syncs(outside: ReturnType<typeof withKeys>, world: ConnectorsWorld): Promise<unknown> {
  const { id } = await startSync(outside, ANA, { connectorId: 'zoom' });
  await patiently(world.clock, executeRun(outside, id));
  return (await outside.store.get('run', id))?.value.state;
}

it('X6 rotates: every stored secret is sealed with the present key, and the old key may go: the connector still syncs', async () => {
  const world = await connectorsWorld({ target, admin });
  await typedZoom(world);
  const during = withKeys(world, K2, [K1]);
  expect(await rotateSecrets(during, ANA)).toEqual({ keyId: 'k2', resealed: 1, current: 0, unopened: [] });
  expect((await world.connector()).inForce?.secret).toMatchObject({ is: 'sealed', box: expect.stringMatching(/^v1\.k2\./) });
  const after = withKeys(world, K2);
  expect(await lookAtSecrets(after)).toEqual({ current: 1, older: new Map(), unopened: [] });
  expect(await syncs(after, world)).toMatchObject({ is: 'ended', result: 'success' });
  expect(await syncs(withKeys(world, K1), world)).toMatchObject({ is: 'ended', result: 'failure' });
});

it('X6 X2 is audited with the keys’ names and without the secret, and changes nothing the second time', async () => {
  const world = await connectorsWorld({ target, admin });
  await typedZoom(world);
  const during = withKeys(world, K2, [K1]);
  await rotateSecrets(during, { ...ANA, userId: 'host:root', way: 'command-line' });
  const rows = (await world.rows('audit')).filter(({ action }) => action === 'secrets.rotate');
  expect(rows).toMatchObject([
    { by: 'host:root', way: 'command-line', summary: 'sealed the secret of Zoom with the key k2', before: { key: 'k1' }, after: { key: 'k2' } },
  ]);
  expect(await rotateSecrets(during, ANA)).toEqual({ keyId: 'k2', resealed: 0, current: 1, unopened: [] });
  expect((await world.rows('audit')).filter(({ action }) => action === 'secrets.rotate')).toHaveLength(1);
  expect(`${await world.onDisk()}${JSON.stringify(world.logged)}`).not.toContain(TOKEN);
});

it('X6 C8 rotates a draft too, and what was rehearsed stays rehearsed: it is the same secret', async () => {
  const world = await connectorsWorld({ target, admin });
  await world.configured();
  await saveSecret(world.outside, ANA, 'zoom', { token: TOKEN });
  await world.rehearse();
  const during = withKeys(world, K2, [K1]);
  expect(await rotateSecrets(during, ANA)).toMatchObject({ resealed: 1 });
  expect(isRehearsed(await world.connector(), (text) => world.outside.fingerprint.of(text))).toBe(true);
  expect(await activate(during, ANA, 'zoom')).toMatchObject({ state: { is: 'active' } });
});

it('X6 does not stand in the way of a rehearsal that runs meanwhile', async () => {
  const world = await connectorsWorld({ target, admin });
  await world.configured();
  await saveSecret(world.outside, ANA, 'zoom', { token: TOKEN });
  const during = withKeys(world, K2, [K1]);
  await startRehearsal(during, ANA, 'zoom', { is: 'person', userId: ANA.userId });
  await rotateSecrets(during, ANA);
  await patiently(world.clock, performRehearsal(during, 'zoom'));
  expect((await world.connector()).rehearsal?.verdict).toBe('passed');
});

it('X6 loses nothing that is changed at the same time', async () => {
  const world = await connectorsWorld({ target, admin });
  await typedZoom(world);
  const during = withKeys(world, K2, [K1]);
  await Promise.all([
    rotateSecrets(during, ANA),
    saveDraft(during, ANA, 'zoom', { testEmail: TEST_EMAIL, manageGroups: true }),
    saveSecret(during, ANA, 'zoom', { token: 'a-new-token' }),
  ]);
  const connector = await world.connector();
  expect(connector.draft).toMatchObject({ manageGroups: true, testEmail: TEST_EMAIL });
  const { secret } = connector.draft ?? {};
  if (secret === undefined) throw new Error('the draft lost its secret');
  expect(await keys(K2).reveal(secret, sealedFor('zoom', world.host), world.host)).toBe('a-new-token');
  expect(connector.inForce?.secret).toMatchObject({ box: expect.stringMatching(/^v1\.k2\./) });
});

it('X6 names the boxes that no configured key opens, and leaves them as they are', async () => {
  const world = await connectorsWorld({ target, admin });
  await typedZoom(world);
  const before = (await world.connector()).inForce?.secret;
  const without = withKeys(world, K2);
  const problem = 'The stored token was sealed with the key “k1”, which is not configured. Add it to USHER_SECRET_OLD_KEYS, or enter the token again.';
  expect((await lookAtSecrets(without)).unopened).toEqual([{ connectorId: 'zoom', name: 'Zoom', which: 'in force', problem }]);
  expect(await rotateSecrets(without, ANA)).toMatchObject({ resealed: 0, unopened: [{ connectorId: 'zoom' }] });
  expect((await world.connector()).inForce?.secret).toEqual(before);
});

it('X1 X6 only a global admin rotates', async () => {
  const world = await connectorsWorld({ target, admin });
  expect(await refusalOf(rotateSecrets(world.outside, actor('admin', 'district', 'U0SAM')))).toMatchObject({ is: 'not-allowed', action: 'rotate secrets' });
});

it('X2 C6 audits which settings an edit changed, before and after, and of a secret only its kind', async () => {
  const world = await connectorsWorld({ target, admin });
  await typedZoom(world);
  await saveDraft(world.outside, ANA, 'zoom', { testEmail: TEST_EMAIL, manageGroups: true });
  await saveSecret(world.outside, ANA, 'zoom', { token: TOKEN });
  await world.rehearse();
  const rows = (await world.rows('audit')).slice(-4).map(({ action, before, after }) => ({ action, before, after }));
  expect(rows).toEqual([
    { action: 'connectors.configure', before: { manageGroups: 'false' }, after: { testEmail: TEST_EMAIL, manageGroups: 'true' } },
    { action: 'connectors.secret', before: {}, after: { secret: 'typed token' } },
    { action: 'connectors.rehearse', before: null, after: null },
    { action: 'connectors.rehearsed', before: { manageGroups: 'false' }, after: { manageGroups: 'true', secret: 'typed token, another one' } },
  ]);
});
