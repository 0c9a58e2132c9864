import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScimValues } from '../../src/domain/connectors/mapping.ts';
import { TargetFault } from '../../src/domain/connectors/target-error.ts';
import type { ListingEnd, Target, TargetUser } from '../../src/ports/target.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Everything that Usher writes, so that nothing is lost on the way. */
function everyValue(userName: string): ScimValues {
  return {
    userName,
    'name.givenName': 'Zoë',
    'name.familyName': "O'Neil",
    displayName: 'Zoë O’Neil 東京',
    title: 'Teacher "of" maths',
    'emails[work].value': `${userName}@example.org`,
    'phoneNumbers[work].value': '+1 555 0100',
    [`${ENTERPRISE}:employeeNumber`]: '0042',
    [`${ENTERPRISE}:department`]: 'Maths',
  };
}

/** The error that a call ends with, as data. */
export async function faultOf(call: Promise<unknown>): Promise<TargetFault['error']> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof TargetFault) return outcome.error;
  throw new Error(`a TargetFault was expected, not ${String(outcome)}`);
}

/** A whole listing and how it ended. */
export async function listAll(target: Target): Promise<{ readonly users: readonly TargetUser[]; readonly pages: number; readonly end: ListingEnd }> {
  const walk = target.list(async () => undefined);
  const users: TargetUser[] = [];
  for (let pages = 0; ; pages += 1) {
    const step = await walk.next();
    if (step.done === true) return { users, pages, end: step.value };
    users.push(...step.value);
  }
}

/** What every `Target` does on a SCIM service provider without mischief. `open` gives one on an empty service, and one with a wrong token. */
export function targetContract(name: string, open: () => Promise<{ readonly target: Target; readonly stranger: Target; close(): Promise<void> }>): void {
  describe(`the Target port over ${name}`, () => {
    let world: Awaited<ReturnType<typeof open>>;
    let target: Target;
    beforeAll(async () => {
      world = await open();
      target = world.target;
    });
    afterAll(() => world.close());

    it('creates a user and reads back every value that was sent', async () => {
      const values = everyValue('zoe');
      const created = await target.create('csv:1', values, true);
      expect(created).toEqual({ id: created.id, externalId: 'csv:1', active: true, values });
      expect(await target.read(created.id)).toEqual(created);
    });

    it('looks a user up by userName and by externalId, and finds nobody for others', async () => {
      const created = await target.create('csv:2', everyValue('look.up'), true);
      expect((await target.lookUp('userName', 'look.up')).map((user) => user.id)).toEqual([created.id]);
      expect((await target.lookUp('externalId', 'csv:2')).map((user) => user.id)).toEqual([created.id]);
      expect(await target.lookUp('userName', 'nobody')).toEqual([]);
    });

    it('changes exactly the values set and clears exactly those cleared', async () => {
      const values = everyValue('change');
      const { id } = await target.create('csv:3', values, true);
      const set = { 'name.givenName': 'Anna', 'emails[work].value': 'anna@example.org', [`${ENTERPRISE}:department`]: 'Physics' };
      await target.change(id, { set, clear: ['title', 'phoneNumbers[work].value', `${ENTERPRISE}:employeeNumber`], known: values });
      const { title: _title, 'phoneNumbers[work].value': _phone, [`${ENTERPRISE}:employeeNumber`]: _number, ...kept } = values;
      expect((await target.read(id)).values).toEqual({ ...kept, ...set });
    });

    it('adds a phone beside the one that is there', async () => {
      const values = everyValue('phones');
      const { id } = await target.create('csv:4', values, true);
      await target.change(id, { set: { 'phoneNumbers[mobile].value': '+1 555 0199' }, clear: [], known: values });
      expect((await target.read(id)).values).toEqual({ ...values, 'phoneNumbers[mobile].value': '+1 555 0199' });
    });

    it('gives an e-mail to a user of whom nothing is known', async () => {
      const { id } = await target.create('csv:5', { userName: 'bare' }, true);
      await target.change(id, { set: { 'emails[work].value': 'bare@example.org' }, clear: [] });
      expect((await target.read(id)).values['emails[work].value']).toBe('bare@example.org');
    });

    it('deactivates, reactivates and relinks a user', async () => {
      const { id } = await target.create('csv:6', everyValue('active'), true);
      await target.change(id, { set: {}, clear: [], active: false });
      expect((await target.read(id)).active).toBe(false);
      await target.change(id, { set: { title: 'Back' }, clear: [], active: true, externalId: 'csv:6b' });
      expect(await target.read(id)).toMatchObject({ active: true, externalId: 'csv:6b', values: { title: 'Back' } });
    });

    it('S9 says "taken" for a user name that another has, on create and on change', async () => {
      const { id } = await target.create('csv:7', everyValue('first'), true);
      await target.create('csv:8', everyValue('second'), true);
      expect(await faultOf(target.create('csv:9', everyValue('first'), true))).toMatchObject({ next: 'taken', status: 409, maybeWritten: false });
      expect(await faultOf(target.change(id, { set: { userName: 'second' }, clear: [] }))).toMatchObject({ next: 'taken', status: 409 });
    });

    it('removes a user, and says "gone" for whoever is not there', async () => {
      const { id } = await target.create('csv:10', everyValue('leaver'), true);
      await target.remove(id);
      expect((await faultOf(target.read(id))).next).toBe('gone');
      expect((await faultOf(target.remove(id))).next).toBe('gone');
      expect((await faultOf(target.change(id, { set: { title: 'x' }, clear: [] }))).next).toBe('gone');
    });

    it('lists everybody once, over several pages, and says that this is all', async () => {
      for (let number = 0; number < 120; number += 1) await target.create(`list:${number}`, { userName: `list.${number}` }, true);
      const { users, pages, end } = await listAll(target);
      expect(new Set(users.map((user) => user.id)).size).toBe(users.length);
      expect(users.filter((user) => user.externalId?.startsWith('list:'))).toHaveLength(120);
      expect(pages).toBeGreaterThan(1);
      expect(end).toEqual({ complete: true, reason: null });
    });

    it('makes, finds, fills, renames and removes a group; removing one member keeps the others', async () => {
      const one = await target.create('csv:11', everyValue('member.one'), true);
      const two = await target.create('csv:12', everyValue('member.two'), true);
      const { id } = await target.createGroup('Teachers', 'grouping:1');
      await target.changeMembers(id, [one.id, two.id], []);
      await target.changeMembers(id, [], [one.id]);
      await target.renameGroup(id, 'All teachers');
      expect(await target.findGroups('All teachers')).toEqual([{ id, displayName: 'All teachers', memberIds: [two.id] }]);
      await target.removeGroup(id);
      expect(await target.findGroups('All teachers')).toEqual([]);
      expect((await faultOf(target.removeGroup(id))).next).toBe('gone');
    });

    it('S24 says "credentials" when the token is not accepted', async () => {
      expect(await faultOf(world.stranger.lookUp('userName', 'anyone'))).toMatchObject({ next: 'credentials', status: 401 });
    });
  });
}
