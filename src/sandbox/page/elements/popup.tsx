import { autoUpdate, computePosition, flip, offset, shift, size } from '@floating-ui/dom';
import type { ComponentChildren, RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface PopupProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A list that floats at its anchor in the browser's top layer, so that no modal clips it. Mounted means open. */
export function Popup({ anchor, wide = false, children }: PopupProps): VNode {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const popup = ref.current;
    const at = anchor.current;
    if (popup === null || at === null) return;
    popup.showPopover();
    // A press inside must not take the focus from the control that owns the list.
    popup.addEventListener('mousedown', (event) => event.preventDefault());
    return autoUpdate(at, popup, () => void place(at, popup, wide));
  }, []);
  return (
    <div ref={ref} class="popup" popover="manual">
      {children}
    </div>
  );
}

async function place(anchor: HTMLElement, popup: HTMLElement, wide: boolean): Promise<void> {
  const fit = size({
    padding: 8,
    apply: ({ rects, availableHeight, availableWidth }) => {
      popup.style.minWidth = `${Math.min(wide ? rects.reference.width : Math.max(rects.reference.width, 180), availableWidth)}px`;
      popup.style.maxWidth = `${Math.max(Math.min(420, availableWidth), rects.reference.width)}px`;
      popup.style.maxHeight = `${Math.max(96, Math.min(380, availableHeight))}px`;
    },
  });
  const { x, y } = await computePosition(anchor, popup, {
    strategy: 'fixed',
    placement: 'bottom-start',
    middleware: [offset(4), flip({ padding: 8 }), shift({ padding: 8 }), fit],
  });
  popup.style.left = `${x}px`;
  popup.style.top = `${y}px`;
}
