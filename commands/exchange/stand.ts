import type { AllMiddlewareArgs, RespondFn } from '@slack/bolt';
import type { Message, ModalView } from '../../views/blocks.ts';
import { messageAsModal } from '../../views/notice.ts';
import type { PressedView } from '../command.ts';

export type SlackClient = AllMiddlewareArgs['client'];

/** A view as Slack shows it now; the hash guards against overwriting a newer one. Null where Slack did not tell it (after the ack of a submission). */
export interface Shown {
  readonly id: string;
  readonly hash: string | null;
}

/** Where the person stands, and how to answer them there. A method fails with a Slack error only where not even a direct message got through. */
export interface Stand {
  /** What is said can be exchanged for something else later (`Shown`); an ephemeral message can't. */
  readonly exchanges: boolean;
  /** `replaces`: in the place of the ephemeral message whose button was pressed. Null where nothing can be exchanged. */
  say(message: Message, replaces: boolean): Promise<Shown | null>;
  /** Opens a modal, or takes the place of the modal the person looks at. */
  open(view: ModalView): Promise<Shown>;
  push(view: ModalView): Promise<Shown>;
  swap(shown: Shown, view: ModalView): Promise<void>;
}

interface Means {
  readonly client: SlackClient;
  readonly userId: string;
  readonly triggerId: string | null;
}

/** After a slash command or a button of a message: answers are ephemeral, through the response URL, by direct message where that is spent. `ephemeral`: the pressed message is, so it can be replaced. */
export function inChannel(means: Means, respond: RespondFn, ephemeral: boolean): Stand {
  return {
    exchanges: false,
    async say(message, replaces) {
      try {
        await respond({ ...message, response_type: 'ephemeral', replace_original: replaces && ephemeral });
      } catch {
        await directly(means, message);
      }
      return null;
    },
    open: (view) => open(means, view),
    push: (view) => open(means, view),
    swap: (shown, view) => swap(means.client, shown, view),
  };
}

/** After a press inside a modal: a message becomes a modal on top, a modal takes the pressed one's place. */
export function inModal(means: Means, pressed: PressedView): Stand {
  const push = async (view: ModalView): Promise<Shown> => shown(await means.client.views.push({ trigger_id: means.triggerId ?? '', view }));
  return {
    exchanges: true,
    say: (message) => asModal(means, message, push),
    async open(view) {
      try {
        return shown(await means.client.views.update({ view_id: pressed.id, hash: pressed.hash, view }));
      } catch (error) {
        if (slackError(error) !== 'hash_conflict') throw error;
        // A card was drawn in it, or another press answered, since the button was pressed: what was pressed last is answered last.
        return shown(await means.client.views.update({ view_id: pressed.id, view }));
      }
    },
    push,
    swap: (at, view) => swap(means.client, at, view),
  };
}

/** After a press in the Home tab: everything opens as a modal. */
export function inHome(means: Means): Stand {
  return {
    exchanges: true,
    say: (message) => asModal(means, message, (view) => open(means, view)),
    open: (view) => open(means, view),
    push: (view) => open(means, view),
    swap: (at, view) => swap(means.client, at, view),
  };
}

/** A trigger may be spent or too old, and three modals may stand there already: then by direct message. */
async function asModal(means: Means, message: Message, show: (view: ModalView) => Promise<Shown>): Promise<Shown | null> {
  try {
    return await show(messageAsModal(message));
  } catch {
    await directly(means, message);
    return null;
  }
}

async function directly(means: Means, message: Message): Promise<void> {
  await means.client.chat.postMessage({ ...message, channel: means.userId });
}

async function open(means: Means, view: ModalView): Promise<Shown> {
  return shown(await means.client.views.open({ trigger_id: means.triggerId ?? '', view }));
}

async function swap(client: SlackClient, at: Shown, view: ModalView): Promise<void> {
  await client.views.update({ view_id: at.id, view, ...(at.hash === null ? {} : { hash: at.hash }) });
}

function shown(answer: { readonly view?: { readonly id?: string; readonly hash?: string } }): Shown {
  return { id: answer.view?.id ?? '', hash: answer.view?.hash ?? null };
}

/** What never became an answer of Slack's: a 429, no connection, HTTP 5xx. */
const OF_THE_SDK = new Set(['slack_webapi_rate_limited_error', 'slack_webapi_request_error', 'slack_webapi_http_error']);

/** Slack's error code of a failed Web API call, or the SDK's; null where it is neither. */
export function slackError(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  // What the SDK itself refuses has a code and no answer of Slack's (SLACK.md 1.3).
  if ('code' in error && typeof error.code === 'string' && OF_THE_SDK.has(error.code)) return error.code;
  if (!('data' in error)) return null;
  const { data } = error;
  return typeof data === 'object' && data !== null && 'error' in data && typeof data.error === 'string' ? data.error : null;
}
