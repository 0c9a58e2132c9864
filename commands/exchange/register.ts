import type { App, RespondFn } from '@slack/bolt';
import { actorOf } from '../../src/domain/rights/verbs/who.ts';
import type { Outside } from '../../src/ports/outside.ts';
import type { HomeView, ModalView } from '../../views/blocks.ts';
import { messageAsHome, messageAsModal } from '../../views/notice.ts';
import type { Answer, Ask, Press } from '../command.ts';
import { answerSuggestion } from './answer-suggestion.ts';
import { ackOf, submitted } from './answer-form.ts';
import { guarded, type Outcome } from './boundary.ts';
import { deliver, deliverView } from './deliver.ts';
import { readForm, readPress, readSlash, readSuggestion, type Who } from './payloads.ts';
import { routes, type Routes } from './routes.ts';
import { inChannel, inHome, inModal, type SlackClient, type Stand } from './stand.ts';

/** What the edge needs besides the ports. */
export interface Edge {
  readonly outside: Outside;
  readonly routes: Routes;
  /** Draws the Home tab of the person who asks; `press` is the button in it that was pressed, if one was. */
  readonly home: (ask: Ask, press: Press | null) => Promise<HomeView>;
  /** Work that goes on after the ack: shutdown waits for it. */
  readonly track: (work: Promise<unknown>) => void;
  /** Slack may deliver twice (X3): a repeated delivery has no second effect, and gets the first one's answer where it waits for one. */
  readonly deliveries: {
    first(deliveryId: string): boolean;
    once<T>(deliveryId: string, work: () => Promise<T>): Promise<T>;
  };
}

export { routes };

/** Listens to everything Slack sends: commands, presses, submissions, closings, suggestions, and the Home tab. */
export function register(app: App, edge: Edge): void {
  onCommands(app, edge);
  onPresses(app, edge);
  onForms(app, edge);
  onClosings(app, edge);
  app.options(/.*/, async ({ body, ack }) => {
    const { suggestion, ...who } = readSuggestion(body);
    await ack(await answerSuggestion(askOf(edge, who, 'button', null), edge.routes, suggestion));
  });
  app.event('app_home_opened', async ({ event, body, client }) => {
    if (event.tab !== 'home') return;
    const ask = askOf(edge, { teamId: body.team_id, userId: event.user }, 'button', null);
    edge.track(drawHome(edge, ask, client, null).catch((error: unknown) => lost(edge, ask, error)));
  });
}

function askOf(edge: Edge, who: Who, way: Ask['actor']['way'], channelId: string | null): Ask {
  return { outside: edge.outside, actor: actorOf(edge.outside, who.teamId, who.userId, way), channelId, reference: edge.outside.chance.reference() };
}

async function drawHome(edge: Edge, ask: Ask, client: SlackClient, press: Press | null): Promise<void> {
  const drawn = await guarded(ask, () => edge.home(ask, press));
  const view = drawn.is === 'value' ? drawn.value : messageAsHome(drawn.message);
  const outcome = await guarded(ask, () => client.views.publish({ user_id: ask.actor.userId, view }));
  if (outcome.is !== 'value') await client.chat.postMessage({ ...outcome.message, channel: ask.actor.userId });
}

function onCommands(app: App, edge: Edge): void {
  app.command(/.*/, async ({ body, ack, respond, client }) => {
    await ack();
    const { command, text, channelId, triggerId, ...who } = readSlash(body);
    if (!edge.deliveries.first(triggerId)) return;
    const ask = askOf(edge, who, 'command', channelId);
    const stand = inChannel({ client, userId: who.userId, triggerId }, respond, false);
    edge.track(
      guarded(ask, () => edge.routes.typed(ask, command, text))
        .then((outcome) => deliver(ask, stand, outcome, () => drawHome(edge, ask, client, null)))
        .catch((error: unknown) => lost(edge, ask, error)),
    );
  });
}

function onPresses(app: App, edge: Edge): void {
  app.action(/.*/, async ({ body, ack, respond, client }) => {
    await ack();
    const { press, triggerId, ...who } = readPress(body);
    if (triggerId !== null && !edge.deliveries.first(triggerId)) return;
    const ask = askOf(edge, who, 'button', press.message?.channelId ?? null);
    const means = { client, userId: who.userId, triggerId };
    const stand = standOf(means, press, respond);
    edge.track(
      guarded(ask, () => edge.routes.press(ask, press))
        .then((outcome) => deliver(ask, stand, outcome, () => drawHome(edge, ask, client, press)))
        .catch((error: unknown) => lost(edge, ask, error)),
    );
  });
}

function standOf(means: Parameters<typeof inHome>[0], press: Press, respond: RespondFn): Stand {
  if (press.view === null) return inChannel(means, respond, press.message?.ephemeral ?? false);
  return press.view.kind === 'home' ? inHome(means) : inModal(means, press.view);
}

function onForms(app: App, edge: Edge): void {
  app.view({ callback_id: /.*/, type: 'view_submission' }, async ({ body, ack, client }) => {
    const { form, triggerId, ...who } = readForm(body);
    const ask = askOf(edge, who, 'submission', null);
    const work = (): Promise<Outcome<Answer>> => guarded<Answer>(ask, async () => inPlace(await edge.routes.form(ask, form)));
    const isFirst = triggerId === null || edge.deliveries.first(triggerId);
    const outcome = await (triggerId === null ? work() : edge.deliveries.once(triggerId, work));
    const response = ackOf(outcome, submitted(body, edge.outside.settings.name));
    await (response === undefined ? ack() : ack(response));
    if (!isFirst || outcome.is !== 'value') return;
    edge.track(afterForm(edge, ask, { client, userId: who.userId, triggerId }, form.viewId, outcome.value).catch((error: unknown) => lost(edge, ask, error)));
  });
}

/** Slack does not tell the id of a view that an ack pushed: one with a slow half takes the form's place instead. */
function inPlace(answer: Answer): Answer {
  return answer.is === 'push' && answer.later !== undefined ? { ...answer, is: 'modal' } : answer;
}

/** The slow half of a form's answer, which stands where the form stood. */
async function afterForm(edge: Edge, ask: Ask, means: Parameters<typeof inHome>[0], viewId: string, answer: Answer): Promise<void> {
  if (answer.is === 'home') return drawHome(edge, ask, means.client, null);
  if (answer.is !== 'modal' && answer.is !== 'message') return;
  const { later } = answer;
  if (later === undefined) return;
  const asView = async (): Promise<ModalView | null> => {
    const made = await later();
    return made === null || 'type' in made ? made : messageAsModal(made);
  };
  await deliverView(ask, inHome(means), { later: asView }, { id: viewId, hash: null });
}

function onClosings(app: App, edge: Edge): void {
  app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ body, ack }) => {
    await ack();
    const { form, ...who } = readForm(body);
    const ask = askOf(edge, who, 'button', null);
    edge.track(guarded(ask, () => edge.routes.closed(ask, form)));
  });
}

/** Not even the apology reached the person: the log is all that is left. */
function lost(edge: Edge, ask: Ask, error: unknown): void {
  edge.outside.log.error({ reference: ask.reference, user: ask.actor.userId, err: error }, 'an answer did not reach the person');
}
