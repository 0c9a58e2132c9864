import type { App, RespondFn } from '@slack/bolt';
import type { Outside } from '../../src/ports/outside.ts';
import type { HomeView, ModalView } from '../../views/blocks.ts';
import { messageAsHome, messageAsModal, note } from '../../views/notice.ts';
import type { Answer, Ask, Press } from '../command.ts';
import { asked, withRoles } from './ask.ts';
import { answerSuggestion } from './answer-suggestion.ts';
import { ackOf, submitted } from './answer-form.ts';
import { guarded, type Outcome } from './boundary.ts';
import { deliver, deliverView } from './deliver.ts';
import { readForm, readHomeOpened, readPress, readSlash, readSuggestion } from './payloads.ts';
import { routes, type Routes } from './routes.ts';
import { onStandings } from './standings.ts';
import { inChannel, inHome, inModal, type SlackClient, type Stand } from './stand.ts';

/** What the edge needs besides the ports. */
export interface Edge {
  readonly outside: Outside;
  readonly routes: Routes;
  /** Draws the Home tab of the person who asks; `press` is the button in it that was pressed, if one was. */
  readonly home: (ask: Ask, press: Press | null) => Promise<HomeView>;
  /** Work that goes on after the ack: shutdown waits for it. */
  readonly track: (work: Promise<unknown>) => void;
  /** Slack may deliver twice (X3): a repeated delivery has no second effect, and gets the first one's answer where it waits for one; `repeated` where that is gone. */
  readonly deliveries: {
    first(deliveryId: string): Promise<boolean>;
    once<T>(deliveryId: string, work: () => Promise<T>, repeated: () => T): Promise<T>;
  };
}

export { routes };

/** Listens to everything Slack sends: commands, presses, submissions, closings, suggestions, and the Home tab. */
export function register(app: App, edge: Edge): void {
  onCommands(app, edge);
  onPresses(app, edge);
  onForms(app, edge);
  onClosings(app, edge);
  onStandings(app, edge.outside, edge.track);
  app.options(/.*/, async ({ body, ack }) => {
    const { suggestion, ...who } = readSuggestion(body);
    await ack(await answerSuggestion(asked(edge.outside, who, 'button', null), edge.routes, suggestion));
  });
  app.event('app_home_opened', async ({ body, client }) => {
    const { tab, ...who } = readHomeOpened(body);
    if (tab !== 'home') return;
    const ask = asked(edge.outside, who, 'button', null);
    edge.track(drawHome(edge, ask, client, null).catch((error: unknown) => lost(edge, ask, error)));
  });
}

async function drawHome(edge: Edge, ask: Ask, client: SlackClient, press: Press | null): Promise<void> {
  const drawn = await guarded(ask, async () => edge.home(await withRoles(ask), press));
  const view = drawn.is === 'value' ? drawn.value : messageAsHome(drawn.message);
  const outcome = await guarded(ask, () => client.views.publish({ user_id: ask.actor.userId, view }));
  if (outcome.is !== 'value') await client.chat.postMessage({ ...outcome.message, channel: ask.actor.userId });
}

function onCommands(app: App, edge: Edge): void {
  app.command(/.*/, async ({ body, ack, respond, client }) => {
    await ack();
    const { command, text, channelId, triggerId, ...who } = readSlash(body);
    const ask = asked(edge.outside, who, 'command', channelId);
    const stand = inChannel({ client, userId: who.userId, triggerId }, respond, false);
    onceDone(edge, ask, triggerId, async () => {
      const outcome = await guarded(ask, async () => edge.routes.typed(await withRoles(ask), command, text));
      await deliver(ask, stand, outcome, () => drawHome(edge, ask, client, null));
    });
  });
}

function onPresses(app: App, edge: Edge): void {
  app.action(/.*/, async ({ body, ack, respond, client }) => {
    await ack();
    const { press, triggerId, ...who } = readPress(body);
    const ask = asked(edge.outside, who, 'button', press.message?.channelId ?? null);
    const means = { client, userId: who.userId, triggerId };
    const stand = standOf(means, press, respond);
    onceDone(edge, ask, triggerId, async () => {
      const outcome = await guarded(ask, async () => edge.routes.press(await withRoles(ask), press));
      await deliver(ask, stand, outcome, () => drawHome(edge, ask, client, press));
    });
  });
}

/** What follows an ack: once a delivery, and shutdown waits for it. */
function onceDone(edge: Edge, ask: Ask, deliveryId: string | null, work: () => Promise<void>): void {
  const done = async (): Promise<void> => {
    if (deliveryId === null || (await edge.deliveries.first(deliveryId))) await work();
  };
  edge.track(done().catch((error: unknown) => lost(edge, ask, error)));
}

function standOf(means: Parameters<typeof inHome>[0], press: Press, respond: RespondFn): Stand {
  if (press.view === null) return inChannel(means, respond, press.message?.ephemeral ?? false);
  return press.view.kind === 'home' ? inHome(means) : inModal(means, press.view);
}

function onForms(app: App, edge: Edge): void {
  app.view({ callback_id: /.*/, type: 'view_submission' }, async ({ body, ack, client }) => {
    const { form, triggerId, ...who } = readForm(body);
    const ask = asked(edge.outside, who, 'submission', null);
    let isFirst = false;
    const work = (): Promise<Outcome<Answer>> => {
      isFirst = true;
      return guarded<Answer>(ask, async () => inPlace(await edge.routes.form(await withRoles(ask), form)));
    };
    const answered = triggerId === null ? work() : edge.deliveries.once(triggerId, work, () => HEARD_BEFORE);
    edge.track(answered);
    const outcome = await answered;
    const response = ackOf(outcome, submitted(body, edge.outside.settings.name));
    await (response === undefined ? ack() : ack(response));
    if (!isFirst || outcome.is !== 'value') return;
    edge.track(afterForm(edge, ask, { client, userId: who.userId, triggerId }, form.viewId, outcome.value).catch((error: unknown) => lost(edge, ask, error)));
  });
}

/** The answer to a submission that an earlier process took: what became of it is in the store, not here. */
const HEARD_BEFORE: Outcome<Answer> = {
  is: 'value',
  value: { is: 'message', message: note('Usher was given this form before, and did nothing a second time.', 'Open the screen again to see how things stand.') },
};

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
    const ask = asked(edge.outside, who, 'button', null);
    edge.track(guarded(ask, async () => edge.routes.closed(await withRoles(ask), form)));
  });
}

/** Not even the apology reached the person: the log is all that is left. */
function lost(edge: Edge, ask: Ask, error: unknown): void {
  edge.outside.log.error({ reference: ask.reference, user: ask.actor.userId, err: error }, 'an answer did not reach the person');
}
