import type { DirectoryImport } from '../../src/domain/directory/import.ts';
import type { DirectoryStatus } from '../../src/domain/directory/verbs/status.ts';
import { errorsModal, importedMessage, importModal } from '../../views/directory/import-modal.ts';
import { directoryMessage, directoryModal } from '../../views/directory/status.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const TALLY = { added: 12, changed: 3, removed: 0, unchanged: 6012 };

function outcome(size: Size, index: number): DirectoryImport['outcome'] {
  const all: readonly DirectoryImport['outcome'][] = [
    { is: 'done' },
    { is: 'held', wouldRemove: 700, of: 6012 },
    { is: 'rejected', reason: text(size, 'users.csv has no column status.') },
  ];
  return all[index % all.length] ?? { is: 'done' };
}

function anImport(size: Size, index: number): DirectoryImport {
  const errors = some(size, 10, (line) => ({
    file: text(size, 'users.csv').slice(0, 120),
    line: line + 2,
    reason: text(size, 'no given name'),
    sourceId: line % 2 === 0 ? null : text(size, '4711'),
  }));
  return {
    ...{
      id: 'i1',
      source: index === 0 ? 'district' : `source-${index}`,
      startedAt: AT,
      endedAt: AT + 4_000,
      by: index % 2 === 0 ? 'schedule' : 'U0ANA',
      outcome: outcome(size, index),
    },
    ...{ organizations: TALLY, groupings: TALLY, people: TALLY, errors, errorCount: size === 'more' ? 999 : errors.length },
    warnings: some(size, 10, () => text(size, 'Two people have the user name lee.')),
  };
}

function aStatus(size: Size, may: boolean): DirectoryStatus {
  return {
    sources: some(size, 10, (index) => ({
      name: index === 0 ? 'district' : `source-${index}`,
      description: index % 4 === 3 ? null : text(size, 'OneRoster CSV in /data/roster'),
      last: index % 5 === 4 || !may ? null : anImport(size, index),
      told: index % 5 === 4 ? null : { endedAt: AT, outcome: outcome(size, index).is },
    })),
    counts: { organizations: 13, groupings: 60, people: !may ? null : size === 'none' ? 0 : 6012 },
    may: { import: may },
    threshold: { people: 10, percent: 10 },
    timeZone: 'Europe/Madrid',
  };
}

export const directoryGallery: readonly Picture[] = [
  { name: 'directory/status message', surface: 'message', render: (size) => directoryMessage(aStatus(size, true)) },
  { name: 'directory/status message for a part', surface: 'message', render: (size) => directoryMessage(aStatus(size, false)) },
  { name: 'directory/status modal', surface: 'modal', render: (size) => directoryModal(aStatus(size, true), 2) },
  ...['done', 'held', 'rejected'].flatMap((kind, index): readonly Picture[] => [
    { name: `directory/import-modal ${kind}`, surface: 'modal', render: (size) => importModal(anImport(size, index), aStatus(size, true)) },
  ]),
  { name: 'directory/errors modal', surface: 'modal', render: (size) => errorsModal(anImport(size, 0), size === 'more' ? 2 : 1) },
  {
    name: 'directory/imported-message',
    surface: 'message',
    render: (size) => importedMessage(size === 'none' ? [anImport(size, 0)] : some(size, 10, (index) => anImport(size, index))),
  },
];
