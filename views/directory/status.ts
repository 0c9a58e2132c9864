import type { DirectoryStatus } from '../../src/domain/directory/verbs/status.ts';
import { actions, type Blocks, button, context, type Message, type ModalView, message, modal, section } from '../blocks.ts';
import { bold, code, joined, md } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { plural } from '../words.ts';
import { sourceSection } from './import-lines.ts';

/** Sources on one page. */
const PAGE = 10;

/** Where people come from, as a message: sources, their last imports, and what is in the directory now. */
export function directoryMessage(status: DirectoryStatus): Message {
  return message({ text: `Directory: ${held(status)}.`, blocks: blocks(status, 1) });
}

/** The same as a modal: from inside a modal, and for the pages after the first. */
export function directoryModal(status: DirectoryStatus, page = 1): ModalView {
  return modal({ callbackId: 'directory.status', title: 'Directory', blocks: blocks(status, page) });
}

function blocks(status: DirectoryStatus, at: number): Blocks {
  const page = pageOf(status.sources, at, PAGE);
  const importable = status.may.import && status.sources.some(({ description }) => description !== null);
  return [
    section(md`${bold('Directory')} · ${held(status)}`),
    ...(status.sources.length === 0
      ? [section(md`No source is set. Whoever runs Usher names one in ${code('USHER_SOURCES')}: a folder of CSV or OneRoster files.`)]
      : []),
    ...page.items.map((source) => sourceSection(source, status)),
    actions([importable && button({ text: 'Import now', action: 'directory.run', style: 'primary' }), ...pager('directory.page', page.page, page.pages)]),
    !status.may.import && context(joined(['Importing takes a role for the whole installation.'])),
  ];
}

function held({ counts }: DirectoryStatus): string {
  const places = `${plural(counts.organizations, 'organization')}, ${plural(counts.groupings, 'role or group', 'roles and groups')}`;
  return counts.people === null ? `${places} in your part` : `${plural(counts.people, 'person', 'people')} in ${places}`;
}
