/** Menus, check boxes and radio buttons: whatever offers options. Used through `blocks.ts`. */
import type {
  ChannelsSelect,
  Checkboxes,
  ConversationsSelect,
  ExternalSelect,
  MultiExternalSelect,
  MultiStaticSelect,
  MultiUsersSelect,
  Overflow,
  PlainTextOption,
  RadioButtons,
  StaticSelect,
  UsersSelect,
} from '@slack/types';
import { type Common, common, type Entry, entry, focus } from './elements.ts';
import { optionValue } from './ids.ts';
import { LIMITS } from './limits.ts';
import { plain } from './mrkdwn.ts';
import { count } from './words.ts';

/** One option of a menu. `value` is an id; over 75 characters it travels as `optionValue(id)`. */
export interface Choice {
  readonly text: string;
  readonly value: string;
  readonly description?: string;
}

/** Values of options that stand for no choice: `readOption` takes them for nothing chosen. */
export const NO_CHOICE = { more: 'usher:more', nothing: 'usher:nothing' } as const;

function option(of: Choice): PlainTextOption {
  return {
    text: plain(of.text, LIMITS.optionText),
    value: optionValue(of.value),
    ...(of.description === undefined ? {} : { description: plain(of.description, LIMITS.optionDescription) }),
  };
}

/** At most `limit` options, the last of a longer list saying how many more there are; never none. */
function options(choices: readonly Choice[], limit: number): PlainTextOption[] {
  if (choices.length === 0) return [option({ text: 'Nothing to choose', value: NO_CHOICE.nothing })];
  if (choices.length <= limit) return choices.map(option);
  return [...choices.slice(0, limit - 1).map(option), option({ text: `and ${count(choices.length - limit + 1)} more`, value: NO_CHOICE.more })];
}

const valued = (offered: readonly PlainTextOption[], values: readonly string[]): PlainTextOption[] =>
  offered.filter((one) => values.some((value) => one.value === optionValue(value)));

/** The `⋯` menu: at most 5. */
export function overflow(of: Common & { readonly choices: readonly Choice[] }): Overflow {
  return { type: 'overflow', ...common(of), options: options(of.choices, LIMITS.overflowOptions) };
}

interface Static extends Common, Entry {
  readonly choices: readonly Choice[];
}

/** Holds 100; a list that can grow past that is an `externalSelect`. `initial` is the value of an offered choice; of any other there is none. */
export function staticSelect(of: Static & { readonly initial?: string | null | undefined }): StaticSelect {
  const offered = options(of.choices, LIMITS.selectOptions);
  const [first] = typeof of.initial === 'string' ? valued(offered, [of.initial]) : [];
  return { type: 'static_select', ...common(of), ...entry(of), options: offered, ...(first === undefined ? {} : { initial_option: first }) };
}

export function multiStaticSelect(of: Static & { readonly initial?: readonly string[]; readonly most?: number }): MultiStaticSelect {
  const offered = options(of.choices, LIMITS.selectOptions);
  const chosen = valued(offered, of.initial ?? []);
  return {
    type: 'multi_static_select',
    ...common(of),
    ...entry(of),
    options: offered,
    ...(chosen.length === 0 ? {} : { initial_options: chosen }),
    ...most(of.most),
  };
}

const most = (number: number | undefined): { max_selected_items?: number } =>
  number === undefined ? {} : { max_selected_items: Math.max(1, Math.floor(number)) };

interface Searched extends Common, Entry {
  /** Characters to type before Slack asks; 0 asks at once. */
  readonly minQuery?: number;
}

/** Options come from a suggestion listener of the same action id; answer it with `suggestions`. */
export function externalSelect(of: Searched & { readonly initial?: Choice | null | undefined }): ExternalSelect {
  return {
    type: 'external_select',
    ...common(of),
    ...entry(of),
    min_query_length: Math.max(0, Math.floor(of.minQuery ?? 0)),
    ...(of.initial ? { initial_option: option(of.initial) } : {}),
  };
}

export function multiExternalSelect(of: Searched & { readonly initial?: readonly Choice[]; readonly most?: number }): MultiExternalSelect {
  const initial = (of.initial ?? []).slice(0, LIMITS.selectOptions);
  return {
    type: 'multi_external_select',
    ...common(of),
    ...entry(of),
    min_query_length: Math.max(0, Math.floor(of.minQuery ?? 0)),
    ...(initial.length === 0 ? {} : { initial_options: initial.map(option) }),
    ...most(of.most),
  };
}

/** The answer to a suggestion request: at most 100, then how many more; none is allowed here. */
export function suggestions(choices: readonly Choice[]): { readonly options: PlainTextOption[] } {
  return { options: choices.length === 0 ? [] : options(choices, LIMITS.selectOptions) };
}

/** The answer to a suggestion request that has nothing to offer and says why: one option that stands for no choice. */
export function noSuggestion(why: string, advice?: string): { readonly options: PlainTextOption[] } {
  return { options: [option({ text: why, value: NO_CHOICE.nothing, ...(advice === undefined ? {} : { description: advice }) })] };
}

/** True for what an option carries that stands for no choice. */
export function isNoChoice(value: string | null): boolean {
  return value === NO_CHOICE.more || value === NO_CHOICE.nothing;
}

export function usersSelect(of: Common & Entry & { readonly initial?: string | null | undefined }): UsersSelect {
  return { type: 'users_select', ...common(of), ...entry(of), ...(of.initial ? { initial_user: of.initial } : {}) };
}

export function multiUsersSelect(of: Common & Entry & { readonly initial?: readonly string[]; readonly most?: number }): MultiUsersSelect {
  return {
    type: 'multi_users_select',
    ...common(of),
    ...entry(of),
    ...(of.initial && of.initial.length > 0 ? { initial_users: [...of.initial] } : {}),
    ...most(of.most),
  };
}

/** Public and private channels by default. */
export function conversationsSelect(
  of: Common &
    Entry & {
      readonly initial?: string | null | undefined;
      readonly include?: ['im' | 'mpim' | 'private' | 'public', ...('im' | 'mpim' | 'private' | 'public')[]];
    },
): ConversationsSelect {
  return {
    type: 'conversations_select',
    ...common(of),
    ...entry(of),
    filter: { include: of.include ?? ['public', 'private'], exclude_bot_users: true },
    ...(of.initial ? { initial_conversation: of.initial } : {}),
  };
}

/** Public channels. */
export function channelsSelect(of: Common & Entry & { readonly initial?: string | null | undefined }): ChannelsSelect {
  return { type: 'channels_select', ...common(of), ...entry(of), ...(of.initial ? { initial_channel: of.initial } : {}) };
}

interface Ticked extends Common {
  readonly choices: readonly Choice[];
  readonly focus?: boolean;
}

/** At most 10. */
export function checkboxes(of: Ticked & { readonly initial?: readonly string[] }): Checkboxes {
  const offered = options(of.choices, LIMITS.checkOptions);
  const chosen = valued(offered, of.initial ?? []);
  return { type: 'checkboxes', ...common(of), ...focus(of), options: offered, ...(chosen.length === 0 ? {} : { initial_options: chosen }) };
}

/** At most 10. */
export function radioButtons(of: Ticked & { readonly initial?: string | null | undefined }): RadioButtons {
  const offered = options(of.choices, LIMITS.checkOptions);
  const [first] = typeof of.initial === 'string' ? valued(offered, [of.initial]) : [];
  return { type: 'radio_buttons', ...common(of), ...focus(of), options: offered, ...(first === undefined ? {} : { initial_option: first }) };
}
