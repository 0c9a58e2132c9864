import type { ComponentChildren, RefObject, VNode } from 'preact';

interface ScrollBoxProps {
  /** `region` for a place of the page, `group` for a part of a message. */
  readonly role: 'region' | 'group';
  readonly name: string;
  readonly class: string;
  readonly box?: RefObject<HTMLDivElement | null>;
  readonly onScroll?: () => void;
  readonly children: ComponentChildren;
}

/** Something that scrolls by itself: it takes the focus, so that arrow keys can scroll it (WCAG 2.1.1). */
export function ScrollBox({ role, name, class: look, box, onScroll, children }: ScrollBoxProps): VNode {
  const named = { role, 'aria-label': name };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div {...named} ref={box ?? null} class={look} onScroll={onScroll} tabIndex={0}>
      {children}
    </div>
  );
}
