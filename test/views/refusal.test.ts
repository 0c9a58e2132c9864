import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/domain/refusal.ts';
import { validateMessage, validateView } from '../../src/sandbox/slack/validator/index.ts';
import { apology, apologyModal } from '../../views/apology.ts';
import type { Message } from '../../views/blocks.ts';
import { refusal, refusalText } from '../../views/refusal.ts';

const ZOOM = { connectorId: 'c1', connector: 'Zoom' };

/** One of every reason; the compiler says when one is missing. */
const REASONS: { readonly [K in RefusalReason['is']]: readonly [Extract<RefusalReason, { is: K }>, sentence: string, buttons: readonly string[]] } = {
  'no-role': [{ is: 'no-role', ask: ['U0AAA'] }, 'You have no role in Usher yet. Ask @U0AAA for one.', []],
  'not-allowed': [
    { is: 'not-allowed', action: 'disconnect Box', organization: 'Riverside District', ask: ['U0AAA', 'U0BBB'] },
    'Only admins of Riverside District can disconnect Box. Ask @U0AAA or @U0BBB.',
    [],
  ],
  'not-found': [{ is: 'not-found', what: 'connector', typed: 'Zom', near: ['Zoom', 'Zoho'] }, 'There is no connector “Zom”. Did you mean Zoom or Zoho?', []],
  ambiguous: [
    { is: 'ambiguous', what: 'connector', typed: 'Z', choices: ['Zoom', 'Zoho', 'Zip'] },
    '“Z” fits more than one connector: Zoom, Zoho or Zip. Type more of the name, or the id.',
    [],
  ],
  'bad-input': [
    { is: 'bad-input', field: 'cron', problem: 'Not a schedule', remedy: 'Write five fields, like 0 18 * * *' },
    'cron: Not a schedule. Write five fields, like 0 18 ∗ ∗ ∗.',
    [],
  ],
  usage: [
    { is: 'usage', typed: 'sync', usage: ['sync now <connector>'] },
    'sync is not how this is typed. Type it like this:\n/usher sync now <connector>',
    [],
  ],
  'unknown-key': [
    { is: 'unknown-key', key: 'staet', near: 'state', usage: 'connectors list [state=active]' },
    'This command takes no staet=. Did you mean state=? Nothing was changed. Type it like this:\n/usher connectors list [state=active]',
    [],
  ],
  'already-decided': [
    { is: 'already-decided', requestId: 'Q-7', how: "approved by Sam O'Neil" },
    "Q-7 is already decided: approved by Sam O'Neil. Nothing was changed.",
    ['approvals.show=Q-7'],
  ],
  'own-request': [
    { is: 'own-request', requestId: 'Q-7', title: 'disconnect Box' },
    'You asked to disconnect Box yourself, or approved an earlier step: Q-7 needs somebody else.',
    ['approvals.show=Q-7'],
  ],
  'not-an-approver': [
    { is: 'not-an-approver', requestId: 'Q-7', title: 'disconnect Box', approvers: ['U0AAA'] },
    'Q-7 (disconnect Box) is not yours to decide. Ask @U0AAA.',
    ['approvals.show=Q-7'],
  ],
  'needs-second-person': [
    { is: 'needs-second-person', title: 'release 2 of 180 held removals of Zoom', own: true, approvers: ['U0AAA'] },
    'You started what this is about: to release 2 of 180 held removals of Zoom takes someone other than you. Ask @U0AAA.',
    [],
  ],
  'nobody-can-approve': [
    { is: 'nobody-can-approve', title: 'disconnect Box', remedy: 'Give somebody the role approver' },
    'Nobody could approve this: disconnect Box. Nothing was asked for. Give somebody the role approver.',
    ['roles.list=undefined'],
  ],
  'last-admin': [
    { is: 'last-admin', who: 'Ana Ruiz' },
    'Ana Ruiz is the last admin of everything. Give somebody else that role first; without one nobody could give roles.',
    ['roles.list=undefined'],
  ],
  protected: [
    { is: 'protected', person: 'Lee Okafor', why: 'break-glass' },
    'Lee Okafor is protected: break-glass. Take them off the list of protected people first, which takes two people.',
    ['protected.list=undefined'],
  ],
  halted: [
    { is: 'halted', by: 'U1', why: 'wrong roster' },
    'All writes to all applications are stopped by U1: wrong roster. An admin of everything resumes them.',
    ['stop.open=undefined'],
  ],
  'name-taken': [{ is: 'name-taken', what: 'connector', name: 'Zoom' }, 'There is a connector named “Zoom” already. Choose another name.', []],
  'not-configured': [{ is: 'not-configured', ...ZOOM }, 'Zoom is not configured. Configure it first, then it can be assigned.', ['connectors.configure=c1']],
  'not-rehearsed': [
    { is: 'not-rehearsed', ...ZOOM },
    'The settings of Zoom have not passed a rehearsal. Save them to rehearse; it can be activated when that passes.',
    ['connectors.configure=c1'],
  ],
  'wrong-state': [
    { is: 'wrong-state', ...ZOOM, state: 'disabled', verb: 'sync', remedy: 'enable' },
    "Zoom is disabled, so you can't sync it. Enable it first.",
    ['connectors.enable=c1'],
  ],
  running: [
    { is: 'running', ...ZOOM, runId: 'R-7', done: 214, total: 1360, verb: 'delete' },
    'Zoom is syncing (214 of 1,360). You can delete it when that ends.',
    ['sync.progress=R-7'],
  ],
  'nothing-to-do': [{ is: 'nothing-to-do', detail: 'Teachers is assigned already' }, 'Teachers is assigned already. Nothing was changed.', []],
  'changed-meanwhile': [
    { is: 'changed-meanwhile', what: 'Zoom' },
    'Zoom was changed by someone else while you were looking. Nothing was changed by you: open it again to see how it stands.',
    [],
  ],
  'cannot-post': [
    { is: 'cannot-post', channelId: 'C1', problem: 'Usher is not a member of that channel', remedy: 'Invite it with /invite' },
    "Usher can't post there: Usher is not a member of that channel. Invite it with /invite.",
    [],
  ],
};

