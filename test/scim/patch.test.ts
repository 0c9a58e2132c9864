import fc from 'fast-check';
import SCIMMY from 'scimmy';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScimValues } from '../../src/domain/connectors/mapping.ts';
import { membersPatch, namePatch, type PatchBody, userPatch } from '../../src/scim/patch.ts';
import { readUser, userJson } from '../../src/scim/user.ts';
import { scimValues } from './arbitrary.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** What scimmy, a service provider library, makes of the PATCH. */
async function applied(body: PatchBody, before: ScimValues): Promise<ScimValues | undefined> {
  const user = new SCIMMY.Schemas.User({ ...userJson('csv:1', before, true), id: '7' });
  const patch = new SCIMMY.Messages.PatchOp(JSON.parse(JSON.stringify(body)));
  const after = (await patch.apply(user)) ?? user;
  return readUser(JSON.parse(JSON.stringify(after)))?.values;
}

function difference(before: ScimValues, after: ScimValues) {
  const set = Object.fromEntries(Object.entries(after).filter(([path, value]) => before[path] !== value));
  const clear = Object.keys(before).filter((path) => after[path] === undefined);
  return { set, clear };
}

describe('the PATCH of a user', () => {
  beforeAll(() => {
    SCIMMY.Schemas.User.definition.extend(SCIMMY.Schemas.EnterpriseUser.definition);
  });

  it('turns any known values into any wanted ones on a real service provider', async () => {
    await fc.assert(
      fc.asyncProperty(scimValues, scimValues, async (before, after) => {
        const { set, clear } = difference(before, after);
        fc.pre(Object.keys(set).length + clear.length > 0);
        expect(await applied(userPatch({ set, clear, known: before }), before)).toEqual(after);
      }),
    );
  });

  it('sends nothing but lower-case operations with paths, and each path once', () => {
    fc.assert(
      fc.property(scimValues, scimValues, fc.option(fc.boolean(), { nil: undefined }), (before, after, active) => {
        const { Operations: operations } = userPatch({ ...difference(before, after), known: before, ...(active === undefined ? {} : { active }) });
        for (const { op } of operations) expect(['replace', 'remove']).toContain(op);
        expect(new Set(operations.map(({ path }) => path)).size).toBe(operations.length);
      }),
    );
  });

  it('changes a known e-mail by its value filter and leaves the others alone', () => {
    const change = { set: { 'emails[work].value': 'new@example.org' }, clear: [], known: { 'emails[work].value': 'old@example.org' } };
    expect(userPatch(change).Operations).toEqual([{ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.org' }]);
  });

  it('replaces the whole list where the value may not exist yet, with what is known of it', () => {
    const change = { set: { 'phoneNumbers[mobile].value': '2' }, clear: [], known: { 'phoneNumbers[work].value': '1' } };
    expect(userPatch(change).Operations).toEqual([
      {
        op: 'replace',
        path: 'phoneNumbers',
        value: [
          { value: '1', type: 'work' },
          { value: '2', type: 'mobile' },
        ],
      },
    ]);
  });

  it('S22 clears a value by removing it, not by sending null', () => {
    expect(userPatch({ set: {}, clear: ['title', 'emails[work].value', `${ENTERPRISE}:department`] }).Operations).toEqual([
      { op: 'remove', path: 'title' },
      { op: 'remove', path: 'emails[type eq "work"]' },
      { op: 'remove', path: `${ENTERPRISE}:department` },
    ]);
  });

  it('switches on before and off after everything else, as a boolean', () => {
    expect(userPatch({ set: { title: 'x' }, clear: [], active: true }).Operations.at(0)).toEqual({ op: 'replace', path: 'active', value: true });
    expect(userPatch({ set: { title: 'x' }, clear: [], active: false }).Operations.at(-1)).toEqual({ op: 'replace', path: 'active', value: false });
  });
});

describe('the PATCH of a group', () => {
  it('S11 removes each member by its own filter, never by a value array, which empties the group on some servers', () => {
    expect(membersPatch(['1', '2'], ['3', '4'])).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [
        { op: 'add', path: 'members', value: [{ value: '1' }, { value: '2' }] },
        { op: 'remove', path: 'members[value eq "3"]' },
        { op: 'remove', path: 'members[value eq "4"]' },
      ],
    });
    expect(membersPatch([], ['3']).Operations).toHaveLength(1);
  });

  it('renames by displayName', () => {
    expect(namePatch('All').Operations).toEqual([{ op: 'replace', path: 'displayName', value: 'All' }]);
  });
});
