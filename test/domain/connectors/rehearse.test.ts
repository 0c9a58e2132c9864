import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Connector } from '../../../src/domain/connectors/connector.ts';
import { isRehearsed } from '../../../src/domain/connectors/settings.ts';
import { saveDraft, saveOperating } from '../../../src/domain/connectors/verbs/configure.ts';
import { performRehearsal, startRehearsal } from '../../../src/domain/connectors/verbs/rehearse.ts';
import { requestConnector } from '../../../src/domain/connectors/verbs/request.ts';
import { saveSecret } from '../../../src/domain/connectors/verbs/secret.ts';
import { activate, disable } from '../../../src/domain/connectors/verbs/states.ts';
import { type Admin, createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { learnMoreModal, rehearsalMessage, rehearsalModal } from '../../../views/connectors/rehearsal.ts';
import { refusalOf } from '../refused.ts';
import { actor, ANA, type ConnectorsWorld, connectorsWorld, patiently, TEST_EMAIL, TOKEN } from './connectors-world.ts';

let target: ScimTarget;
let admin: Admin;
beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());

const HERE = { is: 'person', userId: 'U0ANA' } as const;

async function configured(): Promise<ConnectorsWorld> {
  const world = await connectorsWorld({ target, admin });
  await world.configured();
  return world;
}

function steps({ rehearsal }: Connector): Readonly<Record<string, string>> {
  return Object.fromEntries((rehearsal?.steps ?? []).map(({ name, outcome }) => [name, outcome.is]));
}

function failure({ rehearsal }: Connector) {
  const outcome = rehearsal?.steps.map((step) => step.outcome).find(({ is }) => is === 'failed');
  return outcome?.is === 'failed' ? outcome.error : null;
}

async function kinds(): Promise<readonly string[]> {
  return (await admin.requests(200)).map(({ kind }) => kind);
}

const shown = (connector: Connector, activatable = false): string => JSON.stringify(rehearsalModal({ connector, activatable }).blocks);

it('C7 looks up, creates, updates, deactivates and deletes a test user on the real endpoint, and leaves nothing behind', async () => {
  const world = await configured();
  const connector = await world.rehearse();
  expect(connector.rehearsal).toMatchObject({ verdict: 'passed', by: 'U0ANA', leftOver: { userId: null, groupId: null, attempt: null } });
  expect(steps(connector)).toEqual({ 'look up': 'passed', create: 'passed', update: 'passed', deactivate: 'passed', delete: 'passed' });
  const asked = await kinds();
  expect(asked.slice(0, 3)).toEqual(['GET /Users?filter', 'POST /Users', 'PATCH /Users/{id}']);
  expect(asked.slice(-2)).toEqual(['PATCH /Users/{id}', 'DELETE /Users/{id}']);
  expect((await admin.state()).users.total).toBe(0);
});

it('C7 with groups on, makes a test group too, adds and removes its member, and deletes it before the user goes', async () => {
  const world = await configured();
  await saveDraft(world.outside, ANA, 'zoom', { manageGroups: true });
  const connector = await world.rehearse();
  expect(Object.entries(steps(connector))).toEqual([
    ...['look up', 'create', 'update', 'create group', 'add member', 'remove member', 'delete group', 'deactivate', 'delete'].map((name) => [name, 'passed']),
  ]);
  expect(await admin.groups()).toEqual([]);
  const bodies = (await admin.requests(200)).filter(({ kind }) => kind === 'PATCH /Groups/{id}').map(({ body }) => JSON.stringify(body));
  expect(bodies).toHaveLength(2);
  expect(bodies[0]).toContain('"add"');
  expect(bodies[1]).toContain('"remove"');
});

it('C7 stores each step as it ends and asks for its card to be drawn anew; events are not touched', async () => {
  const world = await configured();
  const { begin } = await startRehearsal(world.outside, ANA, 'zoom', HERE);
  expect(world.rehearsing).toEqual([]);
  begin();
  expect(world.rehearsing).toEqual(['zoom']);
  const [before] = await world.all('card');
  expect(before).toMatchObject({ place: HERE, content: { is: 'rehearsal', connectorId: 'zoom' } });
  await performRehearsal(world.outside, 'zoom');
  const [card] = await world.all('card');
  // Running and passed of five steps, and the end, which goes first.
  expect(card).toMatchObject({ wanted: 12, urgent: true });
  expect(world.drawn).toHaveLength(11);
  expect(await world.rows('rehearsal')).toMatchObject([{ verdict: 'passed' }]);
  expect(await world.rows('event')).toEqual([]);
});

