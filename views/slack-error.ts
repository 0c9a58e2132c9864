/** What Slack refused, as a person may read it: what happened, and what to do next. */
export interface SlackErrorWords {
  readonly what: string;
  readonly advice: string;
}

const INVITE = 'Type /invite @Usher there, then try again.';
const ADMINS = 'Whoever runs Usher has to';
const SOON = 'Try again in a minute.';
/** Usher's own account: nothing that the person did. */
const LOCKED_OUT: SlackErrorWords = {
  what: 'Slack does not let Usher in: its token is not valid any more.',
  advice: `${ADMINS} install the app again and give Usher the new token. Nothing is lost meanwhile.`,
};
const AWAY: SlackErrorWords = { what: 'Slack did not answer, or had a fault of its own.', advice: SOON };
const TOO_LATE: SlackErrorWords = { what: 'Slack closed the time window for opening this.', advice: 'Do it once more.' };
const TOO_LONG: SlackErrorWords = {
  what: 'There is more to show than Slack takes in one piece.',
  advice: 'Narrow it down with a name or a filter, or get all of it as a file with the report command.',
};
const CHANGED: SlackErrorWords = { what: 'This window has changed in the meantime.', advice: 'Close it and open it again.' };
const GONE: SlackErrorWords = { what: 'That message is gone, or can’t be changed any more.', advice: 'Ask for it again with the command.' };
const NO_PERSON: SlackErrorWords = {
  what: 'Slack knows that person no more: they have left this workspace, or it hides them.',
  advice: 'Choose somebody else. What they own here is listed for re-assignment.',
};
const NOT_ALLOWED_THERE: SlackErrorWords = {
  what: 'A setting of this workspace keeps Usher from posting in that channel.',
  advice: 'Ask an admin of the workspace to allow it there, or choose another channel.',
};
const HIDDEN: SlackErrorWords = {
  what: 'Usher can’t see that channel: it is private, or gone.',
  advice: 'If it is there, type /invite @Usher in it, then try again.',
};

/** By Slack's error code (SLACK.md 2), and the SDK's own for what never reached Slack. */
const WORDS: Readonly<Record<string, SlackErrorWords>> = {
  not_in_channel: { what: 'Usher is not in that channel.', advice: INVITE },
  channel_not_found: HIDDEN,
  is_archived: { what: 'That channel is archived.', advice: 'Choose another channel, or have it un-archived.' },
  restricted_action: NOT_ALLOWED_THERE,
  restricted_action_read_only_channel: NOT_ALLOWED_THERE,
  restricted_action_thread_only_channel: NOT_ALLOWED_THERE,
  posting_to_general_channel_denied: NOT_ALLOWED_THERE,
  no_permission: NOT_ALLOWED_THERE,
  expired_trigger_id: TOO_LATE,
  exchanged_trigger_id: TOO_LATE,
  invalid_trigger_id: TOO_LATE,
  trigger_expired: TOO_LATE,
  trigger_exchanged: TOO_LATE,
  hash_conflict: CHANGED,
  not_found: CHANGED,
  view_not_found: CHANGED,
  push_limit_reached: { what: 'Three windows are open, and Slack shows no more.', advice: 'Close one, then try again.' },
  ratelimited: { what: 'Slack asks Usher to slow down.', advice: SOON },
  rate_limited: { what: 'Slack asks Usher to slow down.', advice: SOON },
  slack_webapi_rate_limited_error: { what: 'Slack asks Usher to slow down.', advice: SOON },
  user_not_found: NO_PERSON,
  user_not_visible: NO_PERSON,
  users_not_found: NO_PERSON,
  user_disabled: NO_PERSON,
  account_inactive: {
    what: 'Slack says that an account is switched off: Usher’s own, or that of the person it writes to.',
    advice: 'If a person was meant, choose somebody else. If not, whoever runs Usher has to install the app again.',
  },
  cannot_dm_bot: { what: 'That is an app, and Slack lets apps have no direct messages from Usher.', advice: 'Choose a person.' },
  messages_tab_disabled: {
    what: 'Usher may not write direct messages here: its Messages tab is switched off.',
    advice: `${ADMINS} switch it on, under “App Home” of the Slack app.`,
  },
  msg_too_long: TOO_LONG,
  msg_blocks_too_long: TOO_LONG,
  view_too_large: TOO_LONG,
  message_not_found: GONE,
  cant_update_message: GONE,
  edit_window_closed: GONE,
  missing_scope: { what: 'Usher’s Slack app lacks a permission for this.', advice: `${ADMINS} add it and install the app again: the log says which.` },
  not_allowed_token_type: LOCKED_OUT,
  invalid_auth: LOCKED_OUT,
  not_authed: LOCKED_OUT,
  token_revoked: LOCKED_OUT,
  token_expired: LOCKED_OUT,
  access_denied: LOCKED_OUT,
  team_access_not_granted: LOCKED_OUT,
  service_unavailable: AWAY,
  internal_error: AWAY,
  fatal_error: AWAY,
  request_timeout: AWAY,
  slack_webapi_request_error: AWAY,
  slack_webapi_http_error: AWAY,
};

/** Puts a code of Slack's into words; one that nobody foresaw is quoted. */
export function slackErrorInWords(code: string): SlackErrorWords {
  const known = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  return known ?? { what: `Slack answered “${code}”.`, advice: 'Try again. If it happens again, give the reference to whoever runs Usher.' };
}
