import { expect, it } from 'vitest';
import { RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import { SERVER_C, SERVER_D } from '../../src/sandbox/scim/quirks/quirks.ts';
import { ended, person } from '../domain/sync/world.ts';
import { playing } from './playing.ts';

it('S23 C20 trap 16: a 2xx without effect is noticed on the first write, written without a path, and learnt: the next one takes one request', async () => {
  const { server, home, connector, kinds } = await playing(SERVER_D);
  await home.seed(connector, [person('ann'), person('bob')]);
  await home.sync();
  server.forget();
  await home.people([person('ann', { attributes: { givenName: 'Anna' } })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ updated: 1, failed: 0 });
  expect(server.users().find(({ userName }) => userName === 'ann')).toMatchObject({ name: { givenName: 'Anna', familyName: 'Example' } });
  expect(kinds()).toEqual(['PATCH /Users', 'PATCH /Users']);
  expect((await home.connector()).dialect?.shapes).toEqual({ 'name.givenName': 'object' });
  server.forget();
  await home.people([person('bob', { attributes: { givenName: 'Rob' } })]);
  await home.sync();
  expect(kinds()).toEqual(['PATCH /Users']);
  expect(server.users().find(({ userName }) => userName === 'bob')).toMatchObject({ name: { givenName: 'Rob' } });
});

it('S23 trap 16: where neither shape of PATCH has effect, PUT from a fresh GET is learnt', async () => {
  const { server, home, connector, kinds } = await playing({ ignoredPaths: ['title'], ignoresObjects: true });
  await home.seed(connector, [person('ann', { attributes: { title: 'Head' } })]);
  await home.sync();
  server.forget();
  await home.people([person('ann', { attributes: { title: 'Dean' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
  expect(kinds()).toEqual(['PATCH /Users', 'PATCH /Users', 'GET /Users', 'PUT /Users']);
  server.forget();
  await home.people([person('ann', { attributes: { title: 'Head' } })]);
  await home.sync();
  expect(kinds()).toEqual(['GET /Users', 'PUT /Users']);
  expect(server.users()).toMatchObject([{ title: 'Head', active: true }]);
});

it('S23 trap 16: an answer without a body is read back once, and then trusted', async () => {
  const { server, home, connector, kinds } = await playing({ silent: true, ignoredPaths: ['title'] });
  await home.seed(connector, [person('ann', { attributes: { title: 'Head' } })]);
  await home.sync();
  server.forget();
  await home.people([person('ann', { attributes: { title: 'Dean' } })]);
  await home.sync();
  expect(server.users()).toMatchObject([{ title: 'Dean' }]);
  server.forget();
  await home.people([person('ann', { attributes: { title: 'Provost' } })]);
  await home.sync();
  expect(kinds()).toEqual(['PATCH /Users']);
  expect(server.users()).toMatchObject([{ title: 'Provost' }]);
});

it('S23 trap 16: what no shape brings about is that person’s error, in one request for the next; the rest of the change counts', async () => {
  const { server, home, connector, kinds } = await playing({ frozen: ['title'] });
  const before = { title: 'Head', familyName: 'Old' };
  await home.seed(connector, [person('ann', { attributes: before }), person('bob', { attributes: before })]);
  await home.sync();
  await home.people([person('ann', { attributes: { title: 'Dean', familyName: 'New' } })]);
  const run = await home.sync();
  expect(ended(run).result).toBe('partial');
  expect((await home.events(run.id))[0]).toMatchObject({
    success: false,
    errorCode: 'no-effect',
    httpStatus: 200,
    errorMessage: expect.stringContaining('kept title as it was'),
  });
  expect((await home.account('ann'))?.pushed?.values).toMatchObject({ title: 'Head', 'name.familyName': 'New' });
  server.forget();
  await home.people([person('bob', { attributes: { title: 'Dean', familyName: 'Old' } })]);
  await home.sync({ is: 'people', ids: ['csv:bob'] });
  expect(kinds()).toEqual(['PATCH /Users']);
});

it.each([
  ['C', SERVER_C],
  ['D', SERVER_D],
] as const)(
  'S23 trap 17: of a PATCH that server %s refused after its good half, one look tells which half, and only the other is sent again',
  async (_name, quirks) => {
    const { server, home, connector, kinds } = await playing(quirks);
    await home.seed(connector, [person('ann', { attributes: { title: 'Head', phone: '1' } })]);
    await home.sync();
    server.forget();
    await home.people([person('ann', { attributes: { familyName: 'Lee', title: 'bad', phone: '1' } })]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ failed: 1, updated: 0 });
    expect(kinds()).toEqual(['PATCH /Users', 'GET /Users']);
    expect((await home.events(run.id))[0]).toMatchObject({ success: false, httpStatus: 400 });
    expect((await home.account('ann'))?.pushed?.values).toMatchObject({ 'name.familyName': 'Lee', title: 'Head' });
    server.forget();
    // What had its effect is not sent again, whatever else changes with the rest.
    await home.people([person('ann', { attributes: { familyName: 'Lee', title: 'Dean', phone: '2' } })]);
    expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
    expect(JSON.stringify(server.heard().map(({ body }) => body))).not.toContain('Lee"');
    expect(server.users()).toMatchObject([{ name: { familyName: 'Lee' }, title: 'Dean', phoneNumbers: [{ value: '2' }] }]);
    server.forget();
    await home.sync();
    expect(kinds()).toEqual([]);
  },
);

it('S23 trap 17: where the good half was a clearing, it is known as cleared', async () => {
  const { server, home, connector } = await playing({ halfApplies: true });
  await home.seed(connector, [person('ann', { attributes: { title: 'Head', phone: '1' } })]);
  await home.sync();
  await home.people([person('ann', { attributes: { familyName: 'bad', title: 'Head' } })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ failed: 1 });
  const held = (await home.account('ann'))?.pushed?.values ?? {};
  const [user] = server.users();
  expect('phoneNumbers[work].value' in held).toBe(Array.isArray(user?.phoneNumbers) && user.phoneNumbers.length > 0);
  await home.people([person('ann', { attributes: { familyName: 'Lee', title: 'Head' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
  expect(server.users()[0]).toMatchObject({ name: { familyName: 'Lee' }, title: 'Head' });
  expect(server.users()[0]?.phoneNumbers ?? []).toEqual([]);
});

it('S23 trap 18: a PUT wipes nothing that another hand set, and switches nobody on', async () => {
  const shapes = { title: 'put', 'name.familyName': 'put' } as const;
  const { server, home, connector } = await playing({ ...SERVER_D, noPatch: true });
  await home.seed({ ...connector, dialect: { ...RFC_DIALECT, shapes } }, [person('ann', { attributes: { title: 'Head' } })]);
  await home.sync();
  const [user] = server.users();
  server.edit(user?.id ?? '', { nickName: 'Annie', active: false });
  await home.people([person('ann', { attributes: { title: 'Dean' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1 });
  expect(server.users()).toMatchObject([{ title: 'Dean', nickName: 'Annie', active: false }]);
});

it('S23 trap 19: `active` as a string is spoken and read as it is, and rewritten no second time', async () => {
  const { server, home, connector } = await playing(SERVER_C);
  await home.seed(connector, [person('ann'), person('bob')]);
  await home.sync();
  await home.people([person('ann', { groupings: [] })]);
  expect((await home.sync()).counts).toMatchObject({ deactivated: 1, failed: 0 });
  expect(server.users().map(({ active }) => active)).toEqual(['False', 'True']);
  expect((await home.connector()).dialect?.active).toBe('string');
  server.forget();
  await home.sync();
  expect(server.heard()).toEqual([]);
  await home.people([person('ann')]);
  expect((await home.sync()).counts).toMatchObject({ reactivated: 1 });
  expect(server.users().map(({ active }) => active)).toEqual(['True', 'True']);
});

it('S23 trap 19: a deactivation that changed nothing is an error, never "deactivated"', async () => {
  const { home, connector } = await playing({ frozen: ['active'] });
  await home.seed(connector, [person('ann')]);
  await home.sync();
  await home.people([person('ann', { groupings: [] })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ deactivated: 0, failed: 1 });
  expect((await home.account('ann'))?.state).toBe('active');
});

it('S22 trap 24: a removed attribute and e-mail are cleared by one request, and quiet afterwards', async () => {
  const { server, home, connector, kinds } = await playing({});
  await home.seed(connector, [person('ann', { attributes: { title: 'Head' } })]);
  await home.sync();
  server.forget();
  await home.people([person('ann', { attributes: { email: '' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1 });
  expect(kinds()).toEqual(['PATCH /Users']);
  expect(server.users()[0]).not.toHaveProperty('title');
  expect(server.users()[0]?.emails).toEqual([]);
  server.forget();
  await home.sync();
  expect(kinds()).toEqual([]);
});

it('S22 S23 trap 24: a clearing that is ignored is done by PUT', async () => {
  const { server, home, connector } = await playing({ ignoresRemoval: true });
  await home.seed(connector, [person('ann', { attributes: { title: 'Head' } })]);
  await home.sync();
  await home.people([person('ann')]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
  expect(server.users()[0]).not.toHaveProperty('title');
});

it('S22 trap 24: values that the target normalizes cause no second update, are remembered as it shows them, and are no error', async () => {
  const normalize = (path: string, value: string): string => {
    if (path === 'phoneNumbers') return `tel:${value.replace(/\D/g, '')}`;
    return path === 'emails' ? value.toLowerCase() : value.trim();
  };
  const { server, home, connector, kinds } = await playing({ normalize });
  const shown = { title: ' Head ', phone: '+1 (555) 0100' };
  await home.seed(connector, [person('ann', { attributes: shown })]);
  await home.sync();
  await home.people([person('ann', { attributes: { ...shown, title: ' Dean  ' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
  expect((await home.account('ann'))?.pushed).toMatchObject({
    values: { title: ' Dean  ' },
    made: { title: 'Dean', 'phoneNumbers[work].value': 'tel:15550100' },
  });
  server.forget();
  expect((await home.sync()).counts).toMatchObject({ unchanged: 1 });
  expect(kinds()).toEqual([]);
});

it('S22 trap 21: a rename is one update of the same account', async () => {
  const { server, home, connector, kinds } = await playing({});
  await home.seed(connector, [person('ann')]);
  await home.sync();
  const id = server.users()[0]?.id;
  server.forget();
  await home.people([person('ann', { attributes: { userName: 'anna', email: 'anna@example.org' } })]);
  await home.sync();
  expect(kinds()).toEqual(['PATCH /Users']);
  expect(server.users()).toMatchObject([{ id, userName: 'anna', emails: [{ value: 'anna@example.org' }] }]);
});

it('S22 trap 21: where the id is the user name, a rename brings a new id, which is learnt', async () => {
  const { server, home, connector } = await playing({ idIsName: true });
  await home.seed(connector, [person('ann')]);
  await home.sync();
  await home.people([person('ann', { attributes: { userName: 'anna' } })]);
  await home.sync();
  expect((await home.account('ann'))?.targetId).toBe('anna');
  await home.people([person('ann', { attributes: { userName: 'anna', title: 'Head' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, created: 0, failed: 0 });
  expect(server.users()).toMatchObject([{ userName: 'anna', title: 'Head' }]);
});

it('S22 a phone beside a changed one stays, and one that another hand removed comes back', async () => {
  const { server, home, connector } = await playing({});
  await home.seed(connector, [person('ann', { attributes: { phone: '1' } })]);
  await home.sync();
  const id = server.users()[0]?.id ?? '';
  server.edit(id, { phoneNumbers: [] });
  await home.people([person('ann', { attributes: { phone: '2' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
  expect(server.users()).toMatchObject([{ phoneNumbers: [{ value: '2', type: 'work' }] }]);
});

it('S23 a version that is outdated between reading and writing (412) is read again', async () => {
  const { server, home, connector, kinds } = await playing({});
  await home.seed(connector, [person('ann')]);
  await home.sync();
  const id = server.users()[0]?.id ?? '';
  let writes = 0;
  const before = (method: string): void => {
    if (method !== 'PATCH') return;
    writes += 1;
    if (writes === 2) server.edit(id, { nickName: 'Annie' });
  };
  server.become({ etag: 'required', before });
  server.forget();
  await home.people([person('ann', { attributes: { title: 'Head' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
  expect(kinds()).toEqual(['PATCH /Users', 'GET /Users', 'PATCH /Users', 'GET /Users', 'PATCH /Users']);
  expect(server.users()).toMatchObject([{ title: 'Head', nickName: 'Annie' }]);
});

it('S23 a target that demands versions (428) gets them', async () => {
  const { server, home, connector, kinds } = await playing({ etag: 'required' });
  await home.seed(connector, [person('ann')]);
  await home.sync();
  server.forget();
  await home.people([person('ann', { attributes: { title: 'Head' } })]);
  expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
  expect(kinds()).toEqual(['PATCH /Users', 'GET /Users', 'PATCH /Users']);
  server.forget();
  await home.people([person('ann', { attributes: { title: 'Dean' } })]);
  await home.sync();
  expect(kinds()).toEqual(['GET /Users', 'PATCH /Users']);
});