function buttonsOf(message: Message): string[] {
  return message.blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .flatMap((element) => (element.type === 'button' ? [`${element.action_id}=${element.value}`] : []));
}

describe('refusals', () => {
  it.each(Object.values(REASONS))('X7 says what to do instead for $is', (reason, sentence, buttons) => {
    const message = refusal(reason, { name: 'usher', mends: true });
    expect(refusalText(reason, { name: 'usher' })).toBe(sentence);
    expect(validateMessage(message, 'ephemeral')).toEqual([]);
    expect(buttonsOf(message)).toEqual(buttons);
    // Whom they would not help has none (X1).
    expect(buttonsOf(refusal(reason, { name: 'usher', mends: false }))).toEqual([]);
  });

  it.each([
    ['enable', ['connectors.enable=c1']],
    ['disconnect', ['connectors.disconnect=c1']],
    ['reconnect', ['connectors.configure=c1']],
    ['none', []],
  ] as const)('X7 offers what helps against a wrong state: %s', (remedy, buttons) => {
    expect(buttonsOf(refusal({ is: 'wrong-state', ...ZOOM, state: 'draft', verb: 'delete', remedy }, { name: 'usher', mends: true }))).toEqual(buttons);
  });

  it('X7 names three people to ask at most, and whoever runs Usher where there is none', () => {
    const ask = ['U0AAA', 'U0BBB', 'U0CCC', 'U0DDD'];
    expect(refusal({ is: 'no-role', ask }, { name: 'usher', mends: true }).text).toBe(
      'You have no role in Usher yet. Ask <@U0AAA>, <@U0BBB> or <@U0CCC> for one.',
    );
    expect(refusal({ is: 'no-role', ask: [] }, { name: 'usher', mends: true }).text).toBe(
      'You have no role in Usher yet. Ask whoever runs Usher here for one.',
    );
  });

  it('X4 shows a typed name without what it would do', () => {
    const message = refusal({ is: 'not-found', what: 'person', typed: '<!channel> *Approved*', near: ['<@U0AAA>'] }, { name: 'usher', mends: true });
    expect(message.text).toBe('There is no person “&lt;!channel&gt; ∗Approved∗”. Did you mean `&lt;@U0AAA&gt;`?');
    expect(validateMessage(message, 'message')).toEqual([]);
  });
});

describe('apologies', () => {
  const fault = { what: "Zoom didn't answer within 30 s. Nothing was changed.", advice: "Try again, or see the target's status page.", reference: '7F3K' };

  it('X7 carries what happened, what to do and the reference, in a message and in a modal', () => {
    const message = apology(fault);
    expect(message.text).toBe("Zoom didn't answer within 30 s. Nothing was changed. Try again, or see the target's status page. Reference 7F3K.");
    expect(validateMessage(message, 'ephemeral')).toEqual([]);
    expect(validateView(apologyModal(fault))).toEqual([]);
    expect(JSON.stringify(apologyModal(fault))).toContain('Reference `7F3K`');
  });

  it('X4 shows the words of a target as they are', () => {
    const message = apology({ ...fault, what: '<html><!channel>*500*' });
    expect(message.text).toContain('&lt;html&gt;&lt;!channel&gt;*500*');
    expect(message.blocks[0]).toMatchObject({ text: { type: 'plain_text' } });
    expect(validateMessage(message, 'message')).toEqual([]);
  });
});
