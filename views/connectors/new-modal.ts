import type { CatalogEntry } from '../../src/domain/catalog/catalog.ts';
import type { Organization } from '../../src/domain/directory/organization.ts';
import { context, externalSelect, input, type ModalView, modal, plainInput, staticSelect } from '../blocks.ts';
import { namedChoices } from '../named-choices.ts';
import { readOption, readText } from '../state.ts';

/** Asks for what a new connector needs before it can be configured. */
export function newConnectorModal(entries: readonly CatalogEntry[], organization: Pick<Organization, 'id' | 'name'> | null): ModalView {
  return modal({
    callbackId: 'connectors.new',
    title: 'New connector',
    submit: 'Create draft',
    blocks: [
      input('Name', plainInput({ action: 'name', placeholder: 'Zoom', max: 60, focus: true }), { hint: 'What people here call the application.' }),
      input('Catalog entry', staticSelect({ action: 'entry', choices: namedChoices(entries), initial: entries[0]?.id ?? null })),
      input(
        'Organization',
        externalSelect({
          action: 'organization',
          placeholder: 'Type a name',
          initial: organization === null ? null : { text: organization.name, value: organization.id },
        }),
        {
          hint: 'It owns the connector; the connector can be assigned there and below.',
        },
      ),
      input('Application', plainInput({ action: 'application', placeholder: 'The same as the name', max: 60 }), { optional: true }),
      context('A draft changes nothing anywhere. The next steps ask where accounts go, and try it out.'),
    ],
  });
}

/** What was filled in; empty texts where nothing was. */
export function readNewConnector(state: unknown): {
  readonly name: string;
  readonly application: string;
  readonly entryId: string;
  readonly organizationId: string;
} {
  return {
    name: readText(state, 'name') ?? '',
    application: readText(state, 'application') ?? '',
    entryId: readOption(state, 'entry') ?? '',
    organizationId: readOption(state, 'organization') ?? '',
  };
}
