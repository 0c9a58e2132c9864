import type { Button } from '@slack/types';
import { type RefusalReason, type WayOn, wayOn } from '../src/domain/refusal.ts';
import type { Right } from '../src/domain/rights/grant.ts';
import { actions, button, context, type Message, message, section } from './blocks.ts';
import { bold, code, joined, type Mrkdwn, md, mention, unformatted } from './mrkdwn.ts';
import { count } from './words.ts';

/** Why Usher will not, as a message: the sentence, and the buttons that help, for whom they do (`mends`). `name` is the slash command's, without the slash. */
export function refusal(reason: RefusalReason, of: { readonly name: string; readonly mends: boolean }): Message {
  const sentence = refusalLine(reason, of);
  const way = of.mends ? wayOn(reason) : null;
  return message({ text: sentence, blocks: [section(sentence), actions([way !== null && wayButton(way)]), ...hint(reason, of.name)] });
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
      return md`“${reason.typed}” fits more than one ${reason.what}: ${either(reason.choices.map((name) => code(name)))}. Type more of the name, or the id.`;
    case 'bad-input':
      return reason.field === null
        ? md`${ended(reason.problem)} ${ended(reason.remedy)}`
        : md`${bold(reason.field)}: ${ended(reason.problem)} ${ended(reason.remedy)}`;
    case 'usage':
      return typedLike(reason.typed === '' ? md`Something is missing.` : md`${code(reason.typed)} is not how this is typed.`, reason.usage, of.name);
    case 'unknown-key':
      return typedLike(md`This command takes no ${code(`${reason.key}=`)}.${meant(reason.near)} Nothing was changed.`, [reason.usage], of.name);
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

function typedLike(problem: Mrkdwn, usage: readonly string[], name: string): Mrkdwn {
  return joined([md`${problem} Type it like this:`, ...usage.map((line) => code(`/${name} ${line}`))], '\n');
}

function meant(near: string | null): Mrkdwn {
  return near === null ? md`` : md` Did you mean ${code(`${near}=`)}?`;
}

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

function wayButton(way: WayOn): Button {
  switch (way.is) {
    case 'connector':
      return connectorButton(way);
    case 'run':
      return button({ text: 'Show progress', action: 'sync.progress', value: way.runId });
    case 'request':
      return button({ text: 'Show the request', action: 'approvals.show', value: way.requestId });
    case 'roles':
      return button({ text: 'Roles', action: 'roles.list' });
    case 'stop':
      return button({ text: 'See the stop', action: 'stop.open' });
    case 'protected':
      return button({ text: 'Protected people', action: 'protected.list' });
  }
}

function connectorButton({ connectorId, by }: Extract<WayOn, { is: 'connector' }>): Button {
  switch (by) {
    case 'configure':
      return button({ text: 'Configure', action: 'connectors.configure', value: connectorId, style: 'primary' });
    case 'settings':
      return button({ text: 'Open settings', action: 'connectors.configure', value: connectorId, style: 'primary' });
    case 'enable':
      return button({ text: 'Enable', action: 'connectors.enable', value: connectorId, style: 'primary' });
    case 'disconnect':
      return button({ text: 'Disconnect…', action: 'connectors.disconnect', value: connectorId });
    case 'reconnect':
      return button({ text: 'Reconnect…', action: 'connectors.configure', value: connectorId });
  }
}

/** A typed way on, where the sentence doesn't hold one. */
function hint(reason: RefusalReason, name: string): readonly ReturnType<typeof context>[] {
  const helps = reason.is === 'not-found' || reason.is === 'ambiguous' || reason.is === 'usage' || reason.is === 'unknown-key';
  return helps ? [context(md`${code(`/${name} help`)} shows every command`)] : [];
}
