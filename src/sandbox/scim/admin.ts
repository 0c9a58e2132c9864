import express from 'express';
import type { ErrorRequestHandler, Request, Response, Router } from 'express';
import { ZodError, z } from 'zod';
import type { UserRecord } from './accounts.ts';
import { faultName, mischiefSetting, seatSetting, seeding, userEdit, usersQuery } from './admin-shapes.ts';
import type { AdminState, AdminUser, AdminUsers, UsersQuery } from './admin-shapes.ts';
import { fault } from './faults.ts';
import { madeUp } from './made-up.ts';
import type { ProviderState } from './provider-state.ts';
import { userResource, writeByHand } from './resources.ts';

/** Signals of `/admin/stream` are at least this far apart, in milliseconds. */
const SIGNAL_GAP = 250;

export function stateOf(state: ProviderState): AdminState {
  const { accounts, mischief, traffic } = state;
  return {
    users: { total: accounts.users.size, active: accounts.active, inactive: accounts.users.size - accounts.active },
    groups: accounts.groups.size,
    seats: { total: state.seats, used: accounts.active },
    requests: traffic.counts(),
    mischief: { seed: mischief.seed, faults: [...mischief.state()] },
  };
}

function summary(state: ProviderState, { id, lastModified, attributes }: UserRecord): AdminUser {
  const { userName, displayName = null, externalId = null, active, emails = [] } = attributes;
  const groups = state.accounts.groupsOf(id).map((group) => group.displayName);
  return { id, userName, displayName, externalId, active, email: emails.find((one) => one.value !== undefined)?.value ?? null, groups, lastModified };
}

function matches({ attributes }: UserRecord, query: UsersQuery, needle: string): boolean {
  if (query.only !== 'all' && attributes.active !== (query.only === 'active')) return false;
  if (needle === '') return true;
  const texts = [attributes.userName, attributes.displayName, attributes.externalId, ...(attributes.emails ?? []).map((email) => email.value)];
  return texts.some((text) => text?.toLowerCase().includes(needle));
}

/** The accounts in the order of their making, hidden ones included. */
export function findUsers(state: ProviderState, query: UsersQuery): AdminUsers {
  const needle = query.search.trim().toLowerCase();
  const all = state.accounts.users.all();
  const found = needle === '' && query.only === 'all' ? all : all.filter((user) => matches(user, query, needle));
  const pages = Math.max(1, Math.ceil(found.length / query.size));
  const page = Math.min(query.page, pages);
  return { users: found.slice((page - 1) * query.size, page * query.size).map((user) => summary(state, user)), total: found.length, page, pages };
}

/** Made-up users are right by making and skip scimmy's check, which takes a millisecond each. */
async function seed(state: ProviderState, body: unknown): Promise<{ ids: string[] }> {
  const asked = seeding.parse(body);
  const ids: string[] = [];
  if ('users' in asked) {
    for (const user of asked.users) ids.push(await writeByHand(state, undefined, user));
    return { ids };
  }
  const first = state.accounts.made + 1;
  for (let index = first; index < first + asked.make.count; index += 1) {
    const user = state.accounts.writeUser(undefined, madeUp(index, state.mischief.seed, asked.make.domain, asked.make.inactive));
    if (user !== undefined) ids.push(user.id);
  }
  return { ids };
}

async function edit(state: ProviderState, id: string, body: unknown): Promise<AdminUser | undefined> {
  const record = state.accounts.users.get(id);
  if (record === undefined) return undefined;
  const merged = { ...record.attributes, ...userEdit.parse(body) };
  const extensions = Object.keys(merged).filter((key) => key.startsWith('urn:') && merged[key] !== null);
  const schemas = [...new Set([...record.attributes.schemas, ...extensions])];
  await writeByHand(state, id, { ...Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)), schemas });
  const edited = state.accounts.users.get(id);
  return edited && summary(state, edited);
}