it('C7 refuses an address that exists in the target, and touches nothing there', async () => {
  const world = await configured();
  await admin.seed({ users: [{ userName: TEST_EMAIL.toUpperCase(), active: true }] });
  await admin.clearRequests();
  const connector = await world.rehearse();
  expect(steps(connector)).toEqual({ 'look up': 'failed', create: 'skipped', update: 'skipped', deactivate: 'skipped', delete: 'skipped' });
  expect(failure(connector)?.message).toBe(`The application already has an account for ${TEST_EMAIL}. Use a test address that nobody has.`);
  expect(await kinds()).toEqual(['GET /Users?filter']);
});

it('C7 looks the address up as a user name too where another attribute is matched on', async () => {
  const world = await configured();
  await saveDraft(world.outside, ANA, 'zoom', { matching: 'emails[work].value' });
  await admin.seed({ users: [{ userName: TEST_EMAIL }] });
  expect(failure(await world.rehearse())?.message).toContain('already has an account');
});

it.each([403, 405, 501] as const)(
  'C7 where the target answers %d to a delete, the user is deactivated and the result reads "passed, clean up by hand"',
  async (status) => {
    const world = await configured();
    await admin.set({ is: 'cannot-delete', status });
    const connector = await world.rehearse();
    expect(connector.rehearsal?.verdict).toBe('passed');
    expect(steps(connector)).toMatchObject({ deactivate: 'passed', delete: 'passed-clean-up' });
    expect((await admin.state()).users).toMatchObject({ total: 1, active: 0 });
    expect(shown(connector)).toContain('passed, clean up by hand');
    expect(shown(connector)).toContain(`The test user ${TEST_EMAIL} can’t be deleted here; it was deactivated.`);
  },
);

it('C7 reuses the left-over of our own earlier rehearsal, known by its target id', async () => {
  const world = await configured();
  await admin.set({ is: 'cannot-delete' });
  await saveDraft(world.outside, ANA, 'zoom', { manageGroups: true });
  const first = await world.rehearse();
  const { userId, groupId } = first.rehearsal?.leftOver ?? {};
  expect(userId).toEqual(expect.any(String));
  expect(groupId).toEqual(expect.any(String));
  const second = await world.rehearse();
  expect(second.rehearsal).toMatchObject({ verdict: 'passed', leftOver: { userId, groupId } });
  expect((await admin.state()).users.total).toBe(1);
  expect(await admin.groups()).toHaveLength(1);
  await admin.clear();
  expect((await world.rehearse()).rehearsal).toMatchObject({ verdict: 'passed', leftOver: { userId: null, groupId: null } });
  expect((await admin.state()).users.total).toBe(0);
  expect(await admin.groups()).toEqual([]);
});

it('C7 reuses the left-over where the target does not find a deactivated user, and where the test address has changed since', async () => {
  const world = await configured();
  await admin.setAll({ faults: [{ is: 'cannot-delete' }, { is: 'inactive-hidden' }] });
  await world.rehearse();
  await admin.set({ is: 'cannot-delete' });
  expect((await world.rehearse()).rehearsal?.verdict).toBe('passed');
  await admin.clear('inactive-hidden');
  await saveDraft(world.outside, ANA, 'zoom', { testEmail: 'another-test@riverside.example' });
  expect((await world.rehearse()).rehearsal?.verdict).toBe('passed');
  expect((await admin.users()).users).toMatchObject([{ userName: 'another-test@riverside.example' }]);
});

it('C7 makes a new test user where somebody has removed the left-over by hand', async () => {
  const world = await configured();
  await admin.set({ is: 'cannot-delete' });
  const { rehearsal } = await world.rehearse();
  await admin.clear();
  await admin.remove(rehearsal?.leftOver.userId ?? '');
  expect((await world.rehearse()).rehearsal).toMatchObject({ verdict: 'passed', leftOver: { userId: null } });
});

it('C7 C9 an id left over at another address means nothing at this one', async () => {
  const world = await configured();
  await admin.set({ is: 'cannot-delete' });
  await world.rehearse();
  await admin.clear();
  const { rehearsal, ...connector } = await world.connector();
  await world.put('connector', 'zoom', { ...connector, rehearsal: rehearsal === null ? null : { ...rehearsal, baseUrl: 'https://other.example/scim' } });
  expect(failure(await world.rehearse())?.message).toContain('already has an account');
});

