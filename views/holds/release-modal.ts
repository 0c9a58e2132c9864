import type { HoldModel } from '../../src/domain/holds/verbs/model.ts';
import {
  actions,
  type Blocks,
  button,
  checkboxes,
  type Choice,
  context,
  input,
  type Message,
  type ModalView,
  message,
  modal,
  plainInput,
  section,
  staticSelect,
} from '../blocks.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { actionId } from '../ids.ts';
import { readOption, readOptions, readText } from '../state.ts';
import { count, plural } from '../words.ts';
import { needsSomeone } from './hold-card.ts';
import type { HeldPage } from './people-modal.ts';

const ALL = 'all';
/** Organizations offered; more than that are released by ticking. */
const OFFERED = 90;

/** Asks to let go everybody, or those of one organization, and why (S14). Says what that comes to. */
export function releaseModal(model: HoldModel, agreed: string): ModalView {
  const { hold, left } = model;
  return modal({
    callbackId: 'sync.release',
    title: `Release ${hold.id}`,
    submit: 'Release',
    close: 'Keep them held',
    metadata: { holdId: hold.id, agreed },
    blocks: [
      section(consequence(model, `${plural(left, 'account')}`)),
      input('Whom', staticSelect({ action: 'whose', choices: whoseChoices(model), initial: ALL })),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'The school year is over' })),
      needsSomeone(model) !== null && context(needsSomeone(model)),
    ],
  });
}

function consequence({ connector, hold }: HoldModel, what: string): Mrkdwn {
  const freeze = hold.reason.is === 'freeze' ? md` In spite of the freeze “${hold.reason.name}”.` : md``;
  return md`The next sync of ${bold(connector.name)} takes away ${bold(what)} at most: exactly those released here.${freeze}`;
}

function whoseChoices({ hold, places, left }: HoldModel): readonly Choice[] {
  const places_ = hold.places.slice(0, OFFERED).map(({ people }, index) => ({
    text: `${places[index]?.name ?? 'Left the directory'} (${count(people)})`,
    value: `place-${index}`,
  }));
  return [{ text: `Everybody (${count(left)})`, value: ALL }, ...places_];
}

/** What was chosen: everybody, or the place at that index of the hold's places. Null where nothing was. */
export function readRelease(state: unknown): { readonly whose: 'all' | number | null; readonly why: string } {
  const whose = readOption(state, 'whose');
  const index = /^place-(\d{1,3})$/.exec(whose ?? '')?.[1];
  return { whose: whose === ALL ? 'all' : index === undefined ? null : Number(index), why: readText(state, 'why') ?? '' };
}

/** What the form of ticked people keeps between its pages. */
export interface Ticking {
  readonly holdId: string;
  readonly page: number;
  /** Stands for the list that the numbers count in. */
  readonly list: string;
  /** Positions in the list of people who are not released. */
  readonly ticked: readonly number[];
}

/** People ticked in one form; more are released by organization, or all. */
export const MOST_TICKED = 400;

/** Asks to let go whom one ticks, ten a page (S14). */
export function tickModal({ model, people, page, pages }: HeldPage, ticking: Ticking, first: number): ModalView {
  const { hold } = model;
  const ticked = new Set(ticking.ticked);
  const choices = people.map(({ name, organization }, index) => ({ text: `${name} · ${organization ?? 'left the directory'}`, value: String(first + index) }));
  const initial = choices.map(({ value }) => value).filter((value) => ticked.has(Number(value)));
  const elsewhere = ticking.ticked.filter((at) => at < first || at >= first + people.length).length;
  return modal({
    callbackId: 'sync.release-some',
    title: `Release some of ${hold.id}`.slice(0, 24),
    submit: 'Release ticked',
    close: 'Keep them held',
    metadata: { holdId: hold.id, page, list: ticking.list, ticked: packed(ticking.ticked) },
    blocks: [
      section(consequence(model, 'whom you tick')),
      input(`Page ${count(page)} of ${count(pages)}`, checkboxes({ action: `held-${page}`, choices, initial }), { optional: true }),
      elsewhere > 0 && context(`${plural(elsewhere, 'person', 'people')} ticked on other pages.`),
      actions([
        page > 1 && button({ text: '‹ Previous', action: actionId('sync.release-page', 'previous'), value: String(page - 1) }),
        page < pages && button({ text: 'Next ›', action: actionId('sync.release-page', 'next'), value: String(page + 1) }),
      ]),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'They left the school' }), { optional: pages > 1 }),
      needsSomeone(model) !== null && context(needsSomeone(model)),
    ],
  });
}

/** The ticks of the page that one looks at, put together with those of the others; null where the window's memory is none of ours. */
export function readTicks(metadata: unknown, state: unknown): (Ticking & { readonly why: string }) | null {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const of = metadata as Readonly<Record<string, unknown>>;
  const { holdId, page, list, ticked } = of;
  if (typeof holdId !== 'string' || typeof page !== 'number' || typeof list !== 'string' || typeof ticked !== 'string') return null;
  const first = (page - 1) * 10;
  const here = readOptions(state, `held-${page}`).map(Number).filter(Number.isSafeInteger);
  const others = unpacked(ticked).filter((at) => at < first || at >= first + 10);
  return { holdId, page, list, ticked: [...new Set([...others, ...here])].sort((a, b) => a - b), why: readText(state, 'why') ?? '' };
}

function packed(numbers: readonly number[]): string {
  return numbers.map((number) => number.toString(36)).join('.');
}

function unpacked(text: string): readonly number[] {
  return text === ''
    ? []
    : text
        .split('.')
        .map((part) => Number.parseInt(part, 36))
        .filter((number) => Number.isSafeInteger(number) && number >= 0);
}

/** What came of it, with *Run now*, as a message. */
export function releasedMessage(told: string, connectorId: string | null): Message {
  return message({ text: told, blocks: releasedBlocks(told, connectorId) });
}

/** The same in the place of the form. */
export function releasedModal(told: string, connectorId: string | null): ModalView {
  return modal({
    callbackId: 'sync.released',
    title: 'Released',
    blocks: releasedBlocks(told, connectorId),
  });
}

function releasedBlocks(told: string, connectorId: string | null): Blocks {
  return [section(told), actions([connectorId !== null && button({ text: 'Run now', action: 'sync.now', value: connectorId, style: 'primary' })])];
}
