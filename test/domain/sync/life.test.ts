import { describe, expect, it } from 'vitest';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { newCard } from '../../../src/domain/cards/show.ts';
import { SECOND } from '../../../src/domain/instant.ts';
import { executeRun } from '../../../src/domain/sync/verbs/execute.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { runUnderWay } from '../../../src/domain/sync/verbs/create-run.ts';
import { runDetail, runHistory } from '../../../src/domain/sync/verbs/history.ts';
import { personNow } from '../../../src/domain/sync/verbs/person-now.ts';
import { retryFailed } from '../../../src/domain/sync/verbs/retry-failed.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { cancelRun, pauseRun, resumeRun } from '../../../src/domain/sync/verbs/steer.ts';
import type { ManualClock } from '../../clock.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { refusalOf } from '../refused.ts';
import { beforeMemory, URL_ } from './before-memory.ts';
import { door, fault, type MemoryTarget } from './memory-target.ts';
import { actor, assignment, CONNECTOR, connector, ended, organization, patiently, people, person, STAFF, type World } from './world.ts';

let clock: ManualClock;
let target: MemoryTarget;
let home: World;

const givenAnother = beforeMemory((given) => {
  ({ clock, target, home } = given);
});

/** Starts a run and holds it at its n-th create; `go` lets it go on. */
async function heldAt(nth: number): Promise<{ readonly run: Run; readonly over: Promise<Run>; readonly go: () => void }> {
  const reached = door();
  const gate = door();
  let creates = 0;
  target.before = async (call) => {
    if (call.what !== 'create') return;
    creates += 1;
    if (creates < nth) return;
    if (creates === nth) reached.open();
    await gate.opened;
  };
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  const over = home.execute(run.id);
  await reached.opened;
  return { run, over, go: gate.open };
}

describe('starting', () => {
  it('S1 a second request while one runs is refused with the running one, so that its progress can be shown', async () => {
    await home.seed(connector(URL_), people(3));
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    expect(home.handed).toEqual([run.id]);
    expect(await refusalOf(startSync(home.outside, actor(), { connectorId: CONNECTOR }))).toMatchObject({ is: 'running', runId: run.id, done: 0 });
    await home.execute(run.id);
    expect((await startSync(home.outside, actor(), { connectorId: CONNECTOR })).id).not.toBe(run.id);
  });

  it('S1 two requests at the same moment give one run', async () => {
    await home.seed(connector(URL_), people(1));
    const both = await Promise.allSettled([1, 2, 3].map(() => startSync(home.outside, actor(), { connectorId: CONNECTOR })));
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await home.all('run')).toHaveLength(1);
  });

  it('C12 a disabled connector starts no run, and the answer is to enable it; a running one finishes', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(5));
    const { over, go } = await heldAt(2);
    await home.put('connector', CONNECTOR, { ...(await home.connector()), state: { is: 'disabled', since: clock.now() } });
    expect(await refusalOf(startSync(home.outside, actor(), { connectorId: CONNECTOR }))).toMatchObject({
      is: 'wrong-state',
      state: 'disabled',
      remedy: 'enable',
    });
    go();
    expect((await over).counts.created).toBe(5);
    expect(await home.connector()).toMatchObject({ state: { is: 'disabled' }, inForce: { baseUrl: URL_ } });
  });

  it('C5 C11 drafts and disconnected connectors are refused, each with what to do', async () => {
    await home.seed(connector(URL_, { connector: { state: { is: 'draft' }, draft: null } }), []);
    expect(await refusalOf(startSync(home.outside, actor(), { connectorId: CONNECTOR }))).toMatchObject({ is: 'not-configured' });
    await home.put('connector', CONNECTOR, { ...(await home.connector()), draft: {} });
    expect(await refusalOf(startSync(home.outside, actor(), { connectorId: CONNECTOR }))).toMatchObject({ is: 'not-rehearsed' });
    await home.put('connector', CONNECTOR, { ...(await home.connector()), state: { is: 'disconnected', since: 1 } });
    expect(await refusalOf(startSync(home.outside, actor(), { connectorId: CONNECTOR }))).toMatchObject({ is: 'wrong-state', remedy: 'reconnect' });
  });

  it('X1 nobody syncs without the right to', async () => {
    await home.seed(connector(URL_), []);
    expect(await refusalOf(startSync(home.outside, { ...actor(), grants: [] }, { connectorId: CONNECTOR }))).toMatchObject({ is: 'no-role' });
    expect(await refusalOf(startSync(home.outside, actor('viewer'), { connectorId: CONNECTOR }))).toMatchObject({ is: 'not-allowed' });
    expect(await home.all('run')).toEqual([]);
  });

  it('C3 who has rights over a part only syncs the people of that part', async () => {
    const elsewhere = person('far', { organizationId: 'csv:other' });
    await home.seed(connector(URL_), [person('near'), elsewhere]);
    const part = actor('operator', 'csv:school', 'U2');
    const run = await startSync(home.outside, part, { connectorId: CONNECTOR });
    expect(run.scope).toEqual({ is: 'organizations', ids: ['csv:school'] });
    expect((await home.execute(run.id)).counts.created).toBe(2);
    expect(await refusalOf(startSync(home.outside, part, { connectorId: CONNECTOR, scope: { is: 'people', ids: [elsewhere.id] } }))).toMatchObject({
      is: 'not-allowed',
    });
    expect(await refusalOf(startSync(home.outside, part, { connectorId: CONNECTOR, scope: { is: 'organizations', ids: ['csv:other'] } }))).toMatchObject({
      is: 'not-allowed',
    });
  });

  it('C3 a part run leaves people outside the part alone, leavers included', async () => {
    const far = person('far', { organizationId: 'csv:other', groupings: [STAFF] });
    await home.seed(connector(URL_), [person('near'), far, person('left')], [assignment(1), assignment(2, STAFF, { organizationId: 'csv:other' })]);
    await home.put('organization', 'csv:other', organization('csv:other', 'South School', 'csv:district'));
    await home.sync();
    await home.put('person', 'csv:left', null);
    await home.people([person('near', { groupings: [] }), { ...far, groupings: [] }]);
    const run = await startSync(home.outside, actor('operator', 'csv:school', 'U2'), { connectorId: CONNECTOR });
    expect((await home.execute(run.id)).counts).toMatchObject({ deactivated: 1 });
    expect((await home.account('near'))?.state).toBe('inactive');
    expect((await home.account('far'))?.state).toBe('active');
    expect((await home.account('left'))?.state).toBe('active');
  });
});

