import { Component, type ComponentChildren, type VNode } from 'preact';
import { type SurfaceProps, SurfaceScope } from './surface-scope.tsx';
import { ActionsBlockView, ContextActionsBlockView } from './actions.tsx';
import { ContextBlockView } from './context.tsx';
import { ImageBlockView } from './image.tsx';
import { InputBlockView } from './input.tsx';
import { MarkdownBlockView } from './markdown.tsx';
import { RichTextBlockView } from './rich-text.tsx';
import { SectionBlockView } from './section.tsx';
import { TableBlockView } from './table.tsx';
import { AlertBlockView, HeaderBlockView } from './text-blocks.tsx';
import type { ShownBlock } from './shapes.ts';

/** The blocks of a message or a Home, on a surface of their own. */
export function Blocks(props: SurfaceProps): VNode {
  return (
    <SurfaceScope {...props}>
      <BlockList blocks={props.blocks} />
    </SurfaceScope>
  );
}

/** Blocks on the surface around them. */
export function BlockList({ blocks }: { readonly blocks: readonly ShownBlock[] }): VNode {
  return (
    <div class="blocks">
      {blocks.map((shown) => (
        <Guard key={shown.key} type={shown.block.type}>
          <BlockView shown={shown} />
        </Guard>
      ))}
    </div>
  );
}

function BlockView({ shown }: { readonly shown: ShownBlock }): VNode {
  const { key, block } = shown;
  switch (block.type) {
    case 'section':
      return <SectionBlockView blockKey={key} block={block} />;
    case 'header':
      return <HeaderBlockView block={block} />;
    case 'divider':
      return <hr />;
    case 'context':
      return <ContextBlockView block={block} />;
    case 'actions':
      return <ActionsBlockView blockKey={key} block={block} />;
    case 'context_actions':
      return <ContextActionsBlockView blockKey={key} block={block} />;
    case 'image':
      return <ImageBlockView block={block} />;
    case 'input':
      return <InputBlockView blockKey={key} block={block} />;
    case 'rich_text':
      return <RichTextBlockView block={block} />;
    case 'table':
      return <TableBlockView block={block} />;
    case 'markdown':
      return <MarkdownBlockView block={block} />;
    case 'alert':
      return <AlertBlockView block={block} />;
    default:
      return <Unsupported type={block.type} />;
  }
}

function Unsupported({ type }: { readonly type: string }): VNode {
  return <div class="unsupported">unsupported block: {type}</div>;
}

interface GuardProps {
  readonly type: string;
  readonly children: ComponentChildren;
}

/** A block that can't be drawn takes nothing else down with it. */
class Guard extends Component<GuardProps, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ComponentChildren {
    return this.state.broken ? <div class="unsupported">this {this.props.type} block could not be drawn</div> : this.props.children;
  }
}
