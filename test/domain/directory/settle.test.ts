import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grouping } from '../../../src/domain/directory/grouping.ts';
import type { Organization } from '../../../src/domain/directory/organization.ts';
import { settleGroupings } from '../../../src/domain/directory/verbs/settle-groupings.ts';
import { settleOrganizations } from '../../../src/domain/directory/verbs/settle-organizations.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const key = fc.constantFrom(...KEYS);

function organization(sourceId: string, parent: string | null, kind: string): Organization {
  return { id: `s:${sourceId}`, source: 's', sourceId, name: sourceId, kind, parentId: parent === null ? null : `s:${parent}`, timeZone: null };
}

const rows = fc.array(
  fc.record({ key, parent: fc.option(key), kind: fc.constantFrom('school', 'school', 'partner') }).map((row) => organization(row.key, row.parent, row.kind)),
  { maxLength: 10 },
);

function expectTree(final: ReadonlyMap<string, Organization>): void {
  for (const start of final.values()) {
    const above = new Set<string>();
    for (let at: Organization | undefined = start; at?.parentId; at = final.get(at.parentId)) {
      expect(above).not.toContain(at.id);
      above.add(at.id);
      expect(final.get(at.parentId)).toBeDefined();
      expect(final.get(at.parentId)?.kind).not.toBe('partner');
    }
  }
}

describe('settling organizations', () => {
  it('D1 gives a tree whatever the rows say, import after import', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ rows, broken: fc.uniqueArray(key, { maxLength: 3 }), unreadable: fc.boolean() }), { minLength: 1, maxLength: 5 }),
        (imports) => {
          let stored: ReadonlyMap<string, Organization> = new Map();
          for (const { rows: organizations, broken, unreadable } of imports) {
            const placed = organizations.map((row, index) => ({ organization: row, at: { file: 'o.csv', line: index + 2 } }));
            const { final, errors } = settleOrganizations(stored, placed, new Set(broken), unreadable, new Set());
            expectTree(final);
            for (const sourceId of [...broken, ...errors.map((error) => error.sourceId ?? '')])
              expect(final.get(`s:${sourceId}`)).toEqual(stored.get(`s:${sourceId}`));
            if (unreadable) for (const id of stored.keys()) expect(final.has(id)).toBe(true);
            stored = final;
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('D1 stays fast on a long chain below a missing parent', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => ({
      organization: organization(`k${index}`, `k${index + 1}`, 'school'),
      at: { file: 'o.csv', line: index + 2 },
    }));
    const { final, errors } = settleOrganizations(new Map(), chain, new Set(), false, new Set());
    expect(final.size).toBe(0);
    expect(errors).toHaveLength(20_000);
  });
});

describe('settling roles and groups', () => {
  it('D1 gives unique names whatever the rows say, import after import', () => {
    const row = fc.record({ key, kind: fc.constantFrom('role' as const, 'group' as const), name: fc.constantFrom('Art', 'ART', 'Chess', 'Choir') });
    const tree = new Map([['s:a', organization('a', null, 'school')]]);
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            rows: fc.array(row, { maxLength: 8 }),
            broken: fc.uniqueArray(key, { maxLength: 2 }),
            unreadable: fc.boolean(),
            assigned: fc.uniqueArray(key, { maxLength: 2 }),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        (imports) => {
          let stored: ReadonlyMap<string, Grouping> = new Map();
          for (const { rows: groupings, broken, unreadable, assigned } of imports) {
            const placed = groupings.map((one, index) => ({
              grouping: { id: `s:a/${one.kind}/${one.key}`, organizationId: 's:a', kind: one.kind, sourceId: one.key, name: one.name },
              at: { file: 'g.csv', line: index + 2 },
            }));
            const before = { stored, brokenKeys: new Set(broken), unreadable, assigned: new Set(assigned.map((one) => `s:a/role/${one}`)) };
            const { final, left } = settleGroupings(before, placed, tree);
            const names = [...final.values()].map((grouping) => grouping.name.toLowerCase());
            expect(new Set(names).size).toBe(names.length);
            for (const id of left) expect(final.get(id)).toEqual(stored.get(id));
            for (const id of before.assigned) expect(final.has(id) || !stored.has(id)).toBe(true);
            stored = final;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
