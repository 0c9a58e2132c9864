import type { Outside } from '../../../ports/outside.ts';
import type { Target, Turn } from '../../../ports/target.ts';
import { saysTier } from '../../protected/protected.ts';
import { surely, type UserWish } from '../../sync/surely.ts';
import type { Tongue } from '../../sync/tongue.ts';
import type { RehearsedSettings } from '../connector.ts';
import { cleared } from '../dialect.ts';
import { MANAGER, type ScimValues } from '../mapping.ts';
import { TargetFault } from '../target-error.ts';
import type { Send } from './rehearsal-send.ts';

/** What probes need of a rehearsal. */
export interface ProbeBench {
  readonly settings: RehearsedSettings;
  readonly target: Target;
  readonly tongue: Tongue;
  readonly send: Send;
  readonly outside: Pick<Outside, 'paces'>;
  readonly requestsPerSecond: number | null;
}

/** The user that is probed, as it stands. */
export interface Probed {
  readonly id: string;
  readonly externalId: string | null;
  values: ScimValues;
}

const PAGE = 100;
/** Free text: names and places in an organization. What has a fixed form, costs a licence or identifies is left alone. */
const FREE_TEXT =
  /^(?:name\.(?:givenName|familyName|middleName|formatted)|displayName|nickName|title|urn:[^ ]+:(?:department|division|costCenter|organization))$/;

/** `send` took the permit of the first request; a GET before a PUT takes another. */
export function turnOf({ outside, settings, requestsPerSecond }: Pick<ProbeBench, 'outside' | 'settings' | 'requestsPerSecond'>): Turn {
  let requests = 0;
  return {
    take: () => {
      requests += 1;
      return requests === 1 ? undefined : outside.paces.of(settings.baseUrl, requestsPerSecond).permit();
    },
    free: () => undefined,
  };
}

/** A change by the dialect, under the rehearsal's own permits and retries; sees that it happened, and learns how (S23, C20). */
export function surelySent(bench: ProbeBench, id: string, wish: UserWish): ReturnType<typeof surely> {
  const { target, tongue, send } = bench;
  const sent: Pick<Target, 'change' | 'read'> = {
    change: (user, change) => send(() => target.change(user, change, turnOf(bench))),
    read: (user) => send(() => target.read(user, turnOf(bench))),
  };
  return surely({ target: sent, tongue, turn: turnOf(bench), mark: { unsure: false } }, id, wish);
}

/** Learns what the target does with the test user: which shapes are kept, PUT, filters, pages, versions, Bulk (C20). Nothing that it can't do fails the rehearsal. */
export async function probeUser(bench: ProbeBench, user: Probed): Promise<void> {
  for (const probe of [shapes, clearing, managers, putting, filters, pages, versions, bulk]) await unlessRefused(() => probe(bench, user));
}

/** What a probe is refused is not learnt. */
async function unlessRefused(probe: () => Promise<void>): Promise<void> {
  try {
    await probe();
  } catch (fault) {
    if (!(fault instanceof TargetFault)) throw fault;
  }
}

function probedPaths({ settings }: ProbeBench, { values }: Probed): readonly string[] {
  const { tierAttribute, matching } = settings;
  return Object.keys(values).filter((path) => FREE_TEXT.test(path) && path !== matching && (tierAttribute === null || !saysTier(path, tierAttribute)));
}

async function shapes(bench: ProbeBench, user: Probed): Promise<void> {
  const paths = probedPaths(bench, user);
  if (paths.length === 0) return;
  const set = Object.fromEntries(paths.map((path) => [path, `${user.values[path] ?? ''} 2`]));
  const { undone } = await surelySent(bench, user.id, { set, clear: [], known: user.values });
  const kept = paths.filter((path) => !undone.includes(path));
  bench.tongue.prove(kept);
  user.values = { ...user.values, ...Object.fromEntries(kept.map((path) => [path, set[path] ?? ''])) };
}

async function clearing(bench: ProbeBench, user: Probed): Promise<void> {
  const path = ['title', 'nickName'].find((candidate) => probedPaths(bench, user).includes(candidate));
  if (path === undefined) return;
  const { undone } = await surelySent(bench, user.id, { set: {}, clear: [path], known: user.values });
  if (undone.length > 0) return;
  bench.tongue.prove([cleared(path)]);
  const { [path]: _gone, ...values } = user.values;
  user.values = values;
}

/**
 * The test user as their own manager, taken back after (S24). Kept, it is learnt in which shape; where it is not, nothing is:
 * that somebody can't be their own manager says little of others, and the first link of a sync will tell.
 */
