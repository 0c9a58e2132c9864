import type { Estimate } from '../../src/domain/assignments/verbs/estimate.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { type Ahead, ASK, aheadLine } from '../approvals/ahead.ts';
import { actions, button, type Choice, context, externalSelect, input, type ModalView, modal, multiExternalSelect, plainInput, section } from '../blocks.ts';
import { bold, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { connectorSign, signed } from '../signs.ts';
import { readOption, readOptions, readText } from '../state.ts';
import { count, plural } from '../words.ts';

/** Roles and groups of one assignment form; more take another form. */
const MOST = 50;

export interface Assigning {
  readonly connector: Connector;
  /** Whose roles and groups are offered: this organization's and those below it. */
  readonly organization: Choice | null;
  readonly chosen: readonly Choice[];
  readonly numbers:
    | { readonly are: 'none' | 'counting' }
    /** `ahead`: the approval that it will take; a sentence where it would be refused; null for none (P1). */
    | { readonly are: 'known'; readonly estimate: Estimate; readonly ahead: Ahead | string | null };
}

/** What travels with the modal. */
export interface AssignMetadata {
  readonly connectorId: string;
  readonly organizationId: string | null;
}

/** Assigns a connector to roles and groups; the numbers follow the choice (A1). */
export function assignModal(of: Assigning): ModalView {
  const { connector } = of;
  const metadata: AssignMetadata = { connectorId: connector.id, organizationId: of.organization?.value ?? null };
  return modal({
    callbackId: 'assign.new',
    title: 'Assign',
    submit: of.numbers.are === 'known' && of.numbers.ahead !== null ? ASK : 'Assign',
    metadata,
    blocks: [
      section(md`${bold(connector.name)} · ${signed(connectorSign(connector.state, connector.health))}`),
      input('Organization', externalSelect({ action: 'assign.organization', placeholder: 'Type a name', initial: of.organization }), {
        blockId: 'organization',
        dispatch: true,
        hint: 'Its roles and groups are offered, and those below it.',
      }),
      input('Roles and groups', multiExternalSelect({ action: 'assign.groupings', placeholder: 'Teachers, Staff, a class…', initial: of.chosen, most: MOST }), {
        blockId: 'groupings',
        dispatch: true,
      }),
      section(estimateLine(of.numbers), { blockId: 'assign.numbers' }),
      of.numbers.are === 'known' && remarks(of.numbers.estimate),
      of.numbers.are === 'known' &&
        of.numbers.ahead !== null &&
        section(typeof of.numbers.ahead === 'string' ? of.numbers.ahead : aheadLine(of.numbers.ahead), { blockId: 'assign.approval' }),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'For whoever reads the history' }), { optional: true }),
      actions([
        button({ text: 'Assigned so far', action: 'assign.list', value: connector.id }),
        button({ text: 'Other connector', action: 'assign.new' }),
        button({ text: '‹ Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

/** What was chosen: option values, to be resolved among what the person may assign. */
export function readAssign(state: unknown): { readonly organization: string | null; readonly groupings: readonly string[]; readonly why: string | null } {
  return {
    organization: readOption(state, 'organization', 'assign.organization'),
    groupings: readOptions(state, 'groupings', 'assign.groupings'),
    why: readText(state, 'why'),
  };
}

function estimateLine(numbers: Assigning['numbers']): Mrkdwn {
  switch (numbers.are) {
    case 'none':
      return md`Choose roles and groups to see the numbers.`;
    case 'counting':
      return md`Counting people, accounts and seats…`;
    case 'known':
      return joined(estimateParts(numbers.estimate), ' · ');
  }
}

/** `430 people · 96 already covered · 334 new accounts · seats left if everyone activates: 70`. */
function estimateParts(of: Estimate): readonly Mrkdwn[] {
  const covered = of.assigned + of.holding;
  return [
    bold(plural(of.people, 'person', 'people')),
    md`${count(covered)} already covered`,
    bold(newAccounts(of)),
    ...(of.listed && of.adopt > 0 ? [md`${plural(of.adopt, 'account')} to adopt`] : []),
    ...(of.reactivate > 0 ? [md`${count(of.reactivate)} to re-activate`] : []),
    ...(of.frozen > 0 ? [md`${count(of.frozen)} left without`] : []),
    seats(of),
  ];
}

/** Before the target was listed nobody knows which of them exist already (A1). */
function newAccounts(of: Estimate): string {
  if (of.listed) return plural(of.create, 'new account');
  return `${plural(of.create + of.adopt, 'account')} to create or adopt`;
}

function seats({ nextRun, seatsLeft }: Estimate): Mrkdwn {
  if (seatsLeft === null) return nextRun.seats.total === null ? md`seats: no total set` : md`seats unknown`;
  return seatsLeft < 0 ? bold(`${plural(-seatsLeft, 'seat')} short if everyone activates`) : md`seats left if everyone activates: ${count(seatsLeft)}`;
}

function remarks(of: Estimate): ReturnType<typeof context> | null {
  const { counts } = of.nextRun;
  const waiting = counts.create - of.create + (of.listed ? 0 : counts.adopt - of.adopt);
  const all = counts.create + (of.listed ? 0 : counts.adopt);
  const lines = [
    waiting > 0 ? `${plural(waiting, 'more account waits', 'more accounts wait')} from earlier assignments: the next run makes ${count(all)} in all.` : null,
    of.listed ? null : 'The application’s own accounts were not listed yet: the first preview or run does that.',
    of.frozen > 0 ? 'Left without: a required attribute is missing, or two people have the same user name.' : null,
  ].filter((line) => line !== null);
  return lines.length === 0 ? null : context(...lines);
}
