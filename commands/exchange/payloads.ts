import { z } from 'zod';
import { routeOf } from '../../views/ids.ts';
import type { Form, Press, PressedView, Suggestion } from '../command.ts';

const option = z.object({ value: z.string() });
const view = z.object({
  id: z.string(),
  hash: z.string(),
  type: z.enum(['modal', 'home']),
  callback_id: z.string().default(''),
  private_metadata: z.string().default(''),
  state: z.object({ values: z.unknown() }).optional(),
});

/** The parts of `block_actions` that Usher reads; one action a payload, as Slack sends it. */
const blockActions = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  trigger_id: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({ message_ts: z.string().optional(), is_ephemeral: z.boolean().optional(), channel_id: z.string().optional() }).optional(),
  view: view.optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: z.string().default(''),
        value: z.string().nullish(),
        selected_option: option.nullish(),
        selected_options: z.array(option).optional(),
        selected_user: z.string().nullish(),
        selected_channel: z.string().nullish(),
        selected_conversation: z.string().nullish(),
        selected_date: z.string().nullish(),
        selected_time: z.string().nullish(),
      }),
    )
    .min(1),
});

const viewPayload = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  trigger_id: z.string().optional(),
  view,
});

const suggestionPayload = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  action_id: z.string(),
  value: z.string().default(''),
  view: view.optional(),
});

const slash = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string(),
  team_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
});

export interface Who {
  readonly teamId: string;
  readonly userId: string;
}

/** Reads a slash command. Throws a ZodError on anything that is not Slack's shape. */
export function readSlash(body: unknown): Who & { readonly command: string; readonly text: string; readonly channelId: string; readonly triggerId: string } {
  const read = slash.parse(body);
  return { teamId: read.team_id, userId: read.user_id, command: read.command, text: read.text, channelId: read.channel_id, triggerId: read.trigger_id };
}

/** Reads `block_actions`. */
export function readPress(body: unknown): Who & { readonly press: Press; readonly triggerId: string | null } {
  const read = blockActions.parse(body);
  const action = read.actions[0];
  if (action === undefined) throw new Error('block_actions without an action');
  const single =
    action.value ??
    action.selected_option?.value ??
    action.selected_user ??
    action.selected_channel ??
    action.selected_conversation ??
    action.selected_date ??
    action.selected_time ??
    null;
  const channelId = read.channel?.id ?? read.container?.channel_id;
  const ts = read.container?.message_ts;
  return {
    teamId: teamOf(read),
    userId: read.user.id,
    triggerId: read.trigger_id ?? null,
    press: {
      route: routeOf(action.action_id),
      blockId: action.block_id,
      value: single,
      values: action.selected_options?.map((chosen) => chosen.value) ?? (single === null ? [] : [single]),
      view: read.view === undefined ? null : pressedView(read.view),
      message: channelId === undefined || ts === undefined ? null : { channelId, ts, ephemeral: read.container?.is_ephemeral ?? false },
    },
  };
}

/** Reads `view_submission` and `view_closed`. */
export function readForm(body: unknown): Who & { readonly form: Form; readonly triggerId: string | null } {
  const read = viewPayload.parse(body);
  const pressed = pressedView(read.view);
  return {
    teamId: teamOf(read),
    userId: read.user.id,
    triggerId: read.trigger_id ?? null,
    form: { callbackId: pressed.callbackId, viewId: pressed.id, metadata: pressed.metadata, state: pressed.state },
  };
}

/** Reads `block_suggestion`. */
export function readSuggestion(body: unknown): Who & { readonly suggestion: Suggestion } {
  const read = suggestionPayload.parse(body);
  return {
    teamId: teamOf(read),
    userId: read.user.id,
    suggestion: { route: routeOf(read.action_id), typed: read.value, view: read.view === undefined ? null : pressedView(read.view) },
  };
}

const homeOpened = z.object({ team_id: z.string(), event: z.object({ user: z.string(), tab: z.string() }) });
const changedPerson = z.object({ user: z.object({ id: z.string() }) });
const changedGroup = z.union([z.object({ subteam_id: z.string() }), z.object({ subteam: z.object({ id: z.string() }) })]);

/** Reads the body of `app_home_opened`. */
export function readHomeOpened(body: unknown): Who & { readonly tab: string } {
  const { team_id: teamId, event } = homeOpened.parse(body);
  return { teamId, userId: event.user, tab: event.tab };
}

/** The id of the person that `user_change` is about. */
export function readChangedPerson(event: unknown): string {
  return changedPerson.parse(event).user.id;
}

/** The id of the user group that a `subteam_…` event is about. */
export function readChangedGroup(event: unknown): string {
  const read = changedGroup.parse(event);
  return 'subteam' in read ? read.subteam.id : read.subteam_id;
}

function teamOf(read: { readonly user: { readonly team_id?: string | undefined }; readonly team?: { readonly id: string } | null | undefined }): string {
  return read.user.team_id ?? read.team?.id ?? '';
}

function pressedView(read: z.infer<typeof view>): PressedView {
  return {
    id: read.id,
    hash: read.hash,
    kind: read.type,
    callbackId: read.callback_id,
    metadata: parsed(read.private_metadata),
    state: read.state?.values ?? {},
  };
}

/** `private_metadata` comes back from the client: unreadable text is as good as none, and the handler's own schema judges it. */
function parsed(metadata: string): unknown {
  if (metadata === '') return null;
  try {
    return JSON.parse(metadata) as unknown;
  } catch {
    return null;
  }
}
