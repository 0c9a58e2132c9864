import type { PlainTextOption } from '@slack/types';
import type { ControlValues } from '../../slack/control.ts';
import { actionIdOf, elementsOf, type PageElement, type ShownBlock } from '../blocks/shapes.ts';

/** What one element holds, in the shape of Slack's `view.state.values[block][action]`. */
export interface ElementValue {
  readonly type: string;
  readonly value?: string | null;
  readonly selected_option?: PlainTextOption | null;
  readonly selected_options?: readonly unknown[];
  readonly selected_user?: string | null;
  readonly selected_users?: readonly string[];
  readonly selected_channel?: string | null;
  readonly selected_channels?: readonly string[];
  readonly selected_conversation?: string | null;
  readonly selected_conversations?: readonly string[];
  readonly selected_date?: string | null;
  readonly selected_time?: string | null;
  readonly timezone?: string;
  readonly selected_date_time?: number | null;
  readonly files?: readonly ChosenFile[];
}

/** As much of Slack's file object as the page shows. */
export interface ChosenFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

export type Values = Readonly<Record<string, Readonly<Record<string, ElementValue>>>>;

/** What an element holds before anybody touched it; null for what holds nothing (buttons, images, overflow). */
function initialValue(element: PageElement, conversation: string | null): ElementValue | null {
  const { type } = element;
  switch (type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type, value: element.initial_value ?? null };
    case 'static_select':
    case 'external_select':
      return { type, selected_option: element.initial_option ?? null };
    case 'radio_buttons':
      return { type, selected_option: (element.initial_option as PlainTextOption | undefined) ?? null };
    case 'checkboxes':
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: element.initial_channels ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? (element.default_to_current_conversation ? conversation : null) };
    case 'multi_conversations_select':
      return {
        type,
        selected_conversations: element.initial_conversations ?? (element.default_to_current_conversation && conversation !== null ? [conversation] : []),
      };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null, ...(element.timezone === undefined ? {} : { timezone: element.timezone }) };
    case 'file_input':
      return { type, files: [] };
    case 'datetimepicker':
      return { type, selected_date_time: element.initial_date_time ?? null };
    default:
      return null;
  }
}

/**
 * The values of a surface whose blocks are now these: what was there stays where block id, action id and kind of
 * element are unchanged (docs.slack.dev, views.update); everything else starts at its initial value.
 */
export function reconciled(before: Values, blocks: readonly ShownBlock[], conversation: string | null): Values {
  return Object.fromEntries(
    blocks.flatMap(({ key, block }) => {
      const held = elementsOf(block).flatMap((element) => {
        const fresh = initialValue(element, conversation);
        if (fresh === null) return [];
        const kept = before[key]?.[actionIdOf(element)];
        return [[actionIdOf(element), kept?.type === fresh.type ? kept : fresh] as const];
      });
      return held.length === 0 ? [] : [[key, Object.fromEntries(held)] as const];
    }),
  );
}

export function withValue(values: Values, key: string, actionId: string, value: ElementValue): Values {
  return { ...values, [key]: { ...values[key], [actionId]: value } };
}

/** As the workspace wants them: spread, because its type is open. */
export function controlValues(values: Values): ControlValues {
  return Object.fromEntries(
    Object.entries(values).map(([block, held]) => [block, Object.fromEntries(Object.entries(held).map(([id, value]) => [id, { ...value }]))]),
  );
}

/** The workspace's record of what was entered; it holds what this page sent. */
export function enteredValues(values: ControlValues): Values {
  return values as Values;
}
