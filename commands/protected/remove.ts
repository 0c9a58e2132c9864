import type { ConnectorId } from '../../src/domain/connectors/connector.ts';
import { fold, holdsWords, wordsOf } from '../../src/domain/directory/fold.ts';
import { describeProtected, effectOfEdit } from '../../src/domain/protected/verbs/edit.ts';
import { type ProtectedRow, protectedPeople, requireProtector } from '../../src/domain/protected/verbs/list.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Message } from '../../views/blocks.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import { readUnprotect, readUnprotectId, unprotectModal } from '../../views/protected/remove-modal.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';
import { asked, typedConnector } from './add.ts';

const remove: Typed = {
  topic: 'protected',
  verb: 'remove',
  right: 'administer',
  everywhere: true,
  usage: 'protected remove <person> why="…" [connector=<connector>]',
  summary: 'Ask to protect somebody no longer; it takes a second person',
  run: typedRemove,
};

/** Asks to take somebody off the list of protected people (A7). */
export const removeProtected: Command = { typed: [remove], presses: { 'protected.remove': open }, forms: { 'protected.remove': submitted } };

async function open(ask: Ask, press: Press): Promise<Answer> {
  const { outside, actor } = ask;
  const id = press.value;
  if (id === null) return { is: 'nothing' };
  await requireProtector(outside, actor);
  return {
    is: 'modal',
    view: loading('Stop protecting?', 'Counting what that comes to…'),
    later: async () => unprotectModal(id, await effectOfEdit(outside, actor, { is: 'unprotect', id, why: '' })),
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const id = readUnprotectId(form.metadata);
  if (id === null) return { is: 'nothing' };
  const change = { is: 'unprotect', id, ...readUnprotect(form.state) } as const;
  await describeProtected(ask.outside, ask.actor, change);
  return { is: 'modal', view: loading('Stop protecting', 'Asking for approval…'), later: async () => messageAsModal(await asked(ask, change)) };
}

async function typedRemove(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  const { why, connector } = words.options;
  if (typed === '' || why === undefined) throw usage(remove, words);
  await requireProtector(ask.outside, ask.actor);
  const connectorId = connector === undefined ? undefined : await typedConnector(ask, connector);
  const later = async (): Promise<Message> => asked(ask, { is: 'unprotect', id: (await entryNamed(ask, typed, connectorId)).entry.id, why });
  return { is: 'message', message: note('Asking for approval…'), later };
}

/** The entry of the person meant, in the connector meant; undefined is wherever they are protected. They may have left the directory. */
async function entryNamed(ask: Ask, typed: string, connectorId: ConnectorId | null | undefined): Promise<ProtectedRow> {
  const rows = (await protectedPeople(ask.outside, ask.actor)).filter(({ entry }) => connectorId === undefined || entry.connectorId === connectorId);
  const wanted = fold(typed.trim());
  const exact = rows.filter(({ entry, name }) =>
    [entry.personId, entry.personId.slice(entry.personId.indexOf(':') + 1), name].some((value) => fold(value) === wanted),
  );
  const found = exact.length > 0 ? exact : rows.filter(({ entry, name }) => holdsWords(fold(`${name} ${entry.personId}`), wordsOf(typed)));
  const [row] = found;
  if (row === undefined) throw new Refusal({ is: 'nothing-to-do', detail: `“${typed}” is nobody on the list of protected people. See who is: protected.` });
  if (found.length > 1) {
    const choices = found.slice(0, 10).map(({ entry, connector }) => `${entry.personId} connector=${connector ?? 'all'}`);
    throw new Refusal({ is: 'ambiguous', what: 'protected person', typed, choices });
  }
  return row;
}
