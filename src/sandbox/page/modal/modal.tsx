import type { VNode } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { ControlModal } from '../../slack/control.ts';
import { BlockList } from '../blocks/blocks.tsx';
import { readModal, type ShownModal } from '../blocks/shapes.ts';
import { Text } from '../mrkdwn/text.tsx';
import { call } from '../state/api.ts';
import { spokenError } from '../state/spoken.ts';
import { SurfaceProvider, useNewSurface } from '../state/surface.tsx';
import { controlValues, enteredValues } from '../state/values.ts';
import { useWorkspace } from '../state/workspace.tsx';
import { Dialog } from './dialog.tsx';

interface ModalProps {
  readonly modal: ControlModal;
  /** 0 for the root; pushed ones say where they lead back to. */
  readonly depth: number;
  readonly conversation: string | null;
}

const unreadable: ShownModal = { title: { type: 'plain_text', text: 'Unreadable view' }, submit: null, close: null, blocks: [] };

/** One open modal. Cancel and Escape close it alone, the X closes all. */
export function Modal({ modal, depth, conversation }: ModalProps): VNode {
  const { state, tell } = useWorkspace();
  const id = useId();
  const view = useMemo(() => readModal(modal.view) ?? unreadable, [modal.hash]);
  const errorsText = JSON.stringify(modal.errors);
  const errors = useMemo(() => modal.errors, [errorsText]);
  const surface = useNewSurface({
    container: { is: 'modal', viewId: modal.id },
    blocks: view.blocks,
    conversation,
    errors,
    entered: enteredValues(modal.values),
  });
  const [sending, setSending] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const busy = modal.busy || sending > 0;
  const as = state.me.id;

  useEffect(() => {
    if (errorsText !== '{}' && sending === 0) form.current?.querySelector<HTMLElement>('[data-wrong] :is(input, textarea, select)')?.focus();
  }, [errorsText, sending]);

  const report = (answer: Awaited<ReturnType<typeof call>>): void => {
    const words = answer.ok ? null : spokenError(answer.error);
    if (words !== null) tell(words);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || view.submit === null) return;
    setSending((count) => count + 1);
    report(await call('submit', { as, viewId: modal.id, values: controlValues(surface.values) }));
    setSending((count) => count - 1);
  };
  const close = async (all: boolean): Promise<void> => report(await call('close', { as, viewId: modal.id, all }));

  return (
    <Dialog class="modal" labelledBy={`${id}-title`} busy={busy} content={modal.hash} onDismiss={() => void close(false)}>
      <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
        <header class="dialog-head">
          <h2 id={`${id}-title`}>
            <Text text={view.title} />
          </h2>
          <button type="button" class="dialog-x" aria-label={depth > 0 ? 'Close all' : 'Close'} onClick={() => void close(true)}>
            ×
          </button>
        </header>
        <div class={busy ? 'progress progress-on' : 'progress'} />
        <SurfaceProvider value={surface}>
          <div class="dialog-body" tabIndex={-1}>
            <BlockList blocks={view.blocks} />
          </div>
        </SurfaceProvider>
        <footer class="dialog-foot">
          <span role="status" class="note">
            {busy ? 'Working…' : ''}
          </span>
          <button type="button" class="button" onClick={() => void close(false)}>
            {view.close ? <Text text={view.close} /> : depth > 0 ? 'Back' : 'Cancel'}
          </button>
          {view.submit && (
            <button type="submit" class="button button-primary" aria-disabled={busy || undefined}>
              <Text text={view.submit} />
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
