import type { ComponentChildren, VNode } from 'preact';
import type { ControlContainer } from '../../slack/control.ts';
import { SurfaceProvider, useNewSurface } from '../state/surface.tsx';
import type { ShownBlock } from './shapes.ts';

export interface SurfaceProps {
  readonly container: ControlContainer;
  readonly blocks: readonly ShownBlock[];
  /** The channel that `default_to_current_conversation` means. */
  readonly conversation: string | null;
}

/** A surface of its own for the blocks of a message or a Home. A modal has its surface around its form already. */
export function SurfaceScope({ container, blocks, conversation, children }: SurfaceProps & { readonly children: ComponentChildren }): VNode {
  return <SurfaceProvider value={useNewSurface({ container, blocks, conversation })}>{children}</SurfaceProvider>;
}
