import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditRow } from '../../src/domain/audit/audit.ts';
import type { Person } from '../../src/domain/directory/person.ts';
import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { GENESIS } from '../../src/domain/audit/chain.ts';
import type { Kind, Log, RowQuery, Store } from '../../src/ports/store.ts';

/** One place where a store can live, freshly made and empty. */
export interface StoreHome {
  readonly store: Store;
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<Store>;
  /** Closes the store and removes its data. */
  remove(): Promise<void>;
}

export function person(number: number, change: Partial<Person> = {}): Person {
  const sourceId = String(number).padStart(5, '0');
  return {
    id: `csv:${sourceId}`,
    source: 'csv',
    sourceId,
    organizationId: 'csv:school',
    groupings: [],
    attributes: { givenName: 'Zoë', familyName: `O'Néill ${number}` },
    status: 'active',
    ...change,
  };
}

export function event(number: number, change: Partial<ProvisioningEvent> = {}): ProvisioningEvent {
  return {
    id: `e-${number}`,
    at: 1_000 + number,
    type: 'user_create_provision',
    runId: 'R-1',
    connectorId: 'c-1',
    application: 'Example',
    organizationId: 'csv:school',
    by: 'schedule',
    subjectId: `csv:${number}`,
    subjectName: '名前 "quoted"\n',
    targetId: null,
    success: number % 2 === 0,
    errorCode: null,
    errorMessage: null,
    httpStatus: 201,
    attempts: 1,
    cause: null,
    changes: [],
    ...change,
  };
}

export function audit(number: number, change: Partial<AuditRow> = {}): AuditRow {
  return {
    id: `a-${number}`,
    at: 1_000 + number,
    by: 'U1',
    way: 'command',
    action: 'sync.start',
    connectorId: 'c-1',
    subject: null,
    summary: 'Started.',
    before: null,
    after: null,
    ...change,
  };
}

/** All keys that a scan gives, and its page sizes. */
async function scanned(
  store: Store,
  kind: Kind,
  range: { prefix?: string; after?: string } = {},
): Promise<{ readonly keys: readonly string[]; readonly pages: readonly number[] }> {
  const keys: string[] = [];
  const pages: number[] = [];
  for await (const page of store.scan(kind, range)) {
    keys.push(...page.map(({ key }) => key));
    pages.push(page.length);
  }
  return { keys, pages };
}

async function found<L extends Log>(store: Store, log: L, query: RowQuery<L>): Promise<{ readonly ids: readonly string[]; readonly seqs: readonly number[] }> {
  const ids: string[] = [];
  const seqs: number[] = [];
  for await (const page of store.rows(log, query)) {
    expect(page.length).toBeLessThanOrEqual(256);
    for (const { seq, row } of page) {
      ids.push(row.id);
      seqs.push(seq);
    }
  }
  return { ids, seqs };
}

const putPeople = (store: Store, numbers: readonly number[]) =>
  store.transaction({ puts: numbers.map((number) => ({ kind: 'person', key: person(number).id, value: person(number) })) });
const putCounter = (store: Store, key: string, value: number, expected?: number) =>
  store.transaction({ puts: [{ kind: 'counter', key, value: { value }, ...(expected === undefined ? {} : { expected }) }] });
const range = (from: number, until: number) => Array.from({ length: until - from }, (_, index) => from + index);

/** What every home of the store must do; each home's test calls it. */
export function storeContract(name: string, open: () => Promise<StoreHome>): void {
  describe(`${name} keeps the contract of the store`, () => {
    let home: StoreHome;
    let store: Store;
    beforeEach(async () => {
      home = await open();
      store = home.store;
    });
    afterEach(() => home.remove());

    documentContract(
      () => store,
      () => home.reopen(),
    );
    scanContract(() => store);
    rowContract(
      () => store,
      () => home.reopen(),
    );
    eraseContract(
      () => store,
      () => home.reopen(),
    );
    chainContract(
      () => store,
      () => home.reopen(),
    );
  });
}

