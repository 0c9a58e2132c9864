import type { Owned } from '../../src/domain/rights/verbs/owned.ts';
import { REASSIGNABLE_WORDS, type ReassignKind } from './reassign-words.ts';
import { checkboxes, input, type ModalView, modal, section, usersSelect } from '../blocks.ts';
import { bold, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { readOptions, readUser } from '../state.ts';
import { ownedLines } from './left-modal.ts';

export interface Reassigning {
  readonly from: { readonly id: string; readonly name: string };
  readonly owned: Owned;
  /** What was chosen before it was refused. */
  readonly to: string | null;
  readonly what: readonly string[] | null;
  readonly problem: Mrkdwn | null;
}

/** What travels with the form. */
export interface ReassignMetadata {
  readonly from: string;
}

/** Moves what somebody owns to somebody else (X11). */
export function reassignModal({ from, owned, to, what, problem }: Reassigning): ModalView {
  const choices = kindsOf(owned).map((kind) => ({ text: REASSIGNABLE_WORDS[kind], value: kind }));
  const metadata: ReassignMetadata = { from: from.id };
  const lines = [md`${bold(from.name)}`, ...ownedLines(owned)];
  if (choices.length === 0)
    return modal({ callbackId: 'notice', title: 'Re-assign', blocks: [section(joined(lines, '\n')), section('There is nothing that can be moved.')] });
  return modal({
    callbackId: 'roles.reassign',
    title: 'Re-assign',
    submit: 'Re-assign',
    metadata,
    blocks: [
      problem !== null && section(problem),
      section(joined(lines, '\n')),
      input('What', checkboxes({ action: 'what', choices, initial: what ?? choices.map(({ value }) => value) })),
      input('To', usersSelect({ action: 'to', placeholder: 'Somebody with the rights for it', initial: to }), {
        hint: 'They need the rights that it hangs on: an admin for connectors, an approver for policies.',
      }),
    ],
  });
}

/** The kinds of which somebody owns something. */
function kindsOf(owned: Owned): readonly ReassignKind[] {
  return (['connectors', 'subscriptions', 'policies', 'delegations'] as const).filter((kind) => owned[kind].length > 0);
}

/** The form as it came back. */
export function readReassign(state: unknown): { readonly what: readonly string[]; readonly to: string | null } {
  return { what: readOptions(state, 'what'), to: readUser(state, 'to') };
}
