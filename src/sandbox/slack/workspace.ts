import { createServer, type Server } from 'node:http';
import express from 'express';
import { apiRoutes, responseRoutes } from './api-routes.ts';
import { type Call, CallLog } from './call-log.ts';
import { Changes } from './changes.ts';
import { act } from './clicks.ts';
import type { ControlCalls, ControlMessage, ControlModal, ControlState } from './control.ts';
import { controlRoutes } from './control-routes.ts';
import { controlMessage, controlModal, controlState } from './control-view.ts';
import { Courier, type Delivered, type Outcome } from './courier.ts';
import type { Kind } from './delivery.ts';
import { announce } from './events.ts';
import { type Failure, Failures } from './failures.ts';
import { type Fault, Faults } from './faults.ts';
import { pageFileRoutes, privateFileRoutes, uploadRoutes } from './file-routes.ts';
import type { Acted } from './interactions.ts';
import type { Dict } from './json.ts';
import { stackOf, viewJson } from './open-views.ts';
import { settled, type WorkspaceOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { type Person, personOf } from './person.ts';
import { RateLimits } from './rate-limits.ts';
import { ResponseUrls } from './response-urls.ts';
import { say } from './saying.ts';
import { SignedHttp } from './signed-http.ts';
import { type DisconnectReason, Sockets } from './sockets.ts';
import { type StoredFile, stateOf } from './state.ts';
import { close, submit } from './submissions.ts';
import { suggest, type Suggested } from './suggestions.ts';
import { Triggers } from './triggers.ts';
import { changePerson, changeUsergroup, type Controlled, deactivate, home, invite, read } from './visits.ts';
import { heard, until } from './waiting.ts';

export type { Acted } from './interactions.ts';
export type { Call } from './call-log.ts';
export type { Failure } from './failures.ts';
export type { Person } from './person.ts';
export type { WorkspaceOptions } from './options.ts';

/** A running workspace. Acts resolve when the app acked (or did not), not when its work is done: wait for a fact. */
export interface Workspace {
  /** The page: `http://127.0.0.1:port/`. */
  readonly url: string;
  /** For `clientOptions.slackApiUrl`. */
  readonly apiUrl: string;
  /** Every Web API call of the app, oldest first. */
  readonly calls: readonly Call[];
  /** Every payload that went to the app with the app's answer, oldest first. */
  readonly delivered: readonly Delivered[];
  /** What Slack would not have forgiven. Tests expect it to be empty. */
  readonly failures: readonly Failure[];
  /** Stops the server and every connection. */
  close(): Promise<void>;

  /** Somebody to act as, in a test's words. */
  as(userId: string): Person;
  say(call: ControlCalls['say']): Promise<Acted>;
  act(call: ControlCalls['act']): Promise<Acted>;
  suggest(call: ControlCalls['suggest']): Promise<Suggested>;
  submit(call: ControlCalls['submit']): Promise<Acted>;
  /** The control call `close`. */
  dismiss(call: ControlCalls['close']): Promise<Acted>;
  home(call: ControlCalls['home']): Promise<Controlled>;
  read(call: ControlCalls['read']): Controlled;
  invite(call: ControlCalls['invite']): Controlled;

  state(userId: string): ControlState | undefined;
  /** What everybody in the conversation sees, threads included, oldest first. */
  messages(channelId: string): readonly ControlMessage[];
  /** What only this person sees, oldest first. */
  ephemerals(userId: string): readonly ControlMessage[];
  /** The top modal. */
  modal(userId: string): ControlModal | undefined;
  /** The published Home tab as Slack's view object. */
  homeView(userId: string): Dict | undefined;
  files(): readonly StoredFile[];
  /** Sockets that payloads may go to. */
  connections(): number;

  /** The next call of a method that nobody has waited for yet, already made or still to come. `response_url` and `upload` count as methods. */
  heard(method: string, where?: (args: Dict, call: Call) => boolean): Promise<Call>;
  /** Looks again at every change until the answer is neither undefined, null nor false. */
  until<Found>(look: (workspace: Workspace) => Found | undefined | null | false, what?: string): Promise<Found>;

  /** Scripts a mishap; the answer takes it back. */
  fault(fault: Fault): () => void;
  /** Asks sockets to go (`refresh_requested` when left out), all or the oldest `count`; `abrupt` cuts them without a word. */
  disconnect(how?: { readonly reason?: DisconnectReason; readonly abrupt?: boolean; readonly count?: number }): void;
  /** Pings the oldest `count` sockets now, besides the usual pings. */
  ping(count: number): void;
  /** Sockets are accepted and stay open from now on, but nothing comes over them. */
  deafen(): void;
  /** HTTP mode: sets the app's request URL. */
  deliverTo(requestUrl: string): void;
  /** The next payload, of that kind, comes a second time. */
  deliverTwice(kind?: Kind): void;
  /** Milliseconds that the app has for an ack from now on. */
  ackWithin(ms: number): void;
  /** Brings any payload to the app as Slack would, well-formed or not; resolves when it was acked. */
  deliver(kind: Kind, payload: Dict): Promise<Outcome>;
  /** Sends any event, whether subscribed or not by the options; resolves when it was acked. */
  announce(event: Dict & { readonly type: string }): Promise<unknown>;
  /** Deactivates a person's Slack user. */
  deactivate(userId: string): void;
  /** Changes a person's Slack user: active again, made a guest, renamed. */
  changePerson(userId: string, change: Parameters<typeof changePerson>[2]): void;
  /** Changes a user group: its members, its name, or that it is disabled. */
  changeUsergroup(groupId: string, change: Parameters<typeof changeUsergroup>[2]): void;
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the workspace has no port'));
      else resolve(address.port);
    });
  });
}

