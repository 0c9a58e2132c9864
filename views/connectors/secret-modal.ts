import type { SecretSource } from '../../src/domain/connectors/connector.ts';
import { context, input, type ModalView, plainInput, section, staticSelect } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';
import { readOption, readText } from '../state.ts';
import { type Configuring, stepModal } from './configure-modal.ts';

/** Step 5, alone and last: a reference is offered first; a typed token passes through Slack, and it says so (C6). */
export function secretModal(of: Configuring, references: readonly string[]): ModalView {
  const { secret } = of.draft;
  const host = of.draft.baseUrl !== undefined && URL.canParse(of.draft.baseUrl) ? new URL(of.draft.baseUrl).host : 'the application';
  return stepModal(of, 'secret', 'Save and rehearse', [
    section(md`Usher sends the secret to ${bold(host)} only. ${kept(secret)}`),
    references.length > 0 &&
      input(
        'Reference',
        staticSelect({
          action: 'reference',
          placeholder: 'Choose',
          choices: references.map((name) => ({ text: name, value: name })),
          initial: secret?.is === 'reference' ? secret.name : null,
        }),
        { optional: true, hint: 'Recommended: a secret that whoever runs Usher has put into its configuration; it never passes through Slack.' },
      ),
    references.length === 0 && context(`No reference is bound to ${host}: whoever runs Usher can add one to USHER_SECRET_REFERENCES.`),
    input(
      'Bearer token',
      plainInput({ action: 'token', max: 3000, placeholder: secret === undefined ? 'Paste it here' : 'Leave empty to keep what is stored' }),
      {
        optional: true,
        hint: 'A token typed here passes through Slack before Usher encrypts it. A reference does not.',
      },
    ),
    context('Saving starts the rehearsal: look up, create, update, deactivate and delete a test user.'),
  ]);
}

function kept(secret: SecretSource | undefined): string {
  switch (secret?.is) {
    case 'reference':
      return `In use: the reference ${secret.name}.`;
    case 'sealed':
      return 'A typed token is stored, encrypted. It is never shown again.';
    case 'erased':
    case undefined:
      return 'No secret is stored yet. A global admin gives it.';
  }
}

/** A typed token wins over a chosen reference; null keeps what is stored. */
export function readSecret(state: unknown): { readonly token: string } | { readonly reference: string } | null {
  const token = readText(state, 'token');
  if (token !== null) return { token };
  const reference = readOption(state, 'reference');
  return reference === null ? null : { reference };
}