function documentContract(store: () => Store, reopen: () => Promise<Store>): void {
  it('gives back what was put, with versions that count from 1', async () => {
    await putPeople(store(), [1]);
    expect(await store().get('person', 'csv:00001')).toEqual({ version: 1, value: person(1) });
    await store().transaction({ puts: [{ kind: 'person', key: 'csv:00001', value: person(1, { status: 'inactive' }) }] });
    expect(await store().get('person', 'csv:00001')).toEqual({ version: 2, value: person(1, { status: 'inactive' }) });
    expect(await store().get('person', 'csv:00002')).toBeUndefined();
    expect(await store().get('account', 'csv:00001')).toBeUndefined();
  });

  it('keeps documents over a restart, versions included', async () => {
    await putPeople(store(), [1, 2, 3]);
    await putPeople(store(), [2]);
    await store().transaction({ puts: [{ kind: 'person', key: 'csv:00003', value: null }] });
    const again = await reopen();
    expect(await again.get('person', 'csv:00002')).toEqual({ version: 2, value: person(2) });
    expect(await again.get('person', 'csv:00003')).toBeUndefined();
    expect(await again.count('person')).toBe(2);
  });

  it('keeps any key and any text over a restart', async () => {
    const keys = ['"', '\\', 'a"b\\"c', '\n', 'c-1/"x",2,', '名前/ö'];
    await store().transaction({ puts: keys.map((key) => ({ kind: 'person', key, value: person(1, { sourceId: key }) })) });
    const again = await reopen();
    for (const key of keys) expect((await again.get('person', key))?.value).toEqual(person(1, { sourceId: key }));
    expect((await scanned(again, 'person')).keys).toEqual([...keys].sort());
  });

  it('commits only when every expected version holds, and otherwise changes nothing', async () => {
    expect(await putCounter(store(), 'run', 1, 0)).toBe('committed');
    expect(await putCounter(store(), 'run', 2, 0)).toBe('conflict');
    expect(await putCounter(store(), 'run', 2, 1)).toBe('committed');
    const verdict = await store().transaction({
      puts: [
        { kind: 'counter', key: 'assignment', value: { value: 9 }, expected: 0 },
        { kind: 'counter', key: 'run', value: { value: 3 }, expected: 1 },
      ],
      appends: [{ log: 'audit', partition: '-', row: audit(1) }],
      erase: [{ kind: 'counter', prefix: '' }],
    });
    expect(verdict).toBe('conflict');
    expect(await store().get('counter', 'run')).toEqual({ version: 2, value: { value: 2 } });
    expect(await store().get('counter', 'assignment')).toBeUndefined();
    expect((await found(store(), 'audit', { order: 'oldest' })).ids).toEqual([]);
  });

  it('lets exactly one of many simultaneous compare-and-sets win', async () => {
    await putCounter(store(), 'run', 0);
    const verdicts = await Promise.all(range(1, 33).map((value) => putCounter(store(), 'run', value, 1)));
    expect(verdicts.filter((verdict) => verdict === 'committed')).toHaveLength(1);
    expect(await store().get('counter', 'run')).toEqual({ version: 2, value: { value: verdicts.indexOf('committed') + 1 } });
  });

  it('loses no increment when many count at once', async () => {
    const countUp = async (): Promise<void> => {
      const now = await store().get('counter', 'run');
      if ((await putCounter(store(), 'run', (now?.value.value ?? 0) + 1, now?.version ?? 0)) === 'conflict') await countUp();
    };
    await Promise.all(range(0, 20).map(countUp));
    expect((await store().get('counter', 'run'))?.value).toEqual({ value: 20 });
  });

  it('starts a document that was removed above its old version', async () => {
    await putCounter(store(), 'run', 1);
    await putCounter(store(), 'run', 2);
    const remove = { puts: [{ kind: 'counter', key: 'run', value: null, expected: 2 }] } as const;
    expect(await store().transaction(remove)).toBe('committed');
    expect(await store().transaction(remove)).toBe('conflict');
    expect(await putCounter(store(), 'run', 3, 0)).toBe('committed');
    expect((await store().get('counter', 'run'))?.version).toBeGreaterThan(2);
    expect(await putCounter(store(), 'run', 4, 2)).toBe('conflict');
  });

  it('shows a transaction to readers only when it is reported, and then all of it', async () => {
    await putPeople(store(), [1]);
    const writing = store().transaction({
      puts: [
        { kind: 'person', key: 'csv:00001', value: null },
        { kind: 'person', key: 'csv:00002', value: person(2) },
      ],
      appends: [{ log: 'event', partition: 'c-1', row: event(1) }],
    });
    expect((await scanned(store(), 'person')).keys).toEqual(['csv:00001']);
    await writing;
    expect((await scanned(store(), 'person')).keys).toEqual(['csv:00002']);
    expect((await found(store(), 'event', { order: 'oldest' })).ids).toEqual(['e-1']);
  });

  it('tells who watches of each committed transaction, once it can be read and before it is reported, and of no other', async () => {
    const told: string[] = [];
    const read: Promise<unknown>[] = [];
    store().watch(({ puts = [] }) => {
      told.push(...puts.map(({ key }) => key));
      read.push(...puts.map(({ key }) => store().get('counter', key)));
    });
    for (const [key, expected] of [['one', 0] as const, ['two', 7] as const, ['three', 0] as const]) {
      const outcome = await putCounter(store(), key, 1, expected);
      expect(told.includes(key)).toBe(outcome === 'committed');
    }
    const many = await Promise.all(range(0, 40).map((number) => putCounter(store(), `many-${number % 20}`, number, 0)));
    expect(many.filter((outcome) => outcome === 'committed')).toHaveLength(20);
    expect([...told].sort()).toEqual(['one', 'three', ...range(0, 20).map((number) => `many-${number}`)].sort());
    expect(await Promise.all(read)).not.toContain(undefined);
  });

  it('takes a transaction of 20,000 documents as one', async () => {
    await putPeople(store(), range(0, 20_000));
    expect(await store().count('person')).toBe(20_000);
    expect(await (await reopen()).count('person')).toBe(20_000);
  });

  it('refuses what is not JSON, and goes on', async () => {
    // A value that only untyped code could hand over.
    const value: Person = Object.assign(person(1), { count: 1n });
    await expect(store().transaction({ puts: [{ kind: 'person', key: 'csv:00001', value }] })).rejects.toThrow(TypeError);
    expect(await putPeople(store(), [2])).toBe('committed');
    expect((await scanned(store(), 'person')).keys).toEqual(['csv:00002']);
  });
}