describe('one person now', () => {
  it('S1 goes first within a running run', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(600));
    const { run, over, go } = await heldAt(3);
    const last = 'csv:p00599';
    expect(await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: last })).toMatchObject({ is: 'joined', run: { id: run.id } });
    await home.wake(run.id);
    go();
    const done = await over;
    expect(done.counts).toMatchObject({ created: 600, failed: 0 });
    expect(done).toMatchObject({ total: 600, done: 600 });
    const creates = target.calls.filter((call) => call.what === 'create').map((call) => call.userName);
    expect(creates.indexOf('p00599')).toBeLessThan(10);
    expect(new Set(creates).size).toBe(600);
  });

  it('S1 runs alone where nothing runs, and touches nobody else', async () => {
    await home.seed(connector(URL_), people(5));
    const now = await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:p00002' });
    expect(now).toMatchObject({ is: 'started', run: { kind: 'person' } });
    expect((await home.execute(now.run.id)).counts.created).toBe(1);
    expect(target.writes().map((call) => call.userName)).toEqual(['p00002']);
  });
});

describe('pause, cancel, disconnect', () => {
  it('S2 a paused run rests, keeps its counts over a restart, and goes on where it was', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(700));
    const { run, over, go } = await heldAt(5);
    await pauseRun(home.outside, actor('operator', null, 'U7'), run.id);
    await home.wake(run.id);
    go();
    const rest = await over;
    expect(rest.state).toEqual({ is: 'paused', by: 'U7' });
    expect(rest.counts.created).toBe(5);
    const audited: string[] = [];
    for await (const page of home.outside.store.rows('audit', { partition: CONNECTOR, order: 'newest' })) audited.push(...page.map(({ row }) => row.summary));
    expect(audited[0]).toBe('paused run R-1 of Portal');
    expect((await home.accounts()).every((account) => account.intent === null)).toBe(true);
    await home.restart();
    expect((await home.execute(run.id)).state.is).toBe('paused');
    await resumeRun(home.outside, actor(), run.id);
    const end = await home.execute(run.id);
    expect(ended(end)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(end).toMatchObject({ total: 700, done: 700, counts: { created: 700, unchanged: 0 } });
    expect(target.users.size).toBe(700);
  });

  it('S3 a cancelled run ends after the requests under way; what was done stays, the rest is as before', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 2 } }), people(700));
    const { run, over, go } = await heldAt(7);
    await cancelRun(home.outside, actor(), run.id);
    await home.wake(run.id);
    go();
    const end = await over;
    expect(ended(end)).toMatchObject({ ending: 'cancelled', result: 'partial' });
    expect(end.counts.failed).toBe(0);
    expect(target.users.size).toBe(end.counts.created);
    expect(end.counts.created).toBeLessThanOrEqual(8);
    expect(await home.accounts()).toHaveLength(end.counts.created);
    expect(await refusalOf(cancelRun(home.outside, actor(), run.id))).toMatchObject({ is: 'nothing-to-do' });
  });

  it('C13 S3 a disconnect stops at once and records every unfinished operation as an error; the target is untouched', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(700));
    const { run, over, go } = await heldAt(4);
    await disconnect(home.outside, actor('admin'), CONNECTOR, CLEARED);
    await home.wake(run.id);
    go();
    const end = await over;
    expect(ended(end)).toMatchObject({ ending: 'disconnected', result: 'failure' });
    const events = await home.events(run.id);
    expect(events.filter((event) => event.success)).toHaveLength(4);
    expect(events.filter((event) => event.errorCode === 'disconnected')).toHaveLength(696);
    expect(end.counts).toMatchObject({ created: 4, failed: 696 });
    expect(target.writes()).toHaveLength(4);
    expect(await home.accounts()).toHaveLength(4);
  });

  it('C13 a paused run is ended by a disconnect, its unfinished operations recorded, without asking the target', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(20));
    const { run, over, go } = await heldAt(3);
    await pauseRun(home.outside, actor(), run.id);
    await home.wake(run.id);
    go();
    await over;
    const before = target.calls.length;
    await disconnect(home.outside, actor('admin'), CONNECTOR, CLEARED);
    const end = await home.execute(run.id);
    expect(ended(end).ending).toBe('disconnected');
    expect(end.counts).toMatchObject({ created: 3, failed: 17 });
    expect(target.calls).toHaveLength(before);
  });
});

