import type { Button } from '@slack/types';
import type { RefusalReason } from '../src/domain/refusal.ts';
import type { Right } from '../src/domain/rights/grant.ts';
import { actions, button, context, type Message, message, section } from './blocks.ts';
import { code, joined, type Mrkdwn, md, mention, unformatted } from './mrkdwn.ts';
import { count } from './words.ts';

/** Why Usher will not, as a message: the sentence, and the buttons that help, for whom they do (`mends`). `name` is the slash command's, without the slash. */
export function refusal(reason: RefusalReason, of: { readonly name: string; readonly mends: boolean }): Message {
  const sentence = refusalLine(reason, of);
  return message({ text: sentence, blocks: [section(sentence), actions(of.mends ? buttons(reason) : []), ...hint(reason, of.name)] });
}

/** The same as one line of plain text: for the errors of a form, which show no formatting. */
export function refusalText(reason: RefusalReason, of: { readonly name: string }): string {
  return unformatted(refusalLine(reason, of));
}

/** What is not possible, why, and what to do instead. */
export function refusalLine(reason: RefusalReason, of: { readonly name: string }): Mrkdwn {
  switch (reason.is) {
    case 'no-role':
      return md`You have no role in Usher yet. ${askThem(reason.ask)} for one.`;
    case 'not-allowed':
      return md`Only ${HOLDERS[reason.right ?? 'administer']} of ${reason.organization ?? 'the whole installation'} can ${reason.action}. ${askThem(reason.ask)}.`;
    case 'not-found':
      if (reason.typed === '') return md`There is no ${reason.what} yet.`;
      return reason.near.length === 0
        ? md`There is no ${reason.what} “${reason.typed}”.`
        : md`There is no ${reason.what} “${reason.typed}”. Did you mean ${either(reason.near.map((name) => code(name)))}?`;
    case 'ambiguous':
      return md`“${reason.typed}” fits more than one ${reason.what}: ${either(reason.choices.map((name) => code(name)))}. Type more of the name.`;
    case 'bad-input':
      return reason.field === null
        ? md`${ended(reason.problem)} ${ended(reason.remedy)}`
        : md`${code(reason.field)}: ${ended(reason.problem)} ${ended(reason.remedy)}`;
    case 'usage':
      return joined(
        [
          reason.typed === '' ? md`Something is missing. Type it like this:` : md`${code(reason.typed)} is not how this is typed. Type it like this:`,
          ...reason.usage.map((line) => code(`/${of.name} ${line}`)),
        ],
        '\n',
      );
    case 'name-taken':
      return md`There is a ${reason.what} named “${reason.name}” already. Choose another name.`;
    case 'not-configured':
      return md`${reason.connector} is not configured. Configure it first, then it can be assigned.`;
    case 'not-rehearsed':
      return md`The settings of ${reason.connector} have not passed a rehearsal. Save them to rehearse; it can be activated when that passes.`;
    case 'wrong-state':
      return md`${reason.connector} is ${reason.state}, so you can't ${reason.verb} it${REMEDY[reason.remedy]}.`;
    case 'running':
      return md`${reason.connector} is syncing (${progress(reason)}). You can ${reason.verb} it when that ends.`;
    case 'nothing-to-do':
      return md`${ended(reason.detail)} Nothing was changed.`;
    case 'changed-meanwhile':
      return md`${reason.what} was changed by someone else while you were looking. Nothing was changed by you: open it again to see how it stands.`;
    case 'already-decided':
      return md`${reason.requestId} is already decided: ${ended(reason.how)} Nothing was changed.`;
    case 'own-request':
      return md`You asked to ${reason.title} yourself, or approved an earlier step: ${reason.requestId} needs somebody else.`;
    case 'not-an-approver':
      return md`${reason.requestId} (${reason.title}) is not yours to decide. ${askThem(reason.approvers)}.`;
    case 'needs-second-person':
      return reason.own
        ? md`You started what this is about: to ${reason.title} takes someone other than you. ${askThem(reason.approvers)}.`
        : md`To ${reason.title} takes somebody who may approve there. ${askThem(reason.approvers)}.`;
    case 'nobody-can-approve':
      return md`Nobody could approve this: ${reason.title}. Nothing was asked for. ${ended(reason.remedy)}`;
    case 'last-admin':
      return md`${reason.who} is the last admin of everything. Give somebody else that role first; without one nobody could give roles.`;
    case 'halted':
      return md`All writes to all applications are stopped by ${mention(reason.by)}${reason.why === null ? '' : `: ${reason.why}`}. An admin of everything resumes them.`;
    case 'protected':
      return md`${reason.person} is protected: ${ended(reason.why)} Take them off the list of protected people first, which takes two people.`;
    case 'cannot-post':
      return md`Usher can't post there: ${ended(reason.problem)} ${ended(reason.remedy)}`;
  }
}

