import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { performRehearsal, startRehearsal } from '../../../src/domain/connectors/verbs/rehearse.ts';
import { saveDraft } from '../../../src/domain/connectors/verbs/configure.ts';
import { saveSecret } from '../../../src/domain/connectors/verbs/secret.ts';
import type { Connector } from '../../../src/domain/connectors/connector.ts';
import { createSecrets } from '../../../src/adapters/system/secrets.ts';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { type Admin, createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { refusalOf } from '../refused.ts';
import { actor, ANA, type ConnectorsWorld, connectorsWorld, patiently, REFERENCE, TEST_EMAIL, TOKEN } from './connectors-world.ts';

const TYPED = 'typed-token-of-another-connector';

let target: ScimTarget;
let admin: Admin;
/** The editor's own host, and every Authorization that reached it. */
let thief: Server;
let thiefUrl: string;
const caught: string[] = [];
beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
  thief = createServer((request, response) => {
    caught.push(request.headers.authorization ?? '');
    response.writeHead(404, { 'content-type': 'application/scim+json' }).end('{}');
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const address = thief.address();
  thiefUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(async () => {
  thief.closeAllConnections();
  await new Promise((resolve) => thief.close(resolve));
  await target.close();
});
beforeEach(() => void caught.splice(0));

/** Zoom with a typed token, and Box, which the editor has pointed at a host of their own: even that takes a global admin. */
async function world() {
  const of = await connectorsWorld({ target, admin });
  const targets = createTargets({ allow: [of.host, new URL(thiefUrl).host], clock: of.clock });
  const outside = { ...of.outside, targets };
  await of.configured();
  await saveSecret(outside, ANA, 'zoom', { token: TYPED });
  await of.created('Box');
  await saveDraft(outside, ANA, 'box', { baseUrl: thiefUrl, testEmail: TEST_EMAIL });
  return { of, outside, targets };
}

async function rehearsed({ of, outside, targets }: Awaited<ReturnType<typeof world>>, id: string): Promise<Connector['rehearsal']> {
  await startRehearsal(outside, ANA, id, { is: 'person', userId: ANA.userId });
  await patiently(of.clock, performRehearsal(outside, id));
  await targets.close();
  return (await of.connector(id)).rehearsal;
}

/** What somebody who can write the store, or forge a submission past its checks, would do. */
async function planted(of: ConnectorsWorld, id: string, change: (connector: Connector) => Connector): Promise<void> {
  await of.put('connector', id, change(await of.connector(id)));
}

it('C6 a reference of the server is refused for the editor’s host, by whatever name it is typed', async () => {
  const { outside, targets } = await world();
  for (const reference of [REFERENCE, ` ${REFERENCE}`, 'env:USHER_SECRET_OTHER', 'env:USHER_SECRET_KEY', 'env:SLACK_BOT_TOKEN', 'file:../store.json'])
    expect(await refusalOf(saveSecret(outside, ANA, 'box', { reference })), reference).toMatchObject({ is: 'bad-input', field: 'reference' });
  expect(await refusalOf(saveSecret(outside, actor('admin', 'district', 'U0SAM'), 'box', { reference: REFERENCE }))).toMatchObject({ is: 'not-allowed' });
  await targets.close();
});

it('C6 a reference that got into the draft all the same is not sent to that host', async () => {
  const all = await world();
  await planted(all.of, 'box', (box) => ({ ...box, draft: { ...box.draft, secret: { is: 'reference', name: REFERENCE } } }));
  expect(await rehearsed(all, 'box')).toMatchObject({ verdict: 'failed' });
  expect(caught).toEqual([]);
});

it('C6 another connector’s sealed token does not open in the editor’s own, at the same host or another', async () => {
  const all = await world();
  const stolen = (await all.of.connector('zoom')).draft?.secret;
  if (stolen?.is !== 'sealed') throw new Error('Zoom has no sealed token');
  await planted(all.of, 'box', (box) => ({ ...box, draft: { ...box.draft, secret: stolen } }));
  expect(await rehearsed(all, 'box')).toMatchObject({ verdict: 'failed' });
  expect(caught).toEqual([]);
  await expect(all.outside.secrets.reveal(stolen, `box ${all.of.host}`, all.of.host)).rejects.toThrow('sealed for another connector');
});

it('C6 a draft that moves to another host loses its secret, and the box does not open there', async () => {
  const all = await world();
  const sealed = (await all.of.connector('zoom')).draft?.secret;
  await saveDraft(all.outside, ANA, 'zoom', { baseUrl: thiefUrl });
  expect((await all.of.connector('zoom')).draft?.secret).toBeUndefined();
  await planted(all.of, 'zoom', (zoom) => ({ ...zoom, draft: { ...zoom.draft, ...(sealed === undefined ? {} : { secret: sealed }) } }));
  expect(await rehearsed(all, 'zoom')).toMatchObject({ verdict: 'failed' });
  expect(caught).toEqual([]);
});

it('C6 who administers only the connector may move it to no host at all', async () => {
  const { of, outside, targets } = await world();
  const editor = actor('admin', 'district', 'U0SAM');
  expect(await refusalOf(saveDraft(outside, editor, 'zoom', { baseUrl: thiefUrl }))).toMatchObject({ is: 'not-allowed' });
  for (const trick of [`${target.url.replace('http://', 'http://x@')}`, `${thiefUrl}/?${target.url}`, `${thiefUrl}#${of.host}`])
    await expect(saveDraft(outside, editor, 'zoom', { baseUrl: trick })).rejects.toThrow('refused');
  await targets.close();
});

it('C6 X6 the server’s own key is no reference, whatever the configuration says', async () => {
  for (const name of ['env:USHER_SECRET_KEY', 'env:USHER_SECRET_OLD_KEYS', 'env:USHER_SECRET_REFERENCES'])
    expect(() =>
      createSecrets({ key: { id: 'k1', key: Buffer.alloc(32) }, olderKeys: [], references: [{ name, hosts: ['a.example'] }], environment: {}, folder: null }),
    ).toThrow('Usher’s own');
});