function partsOf(options: WorkspaceOptions, origin: string): Parts {
  const settings = settled(options);
  const { clock, delivery } = settings;
  const changes = new Changes();
  const failures = new Failures(clock, changes);
  const sockets = new Sockets(settings.seed.app.id, failures, changes);
  const http = new SignedHttp(delivery.is === 'http' ? delivery.requestUrl : '', settings.signingSecret);
  return {
    settings,
    state: stateOf(settings.seed),
    clock,
    changes,
    failures,
    triggers: new Triggers(clock, failures),
    responseUrls: new ResponseUrls(clock),
    faults: new Faults(),
    rateLimits: new RateLimits(clock, settings.rateLimits),
    calls: new CallLog(changes),
    courier: new Courier(delivery.is === 'http' ? http : sockets, clock, failures, options.ackWithin ?? 3000),
    sockets,
    http,
    origin,
  };
}

function serve(server: Server, parts: Parts): void {
  const app = express();
  app.disable('x-powered-by');
  app.use('/api', apiRoutes(parts));
  app.use('/response', responseRoutes(parts));
  app.use('/upload', uploadRoutes(parts));
  app.use('/files-pri', privateFileRoutes(parts));
  app.use('/files', pageFileRoutes(parts));
  app.use('/control', controlRoutes(parts));
  if (parts.settings.pageFolder !== null) app.use(express.static(parts.settings.pageFolder));
  server.on('request', app);
  parts.sockets.listenOn(server);
}

async function shutDown(server: Server, parts: Parts): Promise<void> {
  parts.courier.close();
  parts.sockets.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function reads(
  parts: Parts,
): Pick<Workspace, 'state' | 'messages' | 'ephemerals' | 'modal' | 'homeView' | 'files' | 'connections' | 'calls' | 'delivered' | 'failures'> {
  const { state } = parts;
  return {
    calls: parts.calls.list,
    delivered: parts.courier.delivered,
    failures: parts.failures.list,
    state: (userId) => controlState(parts, userId),
    messages: (channelId) => (state.channels.get(channelId)?.messages ?? []).map((message) => controlMessage(parts, message)),
    ephemerals: (userId) => state.ephemerals.filter((message) => message.ephemeralFor === userId).map((message) => controlMessage(parts, message)),
    modal: (userId) => stackOf(parts, userId).map(controlModal).at(-1),
    homeView: (userId) => {
      const home = state.homes.get(userId);
      return home === undefined ? undefined : viewJson(parts, home);
    },
    files: () => [...state.files.values()],
    connections: () => parts.sockets.count(),
  };
}

/** Starts a Slack workspace on loopback. It plays Slack to one app, over the wire and as strictly as Slack. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const server = createServer();
  const origin = `http://127.0.0.1:${await listening(server, options.port ?? 0)}`;
  const parts = partsOf(options, origin);
  serve(server, parts);
  const workspace: Workspace = {
    url: `${origin}/`,
    apiUrl: `${origin}/api/`,
    close: () => shutDown(server, parts),
    ...reads(parts),
    as: (userId) => personOf(parts, userId),
    say: (call) => say(parts, call),
    act: (call) => act(parts, call),
    suggest: (call) => suggest(parts, call),
    submit: (call) => submit(parts, call),
    dismiss: (call) => close(parts, call),
    home: (call) => home(parts, call),
    read: (call) => read(parts, call),
    invite: (call) => invite(parts, call),
    heard: (method, where = () => true) => heard(parts, method, where),
    until: (look, what = 'a state of the workspace') => until(parts, what, () => look(workspace)),
    fault: (fault) => parts.faults.add(fault),
    disconnect: ({ reason = 'refresh_requested', abrupt = false, count } = {}) => parts.sockets.disconnect(reason, abrupt, count),
    ping: (count) => parts.sockets.ping(count),
    deafen: () => parts.sockets.deafen(),
    deliverTo: (requestUrl) => {
      parts.http.requestUrl = requestUrl;
    },
    deliverTwice: (kind) => parts.courier.deliverTwice(kind ?? 'any'),
    ackWithin: (ms) => parts.courier.ackWithin(ms),
    deliver: (kind, payload) => parts.courier.ask(kind, `any ${kind}`, payload),
    announce: (event) => announce(parts, null, event),
    deactivate: (userId) => deactivate(parts, userId),
    changePerson: (userId, change) => changePerson(parts, userId, change),
    changeUsergroup: (groupId, change) => changeUsergroup(parts, groupId, change),
  };
  return workspace;
}
