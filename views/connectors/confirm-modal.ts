import type { Consequences } from '../../src/domain/connectors/consequences.ts';
import { type Ahead, ASK, aheadLine } from '../approvals/ahead.ts';
import { input, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, bulleted, md, type Mrkdwn } from '../mrkdwn.ts';
import { readText } from '../state.ts';
import { count, plural } from '../words.ts';

export const CONFIRMED = ['disable', 'disconnect', 'delete'] as const;
/** The changes of state that are confirmed with their consequences (C11). */
export type Confirmed = (typeof CONFIRMED)[number];

const SUBMIT: Readonly<Record<Confirmed, string>> = { disable: 'Disable', disconnect: 'Disconnect', delete: 'Delete for ever' };

/** The dialog that says what a change would do, computed when it opens (C11–C14). */
export function confirmModal(verb: Confirmed, of: Consequences, ahead: Ahead | null): ModalView {
  return modal({
    callbackId: `connectors.${verb}`,
    title: `${SUBMIT[verb]}?`.slice(0, 24),
    submit: ahead === null ? SUBMIT[verb] : ASK,
    metadata: { connectorId: of.connector.id },
    blocks: [
      section(md`${bold(of.connector.name)}: what happens`),
      section(bulleted(effects(verb, of))),
      ahead !== null && section(aheadLine(ahead)),
      ahead !== null && input('Why', plainInput({ action: 'why', max: 300, placeholder: 'For whoever approves it' }), { optional: true }),
      verb === 'delete' && input(`Type ${of.connector.name} to confirm`, plainInput({ action: 'typedName', max: 60 })),
    ],
  });
}

/** The name that was typed to confirm a deletion. */
export function readTypedName(state: unknown): string {
  return readText(state, 'typedName') ?? '';
}

/** Why it is asked for; null for no reason. */
export function readWhy(state: unknown): string | null {
  return readText(state, 'why');
}

function effects(verb: Confirmed, of: Consequences): readonly (Mrkdwn | string)[] {
  const { active, inactive } = of.accounts;
  const running =
    of.running === null
      ? null
      : `The running sync ${of.running.id} (${count(of.running.done)} of ${of.running.total === null ? '…' : count(of.running.total)})`;
  switch (verb) {
    case 'disable':
      return [
        of.scheduled ? 'The schedule stops.' : 'It has no schedule; nobody can start a sync.',
        ...(running === null ? [] : [`${running} finishes.`]),
        `${plural(active, 'account')} ${active === 1 ? 'stays as it is' : 'stay as they are'}.`,
        'Settings stay. Enable brings it back.',
      ];
    case 'disconnect':
      return [
        running === null ? 'No sync is running.' : `${running} stops; what it had not finished is recorded as errors.`,
        `${plural(active, 'active account')} in ${of.connector.name} ${active === 1 ? 'stays as it is' : 'stay as they are'}${inactive === 0 ? '' : `, ${count(inactive)} deactivated too`}.`,
        of.secret === 'typed'
          ? 'The stored token is erased.'
          : of.secret === 'reference'
            ? 'Its reference is let go; the secret itself is not Usher’s.'
            : 'No secret is stored.',
        `${plural(of.assignments, 'assignment')}, history and what was collected stay.`,
        ...closing(of),
        'Reconnecting takes a secret and a rehearsal.',
      ];
    case 'delete':
      return [
        `What Usher knows of ${plural(active + inactive, 'account')} is erased; the accounts in the application stay as they are, managed by nobody.`,
        `${plural(of.assignments, 'assignment')} and ${plural(of.subscriptions, 'alert subscription')} are removed.`,
        `Events of ${plural(of.runs, 'run')} are erased; one line per run without people stays, and the audit log.`,
        ...closing(of),
        md`${bold('This can’t be undone.')}`,
      ];
  }
}

function closing({ requests, holds, plans, enrollmentTasks }: Consequences): readonly string[] {
  return [
    ...(requests === 0 ? [] : [`${plural(requests, 'open approval request')} ${requests === 1 ? 'closes' : 'close'}.`]),
    ...(holds === 0 ? [] : [`${plural(holds, 'held removal')} ${holds === 1 ? 'closes' : 'close'}: not applied.`]),
    ...(plans === 0 ? [] : [`${plural(plans, 'open plan')} ${plans === 1 ? 'closes' : 'close'}: not applied.`]),
    ...(enrollmentTasks === 0
      ? []
      : [
          `${plural(enrollmentTasks, 'open enrollment task')} ${enrollmentTasks === 1 ? 'closes: nobody enrolls by it' : 'close: nobody enrolls by them'} any more.`,
        ]),
  ];
}
