import type { ActionsBlock, ContextActionsBlock } from '@slack/types';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { Element } from '../elements/element.tsx';
import { Placed } from './section.tsx';
import { actionIdOf, type PageElement } from './shapes.ts';

export function ActionsBlockView({ block, blockKey }: { readonly block: ActionsBlock; readonly blockKey: string }): VNode {
  return <Row elements={block.elements} blockKey={blockKey} name="actions" />;
}

export function ContextActionsBlockView({ block, blockKey }: { readonly block: ContextActionsBlock; readonly blockKey: string }): VNode {
  return <Row elements={block.elements} blockKey={blockKey} name="actions actions-small" />;
}

function Row({ elements, blockKey, name }: { readonly elements: readonly PageElement[]; readonly blockKey: string; readonly name: string }): VNode {
  const id = useId();
  return (
    <div class={name}>
      {elements.map((element, at) => (
        <Placed key={actionIdOf(element) || at} blockKey={blockKey} id={`${id}-${at}`} describedBy={null}>
          <Element element={element} />
        </Placed>
      ))}
    </div>
  );
}
