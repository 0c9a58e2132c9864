import type { InputBlock } from '@slack/types';
import type { VNode } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { PlacementProvider, type Placement } from '../elements/context.ts';
import { Element } from '../elements/element.tsx';
import { Text } from '../mrkdwn/text.tsx';
import { useSurface } from '../state/surface.tsx';

/** A labelled input with its hint, and its error where the app or the page refused it. */
export function InputBlockView({ block, blockKey }: { readonly block: InputBlock; readonly blockKey: string }): VNode {
  const id = useId();
  const error = useSurface().errors[blockKey] ?? null;
  const hinted = block.hint !== undefined;
  const placement = useMemo<Placement>(() => {
    const described = [...(error === null ? [] : [`${id}-error`]), ...(hinted ? [`${id}-hint`] : [])].join(' ');
    return {
      block: blockKey,
      dispatches: block.dispatch_action === true,
      required: block.optional !== true,
      controlId: `${id}-control`,
      labelledBy: `${id}-label`,
      describedBy: described === '' ? null : described,
      invalid: error !== null,
    };
  }, [blockKey, block.dispatch_action, block.optional, id, error, hinted]);
  return (
    <div class={error === null ? 'input' : 'input input-wrong'} data-wrong={error === null ? undefined : ''}>
      <label id={`${id}-label`} for={`${id}-control`} class="input-label">
        <Text text={block.label} />
        {block.optional && <span class="optional"> (optional)</span>}
      </label>
      <PlacementProvider value={placement}>
        <Element element={block.element} />
      </PlacementProvider>
      {error !== null && (
        <div id={`${id}-error`} class="input-error">
          {error}
        </div>
      )}
      {block.hint && (
        <div id={`${id}-hint`} class="hint">
          <Text text={block.hint} />
        </div>
      )}
    </div>
  );
}