it('C7 S13 a crash in the middle: it is performed again, and there is no second test user', async () => {
  const world = await configured();
  await startRehearsal(world.outside, ANA, 'zoom', HERE);
  // The process dies after the target made the user, before that was stored.
  let posts = 0;
  const dying = {
    ...world.outside,
    targets: {
      ...world.outside.targets,
      open: (...args: Parameters<typeof world.outside.targets.open>) => {
        const real = world.outside.targets.open(...args);
        return {
          ...real,
          create: async (...of: Parameters<typeof real.create>) => {
            await real.create(...of);
            posts += 1;
            return new Promise<never>(() => undefined);
          },
        };
      },
    },
  };
  void performRehearsal(dying, 'zoom');
  while (posts === 0) await new Promise((resolve) => setImmediate(resolve));
  expect((await admin.state()).users.total).toBe(1);
  await world.restart();
  await admin.clearRequests();
  await performRehearsal(world.outside, 'zoom');
  expect((await world.connector()).rehearsal).toMatchObject({ verdict: 'passed', leftOver: { userId: null, attempt: null } });
  expect(await kinds()).not.toContain('POST /Users');
  expect((await admin.state()).users.total).toBe(0);
});

it('C7 S23 a lost reply to the create is looked up, and the test user is recognized', async () => {
  const world = await configured();
  await admin.set({ is: 'lost-reply', aim: 'creates', when: { is: 'next', requests: 1 } });
  expect((await world.rehearse()).rehearsal?.verdict).toBe('passed');
  expect((await kinds()).filter((kind) => kind === 'POST /Users')).toHaveLength(1);
  expect((await admin.state()).users.total).toBe(0);
});

it('C7 where even that look-up fails, the next rehearsal recognizes the test user', async () => {
  const world = await configured();
  await admin.setAll({
    faults: [
      { is: 'lost-reply', aim: 'creates', when: { is: 'next', requests: 1 } },
      { is: 'html-body', aim: 'lookups', when: { is: 'after', requests: 1 } },
    ],
  });
  expect((await world.rehearse()).rehearsal).toMatchObject({ verdict: 'failed', leftOver: { userId: null, attempt: expect.any(String) } });
  await admin.clear();
  expect((await world.rehearse()).rehearsal?.verdict).toBe('passed');
  expect((await admin.state()).users.total).toBe(0);
});

it('C7 after a failure in the middle it removes what it made, or deactivates what can’t be removed', async () => {
  const world = await configured();
  await admin.set({ is: 'rejected-attribute', attribute: 'displayName' });
  const mapping = (await world.connector()).draft?.mapping?.map((rule) =>
    rule.attribute === 'displayName' ? { ...rule, from: { is: 'excluded' as const } } : rule,
  );
  await saveDraft(world.outside, ANA, 'zoom', { mapping: mapping ?? [] });
  await admin.setAll({ faults: [{ is: 'conflict', aim: 'changes', when: { is: 'next', requests: 1 } }, { is: 'cannot-delete' }] });
  const connector = await world.rehearse();
  expect(steps(connector)).toMatchObject({ create: 'passed', update: 'failed', deactivate: 'skipped' });
  expect((await admin.state()).users).toMatchObject({ total: 1, active: 0 });
  await admin.clear();
  expect((await world.rehearse()).rehearsal).toMatchObject({ verdict: 'passed', leftOver: { userId: null } });
});

it('S12 waits out a 429 as Retry-After says, and holds the host’s pace for the runs too', async () => {
  const world = await configured();
  await admin.set({ is: 'too-many-requests', when: { is: 'next', requests: 1 }, retryAfter: { is: 'seconds', seconds: 20 } });
  const start = world.clock.now();
  await startRehearsal(world.outside, ANA, 'zoom', HERE);
  const done = performRehearsal(world.outside, 'zoom');
  await world.clock.waited();
  expect(world.outside.paces.of(target.url, null).heldUntil()).toBe(start + 20_000);
  await patiently(world.clock, done);
  expect((await world.connector()).rehearsal?.verdict).toBe('passed');
});

it('S12 says a 429 at once that asks to wait longer than anybody watches, and gives up after three attempts', async () => {
  const world = await configured();
  await admin.set({ is: 'too-many-requests', retryAfter: { is: 'seconds', seconds: 3_600 } });
  expect(failure(await world.rehearse())).toMatchObject({ status: 429, message: 'Too many requests' });
  await admin.setAll({ faults: [{ is: 'server-error' }] });
  await admin.clearRequests();
  expect(failure(await world.rehearse())).toMatchObject({ status: 500 });
  expect(await kinds()).toHaveLength(3);
});

it('S1 runs under the connector’s rate limit', async () => {
  const world = await configured();
  await saveOperating(world.outside, ANA, 'zoom', { requestsPerSecond: 7 });
  const asked: (number | null)[] = [];
  const { paces } = world.outside;
  const outside = {
    ...world.outside,
    paces: {
      of: (url: string, rate: number | null) => {
        asked.push(rate);
        return paces.of(url, null);
      },
    },
  };
  await startRehearsal(outside, ANA, 'zoom', HERE);
  await performRehearsal(outside, 'zoom');
  expect(new Set(asked)).toEqual(new Set([7]));
});

