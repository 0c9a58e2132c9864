import type { ContextBlock } from '@slack/types';
import type { VNode } from 'preact';
import { Text } from '../mrkdwn/text.tsx';
import { BlockImage } from './image.tsx';

export function ContextBlockView({ block }: { readonly block: ContextBlock }): VNode {
  return (
    <div class="context">
      {block.elements.map((element, at) =>
        element.type === 'image' ? (
          <BlockImage key={at} image={element} />
        ) : (
          <span key={at} class="text">
            <Text text={element} />
          </span>
        ),
      )}
    </div>
  );
}
