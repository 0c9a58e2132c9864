import type { DirectoryImport } from '../../src/domain/directory/import.ts';
import type { Need, Summary } from '../../src/domain/home/verbs/summary.ts';
import { NO_COUNTS, type Run, type RunState } from '../../src/domain/sync/run.ts';
import { helpMessage } from '../../views/home/help-message.ts';
import { homeTab } from '../../views/home/home-tab.ts';
import { hubMessage } from '../../views/home/hub-message.ts';
import { needsMessage } from '../../views/home/needs-message.ts';
import { aTask } from './enrollment.ts';
import { aHold } from './holds.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { aRequest } from './approvals.ts';
import { aConnector } from './connectors.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);

const RUN_STATES: readonly RunState[] = [
  { is: 'queued' },
  { is: 'running' },
  { is: 'paused', by: 'U0ANA' },
  { is: 'ended', at: AT, ending: 'held', result: 'partial', detail: null },
];

function aRun(index: number): Run {
  return {
    id: `R-${index}`,
    connectorId: 'zoom-0',
    kind: 'sync',
    scope: { is: 'all' },
    by: 'U0ANA',
    requestedAt: AT,
    startedAt: AT,
    state: RUN_STATES[index % RUN_STATES.length] ?? { is: 'queued' },
    asked: null,
    total: index % 2 === 0 ? null : 360,
    done: 214,
    counts: NO_COUNTS,
    causes: [],
    held: { removals: 180, accounts: 412 },
    frozen: { count: 0, first: [] },
  };
}

function anImport(size: Size, outcome: DirectoryImport['outcome']): DirectoryImport {
  const tally = { added: 1, changed: 2, removed: 3, unchanged: 6012 };
  return {
    ...{ id: 'i1', source: text(size, 'district').slice(0, 60), startedAt: AT, endedAt: AT + 4_000, by: 'schedule', outcome },
    ...{ organizations: tally, groupings: tally, people: tally, errors: [], errorCount: 0, warnings: [] },
  };
}

/** Every kind of need in turn. */
function aNeed(size: Size, index: number): Need {
  const connector = aConnector(size, index);
  const kinds: readonly Need[] = [
    { is: 'approval', request: aRequest(size, index, { is: 'open' }) },
    { is: 'credentials', connector },
    { is: 'held', connector, hold: aHold(size) },
    { is: 'quarantined', connector, run: aRun(3) },
    { is: 'quarantined', connector, run: null },
    { is: 'failing', connector, run: aRun(3) },
    { is: 'failing', connector, run: null },
    { is: 'held-import', import: anImport(size, { is: 'held', wouldRemove: 700, of: 6012 }) },
    { is: 'rejected-import', import: anImport(size, { is: 'rejected', reason: text(size, 'The header is wrong.') }) },
    { is: 'left', people: size === 'none' ? 1 : 7 },
    { is: 'waiting', connector, people: size === 'none' ? 1 : 3 },
    { is: 'task-due', connector, task: aTask(size), people: 58, stop: AT },
    { is: 'unfinished', connector },
  ];
  return kinds[index % kinds.length] ?? { is: 'unfinished', connector };
}

function aSummary(size: Size): Summary {
  return {
    place: text(size, 'Riverside District'),
    role: size === 'none' ? 'viewer' : 'admin',
    needs: some(size, 10, (index) => aNeed(size, index)),
    halt: size === 'none' ? null : { halt: { by: 'U0SAM', at: AT, why: text(size, 'Wrong roster') }, mayResume: size === 'max' },
    asked: some(size, 5, (index) => aRequest(size, index, { is: 'open' })),
    connectors: some(size, 10, (index) => aConnector(size, index)),
    runs: some(size, 10, (index) => ({ run: aRun(index), connector: text(size, 'Zoom') })),
    lastImport: size === 'none' ? null : AT,
    people: size === 'none' ? null : 6012,
    may: size === 'none' ? { see: false, run: false, decide: true, administer: false } : { see: true, run: true, decide: true, administer: true },
    partnerView: size !== 'none',
    timeZone: 'Europe/Madrid',
  };
}

const helpOf = (size: Size, typed: string | null): ReturnType<typeof helpMessage> =>
  helpMessage(
    some(size, 9, (index) => ({
      topic: `Topic ${index}`,
      lines: some(size, 24, (line) => ({ usage: `sync now <connector ${line}>`, summary: text('none', 'Sync it now') })),
    })),
    typed,
    'usher',
  );

export const homeGallery: readonly Picture[] = [
  { name: 'home/hub-message', surface: 'message', render: (size) => hubMessage(aSummary(size), 'usher') },
  { name: 'home/needs-message', surface: 'message', render: (size) => needsMessage(aSummary(size)) },
  { name: 'home/home-tab', surface: 'home', render: (size) => homeTab(aSummary(size), { page: 1 }, 'usher') },
  { name: 'home/home-tab, second page', surface: 'home', render: (size) => homeTab(aSummary(size), { page: 2 }, 'usher') },
  { name: 'home/help-message', surface: 'message', render: (size) => helpOf(size, null) },
  { name: 'home/help-message after unknown words', surface: 'message', render: (size) => helpOf(size, text(size, 'frobnicate')) },
];
