import type { Button, FeedbackButtons, IconButton, PlainTextElement } from '@slack/types';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useAsk } from '../modal/confirm.tsx';
import { Text } from '../mrkdwn/text.tsx';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { useSurface } from '../state/surface.tsx';
import { useWorkspace } from '../state/workspace.tsx';
import { usePlacement } from './context.ts';

/** A button. One with an address opens it and still sends its action, as in Slack. */
export function ButtonElement({ element }: { readonly element: Button }): VNode {
  const press = usePress();
  const href = element.url === undefined ? null : safeLink(element.url);
  const onPress = (): Promise<boolean> =>
    press(element, element.value === undefined ? {} : { value: element.value }, () => {
      if (href !== null) window.open(href, '_blank', 'noopener,noreferrer');
    });
  return <Pressable text={element.text} name={element.accessibility_label} style={element.style} outside={href !== null} onPress={onPress} />;
}

/** A small button with a sign instead of words; some show it to certain people only. */
export function IconButtonElement({ element }: { readonly element: IconButton }): VNode | null {
  const press = usePress();
  const { state } = useWorkspace();
  if (element.visible_to_user_ids !== undefined && !element.visible_to_user_ids.includes(state.me.id)) return null;
  return (
    <Pressable
      text={element.text}
      name={element.accessibility_label}
      style={undefined}
      outside={false}
      onPress={() => press(element, element.value === undefined ? {} : { value: element.value })}
    />
  );
}

export function FeedbackElement({ element }: { readonly element: FeedbackButtons }): VNode {
  const press = usePress();
  return (
    <>
      {[element.positive_button, element.negative_button].map((button) => (
        <Pressable
          key={button.value}
          text={button.text}
          name={button.accessibility_label}
          style={undefined}
          outside={false}
          onPress={() => press(element, { value: button.value })}
        />
      ))}
    </>
  );
}

/** Sends a press, after the question that the element may ask. `first` runs at the press itself, where a browser lets a page open another. */
export function usePress(): (
  element: { action_id?: string; confirm?: Button['confirm'] },
  action: Readonly<Record<string, unknown>>,
  first?: () => void,
) => Promise<boolean> {
  const surface = useSurface();
  const { block } = usePlacement();
  const ask = useAsk();
  return async (element, action, first) => {
    if (!(await ask(element.confirm))) return false;
    first?.();
    await surface.act(block, element.action_id ?? '', action);
    return true;
  };
}

interface PressableProps {
  readonly text: PlainTextElement;
  readonly name: string | undefined;
  readonly style: 'primary' | 'danger' | undefined;
  readonly outside: boolean;
  readonly onPress: () => Promise<unknown>;
}

/** Busy until the app has acked; it can be pressed again meanwhile, because Slack's can. */
function Pressable({ text, name, style, outside, onPress }: PressableProps): VNode {
  const [pressed, setPressed] = useState(0);
  const press = async (): Promise<void> => {
    setPressed((count) => count + 1);
    await onPress();
    setPressed((count) => count - 1);
  };
  return (
    <button
      type="button"
      class={`button${style === undefined ? '' : ` button-${style}`}`}
      aria-label={name}
      aria-busy={pressed > 0 || undefined}
      onClick={() => void press()}
    >
      <Text text={text} />
      {outside && (
        <span class="outside" aria-hidden="true">
          {' '}
          ↗
        </span>
      )}
    </button>
  );
}