function scanContract(store: () => Store): void {
  it('scans in the order of UTF-16 code units, in pages of at most 256', async () => {
    await putPeople(store(), range(0, 600));
    const { keys, pages } = await scanned(store(), 'person');
    expect(keys).toEqual(range(0, 600).map((number) => person(number).id));
    expect(Math.max(...pages)).toBeLessThanOrEqual(256);
    const odd = ['b', 'a', 'B', 'ä', '\ud83d\ude00', '\uffff', '__proto__', '10', '9', ''];
    await store().transaction({ puts: odd.map((key) => ({ kind: 'delivery', key, value: { at: 1 } })) });
    expect((await scanned(store(), 'delivery')).keys).toEqual(['', '10', '9', 'B', '__proto__', 'a', 'b', 'ä', '\ud83d\ude00', '\uffff']);
  });

  it('scans and counts under a prefix, and after a key', async () => {
    const keys = ['c-1', 'c-1/1', 'c-1/2', 'c-1/3', 'c-10/1', 'c-2/1'];
    await store().transaction({ puts: keys.map((key) => ({ kind: 'delivery', key, value: { at: 1 } })) });
    expect((await scanned(store(), 'delivery', { prefix: 'c-1/' })).keys).toEqual(['c-1/1', 'c-1/2', 'c-1/3']);
    expect((await scanned(store(), 'delivery', { prefix: 'c-1/', after: 'c-1/2' })).keys).toEqual(['c-1/3']);
    expect((await scanned(store(), 'delivery', { prefix: 'c-1/', after: 'a' })).keys).toEqual(['c-1/1', 'c-1/2', 'c-1/3']);
    expect((await scanned(store(), 'delivery', { after: 'c-1/3' })).keys).toEqual(['c-10/1', 'c-2/1']);
    expect(await store().count('delivery', 'c-1/')).toBe(3);
    expect(await store().count('delivery', 'c-1')).toBe(5);
    expect(await store().count('delivery', 'd')).toBe(0);
    expect(await store().count('delivery')).toBe(6);
  });

  it('misses no key that stays, and gives none twice, while others come and go', async () => {
    const staying = range(0, 1_000).filter((number) => number % 2 === 0);
    await putPeople(store(), range(0, 1_000));
    const seen: string[] = [];
    for await (const page of store().scan('person')) {
      seen.push(...page.map(({ key }) => key));
      await store().transaction({
        puts: range(0, 1_000)
          .filter((number) => number % 2 === 1)
          .map((number) => ({ kind: 'person', key: person(number).id, value: null })),
      });
      await putPeople(store(), [...staying, ...range(2_000, 2_010)]);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort());
    expect(seen).toEqual(expect.arrayContaining(staying.map((number) => person(number).id)));
  });
}

