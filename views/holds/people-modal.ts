import type { SeenHold } from '../../src/domain/holds/verbs/find.ts';
import type { HoldModel } from '../../src/domain/holds/verbs/model.ts';
import type { HeldPerson } from '../../src/domain/holds/verbs/people.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { pager, readPager } from '../paging.ts';
import { count, plural } from '../words.ts';
import { holdBlocks, holdButtons, needsSomeone } from './hold-card.ts';

/** Held people on one page. */
export const HELD_PAGE = 10;

/** One page of a hold's people. */
export interface HeldPage {
  readonly model: HoldModel;
  readonly people: readonly HeldPerson[];
  readonly page: number;
  readonly pages: number;
}

/** Who is held, by name, ten a page, with what the viewer may do about it. */
export function holdPeopleModal({ model, people, page, pages }: HeldPage, may: SeenHold['may']): ModalView {
  const { hold, connector, left } = model;
  return modal({
    callbackId: 'sync.hold',
    title: `Held: ${hold.id}`,
    blocks: [
      section(md`${bold(connector.name)}: ${plural(hold.people.length, 'removal')} of ${plural(hold.accounts, 'account')}, ${count(left)} not released.`),
      ...holdBlocks(model),
      ...people.map((person) => section(personLine(person))),
      pages > 1 && context(`Page ${count(page)} of ${count(pages)}`),
      actions(pager('sync.hold', page, pages, hold.id)),
      holdButtons(model, may),
      actions([may.see && button({ text: 'Connector', action: 'connectors.open', value: connector.id })]),
      needsSomeone(model) !== null && context(needsSomeone(model)),
    ],
  });
}

function personLine({ name, organization, released }: HeldPerson): Mrkdwn {
  return md`${bold(name)} · ${organization ?? 'left the directory'}${released ? ' · released' : ''}`;
}

/** Hold and page of a pressed button that leads here: the hold's id alone, or a page of it. */
export function readHeldPage(value: string | null): { readonly holdId: string; readonly page: number } {
  const paged = readPager(value ?? undefined);
  return paged.value === '' ? { holdId: value ?? '', page: 1 } : { holdId: paged.value, page: paged.page };
}