describe('after a crash', () => {
  it('S13 resumes the same run from where it was: no create is repeated and no account stays unlinked', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 4 } }), people(600));
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    const stuck = door();
    let creates = 0;
    // The process dies while four answers are on their way: the accounts exist, and nobody heard of it.
    target.after = async (call) => {
      if (call.what !== 'create') return;
      creates += 1;
      if (creates === 304) stuck.open();
      if (creates > 300) await new Promise(() => {});
    };
    void home.execute(run.id).catch(() => {});
    await stuck.opened;
    await home.restart();
    target.after = () => {};
    expect((await home.all('run'))[0]?.state.is).toBe('running');
    const end = await home.execute(run.id);
    expect(end.id).toBe(run.id);
    expect(ended(end)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(end).toMatchObject({ total: 600, done: 600, counts: { created: 600, adopted: 0, failed: 0 } });
    expect(target.users.size).toBe(600);
    expect(target.calls.filter((call) => call.what === 'create')).toHaveLength(600);
    expect((await home.accounts()).filter((account) => account.state === 'active' && account.intent === null && account.targetId !== null)).toHaveLength(600);
    const created = (await home.events(run.id)).filter((event) => event.type === 'user_create_provision' && event.success);
    expect(new Set(created.map((event) => event.subjectId)).size).toBe(600);
    expect(created).toHaveLength(600);
    expect((await home.sync()).counts).toMatchObject({ unchanged: 600, updated: 0 });
  });

  it('S13 an update whose answer was never heard is sent again in full, and a removal repeated', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 4 } }), [person('ann'), person('bob'), person('cy')]);
    await home.sync();
    await home.people([person('ann', { attributes: { title: 'Head' } }), person('bob', { groupings: [] })]);
    const reached = door();
    target.after = async () => {
      reached.open();
      await new Promise(() => {});
    };
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    void home.execute(run.id).catch(() => {});
    await reached.opened;
    await home.restart();
    target.after = () => {};
    // Meanwhile the directory took the change back: the target must follow, though nothing differs from what it was last told.
    await home.people([person('ann')]);
    const end = await home.execute(run.id);
    expect(ended(end)).toMatchObject({ ending: 'completed', result: 'success' });
    const byName = (name: string) => [...target.users.values()].find((user) => user.values.userName === name);
    expect(byName('ann')?.values.title).toBeUndefined();
    expect(byName('bob')?.active).toBe(false);
    expect((await home.sync()).counts).toMatchObject({ unchanged: 2, updated: 0, deactivated: 0 });
  });

  it('S13 X8 a shutdown lets the requests under way finish and leaves the run to be resumed', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 2 } }), people(400));
    const reached = door();
    const gate = door();
    target.before = async (call) => {
      if (target.calls.length < 20 || call.what !== 'create') return;
      reached.open();
      await gate.opened;
    };
    const shutdown = new AbortController();
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    const over = home.execute(run.id, { interrupt: shutdown.signal });
    await reached.opened;
    shutdown.abort();
    gate.open();
    expect((await over).state.is).toBe('running');
    expect(target.calls.length).toBeLessThan(30);
    await home.restart();
    expect((await home.accounts()).every((account) => account.intent === null)).toBe(true);
    const end = await home.execute(run.id);
    expect(end).toMatchObject({ total: 400, done: 400, counts: { created: 400 }, state: { ending: 'completed' } });
    expect(target.calls.filter((call) => call.what === 'create')).toHaveLength(400);
  });

  it('S3 an error of ours ends the run as crashed, with a reference to find it by', async () => {
    await home.seed(connector(URL_), people(3));
    target.before = () => {
      throw new Error('a bug');
    };
    const run = await home.sync();
    expect(ended(run)).toMatchObject({ ending: 'crashed', result: 'failure' });
    expect(ended(run).detail).toMatch(/reference/);
    expect(await home.connector()).toMatchObject({ health: { is: 'failing' } });
  });
});

