import type { Offboarding } from '../../src/domain/halts/offboarding.ts';
import type { OffboardPreview } from '../../src/domain/halts/verbs/offboard.ts';
import { button, context, input, type Message, message, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, date, md, mention, type Mrkdwn } from '../mrkdwn.ts';
import { readText } from '../state.ts';
import { plural } from '../words.ts';

/** Accounts told one by one; people listed. */
const SHOWN = 20;

/** What off-boarding comes to, account by account, computed as it opens (S25, C11); for somebody who is out, how to let them back in. */
export function offboardModal(of: OffboardPreview, timeZone: string): ModalView {
  return of.standing === null ? offboardDialog(of) : releaseDialog(of, of.standing, timeZone);
}

function offboardDialog({ personId, name, organization, accounts }: OffboardPreview): ModalView {
  return modal({
    callbackId: 'offboard.start',
    title: 'Off-board now?',
    submit: 'Off-board now',
    close: 'Keep them',
    metadata: { personId },
    blocks: [
      section(md`${bold(name)}${organization === null ? md`, who left the directory` : md` · ${organization}`}`),
      section(
        accounts.length === 0
          ? 'They have no account in any application; none is made from now on.'
          : `${plural(accounts.length, 'account')}, deactivated at once, ahead of every queue and of the fuse:`,
      ),
      ...accounts.slice(0, SHOWN).map((account) => section(accountLine(account))),
      accounts.length > SHOWN && context(`and ${plural(accounts.length - SHOWN, 'more account')}`),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'Left the organization today' }), { optional: true }),
      context('They stay out, whatever the directory says, until somebody lets them back in. The result per application comes as a direct message.'),
    ],
  });
}

function accountLine({ connector, state, protectedBecause, disconnected }: OffboardPreview['accounts'][number]): Mrkdwn {
  if (protectedBecause !== null) return md`● ${bold(connector)} · stays: they are protected there (${protectedBecause})`;
  if (state === 'inactive') return md`⏸ ${bold(connector)} · deactivated already`;
  if (disconnected) return md`✕ ${bold(connector)} · out of reach: the connector is disconnected`;
  return md`✓ ${bold(connector)} · is deactivated`;
}

function releaseDialog({ personId, name }: OffboardPreview, { by, at, why }: Offboarding, timeZone: string): ModalView {
  return modal({
    callbackId: 'offboard.release',
    title: 'Let back in?',
    submit: 'Let back in',
    close: 'Keep them out',
    metadata: { personId },
    blocks: [
      section(md`${bold(name)} was off-boarded by ${mention(by)}, ${date(at, timeZone)}${why === null ? '' : md`: ${why}`}.`),
      section('The next sync decides by the directory again: where an assignment covers them, the same account is re-activated.'),
    ],
  });
}

export function readOffboard(state: unknown): { readonly why: string | null } {
  return { why: readText(state, 'why') };
}

/** Whom the dialog is about; null for any other metadata. */
export function readOffboardPerson(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null || !('personId' in metadata)) return null;
  return typeof metadata.personId === 'string' ? metadata.personId : null;
}

/** It was begun; its card tells the rest. */
export function offboardStarted({ name, steps }: Offboarding): Message {
  const under = steps.filter(({ state }) => state.is === 'waiting' || state.is === 'failed').length;
  const doing = under === 0 ? 'no account is left to deactivate' : `${plural(under, 'account')} being deactivated`;
  return message({ text: md`${bold(name)} is off-boarded: ${doing}. The result per application is in your direct messages.` });
}

export function releasedMessage({ name }: Offboarding): Message {
  return message({ text: md`${bold(name)} is let back in: the next sync decides by the directory again.` });
}

/** Everybody who stays out. */
export function offboardedModal(all: readonly Offboarding[], timeZone: string): ModalView {
  return modal({
    callbackId: 'offboard.list',
    title: 'Off-boarded people',
    blocks: [
      ...(all.length === 0 ? [section('Nobody is off-boarded.')] : []),
      ...all.slice(0, SHOWN).map((one) =>
        section(md`${bold(one.name)} · since ${date(one.at, timeZone)}, by ${mention(one.by)}`, {
          accessory: button({ text: 'Let back in…', action: 'offboard.release', value: one.personId, accessibilityLabel: `Let ${one.name} back in` }),
        }),
      ),
      all.length > SHOWN && context(`and ${plural(all.length - SHOWN, 'more person', 'more people')}: type offboard release and a name`),
    ],
  });
}
