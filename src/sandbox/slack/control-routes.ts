import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { choose } from './chosen-files.ts';
import { act } from './clicks.ts';
import type { Change } from './changes.ts';
import type { ControlSignal } from './control.ts';
import { controlMessages, controlState } from './control-view.ts';
import type { Parts } from './parts.ts';
import { say } from './saying.ts';
import { canSee } from './state.ts';
import { close, submit } from './submissions.ts';
import { suggest } from './suggestions.ts';
import { type Controlled, home, invite, read } from './visits.ts';

const id = z.string().min(1);
const values = z.record(z.string(), z.record(z.string(), z.unknown()));
const container = z.discriminatedUnion('is', [
  z.object({ is: z.literal('message'), channelId: id, ts: id }),
  z.object({ is: z.literal('modal'), viewId: id }),
  z.object({ is: z.literal('home') }),
]);

function call<Schema extends z.ZodType>(
  schema: Schema,
  run: (parts: Parts, body: z.output<Schema>) => Controlled | Promise<Controlled>,
): (parts: Parts, body: unknown) => Promise<Controlled> {
  return async (parts, body) => {
    const parsed = schema.safeParse(body);
    return parsed.success ? run(parts, parsed.data) : { ok: false, error: 'invalid_arguments' };
  };
}

const CALLS: Readonly<Record<string, (parts: Parts, body: unknown) => Promise<Controlled>>> = {
  say: call(z.object({ as: id, channelId: id, text: z.string(), threadTs: id.optional() }), (parts, { threadTs, ...said }) =>
    say(parts, threadTs === undefined ? said : { ...said, threadTs }),
  ),
  act: call(z.object({ as: id, container, blockId: id, actionId: id, action: z.record(z.string(), z.unknown()), values }), act),
  suggest: call(z.object({ as: id, container, blockId: id, actionId: id, typed: z.string() }), suggest),
  choose: call(
    z.object({ as: id, viewId: id, blockId: id, actionId: id, name: id, content: z.base64(), external: z.boolean().optional() }),
    (parts, { external, ...chosen }) => choose(parts, external === undefined ? chosen : { ...chosen, external }),
  ),
  submit: call(z.object({ as: id, viewId: id, values }), submit),
  close: call(z.object({ as: id, viewId: id, all: z.boolean() }), close),
  home: call(z.object({ as: id }), home),
  read: call(z.object({ as: id, channelId: id }), read),
  invite: call(z.object({ as: id, channelId: id, userId: id }), invite),
};

/** Only the page itself may act: the request names this server as its host (no rebinding) and comes from its own origin. */
function fromOwnPage(parts: Parts, request: Request): boolean {
  const { host, origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const port = new URL(parts.origin).port;
  const ownHosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const ownOrigin = origin === undefined || ownHosts.some((own) => origin === `http://${own}`);
  return ownHosts.includes(host ?? '') && ownOrigin && (site === undefined || site === 'same-origin' || site === 'none');
}

function signalFor(parts: Parts, userId: string, change: Change): ControlSignal | undefined {
  if (change.is === 'record') return undefined;
  if (change.is === 'state') return change.userId === null || change.userId === userId ? { is: 'state' } : undefined;
  const channel = parts.state.channels.get(change.channelId);
  const visible = channel !== undefined && canSee(parts.state, userId, channel) && (change.onlyFor === null || change.onlyFor === userId);
  return visible ? { is: 'messages', channelId: change.channelId } : undefined;
}

function stream(parts: Parts, userId: string, response: Response): void {
  response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
  const send = (signal: ControlSignal): boolean => response.write(`data: ${JSON.stringify(signal)}\n\n`);
  send({ is: 'state' });
  const stop = parts.changes.listen((change) => {
    const signal = signalFor(parts, userId, change);
    if (signal !== undefined) send(signal);
  });
  response.on('close', stop);
}

/** `/control/…`: the plain API of `control.ts`, for the page of this very server only. */
export function controlRoutes(parts: Parts): Router {
  const router = express.Router();
  router.use((request, response, next) => {
    if (fromOwnPage(parts, request)) next();
    else response.status(403).json({ ok: false, error: 'foreign_origin' });
  });
  const first = [...parts.state.people.keys()][0] ?? '';
  const as = (request: Request): string => (typeof request.query.as === 'string' ? request.query.as : first);
  router.get('/state', (request, response) => {
    const state = controlState(parts, as(request));
    if (state === undefined) response.status(404).json({ ok: false, error: 'user_not_found' });
    else response.json(state);
  });
  router.get('/messages', (request, response) => {
    const { channel, thread } = request.query;
    response.json({ messages: controlMessages(parts, as(request), typeof channel === 'string' ? channel : '', typeof thread === 'string' ? thread : null) });
  });
  router.get('/links', (_request, response) => void response.json({ links: parts.settings.links }));
  router.get('/stream', (request, response) => stream(parts, as(request), response));
  router.post('/:name', express.json({ limit: '15mb' }), async (request, response) => {
    const run = CALLS[request.params.name];
    // A plain form can't send JSON across origins without a preflight, which is never answered.
    if (request.is('application/json') === false) response.status(415).json({ ok: false, error: 'json_only' });
    else if (run === undefined) response.status(404).json({ ok: false, error: 'unknown_call' });
    else response.json(await run(parts, request.body));
  });
  return router;
}