describe('failures', () => {
  it('S12 a 5xx backs off five times at most; an update of an account that is gone creates it again', async () => {
    await home.seed(connector(URL_), [person('ann'), person('bob')]);
    await home.sync();
    const [ann] = await home.accounts();
    target.users.delete(ann?.targetId ?? '');
    await home.people([person('ann', { attributes: { title: 'Head' } }), person('bob', { attributes: { title: 'Head' } })]);
    target.before = (call) => {
      if (call.userName === 'bob') throw fault({ next: 'again', status: 500, message: 'oops' });
    };
    const run = await patiently(clock, home.sync());
    expect(run.counts).toMatchObject({ created: 1, failed: 1 });
    expect((await home.events(run.id)).find((event) => !event.success)).toMatchObject({ attempts: 5, httpStatus: 500, errorMessage: 'oops' });
  });

  it('S12 every attempt takes a permit of the target’s pace: listings, look-ups and retries too', async () => {
    let permits = 0;
    await givenAnother({
      pace: (pace) => ({
        ...pace,
        permit: (first) => {
          permits += 1;
          return pace.permit(first);
        },
      }),
    });
    await home.seed(connector(URL_), people(30));
    // Nobody meets more than two: how often retries fall on the same number is up to their jitter.
    const met = new Map<string | null, number>();
    target.before = (call) => {
      const before = met.get(call.userName) ?? 0;
      if (call.what !== 'create' || before === 2 || (target.calls.length % 4 !== 0 && target.calls.length % 5 !== 0)) return;
      met.set(call.userName, before + 1);
      if (target.calls.length % 4 === 0) throw fault({ next: 'again', status: 502, message: 'bad gateway', maybeWritten: true });
      throw fault({ next: 'again', status: 429, message: 'slow down', retryAfter: 2_000 });
    };
    const run = await patiently(clock, home.sync());
    expect(run.counts).toMatchObject({ created: 30, failed: 0 });
    expect(target.calls.filter((call) => call.what === 'lookUp').length).toBeGreaterThan(0);
    expect(permits).toBe(target.calls.length);
  });

  it('S12 nothing is sent to the target while it asks to wait', async () => {
    const heeded = door();
    await givenAnother({
      pace: (pace) => ({
        ...pace,
        holdUntil: (instant) => {
          pace.holdUntil(instant);
          heeded.open();
        },
      }),
    });
    await home.seed(connector(URL_, { operating: { concurrency: 3 } }), people(9));
    const sentAt: number[] = [];
    target.before = async (call) => {
      if (call.what !== 'create') return;
      const nth = sentAt.push(clock.now());
      // The other two are under way until it is heard of.
      if (nth < 3) await heeded.opened;
      if (nth === 3) throw fault({ next: 'again', status: 503, message: 'maintenance', retryAfter: 90 * SECOND });
    };
    await patiently(clock, home.sync());
    const asked = sentAt[2] ?? 0;
    expect(sentAt.slice(3).filter((at) => at < asked + 90 * SECOND)).toEqual([]);
    expect(sentAt).toHaveLength(10);
    expect(target.users.size).toBe(9);
  });

  it('S15 retries exactly the people of one cause, and touches nobody else', async () => {
    await home.seed(connector(URL_), people(20));
    target.before = (call) => {
      const number = Number(call.userName?.slice(1));
      if (call.what === 'create' && number < 3)
        throw fault({ next: 'refused', status: 400, scimType: 'invalidValue', message: `"p${number}@example.org" is not verified` });
      if (call.what === 'create' && number < 8) throw fault({ next: 'refused', status: 403, message: 'Seat limit reached' });
    };
    const run = await home.sync();
    expect(run.causes.map(({ status, count, message }) => [status, count, message])).toEqual([
      [403, 5, 'Seat limit reached'],
      [400, 3, '“…” is not verified'],
    ]);
    target.before = () => {};
    await home.people([person('p00010', { attributes: { title: 'Changed meanwhile' } })]);
    target.calls.length = 0;
    const retry = await retryFailed(home.outside, actor(), { runId: run.id, cause: run.causes[1]?.key ?? '' });
    expect(retry).toMatchObject({ kind: 'retry', scope: { is: 'people', ids: ['csv:p00000', 'csv:p00001', 'csv:p00002'] } });
    expect((await home.execute(retry.id)).counts).toMatchObject({ created: 3, updated: 0 });
    expect(target.writes().map((call) => call.userName)).toEqual(['p00000', 'p00001', 'p00002']);
    const rest = await retryFailed(home.outside, actor(), { runId: run.id });
    await home.execute(rest.id);
    expect(target.users.size).toBe(20);
    expect(await refusalOf(retryFailed(home.outside, actor(), { runId: retry.id }))).toMatchObject({ is: 'nothing-to-do' });
  });
});

