import { describe, expect, it } from 'vitest';
import type { DirectoryRecord } from '../../src/domain/directory/import.ts';
import { type DirectorySource, SourceFault } from '../../src/ports/directory-source.ts';

/** What every kind of directory source must be able to show of itself. */
export interface DirectorySourceFixture {
  /** A source with at least two organizations, one below the other, a role, a group and three people. */
  whole(): Promise<DirectorySource>;
  /** The same with one row about a person broken, and which it is. */
  broken(): Promise<{ readonly source: DirectorySource; readonly sourceId: string; readonly file: string; readonly line: number }>;
  /** A source whose place does not exist. */
  gone(): Promise<DirectorySource>;
}

/** Reads a source to its end. */
export async function recordsOf(source: DirectorySource): Promise<readonly DirectoryRecord[]> {
  const records: DirectoryRecord[] = [];
  for await (const record of source.read()) records.push(record);
  return records;
}

/** The records of one kind. */
export function only<K extends DirectoryRecord['is']>(records: readonly DirectoryRecord[], kind: K): readonly Extract<DirectoryRecord, { is: K }>[] {
  return records.filter((record): record is Extract<DirectoryRecord, { is: K }> => record.is === kind);
}

/** One contract for all directory sources (D2). */
export function directorySourceContract(kind: string, fixture: DirectorySourceFixture): void {
  describe(`the directory source contract, by ${kind}`, () => {
    it('yields organizations, then roles and groups, then people', async () => {
      const records = await recordsOf(await fixture.whole());
      const order = records.map((record) => record.is).filter((is) => is === 'organization' || is === 'grouping' || is === 'person');
      expect(order).toEqual([...order].sort((one, other) => rank(one) - rank(other)));
      expect(new Set(order).size).toBe(3);
    });

    it('names everything by the source and its own id, and refers only to what it yielded', async () => {
      const source = await fixture.whole();
      const records = await recordsOf(source);
      const organizations = new Set(only(records, 'organization').map((record) => record.organization.id));
      const groupings = new Set(only(records, 'grouping').map((record) => record.grouping.id));
      for (const { organization } of only(records, 'organization')) {
        expect(organization).toMatchObject({ id: `${source.name}:${organization.sourceId}`, source: source.name });
        if (organization.parentId !== null) expect(organizations).toContain(organization.parentId);
      }
      for (const { grouping } of only(records, 'grouping')) {
        expect(grouping.id).toBe(`${grouping.organizationId}/${grouping.kind}/${grouping.sourceId}`);
        expect(organizations).toContain(grouping.organizationId);
      }
      for (const { person } of only(records, 'person')) {
        expect(person).toMatchObject({ id: `${source.name}:${person.sourceId}`, source: source.name });
        expect(organizations).toContain(person.organizationId);
        expect(person.groupings).toEqual([...new Set(person.groupings)].sort());
        for (const id of person.groupings) expect(groupings).toContain(id);
        expect(Object.values(person.attributes)).not.toContain('');
      }
      expect(only(records, 'broken')).toEqual([]);
    });

    it('says the same when read again', async () => {
      const source = await fixture.whole();
      expect(await recordsOf(source)).toEqual(await recordsOf(source));
    });

    it('counts the rows of each file', async () => {
      const records = await recordsOf(await fixture.whole());
      expect(only(records, 'file').some((record) => record.rows >= only(records, 'person').length)).toBe(true);
    });

    it('D2 names a broken row by file, line, reason and whose it is, and goes on with the others', async () => {
      const whole = only(await recordsOf(await fixture.whole()), 'person');
      const { source, sourceId, file, line } = await fixture.broken();
      const records = await recordsOf(source);
      expect(only(records, 'broken')).toEqual([{ is: 'broken', about: 'person', error: { file, line, reason: expect.stringMatching(/\w/), sourceId } }]);
      expect(only(records, 'person').length).toBeGreaterThanOrEqual(whole.length - 1);
    });

    it('D2 throws a SourceFault that says what to do when it can not be read at all', async () => {
      const fault = await recordsOf(await fixture.gone()).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(SourceFault);
      expect(fault).toHaveProperty('message', expect.stringMatching(/\.$/));
    });

    it('can be left in the middle', async () => {
      for await (const record of (await fixture.whole()).read()) if (record.is === 'grouping') break;
      expect(only(await recordsOf(await fixture.whole()), 'person').length).toBeGreaterThan(2);
    });
  });
}

function rank(is: string): number {
  return ['organization', 'grouping', 'person'].indexOf(is);
}