/** Server-sent events: `changed` at most every 250 ms, whenever there is something new to see. */
function stream(state: ProviderState, req: Request, res: Response): void {
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).flushHeaders();
  let timer: NodeJS.Timeout | undefined;
  const unwatch = state.watch(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      res.write('event: changed\ndata: {}\n\n');
    }, SIGNAL_GAP);
  });
  req.once('close', () => {
    unwatch();
    clearTimeout(timer);
  });
}

function userRoutes(router: Router, state: ProviderState): void {
  const missing = (res: Response) => res.status(404).json({ error: 'no such user' });
  router.get('/users', (req, res) => {
    res.json(findUsers(state, usersQuery.parse(req.query)));
  });
  router.post('/users', async (req, res) => {
    res.status(201).json(await seed(state, req.body));
    state.changed();
  });
  router.get('/users/:id', (req, res) => {
    const record = state.accounts.users.get(req.params.id);
    if (record === undefined) missing(res);
    else res.json(userResource(state, record));
  });
  router.patch('/users/:id', async (req, res) => {
    const edited = await edit(state, req.params.id, req.body);
    if (edited === undefined) missing(res);
    else res.json(edited);
    state.changed();
  });
  router.delete('/users/:id', (req, res) => {
    if (state.accounts.removeUser(req.params.id)) res.json({ ok: true });
    else missing(res);
    state.changed();
  });
}

function mischiefRoutes(router: Router, state: ProviderState): void {
  const changed = (res: Response) => {
    state.changed();
    res.json({ ok: true });
  };
  router.put('/mischief', (req, res) => {
    const setting = mischiefSetting.parse(req.body);
    state.mischief.clear();
    if (setting.seed !== undefined) state.mischief.reseed(setting.seed);
    for (const one of setting.faults) state.mischief.set(one);
    changed(res);
  });
  router.post('/mischief', (req, res) => {
    state.mischief.set(fault.parse(req.body));
    changed(res);
  });
  router.delete('/mischief', (_req, res) => {
    state.mischief.clear();
    changed(res);
  });
  router.delete('/mischief/:name', (req, res) => {
    state.mischief.clear(faultName.parse(req.params.name));
    changed(res);
  });
}

const lastQuery = z.object({ last: z.coerce.number().int().min(1).max(1_000).default(50) });

function otherRoutes(router: Router, state: ProviderState): void {
  const changed = (res: Response) => {
    state.changed();
    res.json({ ok: true });
  };
  router.get('/state', (_req, res) => {
    res.json(stateOf(state));
  });
  router.get('/stream', (req, res) => stream(state, req, res));
  router.get('/requests', (req, res) => {
    res.json({ requests: state.traffic.last(lastQuery.parse(req.query).last) });
  });
  router.delete('/requests', (_req, res) => {
    state.traffic.clear();
    changed(res);
  });
  router.get('/groups', (_req, res) => {
    res.json({ groups: state.accounts.groups.all().map(({ id, displayName, externalId, members }) => ({ id, displayName, externalId, members })) });
  });
  router.put('/seats', (req, res) => {
    state.seats = seatSetting.parse(req.body).total;
    changed(res);
  });
  router.post('/reset', (_req, res) => {
    state.reset();
    changed(res);
  });
}

const faulty: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const status = typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (error instanceof ZodError) res.status(400).json({ error: z.prettifyError(error) });
  else res.status(status).json({ error: error instanceof Error ? error.message : 'unknown error' });
};

/** The admin API, to be mounted at `/admin`. Bodies must be JSON, which other sites' pages can't send without being asked. */
export function adminRouter(state: ProviderState): Router {
  const router = express.Router();
  router.use(express.json({ limit: '64mb' }));
  userRoutes(router, state);
  mischiefRoutes(router, state);
  otherRoutes(router, state);
  router.use((_req, res) => {
    res.status(404).json({ error: 'no such admin call' });
  });
  router.use(faulty);
  return router;
}
