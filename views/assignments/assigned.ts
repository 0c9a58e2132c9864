import type { AssignableGrouping } from '../../src/domain/assignments/verbs/assignable.ts';
import type { Preview } from '../../src/domain/sync/preview.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { actions, type Blocks, button, context, type Message, type ModalView, message, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { count, listed, plural } from '../words.ts';

/** What has changed in who is assigned, and when that is carried out. */
export interface AssignmentDone {
  readonly connector: Connector;
  readonly groupings: readonly Pick<AssignableGrouping, 'grouping' | 'organization'>[];
  /** Chosen too, but assigned before. */
  readonly already: readonly Pick<AssignableGrouping, 'grouping' | 'organization'>[];
  /** When the schedule starts the next run; null without a schedule. */
  readonly nextRun: number | null;
  readonly timeZone: string;
  /** Who assigns a part of it may not. */
  readonly mayEnable: boolean;
  /** What that run does; null while it is counted. */
  readonly preview: Preview | null;
}

/** *Assigned*, with *Run now* (A2), after the form. */
export function assignedModal(of: AssignmentDone): ModalView {
  return modal({ callbackId: 'assign.done', title: 'Assigned', blocks: assignedBlocks(of) });
}

/** The same after a typed command. */
export function assignedMessage(of: AssignmentDone): Message {
  return message({ text: `${of.connector.name} is assigned to ${names(of.groupings)}. ${whenText(of)}`, blocks: assignedBlocks(of) });
}

function assignedBlocks(of: AssignmentDone): Blocks {
  const { connector, already } = of;
  return [
    section(md`${bold(connector.name)} is assigned to ${bold(names(of.groupings))}.`),
    already.length > 0 && context(`Assigned before, so nothing was done: ${names(already)}.`),
    section(whenLine(connector, of.nextRun, of.timeZone)),
    section(of.preview === null ? 'Counting what the next run does…' : runLine(of.preview)),
    runButtons(of),
  ];
}

/** *Run now*, or what has to come before it. */
export function runButtons({ connector, mayEnable }: Pick<AssignmentDone, 'connector' | 'mayEnable'>): ReturnType<typeof actions> {
  const { id, state } = connector;
  return actions([
    state.is === 'active' && button({ text: 'Run now', action: 'sync.now', value: id, style: 'primary' }),
    state.is === 'active' && button({ text: 'Preview', action: 'sync.preview', value: id }),
    mayEnable && state.is === 'disabled' && button({ text: 'Enable', action: 'connectors.enable', value: id, style: 'primary' }),
    button({ text: 'Assignments', action: 'assign.list', value: id }),
    button({ text: 'Assign more…', action: 'assign.new', value: id }),
  ]);
}

/** When a change of who is assigned takes effect (A2). */
export function whenLine(connector: Connector, nextRun: number | null, timeZone: string): Mrkdwn {
  if (connector.state.is === 'disabled') return md`It takes effect at the next run. ${connector.name} is disabled: no run starts until it is enabled.`;
  if (connector.state.is !== 'active') return md`It takes effect at the next run, once ${connector.name} is connected again.`;
  if (nextRun === null) return md`It takes effect at the next run. ${connector.name} has no schedule: the next sync starts when somebody asks.`;
  return md`It takes effect at the next run, ${date(nextRun, timeZone)}.`;
}

function whenText({ connector, nextRun }: AssignmentDone): string {
  return connector.state.is === 'active' && nextRun === null
    ? 'It takes effect at the next run, when somebody asks for one.'
    : 'It takes effect at the next run.';
}

function runLine({ counts, unlisted }: Preview): string {
  const made = unlisted === null ? plural(counts.create, 'new account') : `${plural(counts.create + counts.adopt, 'account')} to create or adopt`;
  const more = [
    unlisted === null && counts.adopt > 0 ? `${count(counts.adopt)} to adopt` : null,
    counts.reactivate > 0 ? `${count(counts.reactivate)} to re-activate` : null,
    counts.frozen > 0 ? `${count(counts.frozen)} left as they are` : null,
  ].filter((part) => part !== null);
  return `That run: ${[made, ...more].join(' · ')}.`;
}

function names(groupings: AssignmentDone['groupings']): string {
  return listed(
    groupings.map(({ grouping, organization }) => `${grouping.name} (${organization.name})`),
    10,
  );
}
