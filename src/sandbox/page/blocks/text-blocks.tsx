import type { AlertBlock, HeaderBlock } from '@slack/types';
import type { VNode } from 'preact';
import { Text } from '../mrkdwn/text.tsx';

export function HeaderBlockView({ block }: { readonly block: HeaderBlock }): VNode {
  return (
    <h3 class="header">
      <Text text={block.text} />
    </h3>
  );
}

export function AlertBlockView({ block }: { readonly block: AlertBlock }): VNode {
  return (
    <div role="note" class={`alert alert-${block.level ?? 'default'}`}>
      <Text text={block.text} />
    </div>
  );
}
