import { expect, it } from 'vitest';
import { put } from '../../src/domain/revise.ts';
import type { Role } from '../../src/domain/rights/grant.ts';
import { type App, MIA, PROVISIONING, SAM, startApp } from '../app.ts';
import { grant, policy, step } from './approving.ts';
import { plant } from './planted.ts';
import { screen, shows } from './steps.ts';
import { becomes, seedTwoSchools } from './two-schools.ts';

const LEE = 'U0LEEOKAFOR';

async function twoSchools(): Promise<App> {
  const app = await startApp({ people: 0 });
  await seedTwoSchools(app);
  return app;
}

/** What the newest answer to them offers. */
function offered(app: App, userId: string): readonly string[] {
  const drawn = JSON.stringify(app.workspace.as(userId).messages(PROVISIONING).at(-1)?.blocks ?? []);
  return [...drawn.matchAll(/"action_id":"([a-z.-]+)/g)].map(([, route = '']) => route);
}

it('X1 C12 a refusal offers the way on to those alone who may go it', async () => {
  const app = await twoSchools();
  const { store } = app.usher().outside;
  const stored = await store.get('connector', 'zoom');
  if (stored === undefined) throw new Error('there is no zoom');
  await store.transaction({ puts: [put('connector', 'zoom', { ...stored.value, state: { is: 'disabled', since: 1 } })] });
  const lee = app.workspace.as(LEE);
  const refused = async (role: Role, organizationId: string | null, typed: string, words: string): Promise<readonly string[]> => {
    await becomes(app, LEE, role, organizationId);
    const before = lee.messages(PROVISIONING).length;
    await lee.say(PROVISIONING, `/usher ${typed}`);
    await app.workspace.until(() => JSON.stringify(lee.messages(PROVISIONING).slice(before)).includes(words), `“${words}” to “${typed}” of ${role}`);
    return offered(app, LEE);
  };
  expect(await refused('operator', null, 'sync now zoom', 'Zoom is disabled')).toEqual([]);
  expect(await refused('admin', 'd:north', 'sync now zoom', 'Zoom is disabled')).toEqual([]);
  expect(await refused('admin', null, 'sync now zoom', 'Zoom is disabled')).toEqual(['connectors.enable']);
  expect(app.workspace.failures).toEqual([]);
});

it('X1 P3 a request’s card in a channel has its buttons for all, and who may not read the request is refused without a way to it', async () => {
  const app = await startApp({ people: 200 });
  const { ana, workspace } = app;
  await plant(app);
  await grant(app, { [SAM]: 'approver', [MIA]: 'approver', [LEE]: 'viewer' });
  await policy(app, { action: 'disconnect', steps: [step(SAM)] });
  await ana.say(PROVISIONING, '/usher connectors disconnect zoom');
  await shows(workspace, ana, 'Needs approval');
  await ana.submit({});
  await workspace.until(() => JSON.stringify(workspace.messages(PROVISIONING)).includes('"approvals.approve"'), 'the card');
  const refused = async (userId: string): Promise<readonly string[]> => {
    const before = workspace.as(userId).messages(PROVISIONING).length;
    await workspace.as(userId).press('approvals.approve');
    await workspace.until(() => JSON.stringify(workspace.as(userId).messages(PROVISIONING).slice(before)).includes('is not yours to decide'), 'a refusal');
    return offered(app, userId);
  };
  expect(await refused(LEE)).toEqual([]);
  expect(await refused(MIA)).toEqual(['approvals.show']);
  expect(workspace.failures).toEqual([]);
});

it('X1 S14 who is held is shown with what the viewer may do about it', async () => {
  const app = await twoSchools();
  const { store, clock } = app.usher().outside;
  const at = clock.now();
  await store.transaction({
    puts: [
      put('hold', 'H-1', {
        ...{ id: 'H-1', connectorId: 'zoom', reason: { is: 'fuse' }, runId: 'R-1', startedBy: 'schedule', people: ['d:north0', 'd:south1'], accounts: 2 },
        ...{ places: [{ organizationId: 'd:north', people: 2 }], released: [], releases: [], openedAt: at, updatedAt: at, expiresAt: at + 86_400_000 },
        ...{ state: { is: 'open' }, announced: true, cards: [] },
      }),
    ],
  });
  const lee = app.workspace.as(LEE);
  const drawn = async (role: Role): Promise<readonly string[]> => {
    await becomes(app, LEE, role, null);
    await lee.say(PROVISIONING, '/usher sync hold H-1');
    await shows(app.workspace, lee, 'not released');
    const routes = ['sync.release-some', 'sync.release-all', 'sync.leave', 'connectors.open'].filter((route) => screen(lee).includes(`"${route}"`));
    await lee.dismiss(true);
    return routes;
  };
  expect(await drawn('viewer')).toEqual(['connectors.open']);
  expect(await drawn('operator')).toEqual(['sync.leave', 'connectors.open']);
  expect(await drawn('approver')).toEqual(['sync.release-some', 'sync.release-all', 'sync.leave']);
  expect(await drawn('admin')).toEqual(['sync.release-some', 'sync.release-all', 'sync.leave', 'connectors.open']);
  expect(app.workspace.failures).toEqual([]);
});