describe('what a run leaves to see', () => {
  it('S2 its card is drawn anew as it goes, and urgently at its end', async () => {
    await home.seed(connector(URL_), people(4_000));
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    await home.write([newCard(`run/${run.id}`, { is: 'channel', channelId: 'C1' }, { is: 'run', runId: run.id })]);
    const seen: number[] = [];
    await home.execute(run.id, { progress: (each) => seen.push(each.done) });
    const card = (await home.all('card'))[0];
    expect(card).toMatchObject({ urgent: true });
    expect(card?.wanted).toBeGreaterThan(3);
    expect(home.drawn.at(-1)).toBe(`run/${run.id}`);
    expect(seen.at(-1)).toBe(4_000);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('S4 the history lists runs newest first, by pages, and each opens to what it did to whom', async () => {
    await home.seed(connector(URL_), people(4));
    target.before = (call) => {
      if (call.userName === 'p00001') throw fault({ next: 'refused', status: 400, message: 'no' });
    };
    const first = await home.sync();
    for (let more = 0; more < 4; more += 1) await home.sync();
    const page = await runHistory(home.outside, CONNECTOR, { limit: 3 });
    expect(page.runs.map((run) => run.id)).toEqual(['R-5', 'R-4', 'R-3']);
    expect(page.runs[0]).toMatchObject({ by: 'U1', state: { is: 'ended' } });
    const rest = await runHistory(home.outside, CONNECTOR, { after: page.next ?? '', limit: 3 });
    expect(rest).toMatchObject({ next: null });
    expect(rest.runs.map((run) => run.id)).toEqual(['R-2', 'R-1']);
    const failed = await runDetail(home.outside, first, { success: false }, { limit: 10 });
    expect(failed.events.map((event) => event.subjectId)).toEqual(['csv:p00001']);
    const paged = await runDetail(home.outside, first, {}, { limit: 3 });
    expect(paged.events).toHaveLength(3);
    expect((await runDetail(home.outside, first, {}, { limit: 3, after: paged.next ?? 0 })).events).toHaveLength(1);
  });

  it('S3 what follows a run follows its end, and its errors are not the run’s', async () => {
    await home.seed(connector(URL_), people(1));
    const seen: string[] = [];
    const run = await home.sync(
      { is: 'all' },
      {
        onEnded: async (end, of) => {
          seen.push(`${end.id} ${ended(end).result} ${of.health.is}`);
          throw new Error('the alert failed');
        },
      },
    );
    expect(seen).toEqual([`${run.id} success ok`]);
    expect(await executeRun(home.outside, run.id)).toMatchObject({ state: { is: 'ended' } });
    expect(await runUnderWay(home.outside.store, CONNECTOR)).toBeUndefined();
  });
});
