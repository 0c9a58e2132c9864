import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly class: string;
  readonly role?: 'dialog' | 'alertdialog';
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly busy?: boolean;
  /** What it shows; when that changes and the focus is lost or was never in a control, it goes to the first one. */
  readonly content?: string;
  readonly onDismiss: () => void;
  readonly children: ComponentChildren;
}

const focusable = 'a[href], button, input, textarea, select, [tabindex="0"]';

/**
 * The browser's own modal dialog: it makes the rest of the page inert and gives the focus back when it goes.
 * Escape dismisses it; the browser's own cancelling is not used, because a second Escape would close it unheard.
 * The focus starts at the element marked `data-focus`, else at the first control of the body.
 */
export function Dialog({ class: name, role = 'dialog', labelledBy, describedBy, busy = false, content = '', onDismiss, children }: DialogProps): VNode {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog === null) return;
    dialog.showModal();
    firstFocus(dialog).focus();
    return () => {
      dialog.close();
      giveBack(before);
    };
  }, []);
  useEffect(() => {
    const at = document.activeElement;
    if (ref.current !== null && (at === ref.current || at === document.body)) firstFocus(ref.current).focus();
  }, [content]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Tab' && ref.current !== null) wrapFocus(event, ref.current);
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onDismiss();
  };
  const onCancel = (event: Event): void => {
    event.preventDefault();
    onDismiss();
  };
  return (
    <dialog
      ref={ref}
      class={name}
      role={role}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-busy={busy || undefined}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onCancel={onCancel}
    >
      {children}
    </dialog>
  );
}

function firstFocus(dialog: HTMLElement): HTMLElement {
  return dialog.querySelector<HTMLElement>('[data-focus]') ?? dialog.querySelector<HTMLElement>(`.dialog-body :is(${focusable})`) ?? dialog;
}

/** What had the focus may be gone: a command's composer is the place to go on from then. */
function giveBack(before: Element | null): void {
  if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
  else document.querySelector<HTMLElement>('[data-fallback-focus]')?.focus();
}

/** Keeps Tab inside: a modal dialog of the browser lets it out into the browser's own controls. */
function wrapFocus(event: KeyboardEvent, dialog: HTMLElement): void {
  const stops = [...dialog.querySelectorAll<HTMLElement>(focusable)].filter(
    (stop) => stop.tabIndex >= 0 && !stop.matches(':disabled') && stop.getClientRects().length > 0,
  );
  const first = stops[0];
  const last = stops.at(-1);
  if (first === undefined || last === undefined) return;
  const at = document.activeElement;
  if (event.shiftKey && (at === first || at === dialog)) last.focus();
  else if (!event.shiftKey && at === last) first.focus();
  else return;
  event.preventDefault();
}