async function managers(bench: ProbeBench, user: Probed): Promise<void> {
  const { settings, tongue } = bench;
  if (!settings.mapping.some(({ attribute, from }) => attribute === MANAGER && from.is !== 'excluded')) return;
  const { shapes: before } = tongue.dialect;
  const isKept = await surelySent(bench, user.id, { set: { [MANAGER]: user.id }, clear: [], known: user.values })
    .then(({ undone, user: shown }) => undone.length === 0 && shown?.values[MANAGER] === user.id)
    .catch((fault: unknown) => {
      if (fault instanceof TargetFault) return false;
      throw fault;
    });
  if (!isKept) {
    tongue.learn({ shapes: before });
    return;
  }
  tongue.prove([MANAGER]);
  await surelySent(bench, user.id, { set: {}, clear: [MANAGER], known: { ...user.values, [MANAGER]: user.id } });
}

/** Writes one value by PUT, and leaves another out: whether that is wiped. */
async function putting(bench: ProbeBench, user: Probed): Promise<void> {
  const [path, other] = probedPaths(bench, user);
  const { tongue } = bench;
  if (path === undefined || other === undefined) return;
  const { shapes: before } = tongue.dialect;
  const value = `${user.values[path] ?? ''} 3`;
  let learnt: 'replaces' | 'merges' | 'none' | 'unknown' = 'none';
  tongue.learn({ shapes: { ...before, [path]: 'put' } });
  try {
    const wish: UserWish = { set: { [path]: value }, clear: [other], known: user.values };
    const written = await bench.send(() => bench.target.change(user.id, wish, turnOf(bench)));
    const shown = written ?? (await bench.send(() => bench.target.read(user.id)));
    if (shown.values[path] !== value) learnt = 'unknown';
    else learnt = shown.values[other] === undefined ? 'replaces' : 'merges';
    const { [other]: left, ...rest } = { ...user.values, ...shown.values };
    user.values = learnt === 'replaces' || left === undefined ? rest : { ...rest, [other]: left };
  } finally {
    tongue.learn({ shapes: before, put: learnt });
  }
}

async function filters({ send, target, tongue }: ProbeBench, { id, externalId, values }: Probed): Promise<void> {
  const name = values.userName;
  const finds = async (attribute: string, value: string): Promise<boolean> => {
    try {
      return (await send(() => target.lookUp(attribute, value))).some((user) => user.id === id);
    } catch (fault) {
      if (fault instanceof TargetFault && fault.error.next === 'refused') return false;
      throw fault;
    }
  };
  if (name !== undefined && name !== name.toUpperCase()) {
    const letterCase = (await finds('userName', name.toUpperCase())) ? 'any' : 'exact';
    tongue.learn({ filter: { ...tongue.dialect.filter, letterCase } });
  }
  if (externalId === null) return;
  const works = await finds('externalId', externalId);
  tongue.learn({ filter: { ...tongue.dialect.filter, externalId: works ? 'works' : 'fails' } });
}

/** Reads two pages: how many rows one holds, and whether the total is that of all or of the page. */
async function pages({ send, target, tongue }: ProbeBench): Promise<void> {
  const many = await send(() => target.probes.page(1, PAGE));
  const one = await send(() => target.probes.page(1, 1));
  const size = many.rows > 1 && many.rows < PAGE && many.total !== null && many.total > many.rows ? many.rows : PAGE;
  const isPage = many.rows > 1 && one.rows === 1 && one.total === 1;
  const totals = isPage ? 'page' : many.total !== null && many.total === one.total && many.total > 1 ? 'honest' : 'unknown';
  tongue.learn({ pages: { size, totals } });
}

async function versions({ send, target, tongue }: ProbeBench, { id, values }: Probed): Promise<void> {
  const { displayName } = values;
  if (tongue.dialect.etag === 'required' || displayName === undefined) return;
  tongue.learn({ etag: (await send(() => target.probes.checksVersion(id, displayName))) ? 'checked' : 'ignored' });
}

/** Announced is no proof: it is tried. */
async function bulk({ send, target, tongue }: ProbeBench, { id, values }: Probed): Promise<void> {
  const { displayName } = values;
  const announced = await send(() => target.probes.announced());
  const limits = announced?.bulk ?? null;
  if (limits === null || displayName === undefined) return;
  if (await send(() => target.probes.takesBulk(id, displayName), 'once')) tongue.learn({ bulk: limits });
}