it('C8 shows the provider’s own error in place up to 200 characters, above the buttons', async () => {
  const world = await configured();
  const detail = `Attribute phoneNumbers[0].type must be one of work, home. ${'x'.repeat(100)}`;
  await admin.set({ is: 'conflict', detail });
  const connector = await world.rehearse();
  const text = shown(connector);
  expect(text).toContain(`Zoom answered 409: “${detail}”`);
  expect(text).not.toContain('Learn more');
  expect(text.indexOf(detail)).toBeLessThan(text.indexOf('Rehearse again'));
  expect(text).toContain('Change mapping');
  expect(text).toContain('Activate appears when the rehearsal passes.');
});

it('C8 cuts a longer error, with Learn more opening the full text', async () => {
  const world = await configured();
  const detail = `beginning ${'long '.repeat(300)}end`;
  await admin.set({ is: 'conflict', detail });
  const connector = await world.rehearse();
  expect(shown(connector)).toContain('Learn more');
  expect(shown(connector)).not.toContain('long end');
  expect(JSON.stringify(learnMoreModal(connector))).toContain(detail);
});

it('C8 says a network fault in plain words', async () => {
  const world = await configured();
  await saveDraft(world.outside, ANA, 'zoom', { baseUrl: 'http://localhost:1/scim' });
  const { secret } = (await world.connector()).draft ?? {};
  expect(secret).toBeUndefined();
  const connector = await world.connector();
  const draft = { ...connector.draft, secret: world.outside.secrets.seal(TOKEN, 'zoom localhost:1') };
  await world.put('connector', 'zoom', { ...connector, draft });
  const failed = await world.rehearse();
  expect(failure(failed)).toMatchObject({ status: null, message: 'localhost: connection refused. Nothing listens at that address and port.' });
  expect(shown(failed)).toContain('connection refused');
});

it('C8 says that a wrong token was refused, and one that is not set where Usher runs', async () => {
  const world = await connectorsWorld({ target, admin, token: 'wrong' });
  await world.configured();
  expect(failure(await world.rehearse())).toMatchObject({ next: 'credentials', status: 401 });
  const unset = await connectorsWorld({ target, admin, token: '' });
  await unset.configured();
  expect(failure(await unset.rehearse())?.message).toContain('is empty or not set where Usher runs');
});

it('C8 an error about an attribute outside core and enterprise says so and offers Request a connector, which tells the owners', async () => {
  const world = await configured();
  await admin.set({ is: 'conflict', detail: 'Attribute urn:example:params:scim:schemas:zoom:2.0:User:licence is required' });
  const connector = await world.rehearse();
  expect(shown(connector)).toContain('is outside SCIM core and enterprise: a mapping can’t give it.');
  expect(shown(connector)).toContain('Request a connector');
  expect(await requestConnector(world.outside, ANA, 'zoom', 'urn:example:zoom:licence')).toBe(1);
  const cards = (await world.all('card')).filter(({ content }) => content.is === 'note');
  expect(cards).toMatchObject([{ place: { is: 'person', userId: 'U0ANA' }, content: { text: expect.stringContaining('urn:example:zoom:licence') } }]);
  expect((await world.rows('audit')).at(-1)).toMatchObject({ action: 'connectors.request', subject: 'urn:example:zoom:licence' });
});

it('C8 an error about a standard attribute offers the mapping, not a connector', async () => {
  const world = await configured();
  await admin.set({ is: 'rejected-attribute', attribute: 'name.familyName' });
  const text = shown(await world.rehearse());
  expect(text).toContain('Change mapping');
  expect(text).not.toContain('Request a connector');
});

it('C8 only a passed rehearsal of exactly the saved configuration lets it be activated', async () => {
  const world = await configured();
  const print = (text: string) => world.outside.fingerprint.of(text);
  expect(await refusalOf(activate(world.outside, ANA, 'zoom'))).toMatchObject({ is: 'not-rehearsed' });
  expect(isRehearsed(await world.rehearse(), print)).toBe(true);
  await saveDraft(world.outside, ANA, 'zoom', { tierAttribute: 'userType' });
  const edited = await world.connector();
  expect(isRehearsed(edited, print)).toBe(false);
  expect(await refusalOf(activate(world.outside, ANA, 'zoom'))).toMatchObject({ is: 'not-rehearsed' });
  expect(shown(edited)).toContain('Activate appears when the rehearsal passes.');
  expect(shown(edited)).toContain('the settings were changed since');
  await saveDraft(world.outside, ANA, 'zoom', { tierAttribute: null });
  expect(await activate(world.outside, ANA, 'zoom')).toMatchObject({ state: { is: 'active' }, draft: null, inForce: { baseUrl: target.url } });
});

