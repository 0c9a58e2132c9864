import { assignableConnectors } from '../../src/domain/assignments/verbs/assignable.ts';
import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { connectorRow } from '../../src/domain/connectors/verbs/overview.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import type { ModalView } from '../../views/blocks.ts';
import { assignmentsModal } from '../../views/assignments/list-modal.ts';
import { loading } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

/** What a connector is assigned to. */
export const listAssignments: Command = {
  typed: [
    {
      topic: 'assign',
      verb: 'list',
      right: 'see',
      usage: 'assign list <connector> [page=2]',
      summary: 'What it is assigned to, each with Un-assign',
      run: typedList,
    },
    { topic: 'assign', verb: '*', right: 'see', usage: 'assign <connector> [page=2]', summary: 'The same', run: typedList },
  ],
  presses: { 'assign.list': (ask, press) => list(ask, press.value ?? '', 1), 'assign.page': page },
};

async function typedList(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  return list(ask, connector.id, Number(words.options.page ?? 1));
}

async function page(ask: Ask, press: Press): Promise<Answer> {
  const pressed = readPager(press.value ?? undefined);
  return list(ask, pressed.value, pressed.page);
}

async function list(ask: Ask, connectorId: string, at: number): Promise<Answer> {
  const { connector } = await connectorById(ask.outside, ask.actor, connectorId);
  return { is: 'modal', view: loading('Assignments', `Counting the people of ${connector.name}…`), later: () => drawn(ask, connectorId, at) };
}

async function drawn(ask: Ask, connectorId: string, at: number): Promise<ModalView> {
  const row = await connectorRow(ask.outside, ask.actor, connectorId);
  if (row === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: connectorId, near: [] });
  const mine = (await assignableConnectors(ask.outside, ask.actor)).find(({ connector }) => connector.id === connectorId);
  const names = await namesOf(
    ask.outside,
    row.parts.map(({ assignment }) => assignment.by),
  );
  const mayEnd = (organizationId: string): boolean => mine?.organizations.has(organizationId) ?? false;
  return assignmentsModal({ row, page: at, mayEnd, mayAssign: mine !== undefined, timeZone: ask.outside.settings.timeZone, names });
}