function rowContract(store: () => Store, reopen: () => Promise<Store>): void {
  const append = (numbers: readonly number[], partition = 'c-1', change: Partial<ProvisioningEvent> = {}) =>
    store().transaction({ appends: numbers.map((number) => ({ log: 'event', partition, row: event(number, change) })) });

  it('streams rows oldest and newest first, numbered in the order they were appended, over a restart too', async () => {
    await append(range(0, 300));
    await append(range(300, 600), 'c-2');
    await store().transaction({ appends: [{ log: 'audit', partition: '-', row: audit(1) }] });
    for (const home of [store(), await reopen()]) {
      const oldest = await found(home, 'event', { order: 'oldest' });
      expect(oldest.ids).toEqual(range(0, 600).map((number) => `e-${number}`));
      expect(oldest.seqs).toEqual([...new Set(oldest.seqs)].sort((a, b) => a - b));
      const newest = await found(home, 'event', { order: 'newest' });
      expect(newest.seqs).toEqual([...oldest.seqs].reverse());
      expect((await found(home, 'audit', { order: 'newest' })).ids).toEqual(['a-1']);
    }
  });

  it('gives rows back exactly as they were appended', async () => {
    await append([7]);
    for await (const page of store().rows('event', { order: 'oldest' })) expect(page.map(({ row }) => row)).toEqual([event(7)]);
  });

  it('filters rows by partition, by fields and by time, and stops at the limit', async () => {
    await append(range(0, 10));
    await append(range(10, 20), 'c-2', { runId: 'R-2', errorCode: 'timeout' });
    const ids = async (query: RowQuery<'event'>) => (await found(store(), 'event', query)).ids.map((id) => Number(id.slice(2)));
    expect(await ids({ partition: 'c-2', order: 'oldest' })).toEqual(range(10, 20));
    expect(await ids({ partition: 'c-3', order: 'oldest' })).toEqual([]);
    expect(await ids({ match: { runId: 'R-2', success: true }, order: 'newest' })).toEqual([18, 16, 14, 12, 10]);
    expect(await ids({ match: { errorCode: null }, order: 'oldest', limit: 3 })).toEqual([0, 1, 2]);
    expect(await ids({ from: 1_008, until: 1_012, order: 'oldest' })).toEqual([8, 9, 10, 11]);
    expect(await ids({ partition: 'c-1', match: { success: false }, from: 1_003, until: 1_008, order: 'newest', limit: 2 })).toEqual([7, 5]);
  });

  it('pages on after the last row of the page before, in either order', async () => {
    await append(range(0, 10));
    await append(range(10, 20), 'c-2');
    for (const order of ['oldest', 'newest'] as const) {
      const all = await found(store(), 'event', { order });
      const first = await found(store(), 'event', { order, limit: 7 });
      const after = first.seqs.at(-1);
      const rest = await found(store(), 'event', { order, ...(after === undefined ? {} : { after }) });
      expect([...first.ids, ...rest.ids]).toEqual(all.ids);
    }
  });

  it('ends a query at the rows there were when it began, whatever is appended meanwhile', async () => {
    await append(range(0, 600));
    const ids: string[] = [];
    for await (const page of store().rows('event', { order: 'oldest' })) {
      ids.push(...page.map(({ row }) => row.id));
      await append(range(1_000, 1_300));
    }
    expect(ids).toEqual(range(0, 600).map((number) => `e-${number}`));
  });
}