it('C8 settings that were changed between the start and the first step are not rehearsed in their place', async () => {
  const world = await configured();
  await startRehearsal(world.outside, ANA, 'zoom', HERE);
  await saveDraft(world.outside, ANA, 'zoom', { tierAttribute: 'userType' });
  await admin.clearRequests();
  await performRehearsal(world.outside, 'zoom');
  expect(failure(await world.connector())?.message).toBe('The settings were changed before the rehearsal began. Rehearse again.');
  expect(await kinds()).toEqual([]);
});

it('C19 C9 a pass puts the new settings of an active or disabled connector in force at once; until then the old ones stay', async () => {
  const world = await configured();
  await world.rehearse();
  await activate(world.outside, ANA, 'zoom');
  await disable(world.outside, ANA, 'zoom');
  await saveDraft(world.outside, ANA, 'zoom', { testEmail: TEST_EMAIL, manageGroups: true });
  await saveSecret(world.outside, ANA, 'zoom', { token: TOKEN });
  await admin.set({ is: 'token-expired' });
  const failed = await world.rehearse();
  expect(failed).toMatchObject({ inForce: { manageGroups: false, secret: { is: 'reference' } }, draft: { manageGroups: true, secret: { is: 'sealed' } } });
  expect(shown(failed)).toContain('the old configuration stays in force');
  await admin.clear();
  await world.put('connector', 'zoom', { ...failed, health: { is: 'needs-credentials', since: 0 } });
  const inForce = { manageGroups: true, secret: { is: 'sealed' } };
  expect(await world.rehearse()).toMatchObject({ inForce, draft: null, state: { is: 'disabled' }, health: { is: 'unknown' } });
  expect((await world.rows('audit')).at(-1)?.summary).toBe('the rehearsal of Zoom passed; the new settings are in force');
});

it('refuses a second rehearsal while one runs, and takes the place of one that hangs longer than any could take', async () => {
  const world = await configured();
  await startRehearsal(world.outside, ANA, 'zoom', HERE);
  expect(await refusalOf(startRehearsal(world.outside, ANA, 'zoom', HERE))).toMatchObject({ is: 'nothing-to-do' });
  await world.clock.advance(15 * 60_000);
  await startRehearsal(world.outside, ANA, 'zoom', HERE);
  await performRehearsal(world.outside, 'zoom');
  expect((await world.connector()).rehearsal?.verdict).toBe('passed');
});

it('refuses to rehearse what lacks something, and settings in force that have no edits', async () => {
  const world = await connectorsWorld({ target, admin });
  await world.created();
  expect(await refusalOf(startRehearsal(world.outside, ANA, 'zoom', HERE))).toMatchObject({
    problem: 'The rehearsal still needs the SCIM base URL and a test e-mail address and a secret.',
  });
  await world.activated('Box');
  expect(await refusalOf(startRehearsal(world.outside, ANA, 'box', HERE))).toMatchObject({ is: 'nothing-to-do' });
  expect(await refusalOf(startRehearsal(world.outside, actor('operator'), 'box', HERE))).toMatchObject({ is: 'not-allowed' });
});

it('X7 a fault of ours ends the rehearsal, with a reference that finds it in the log', async () => {
  const world = await configured();
  await startRehearsal(world.outside, ANA, 'zoom', HERE);
  const broken = {
    ...world.outside,
    paces: {
      of: () => {
        throw new Error('out of order');
      },
    },
  };
  await performRehearsal(broken, 'zoom');
  const said = failure(await world.connector())?.message ?? '';
  const reference = /reference (\w+)/.exec(said)?.[1];
  expect(reference).toBeDefined();
  expect(world.logged.find(({ fields }) => fields.reference === reference)?.message).toBe('a rehearsal crashed');
});

it('X4 shows a provider’s words as they are: nothing in them pings, links or formats', async () => {
  const world = await configured();
  await admin.set({ is: 'conflict', detail: '<!channel> *bold* <https://evil.example|click>' });
  const connector = await world.rehearse();
  const message = rehearsalMessage({ connector, activatable: false });
  expect(message.text).not.toContain('<!channel>');
  for (const block of message.blocks) if (block.type === 'section' && block.text?.type === 'mrkdwn') expect(block.text.text).not.toMatch(/<[!@#h]/);
});
