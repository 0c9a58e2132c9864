import type { SeenTask } from '../../src/domain/enrollment/shown.ts';
import { actions, button, context, externalSelect, type ModalView, modal, section } from '../blocks.ts';
import { date, md } from '../mrkdwn.ts';
import { count, plural } from '../words.ts';
import { headline, origin, progress, removedWord, troubles } from './task-card.ts';
import { peopleIn, stragglersIn, taskName, TYPE_WORDS, unfinishedIn } from './words.ts';

/** One task with everything that can be done with it (E1, E5, E11): only what the viewer may do is drawn. */
export function taskModal(of: SeenTask): ModalView {
  const { task, counts, may, finished } = of;
  const { id } = task;
  const stragglers = stragglersIn(of);
  const unfinished = unfinishedIn(counts);
  const over = finished || task.state.is === 'removed';
  return modal({
    callbackId: 'enroll.task',
    title: taskName(task),
    metadata: { taskId: id },
    blocks: [
      section(headline(of)),
      ...progress(of),
      task.state.is === 'removed' && section(md`It was ${removedWord(task.state)}, ${date(task.state.at, task.timeZone)}. Nobody can enroll by it any more.`),
      ...(over ? [] : troubles(of)),
      context(
        `${plural(task.days, 'day')} to enroll · locked after ${plural(task.attempts, 'wrong serial')} · ${task.types.map((type) => TYPE_WORDS[type]).join(' or ')}`,
      ),
      actions(
        [
          externalSelect({ action: 'enroll.find', placeholder: 'Find a person', minQuery: 2 }),
          button({ text: `People (${count(peopleIn(counts))})`, action: 'enroll.people', value: id }),
        ],
        `find ${id}`,
      ),
      actions([
        !over && may.run && stragglers > 0 && button({ text: `Nudge ${count(stragglers)}`, action: 'enroll.nudge', value: id }),
        !over && may.run && unfinished > 0 && button({ text: 'Extend…', action: 'enroll.extend', value: id }),
        !over && may.run && button({ text: 'Edit people…', action: 'enroll.edit', value: id }),
        button({ text: 'Download CSV', action: 'enroll.csv', value: id }),
        !over && may.administer && button({ text: 'Remove task…', action: 'enroll.remove-task', value: id, style: 'danger' }),
        button({ text: '‹ Tasks', action: 'enroll.list' }),
      ]),
      context(origin(of)),
    ],
  });
}
