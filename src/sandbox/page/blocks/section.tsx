import type { SectionBlock } from '@slack/types';
import type { VNode } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { PlacementProvider, type Placement } from '../elements/context.ts';
import { Element } from '../elements/element.tsx';
import { Text } from '../mrkdwn/text.tsx';

/** Text, fields in two columns, and one element at the side that the text describes. */
export function SectionBlockView({ block, blockKey }: { readonly block: SectionBlock; readonly blockKey: string }): VNode {
  const id = useId();
  return (
    <div class="section">
      <div class="section-text" id={`${id}-text`}>
        {block.text && (
          <div class="text">
            <Text text={block.text} />
          </div>
        )}
        {block.fields && (
          <ul class="fields">
            {block.fields.map((field, at) => (
              <li key={at} class="text">
                <Text text={field} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {block.accessory && (
        <div class={block.accessory.type === 'image' ? 'accessory accessory-image' : 'accessory'}>
          <Placed blockKey={blockKey} id={id} describedBy={`${id}-text`}>
            <Element element={block.accessory} />
          </Placed>
        </div>
      )}
    </div>
  );
}

interface PlacedProps {
  readonly blockKey: string;
  readonly id: string;
  readonly describedBy: string | null;
  readonly children: VNode;
}

/** Places an element outside an input block: it always acts, and its own words name it. */
export function Placed({ blockKey, id, describedBy, children }: PlacedProps): VNode {
  const placement = useMemo<Placement>(
    () => ({ block: blockKey, dispatches: true, required: false, controlId: `${id}-control`, labelledBy: null, describedBy, invalid: false }),
    [blockKey, id, describedBy],
  );
  return <PlacementProvider value={placement}>{children}</PlacementProvider>;
}