function eraseContract(store: () => Store, reopen: () => Promise<Store>): void {
  it('erases the documents under a prefix and a partition of a log, for good', async () => {
    await store().transaction({
      puts: ['c-1/1', 'c-1/2', 'c-10/1', 'c-2/1'].map((key) => ({ kind: 'delivery', key, value: { at: 1 } })),
      appends: [1, 2, 3, 4].map((number) => ({ log: 'event', partition: number % 2 === 0 ? 'c-2' : 'c-1', row: event(number) })),
    });
    await store().transaction({
      erase: [
        { kind: 'delivery', prefix: 'c-1/' },
        { log: 'event', partition: 'c-1' },
      ],
    });
    for (const home of [store(), await reopen()]) {
      expect((await scanned(home, 'delivery')).keys).toEqual(['c-10/1', 'c-2/1']);
      expect((await found(home, 'event', { order: 'oldest' })).ids).toEqual(['e-2', 'e-4']);
      expect((await found(home, 'event', { partition: 'c-1', order: 'newest' })).ids).toEqual([]);
    }
  });

  it('erases first, then puts and appends, within one transaction', async () => {
    await store().transaction({ puts: [{ kind: 'delivery', key: 'c-1/1', value: { at: 1 } }], appends: [{ log: 'event', partition: 'c-1', row: event(1) }] });
    await store().transaction({
      erase: [
        { kind: 'delivery', prefix: 'c-1/' },
        { log: 'event', partition: 'c-1' },
      ],
      puts: [{ kind: 'delivery', key: 'c-1/2', value: { at: 2 } }],
      appends: [{ log: 'event', partition: 'c-1', row: event(2) }],
    });
    for (const home of [store(), await reopen()]) {
      expect((await scanned(home, 'delivery')).keys).toEqual(['c-1/2']);
      expect((await found(home, 'event', { order: 'oldest' })).ids).toEqual(['e-2']);
    }
  });

  it('starts erased documents above their old version, and never numbers a row twice', async () => {
    await putCounter(store(), 'run', 1);
    await putCounter(store(), 'run', 2);
    await store().transaction({ appends: [{ log: 'event', partition: 'c-1', row: event(1) }] });
    const [before] = (await found(store(), 'event', { order: 'newest' })).seqs;
    await store().transaction({
      erase: [
        { kind: 'counter', prefix: '' },
        { log: 'event', partition: 'c-1' },
      ],
    });
    const again = await reopen();
    await putCounter(again, 'run', 1, 0);
    await again.transaction({ appends: [{ log: 'event', partition: 'c-1', row: event(2) }] });
    expect((await again.get('counter', 'run'))?.version).toBeGreaterThan(2);
    expect((await found(again, 'event', { order: 'newest' })).seqs[0]).toBeGreaterThan(before ?? Number.POSITIVE_INFINITY);
  });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function chainContract(store: () => Store, reopen: () => Promise<Store>): void {
  const append = (home: Store, numbers: readonly number[], partition = 'c-1') =>
    home.transaction({ appends: numbers.map((number) => ({ log: 'audit', partition, row: audit(number, { summary: `名前 "${number}"\n` }) })) });

  it('X2 chains the rows of the audit over all partitions in the order of commits: seq, salt, digest, hash', async () => {
    expect(await store().auditHead()).toBeNull();
    expect(await store().verifyAudit()).toMatchObject({ rows: 0, head: null, fault: null });
    await append(store(), [1, 2], 'c-1');
    await Promise.all([append(store(), [3], 'c-2'), append(store(), [4], '-'), append(store(), [5, 6], 'c-2')]);
    expect(await putCounter(store(), 'run', 1, 7)).toBe('conflict');
    await store().transaction({
      puts: [{ kind: 'counter', key: 'run', value: { value: 1 }, expected: 9 }],
      appends: [{ log: 'audit', partition: '-', row: audit(99) }],
    });
    const again = await reopen();
    await append(again, [7], 'c-3');
    let previous = GENESIS;
    const seqs: number[] = [];
    const salts = new Set<string | null | undefined>();
    for await (const page of again.rows('audit', { order: 'oldest' })) {
      for (const { seq, row, link } of page) {
        expect(link?.salt).toMatch(/^[0-9a-f]{32}$/);
        expect(link?.digest).toBe(sha256(`${link?.salt}${JSON.stringify(row)}`));
        expect(link?.hash).toBe(sha256(`${previous}${seq}${link?.digest}`));
        previous = link?.hash ?? '';
        salts.add(link?.salt);
        seqs.push(seq);
      }
    }
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(salts.size).toBe(7);
    expect(await again.auditHead()).toEqual({ first: 1, seq: 7, hash: previous });
    expect(await again.verifyAudit()).toEqual({
      rows: 7,
      unchained: 0,
      sealed: { count: 0, first: [] },
      head: { first: 1, seq: 7, hash: previous },
      noted: null,
      fault: null,
    });
  });

  it('X2 chains no other log', async () => {
    await store().transaction({ appends: [{ log: 'event', partition: 'c-1', row: event(1) }] });
    for await (const page of store().rows('event', { order: 'oldest' })) expect(page.map(({ link }) => link)).toEqual([undefined]);
    expect(await store().auditHead()).toBeNull();
  });

  it('X2 finds a head that was noted earlier, and says when it is no row’s', async () => {
    await append(store(), [1, 2, 3]);
    const noted = (await store().auditHead())?.hash ?? '';
    const again = await reopen();
    await append(again, [4]);
    expect(await again.verifyAudit(noted)).toMatchObject({ rows: 4, noted: 3, fault: null });
    expect((await again.verifyAudit('f'.repeat(64))).fault).toEqual({ is: 'unknown-head', noted: 'f'.repeat(64) });
  });

  it('X2 verifies while rows are appended', async () => {
    await append(store(), range(0, 600));
    const [found] = await Promise.all([store().verifyAudit(), ...range(600, 620).map((number) => append(store(), [number], `c-${number}`))]);
    expect(found.fault).toBeNull();
    expect(found.rows).toBeGreaterThanOrEqual(600);
    expect(await store().verifyAudit()).toMatchObject({ rows: 620, fault: null });
  });
}
