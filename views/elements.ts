/** Buttons, confirmations, and what every element has. Used through `blocks.ts`. */
import type { Button, ConfirmationDialog, PlainTextElement } from '@slack/types';
import { fitId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { isHttps, plain, type Text, textObject } from './mrkdwn.ts';

export interface Confirmation {
  readonly title: string;
  readonly text: Text;
  /** The button that does it: a verb for exactly that. */
  readonly confirm: string;
  readonly deny?: string;
  readonly style?: 'primary' | 'danger';
}

function confirm(of: Confirmation): ConfirmationDialog {
  return {
    title: plain(of.title, LIMITS.confirmTitle),
    text: textObject(of.text, LIMITS.confirmText),
    confirm: plain(of.confirm, LIMITS.confirmButton),
    deny: plain(of.deny ?? 'Cancel', LIMITS.confirmButton),
    ...(of.style === undefined ? {} : { style: of.style }),
  };
}

/** What can ask back before it acts. */
export interface Common {
  /** The action id; see `actionId`. */
  readonly action: string;
  readonly confirm?: Confirmation | undefined;
}

/** What one fills in. */
export interface Entry {
  readonly action: string;
  readonly placeholder?: string | undefined;
  /** One element a view. */
  readonly focus?: boolean | undefined;
}

/** Action id and confirmation. */
export function common(of: Common): { action_id: string; confirm?: ConfirmationDialog } {
  return { action_id: fitId(of.action), ...(of.confirm === undefined ? {} : { confirm: confirm(of.confirm) }) };
}

export function focus(of: { readonly focus?: boolean | undefined }): { focus_on_load?: boolean } {
  return of.focus === true ? { focus_on_load: true } : {};
}

/** Action id, placeholder and focus. */
export function entry(of: Entry): { action_id: string; placeholder?: PlainTextElement; focus_on_load?: boolean } {
  return { action_id: fitId(of.action), ...(of.placeholder === undefined ? {} : { placeholder: plain(of.placeholder, LIMITS.placeholder) }), ...focus(of) };
}

/**
 * A button. `value` (at most 2,000) says which object is meant; cutting it would mean another one, so a longer one
 * is a RangeError, and so is a `url` that is not https. A button with a `url` still sends its action.
 */
export function button(
  of: Common & {
    readonly text: string;
    readonly value?: string;
    readonly style?: 'primary' | 'danger' | undefined;
    readonly url?: string;
    readonly accessibilityLabel?: string;
  },
): Button {
  if (of.value !== undefined && of.value.length > LIMITS.buttonValue)
    throw new RangeError(`the value of button ${of.action} is longer than ${LIMITS.buttonValue}`);
  if (of.url !== undefined && !isHttps(of.url)) throw new RangeError(`the url of button ${of.action} is not https, or too long`);
  return {
    type: 'button',
    text: plain(of.text, LIMITS.buttonText),
    ...common(of),
    ...(of.value === undefined || of.value === '' ? {} : { value: of.value }),
    ...(of.style === undefined ? {} : { style: of.style }),
    ...(of.url === undefined ? {} : { url: of.url }),
    ...(of.accessibilityLabel === undefined ? {} : { accessibility_label: plain(of.accessibilityLabel, LIMITS.accessibilityLabel).text }),
  };
}