/** Who holds a right (X1). */
const HOLDERS: Readonly<Record<Right, string>> = {
  see: 'viewers, operators and admins',
  run: 'operators and admins',
  decide: 'approvers and admins',
  administer: 'admins',
};

const REMEDY = { enable: '. Enable it first', disconnect: '. Disconnect it first', reconnect: '. Reconnect it first', none: '' } as const;

/** At most three are named: each mention is somebody who can help, not a distribution list. */
function askThem(userIds: readonly string[]): Mrkdwn {
  if (userIds.length === 0) return md`Ask whoever runs Usher here`;
  return md`Ask ${either(userIds.slice(0, 3).map((userId) => mention(userId)))}`;
}

function either(items: readonly Mrkdwn[]): Mrkdwn {
  const shown = items.slice(0, 8);
  const more = items.length - shown.length;
  const all = more > 0 ? [...shown, md`${count(more)} more`] : shown;
  const [last] = all.slice(-1);
  if (last === undefined) return md`–`;
  return all.length === 1 ? last : md`${joined(all.slice(0, -1))} or ${last}`;
}

function ended(sentence: string): string {
  const trimmed = sentence.trim();
  return trimmed === '' || /[.?:…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function progress(reason: { readonly done: number; readonly total: number | null }): string {
  return reason.total === null ? 'making its plan' : `${count(reason.done)} of ${count(reason.total)}`;
}

function buttons(reason: RefusalReason): readonly Button[] {
  switch (reason.is) {
    case 'not-configured':
      return [button({ text: 'Configure', action: 'connectors.configure', value: reason.connectorId, style: 'primary' })];
    case 'not-rehearsed':
      return [button({ text: 'Open settings', action: 'connectors.configure', value: reason.connectorId, style: 'primary' })];
    case 'wrong-state':
      return remedies(reason.remedy, reason.connectorId);
    case 'running':
      return [button({ text: 'Show progress', action: 'sync.progress', value: reason.runId })];
    case 'already-decided':
    case 'own-request':
    case 'not-an-approver':
      return [button({ text: 'Show the request', action: 'approvals.show', value: reason.requestId })];
    case 'nobody-can-approve':
    case 'last-admin':
      return [button({ text: 'Roles', action: 'roles.list' })];
    case 'halted':
      return [button({ text: 'See the stop', action: 'stop.open' })];
    case 'protected':
      return [button({ text: 'Protected people', action: 'protected.list' })];
    case 'no-role':
    case 'not-allowed':
    case 'not-found':
    case 'ambiguous':
    case 'bad-input':
    case 'usage':
    case 'name-taken':
    case 'nothing-to-do':
    case 'changed-meanwhile':
    case 'needs-second-person':
    case 'cannot-post':
      return [];
  }
}

function remedies(remedy: 'enable' | 'disconnect' | 'reconnect' | 'none', connectorId: string): readonly Button[] {
  switch (remedy) {
    case 'enable':
      return [button({ text: 'Enable', action: 'connectors.enable', value: connectorId, style: 'primary' })];
    case 'disconnect':
      return [button({ text: 'Disconnect…', action: 'connectors.disconnect', value: connectorId })];
    case 'reconnect':
      return [button({ text: 'Reconnect…', action: 'connectors.configure', value: connectorId })];
    case 'none':
      return [];
  }
}

/** A typed way on, where the sentence doesn't hold one. */
function hint(reason: RefusalReason, name: string): readonly ReturnType<typeof context>[] {
  const helps = reason.is === 'not-found' || reason.is === 'ambiguous' || reason.is === 'usage';
  return helps ? [context(md`${code(`/${name} help`)} shows every command`)] : [];
}
