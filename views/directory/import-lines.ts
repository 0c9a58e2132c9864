import type { SectionBlock } from '@slack/types';
import type { DirectoryImport, ImportTally } from '../../src/domain/directory/import.ts';
import type { DirectoryStatus, SourceStatus } from '../../src/domain/directory/verbs/status.ts';
import { type Blocks, button, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { SIGNS, signed } from '../signs.ts';
import { count, plural } from '../words.ts';

/** `● done`, `⛔ held`, `✕ rejected`. */
export function outcomeSign(outcome: DirectoryImport['outcome']['is']): string {
  switch (outcome) {
    case 'done':
      return signed({ sign: SIGNS.ok.sign, word: 'done' });
    case 'held':
      return signed({ sign: SIGNS.quarantined.sign, word: 'held' });
    case 'rejected':
      return signed({ sign: SIGNS.failing.sign, word: 'rejected' });
  }
}

/** `12 added, 3 changed, 0 removed, 6,012 unchanged`. */
export function tally(of: ImportTally): string {
  return `${count(of.added)} added, ${count(of.changed)} changed, ${count(of.removed)} removed, ${count(of.unchanged)} unchanged`;
}

/** What happened, what it means, what to do (D2, D3). */
export function outcomeBlocks(last: DirectoryImport, status: Pick<DirectoryStatus, 'threshold'>): Blocks {
  const { threshold } = status;
  switch (last.outcome.is) {
    case 'done':
      return [
        section(md`${bold('People')} ${tally(last.people)}`),
        section(md`${bold('Roles and groups')} ${tally(last.groupings)}\n${bold('Organizations')} ${tally(last.organizations)}`),
      ];
    case 'held':
      return [
        section(
          md`${bold(`It would take ${count(last.outcome.wouldRemove)} of ${plural(last.outcome.of, 'person', 'people')} away`)}: removed, switched off, or left without any role or group. The directory stays as it was.`,
        ),
        section(
          `Look at the export: is it whole? If it is, somebody who may approve for everything releases it. Held: more than ${plural(threshold.people, 'person', 'people')} and more than ${threshold.percent} %.`,
        ),
      ];
    case 'rejected':
      return [section(last.outcome.reason), section('The directory stays as it was. Mend the export and import it again.')];
  }
}

/** One source with its last import, in one section. */
export function sourceSection(source: SourceStatus, status: DirectoryStatus): SectionBlock {
  const { name, description } = source;
  const from = description === '' ? md`` : md` · ${description ?? 'no longer in the configuration'}`;
  return section(md`${bold(name)}${from}\n${lastLine(source, status)}`, {
    accessory:
      source.last !== null && button({ text: 'Open', action: 'directory.import', value: source.name, accessibilityLabel: `Open the import of ${source.name}` }),
  });
}

function lastLine({ last, told }: SourceStatus, { timeZone }: DirectoryStatus): Mrkdwn {
  if (told === null) return md`Never imported.`;
  return md`${outcomeSign(told.outcome)}, ${date(told.endedAt, timeZone)}${last === null ? md`` : md` · ${whatCameOfIt(last)}`}`;
}

function whatCameOfIt({ outcome, people, errorCount }: DirectoryImport): string {
  switch (outcome.is) {
    case 'done':
      return `${tally(people)}${errorCount === 0 ? '' : ` · ${plural(errorCount, 'broken row')}`}`;
    case 'held':
      return 'the directory stays as it was';
    case 'rejected':
      return outcome.reason;
  }
}
