import { entries } from '../../src/domain/catalog/verbs/entries.ts';
import { createConnector } from '../../src/domain/connectors/verbs/create.ts';
import { scopedOrganizations } from '../../src/domain/directory/verbs/find.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { requireRole, whomToAsk } from '../../src/domain/rights/verbs/who.ts';
import { newConnectorModal, readNewConnector } from '../../views/connectors/new-modal.ts';
import { chosenOrganization, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Form } from '../command.ts';
import { named, type Words } from '../words.ts';
import { openStep } from './configure.ts';

/** Creates a draft connector (C11, C17). */
export const newConnector: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'new',
      right: 'administer',
      usage: 'connectors new <name> organization=<organization> [application=<name>] [entry=custom-scim]',
      summary: 'Create a draft connector; without words: the form',
      run: typedNew,
    },
  ],
  presses: { 'connectors.new': (ask) => open(ask) },
  forms: { 'connectors.new': submitted },
  suggestions: { organization: (ask, suggestion) => organizationChoices(ask, suggestion, 'administer') },
};

async function open(ask: Ask): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  const [first] = await scopedOrganizations(ask.outside, ask.actor, 'administer');
  if (first === undefined) {
    if ((await ask.outside.store.count('organization')) === 0)
      throw new Refusal({ is: 'nothing-to-do', detail: 'The directory is empty: import it first with “directory import”.' });
    throw new Refusal({ is: 'not-allowed', action: 'create connectors', organization: null, ask: await whomToAsk(ask.outside) });
  }
  return { is: 'modal', view: newConnectorModal(await entries(ask.outside), first.organization) };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { organizationId, ...typed } = readNewConnector(form.state);
  const organization = await chosenOrganization(ask, organizationId, 'administer');
  if (organization === undefined) throw badInput('organization', 'That organization is not yours to administer.', 'Choose another one.');
  const connector = await createConnector(ask.outside, ask.actor, { ...typed, organizationId: organization.id });
  return openStep(ask, connector.id, 'where');
}

async function typedNew(ask: Ask, words: Words): Promise<Answer> {
  if (words.objects.length === 0) return open(ask);
  const scope = await scopedOrganizations(ask.outside, ask.actor, 'administer');
  const wanted = words.options.organization;
  const organization = wanted === undefined ? scope[0]?.organization : await organizationNamed(ask, wanted, 'administer');
  if (organization === undefined) return open(ask);
  const connector = await createConnector(ask.outside, ask.actor, {
    name: named(words),
    application: words.options.application ?? '',
    entryId: words.options.entry ?? 'custom-scim',
    organizationId: organization.id,
  });
  return openStep(ask, connector.id, 'where');
}
