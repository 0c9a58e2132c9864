import type { UnassignPreview } from '../../src/domain/assignments/verbs/unassign-preview.ts';
import { type Ahead, ASK, aheadLine } from '../approvals/ahead.ts';
import { actions, type Blocks, button, context, input, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, bulleted, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { readText } from '../state.ts';
import { count, plural } from '../words.ts';
import { runButtons, whenLine } from './assigned.ts';

/** Names on one page of the dialog. */
export const NAMES_PAGE = 40;

export interface Unassigning {
  readonly preview: UnassignPreview;
  readonly page: number;
  /** Names of the people of this page. */
  readonly names: readonly string[];
  /** The person agreed to another list than this one: say so (A3). */
  readonly changed: boolean;
  /** The approval that it will take; null for none (P1). */
  readonly ahead: Ahead | null;
}

/** What travels with the dialog: which assignment, and exactly which people were shown. */
export interface UnassignMetadata {
  readonly assignmentId: string;
  readonly agreed: string;
}

/** The number and the list of who would lose their account come first; then the button (A3). */
export function unassignModal(of: Unassigning): ModalView {
  const { assignment, connector, grouping, organization, losing, agreed } = of.preview;
  const metadata: UnassignMetadata = { assignmentId: assignment.id, agreed };
  return modal({
    callbackId: 'assign.remove',
    title: 'Un-assign?',
    submit: of.ahead !== null ? ASK : losing.length === 0 ? 'Un-assign' : `Un-assign ${plural(losing.length, 'person', 'people')}`,
    close: 'Keep it',
    metadata,
    blocks: [
      of.changed && section(md`${bold('The list has changed since you saw it.')} Nothing was un-assigned. This is how it stands now.`),
      section(md`${bold(connector.name)} from ${bold(grouping)} (${organization}): what happens`),
      ...losers(of),
      section(bulleted(effects(of.preview))),
      of.ahead !== null && section(aheadLine(of.ahead)),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'For whoever reads the history' }), { optional: true }),
      actions([button({ text: '‹ Assignments', action: 'assign.list', value: connector.id })]),
    ],
  });
}

/** The reason that was typed; null for none. */
export function readUnassign(state: unknown): { readonly why: string | null } {
  return { why: readText(state, 'why') };
}

/** The people on one page of the list. */
export function shownOf(preview: UnassignPreview, page: number): readonly string[] {
  return pageOf(preview.losing, page, NAMES_PAGE).items;
}

function losers({ preview, page: asked, names }: Unassigning): Blocks {
  const { losing, assignment } = preview;
  if (losing.length === 0) return [section(md`${bold('Nobody loses an account.')}`)];
  const page = pageOf(losing, asked, NAMES_PAGE);
  const rest = page.total - page.to;
  return [
    section(md`${bold(plural(losing.length, 'person loses their account', 'people lose their account'))}: no other assignment covers them.`),
    section(joined(names.map((name) => md`${name}`)), { expand: true }),
    page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}${rest > 0 ? `, and ${count(rest)} more` : ''}`),
    page.pages > 1 && actions(pager('assign.losers', page.page, page.pages, assignment.id)),
  ];
}

function effects({ connector, losing, staying, protected: shielded, without }: UnassignPreview): readonly Mrkdwn[] {
  const leavers = (connector.inForce ?? connector.draft)?.leavers;
  const later = leavers?.are === 'deleted' ? md`, and deleted ${plural(leavers.afterDays, 'day')} later` : md``;
  return [
    ...(losing.length > 0 ? [md`${plural(losing.length, 'account')} deactivated at the next run${later}. The fuse lets exactly these pass.`] : []),
    ...(staying > 0 ? [md`${plural(staying, 'person stays', 'people stay')}: another assignment of ${connector.name} covers them.`] : []),
    ...(shielded > 0 ? [md`${plural(shielded, 'person stays', 'people stay')}: they are protected.`] : []),
    ...(without > 0 ? [md`${plural(without, 'person has', 'people have')} no account yet, and will not get one.`] : []),
    md`Nothing is sent before the next run. Assigning again brings the same accounts back.`,
  ];
}

export interface Unassigned {
  readonly preview: UnassignPreview;
  readonly nextRun: number | null;
  readonly timeZone: string;
  readonly mayEnable: boolean;
}

/** After the dialog: what was done, and *Run now*. */
export function unassignedModal({ preview, nextRun, timeZone, mayEnable }: Unassigned): ModalView {
  const { connector, grouping, organization, losing } = preview;
  return modal({
    callbackId: 'assign.removed',
    title: 'Un-assigned',
    blocks: [
      section(
        md`${bold(connector.name)} is no longer assigned to ${bold(grouping)} (${organization}). ${losing.length === 0 ? 'Nobody loses an account.' : `${plural(losing.length, 'account')} will be deactivated.`}`,
      ),
      section(whenLine(connector, nextRun, timeZone)),
      runButtons({ connector, mayEnable }),
    ],
  });
}
