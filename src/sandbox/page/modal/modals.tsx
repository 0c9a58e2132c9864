import type { VNode } from 'preact';
import { useWorkspace } from '../state/workspace.tsx';
import { Modal } from './modal.tsx';

/** The stack of modals of this person; the browser stacks them in the order of their opening. */
export function Modals({ conversation }: { readonly conversation: string | null }): VNode {
  const { state } = useWorkspace();
  return (
    <>
      {state.modals.map((modal, at) => (
        <Modal key={modal.id} modal={modal} depth={at} conversation={conversation} />
      ))}
    </>
  );
}
