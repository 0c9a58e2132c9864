import type { ConfirmationDialog } from '@slack/types';
import { createContext, type ComponentChildren, type VNode } from 'preact';
import { useCallback, useContext, useId, useState } from 'preact/hooks';
import { Text } from '../mrkdwn/text.tsx';
import { Dialog } from './dialog.tsx';

type Ask = (question: ConfirmationDialog | undefined) => Promise<boolean>;

const Context = createContext<Ask>(async () => true);

/** Asks a confirmation dialog of Block Kit; without one the answer is yes at once. */
export function useAsk(): Ask {
  return useContext(Context);
}

interface Pending {
  readonly question: ConfirmationDialog;
  readonly answer: (yes: boolean) => void;
}

/** Draws the confirmation dialog over everything below it. */
export function ConfirmProvider({ children }: { readonly children: ComponentChildren }): VNode {
  const [pending, setPending] = useState<Pending | null>(null);
  const ask = useCallback<Ask>(
    (question) => (question === undefined ? Promise.resolve(true) : new Promise((resolve) => setPending({ question, answer: resolve }))),
    [],
  );
  const answer = (yes: boolean): void => {
    setPending(null);
    pending?.answer(yes);
  };
  return (
    <Context.Provider value={ask}>
      {children}
      {pending && <Confirmation question={pending.question} answer={answer} />}
    </Context.Provider>
  );
}

/** A dangerous question puts the focus on the answer that does nothing. */
function Confirmation({ question, answer }: { readonly question: ConfirmationDialog; readonly answer: (yes: boolean) => void }): VNode {
  const id = useId();
  const danger = question.style === 'danger';
  return (
    <Dialog class="confirm" role="alertdialog" labelledBy={`${id}-title`} describedBy={`${id}-text`} onDismiss={() => answer(false)}>
      <h2 id={`${id}-title`}>{question.title ? <Text text={question.title} /> : 'Are you sure?'}</h2>
      <div id={`${id}-text`} class="confirm-text">
        <Text text={question.text} />
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" data-focus={danger || undefined} onClick={() => answer(false)}>
          {question.deny ? <Text text={question.deny} /> : 'Cancel'}
        </button>
        <button type="button" class={`button ${danger ? 'button-danger' : 'button-primary'}`} data-focus={!danger || undefined} onClick={() => answer(true)}>
          {question.confirm ? <Text text={question.confirm} /> : 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
