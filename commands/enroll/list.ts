import { z } from 'zod';
import { connectorNamed, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import { visibleTasks } from '../../src/domain/enrollment/verbs/tasks.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import type { Choice, ModalView } from '../../views/blocks.ts';
import { ANY_TASK, readTaskFilter, TASKS_PAGE, type TasksShown, tasksModal } from '../../views/enrollment/list-modal.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { fittingChoices } from '../choices.ts';
import type { Answer, Ask, Command, Press, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';

const list: Typed = {
  topic: 'enroll',
  verb: '',
  right: 'see',
  usage: 'enroll [filter=open|completed|all] [connector=<connector>]',
  summary: 'Enrollment tasks: who must enroll until when',
  run: spoken,
};

const metadata = z
  .object({
    filter: z.string().transform((filter) => readTaskFilter(filter) ?? 'open'),
    connectorId: z.string().max(300).nullable(),
    page: z.number().int().min(1),
  })
  .catch(ANY_TASK);

/** Enrollment tasks with filter and paging (E1, E4). */
export const listTasks: Command = {
  typed: [list],
  presses: {
    'enroll.list': (ask) => open(ask, ANY_TASK),
    'enroll.page': (ask, press) => open(ask, { ...shownIn(press), page: readPager(press.value ?? undefined).page }),
    'enroll.filter': (ask, press) => open(ask, { ...shownIn(press), filter: readTaskFilter(press.value) ?? 'open', page: 1 }),
    'enroll.connector': async (ask, press) => open(ask, { ...shownIn(press), connectorId: await chosen(ask, press.value), page: 1 }),
  },
  suggestions: { 'enroll.connector': connectorChoices },
};

async function spoken(ask: Ask, words: Words): Promise<Answer> {
  const { filter = 'open', connector } = words.options;
  if (words.objects.length > 0) throw usage(list, words);
  const wanted = readTaskFilter(filter);
  if (wanted === null) throw badInput('filter', `“${filter}” is none of them.`, 'Type filter=open, filter=completed or filter=all.');
  const connectorId = connector === undefined ? null : (await connectorNamed(ask.outside, ask.actor, connector)).connector.id;
  return open(ask, { filter: wanted, connectorId, page: 1 });
}

async function open(ask: Ask, shown: TasksShown): Promise<Answer> {
  await requireSomewhere(ask.outside, ask.actor, 'see', 'see enrollment tasks');
  return { is: 'modal', view: loading('Enrollment', 'Reading the tasks…'), later: () => drawn(ask, shown) };
}

async function drawn({ outside, actor }: Ask, shown: TasksShown): Promise<ModalView> {
  const { tasks, total, page, pages } = await visibleTasks(outside, actor, { ...shown, limit: TASKS_PAGE });
  const connector = (await visibleConnectors(outside, actor)).find((visible) => visible.connector.id === shown.connectorId)?.connector.name ?? null;
  const may = { run: holdsSomewhere(actor, 'run'), administer: holdsSomewhere(actor, 'administer') };
  return tasksModal({ shown: { ...shown, page }, tasks, total, pages, connector, may });
}

/** From outside the modal, or tampered with: the open ones. */
function shownIn(press: Press): TasksShown {
  return metadata.parse(press.view?.metadata ?? null);
}

async function chosen(ask: Ask, value: string | null): Promise<string | null> {
  if (value === null) return null;
  const found = (await visibleConnectors(ask.outside, ask.actor)).find(({ connector, asPartner }) => !asPartner && isValueOf(value, connector.id));
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: value, near: [] });
  return found.connector.id;
}

/** Connectors by their names, those of a partner's entries left out: their people are not theirs. */
export async function connectorChoices(ask: Ask, { typed }: Pick<Suggestion, 'typed'>): Promise<readonly Choice[]> {
  const all = (await visibleConnectors(ask.outside, ask.actor)).filter(({ asPartner }) => !asPartner);
  return fittingChoices(
    typed,
    all.map(({ connector }) => connector),
  );
}
