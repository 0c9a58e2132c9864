import type { Drift, TargetVerification } from '../../src/domain/verify/verification.ts';
import { actions, button, checkboxes, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { readOptions } from '../state.ts';
import { attributeName } from '../sync/event-words.ts';
import { clip } from '../clip.ts';
import { count, plural } from '../words.ts';

/** Rows on one page: as many as check boxes hold. */
export const DRIFT_PAGE = 10;

export interface DriftShown {
  readonly connector: { readonly id: string; readonly name: string };
  readonly verification: TargetVerification | null;
  readonly drift: readonly { readonly seq: number; readonly drift: Drift }[];
  readonly after: number | null;
  readonly next: number | null;
  readonly timeZone: string;
  /** What was just done, in words. */
  readonly done?: string;
}

/** What differs in the target from what was last pushed, with ticks: ten a page (S20). */
export function driftModal(of: DriftShown): ModalView {
  const { connector, drift, after, next } = of;
  return modal({
    callbackId: 'verify.list',
    title: 'What differs',
    metadata: { connectorId: connector.id, after },
    blocks: [
      of.done !== undefined && section(of.done),
      section(headline(of)),
      drift.length === 0
        ? section(after === null ? 'Nothing differs that was not dealt with.' : 'Nothing further.')
        : actions([checkboxes({ action: 'verify.tick', choices: drift.map(choice) })], tickBlock(after)),
      actions([
        drift.length > 0 && button({ text: 'Re-assert ticked', action: 'verify.reassert', value: connector.id, style: 'primary' }),
        drift.length > 0 && button({ text: 'Accept ticked', action: 'verify.accept', value: connector.id }),
        drift.length > 0 &&
          (after !== null || next !== null) &&
          button({ text: 'Re-assert all', action: 'verify.all', value: connector.id, confirm: all(connector.name) }),
      ]),
      actions([
        after !== null && button({ text: '‹ First', action: 'verify.list', value: connector.id }),
        next !== null && button({ text: 'Next ›', action: 'verify.next', value: String(next) }),
        button({ text: 'Verify again', action: 'verify.start', value: connector.id }),
        button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
      ]),
      context('Left of the arrow is what the application has, right what it was last told. Accepting sends nothing.'),
    ],
  });
}

function all(connector: string) {
  return {
    title: 'Re-assert everything?',
    text: `Every account that differs in ${connector} is written as it was last pushed. Removals are counted by the fuse.`,
    confirm: 'Re-assert all',
    deny: 'Leave them',
  };
}

/** Elements keep what was ticked as long as their block keeps its id: each page has its own. */
function tickBlock(after: number | null): string {
  return `drift ${after ?? 0}`;
}

/** The rows that are ticked in the window that shows the page after this row. */
export function readTicked(state: unknown, after: number | null): readonly number[] {
  return readOptions(state, tickBlock(after), 'verify.tick')
    .filter((value) => /^\d{1,15}$/.test(value))
    .map(Number);
}

function headline({ connector, verification, timeZone }: DriftShown): Mrkdwn {
  if (verification === null) return md`${bold(connector.name)} was never verified.`;
  const { state } = verification;
  switch (state.is) {
    case 'running':
      return md`${bold(connector.name)} is being read: ${plural(state.read, 'account')} so far.`;
    case 'incomplete':
      return md`${bold(connector.name)} was not read to the end ${date(state.at, timeZone)}: ${state.reason} Nothing is concluded of accounts that were not seen.`;
    case 'done':
      return md`${bold(connector.name)} · read ${date(state.at, timeZone)}: ${count(state.drifted)} of ${plural(state.read, 'account')} differed, ${count(state.unmanaged)} not managed`;
  }
}

function choice({ seq, drift }: DriftShown['drift'][number]): { readonly text: string; readonly value: string; readonly description: string } {
  return { text: clip(`${drift.name} · #${seq}`, 70), value: String(seq), description: clip(driftWords(drift), 75) };
}

function driftWords(drift: Drift): string {
  switch (drift.is) {
    case 'missing':
      return 'missing in the application';
    case 'active':
      return drift.wanted ? 'deactivated by another hand' : 'active again by another hand';
    case 'changed':
      return drift.changes.map(({ attribute, before, after }) => `${attributeName(attribute)}: ${before ?? '–'} → ${after ?? '–'}`).join(' · ');
  }
}
