import type { VNode } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ControlState } from '../../slack/control.ts';

interface Toast {
  readonly id: number;
  readonly text: string;
}

const shownMs = 9_000;
const most = 3;

/** Short messages in a corner, and the way to show one. The newest few are kept. */
export function useToasts(): { readonly toasts: readonly Toast[]; readonly tell: (text: string) => void; readonly dismiss: (id: number) => void } {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const count = useRef(0);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const tell = useCallback((text: string) => {
    count.current += 1;
    const id = count.current;
    setToasts((all) => [...all, { id, text }].slice(-most));
  }, []);
  return { toasts, tell, dismiss };
}

/** Tells the workspace's notices that came after the page first looked at this person. */
export function useNotices(state: ControlState, tell: (text: string) => void): void {
  const seen = useRef<{ readonly as: string; readonly until: string } | null>(null);
  useEffect(() => {
    const stamps = state.notices.map((notice) => `${notice.at} ${notice.text}`);
    const before = seen.current?.as === state.me.id ? seen.current.until : null;
    // A stamp that has left the workspace's last 20 is not found: then all of them are new.
    const from = before === null ? stamps.length : stamps.lastIndexOf(before) + 1;
    for (const notice of state.notices.slice(from)) tell(notice.text);
    seen.current = { as: state.me.id, until: stamps.at(-1) ?? '' };
  }, [state.notices]);
}

export function Toasts({ toasts, dismiss }: { readonly toasts: readonly Toast[]; readonly dismiss: (id: number) => void }): VNode {
  const box = useRef<HTMLDivElement>(null);
  // In the top layer, and above a modal that opened later: shown anew with every toast.
  useEffect(() => {
    box.current?.hidePopover();
    if (toasts.length > 0) box.current?.showPopover();
  }, [toasts]);
  return (
    <div ref={box} class="toasts" popover="manual" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} dismiss={dismiss} />
      ))}
    </div>
  );
}

/** Goes by itself, but not from under a pointer or the focus. */
function ToastView({ toast, dismiss }: { readonly toast: Toast; readonly dismiss: (id: number) => void }): VNode {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (ref.current?.matches(':hover, :focus-within') !== true) dismiss(toast.id);
    }, shownMs);
    return () => window.clearInterval(timer);
  }, [toast.id]);
  return (
    <div ref={ref} class="toast">
      <span>{toast.text}</span>
      <button type="button" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
        ×
      </button>
    </div>
  );
}
