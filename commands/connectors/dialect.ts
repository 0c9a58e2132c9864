import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { dialectMessage, dialectModal } from '../../views/connectors/dialect.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

/** What a connector's target really does (C20). */
export const connectorDialect: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'dialect',
      usage: 'connectors dialect <connector>',
      summary: 'What its SCIM service really does, as the rehearsal learnt it',
      run: typedDialect,
    },
  ],
  presses: { 'connectors.dialect': pressed },
};

async function typedDialect({ outside, actor }: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(outside, actor, named(words));
  return { is: 'message', message: dialectMessage(connector, outside.settings.timeZone) };
}

async function pressed({ outside, actor }: Ask, press: Press): Promise<Answer> {
  const { connector } = await connectorById(outside, actor, press.value ?? '');
  return { is: 'modal', view: dialectModal(connector, outside.settings.timeZone) };
}
