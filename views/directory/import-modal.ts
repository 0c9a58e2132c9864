import type { DirectoryImport, RowError } from '../../src/domain/directory/import.ts';
import type { DirectoryStatus } from '../../src/domain/directory/verbs/status.ts';
import { actions, button, context, type Message, type ModalView, message, modal, section } from '../blocks.ts';
import { bold, code, date, md, mention, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, duration, plural } from '../words.ts';
import { outcomeBlocks, outcomeSign, tally } from './import-lines.ts';

/** Row errors on one page. */
const ERRORS = 10;
/** Warnings shown with an import; the rest is counted. */
const WARNINGS = 10;

/** One import: what it changed, or why it changed nothing and what to do (D2, D3). */
export function importModal(last: DirectoryImport, status: DirectoryStatus): ModalView {
  const { warnings } = last;
  const rest = warnings.length - WARNINGS;
  return modal({
    callbackId: 'directory.import',
    title: 'Import',
    metadata: { source: last.source },
    blocks: [
      section(md`${bold(last.source)} · ${outcomeSign(last.outcome.is)}, ${date(last.endedAt, status.timeZone)}`),
      ...outcomeBlocks(last, status),
      last.errorCount > 0 && brokenRows(last),
      ...warnings.slice(0, WARNINGS).map((warning) => section(md`◐ ${warning}`)),
      rest > 0 && context(`and ${count(rest)} more to know`),
      context(md`Took ${duration(last.endedAt - last.startedAt)} · ${last.by === 'schedule' ? 'started by its schedule' : md`started by ${mention(last.by)}`}`),
      actions([
        last.outcome.is === 'held' &&
          last.outcome.hold !== undefined &&
          button({ text: `Release it: ${count(last.outcome.wouldRemove)}…`, action: 'directory.release', value: last.source, style: 'danger' }),
        status.may.import &&
          status.sources.some(({ name, description }) => name === last.source && description !== null) &&
          button({ text: 'Import again', action: 'directory.run', value: last.source }),
        button({ text: '‹ Directory', action: 'directory.open' }),
      ]),
    ],
  });
}

function brokenRows({ errorCount, source }: DirectoryImport): ReturnType<typeof section> {
  const kept = 'Each was skipped; whoever it is about stays as before.';
  return section(`${plural(errorCount, 'broken row')}. ${kept}`, { accessory: button({ text: 'Show', action: 'directory.errors', value: `1/${source}` }) });
}

/** Broken rows by file and line, ten a page (D2). */
export function errorsModal(last: DirectoryImport, at: number): ModalView {
  const page = pageOf(last.errors, at, ERRORS);
  const unlisted = last.errorCount - last.errors.length;
  return modal({
    callbackId: 'directory.errors',
    title: 'Broken rows',
    metadata: { source: last.source },
    blocks: [
      section(md`${bold(last.source)}: ${last.errorCount === 0 ? 'no broken rows' : plural(last.errorCount, 'broken row')}`),
      ...page.items.map((error) => section(errorLine(error))),
      page.total > 0 &&
        context(`${count(page.from)} to ${count(page.to)} of ${count(page.total)}${unlisted > 0 ? `; ${count(unlisted)} more are counted only` : ''}`),
      actions([...pager('directory.errors', page.page, page.pages, last.source), button({ text: '‹ Import', action: 'directory.import', value: last.source })]),
    ],
  });
}

function errorLine({ file, line, reason, sourceId }: RowError): Mrkdwn {
  return md`${code(`${file}:${line}`)} ${reason}${sourceId === null ? '' : md` · ${code(sourceId)}`}`;
}

/** What came of an import that somebody asked for, one line a source. */
export function importedMessage(imports: readonly DirectoryImport[]): Message {
  const lines = imports.map((one) => `${one.source}: ${one.outcome.is === 'done' ? tally(one.people) : outcomeSign(one.outcome.is)}`);
  return message({
    text: lines.join('. '),
    blocks: imports.map((one) =>
      section(importedLine(one), {
        accessory: button({ text: 'Show', action: 'directory.import', value: one.source, accessibilityLabel: `Show the import of ${one.source}` }),
      }),
    ),
  });
}

function importedLine(one: DirectoryImport): Mrkdwn {
  const broken = one.errorCount === 0 ? '' : ` ${plural(one.errorCount, 'broken row was', 'broken rows were')} skipped.`;
  switch (one.outcome.is) {
    case 'done':
      return md`${bold(one.source)} is imported: ${plural(one.people.added, 'person', 'people')} added, ${count(one.people.changed)} changed, ${count(one.people.removed)} removed, ${count(one.people.unchanged)} unchanged.${broken}`;
    case 'held':
      return md`⛔ ${bold(one.source)} is held: ${count(one.outcome.wouldRemove)} of ${plural(one.outcome.of, 'person', 'people')} would be taken away. The directory stays as it was.`;
    case 'rejected':
      return md`✕ ${bold(one.source)} is rejected. ${one.outcome.reason} The directory stays as it was.`;
  }
}
