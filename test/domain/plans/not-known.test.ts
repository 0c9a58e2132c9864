import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { createSheets } from '../../../src/adapters/system/sheets.ts';
import { planModel } from '../../../src/domain/plans/verbs/model.ts';
import { buildPlan, makePlan } from '../../../src/domain/plans/verbs/make.ts';
import { sendPlan } from '../../../src/domain/plans/verbs/sheet.ts';
import type { StoredPlan } from '../../../src/domain/plans/plan.ts';
import { planMessage } from '../../../views/plans/plan-card.ts';
import { changesLine } from '../../../views/sync/event-words.ts';
import { render } from '../../../views/mrkdwn.ts';
import type { ManualClock } from '../../clock.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { beforeMemory, URL_ } from '../sync/before-memory.ts';
import { fault, type MemoryTarget } from '../sync/memory-target.ts';
import { actor, CONNECTOR, connector, patiently, person, type World } from '../sync/world.ts';

const ADMIN = actor('admin');
let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

async function planned(): Promise<StoredPlan> {
  const begun = await makePlan(home.outside, ADMIN, { connectorId: CONNECTOR, place: { is: 'person', userId: 'U1' } });
  const made = await buildPlan(home.outside, begun.id);
  if (made === undefined) throw new Error('no plan was made');
  return made;
}

/** The plan's file as records. */
async function file(plan: StoredPlan): Promise<readonly Readonly<Record<string, string>>[]> {
  const chunks: Uint8Array[] = [];
  const workspace = quietWorkspace({
    upload: async ({ content }) => {
      for await (const chunk of content) chunks.push(chunk);
    },
  });
  await patiently(clock, sendPlan({ ...home.outside, workspace, sheets: createSheets() }, ADMIN, plan));
  return parse(Buffer.concat(chunks), { bom: true, columns: true });
}

/** Ann's title was written, and what came of it could not be read. */
async function unconfirmed(): Promise<void> {
  await home.seed(connector(URL_), [person('ann', { attributes: { title: 'Dean' } })]);
  await home.sync();
  await home.people([person('ann', { attributes: { title: 'Head' } })]);
  target.bare = true;
  target.before = ({ what }) => {
    if (what === 'read') throw fault({ next: 'refused', status: 403, message: 'answered 403 with a web page' });
  };
  expect((await patiently(clock, home.sync())).counts).toMatchObject({ updated: 0, failed: 1 });
  expect((await home.account('ann'))?.intent).not.toBeNull();
}

it('S6 S23 where the last write to an account was never confirmed the plan and its file say that what is there is not known', async () => {
  await unconfirmed();
  const plan = await planned();
  expect(plan).toMatchObject({ counts: { update: 1 }, risky: [{ personId: 'csv:ann', why: 'the last write was never confirmed, so all is sent again' }] });
  const rows = (await file(plan)).map(({ attribute, before, after }) => [attribute, before, after]);
  expect(rows).toContainEqual(['title', 'not known', 'Head']);
  expect(new Set(rows.map(([, before]) => before))).toEqual(new Set(['not known']));
  const model = await planModel({ ...home.outside, workspace: quietWorkspace() }, plan.id, false);
  expect(JSON.stringify(model === null ? null : planMessage(model))).toContain('1 × the last write was never confirmed');
  expect(render(changesLine([{ attribute: 'title', before: null, after: 'Head', unconfirmed: true }]), 100)).toBe('title: not known → Head');
});

it('S6 S8 of an account that is taken over the file says that what it holds is not known, of one that is made that there is nothing', async () => {
  await home.seed(connector(URL_), [person('ann')]);
  await home.sync();
  await home.put('sighting', `${CONNECTOR}/x1`, { connectorId: CONNECTOR, targetId: 'x1', externalId: null, match: 'bob', active: true });
  await home.people([person('bob'), person('cy')]);
  const rows = (await file(await planned())).filter(({ attribute }) => attribute === 'userName');
  expect(rows.map(({ person: id, change, before, after }) => [id, change, before, after])).toEqual([
    ['csv:bob', 'adopt', 'not known', 'bob'],
    ['csv:cy', 'create', '', 'cy'],
  ]);
});
