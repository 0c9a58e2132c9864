import type { RefusalReason } from '../../src/domain/refusal.ts';
import { apology, apologyModal } from '../../views/apology.ts';
import { messageAsModal } from '../../views/notice.ts';
import { refusal } from '../../views/refusal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

/** Every reason there is to refuse. */
function reasons(size: Size): Readonly<Record<RefusalReason['is'], RefusalReason>> & { readonly [more: string]: RefusalReason } {
  const ask = some(size, 3, (index) => `U0ADMIN${index}`);
  const names = some(size, 8, () => text(size, 'Zoom'));
  const connector = { connectorId: 'zoom', connector: text(size, 'Zoom') };
  const state = { is: 'wrong-state', ...connector, state: 'disabled', verb: 'sync' } as const;
  return {
    'no-role': { is: 'no-role', ask },
    'not-allowed': { is: 'not-allowed', action: 'disconnect Zoom', organization: size === 'none' ? null : text(size, 'Riverside'), ask },
    'not-found': { is: 'not-found', what: 'connector', typed: text(size, 'zom'), near: names },
    ambiguous: { is: 'ambiguous', what: 'person', typed: text(size, 'lee'), choices: names },
    'bad-input': { is: 'bad-input', field: size === 'none' ? null : 'from', problem: text(size, 'No day.'), remedy: text(size, 'Type it.') },
    usage: { is: 'usage', typed: text(size, 'x'), usage: names },
    'unknown-key': { is: 'unknown-key', key: text(size, 'staet'), near: size === 'none' ? null : 'state', usage: text(size, 'connectors list [state=active]') },
    'name-taken': { is: 'name-taken', what: 'connector', name: text(size, 'Zoom') },
    'not-configured': { is: 'not-configured', ...connector },
    'not-rehearsed': { is: 'not-rehearsed', ...connector },
    'wrong-state': { ...state, remedy: 'none' },
    'wrong-state, enable': { ...state, remedy: 'enable' },
    'wrong-state, disconnect': { ...state, remedy: 'disconnect' },
    'wrong-state, reconnect': { ...state, remedy: 'reconnect' },
    running: { is: 'running', ...connector, runId: 'R-7', done: 214, total: size === 'none' ? null : 360, verb: 'delete' },
    'nothing-to-do': { is: 'nothing-to-do', detail: text(size, 'Nobody failed.') },
    'changed-meanwhile': { is: 'changed-meanwhile', what: text(size, 'Zoom') },
    'already-decided': { is: 'already-decided', requestId: 'Q-7', how: text(size, 'Approved.') },
    'own-request': { is: 'own-request', requestId: 'Q-7', title: text(size, 'disconnect Box') },
    'not-an-approver': { is: 'not-an-approver', requestId: 'Q-7', title: text(size, 'disconnect Box'), approvers: ask },
    'needs-second-person': { is: 'needs-second-person', title: text(size, 'release 180 removals'), own: size === 'max', approvers: ask },
    'nobody-can-approve': { is: 'nobody-can-approve', title: text(size, 'disconnect Box'), remedy: text(size, 'Give a role.') },
    'last-admin': { is: 'last-admin', who: text(size, 'Ana') },
    halted: { is: 'halted', by: 'U0SAM', why: size === 'none' ? null : text(size, 'Wrong roster.') },
    protected: { is: 'protected', person: text(size, 'Lee'), why: text(size, 'Break-glass.') },
    'cannot-post': { is: 'cannot-post', channelId: 'C0GENERAL', problem: text(size, 'Archived.'), remedy: 'Choose another.' },
  };
}

const FAULT = (size: Size) => ({ what: text(size, 'Zoom didn’t answer.'), advice: text(size, 'Try again.'), reference: '7F3KQ2' });

/** What a person is told when something is refused or fails, as a message and as a modal. */
export const refusalsGallery: readonly Picture[] = [
  ...Object.keys(reasons('none')).flatMap((name): readonly Picture[] => {
    const drawn = (size: Size) => refusal(reasons(size)[name] ?? { is: 'no-role', ask: [] }, { name: 'usher', mends: true });
    return [
      { name: `refusal ${name}`, surface: 'message', render: drawn },
      { name: `refusal modal ${name}`, surface: 'modal', render: (size) => messageAsModal(drawn(size)) },
    ];
  }),
  { name: 'apology', surface: 'message', render: (size) => apology(FAULT(size)) },
  { name: 'apology modal', surface: 'modal', render: (size) => apologyModal(FAULT(size)) },
];
