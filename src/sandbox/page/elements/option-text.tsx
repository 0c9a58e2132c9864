import type { Option, PlainTextOption } from '@slack/types';
import type { VNode } from 'preact';
import { Text } from '../mrkdwn/text.tsx';

/** What an option says, its description below. */
export function OptionText({ option }: { readonly option: Option | PlainTextOption }): VNode {
  return (
    <span>
      <Text text={option.text} />
      {option.description && (
        <span class="option-description">
          <Text text={option.description} />
        </span>
      )}
    </span>
  );
}
