import type { EmailInput, NumberInput, PlainTextInput, URLInput } from '@slack/types';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ElementValue } from '../state/values.ts';
import { naming, usePlacement, useValue } from './context.ts';

type TextElement = PlainTextInput | NumberInput | EmailInput | URLInput;

/** Slack's client gathers keystrokes for about this long before it sends `on_character_entered`. */
const pauseMs = 300;

const inputModes = { plain_text_input: 'text', number_input: 'decimal', email_text_input: 'email', url_text_input: 'url' } as const;

/**
 * Every one-line or many-line text field. All are `type="text"`: the page checks their limits itself, with its words
 * under the field, and a browser's number field would swallow what it can't read.
 */
export function TextInputElement({ element }: { readonly element: TextElement }): VNode {
  const placement = usePlacement();
  const { value, keep, send } = useValue(element);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const multiline = element.type === 'plain_text_input' && element.multiline === true;
  const read = (text: string): ElementValue => ({ type: element.type, value: text === '' ? null : text });
  const onInput = (text: string): void => {
    keep(read(text));
    if (!placement.dispatches || !triggers.includes('on_character_entered')) return;
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void send(read(text)), pauseMs);
  };
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement }): void => {
    if (event.key !== 'Enter' || event.shiftKey || !placement.dispatches || !triggers.includes('on_enter_pressed')) return;
    event.preventDefault();
    void send(read(event.currentTarget.value));
  };
  const shared = {
    ...naming(placement, element.placeholder?.text ?? 'Text'),
    class: 'field',
    placeholder: element.placeholder?.text,
    value: value?.value ?? '',
    'data-focus': element.focus_on_load === true || undefined,
    onKeyDown,
  };
  if (multiline) return <textarea {...shared} rows={4} onInput={(event) => onInput(event.currentTarget.value)} />;
  return <input {...shared} type="text" inputMode={inputModes[element.type]} autoComplete="off" onInput={(event) => onInput(event.currentTarget.value)} />;
}
