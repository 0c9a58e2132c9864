import { describe, expect, it } from 'vitest';
import { explain, type Facts, type Granted } from '../../../src/domain/explain/explanation.ts';
import type { Account } from '../../../src/domain/sync/account.ts';
import type { ProvisioningEvent } from '../../../src/domain/sync/event.ts';
import { unformatted } from '../../../views/mrkdwn.ts';
import { whySentence } from '../../../views/explain/why-words.ts';

const AT = Date.UTC(2026, 10, 3, 12);
const GRANTED: Granted = { name: 'Teachers', organization: 'North High', since: AT, by: 'U1', approvedBy: ['U2'] };
const NAMES: Readonly<Record<string, string>> = { U1: 'Ana Ruiz', U2: "Sam O'Neil" };

const account = (state: Account['state']): Account => ({
  ...{ connectorId: 'zoom', personId: 'p1', targetId: 't1', state, origin: 'created', pushed: null, intent: null, generated: {}, deleteAt: null },
  timeline: [[AT, state]],
});

const FACTS: Facts = {
  ...{ status: 'active', connector: 'active', account: account('active'), granted: GRANTED, assigned: { first: [GRANTED], count: 1 }, decision: 'keep' },
  ...{ hold: null, offboarded: null, written: { at: Date.UTC(2026, 10, 21, 12), runId: 'R-12' }, latest: null, waitingSince: null, running: null },
};

const FAILED: ProvisioningEvent = {
  ...{ id: 'e1', at: AT, type: 'user_create_provision', runId: 'R-9', connectorId: 'zoom', application: 'Zoom', organizationId: 'o1', by: 'U1' },
  ...{ subjectId: 'p1', subjectName: 'Lee', targetId: null, success: false, errorCode: 'http-400', errorMessage: 'email domain not verified' },
  ...{ httpStatus: 400, attempts: 1, cause: null, changes: [] },
};

const CREATE = { is: 'create', personId: 'p1', values: {}, generated: {} } as const;
const DEACTIVATE = { is: 'deactivate', personId: 'p1', targetId: 't1', why: 'no-assignment' } as const;

function sentence(changes: Partial<Facts>): string {
  const to = {
    name: 'Lee Okafor',
    connector: 'Zoom',
    timeZone: 'UTC',
    names: (id: string) => NAMES[id] ?? id,
    nameOf: (id: string) => (id === 'p2' ? 'Mia' : id),
  };
  return unformatted(whySentence(explain({ ...FACTS, ...changes }), to));
}

describe('why', () => {
  it('S18 says which role or group gives the account, since when, by whom, who approved it, and what was written last', () => {
    expect(sentence({})).toBe(
      "Lee Okafor has an account in Zoom because Teachers (North High) is assigned since 3 Nov 2026 by Ana Ruiz, approved by Sam O'Neil; last written 21 Nov 2026 in run R-12.",
    );
  });

  it('S18 says that it was not run yet, and names the run that is under way', () => {
    expect(sentence({ decision: CREATE, account: undefined })).toMatch(
      /^Lee Okafor gets an account in Zoom with the next run because Teachers .*; not run yet\.$/,
    );
    expect(sentence({ decision: CREATE, account: undefined, running: 'R-13' })).toContain('in R-13, which is under way');
  });

  it('S18 E10 says who is invited and did not accept yet, and who waits since no seat was free', () => {
    const invited = { ...account('inactive'), invited: { since: AT, granted: null } };
    const because = "because Teachers (North High) is assigned since 3 Nov 2026 by Ana Ruiz, approved by Sam O'Neil";
    expect(sentence({ account: invited })).toBe(`Lee Okafor is invited to Zoom since 3 Nov 2026 ${because}; the account is made active when they accept.`);
    expect(sentence({ account: invited, waitingSince: AT })).toBe(
      `Lee Okafor accepted 3 Nov 2026, and no seat of Zoom was free: invited ${because}, they wait for one.`,
    );
    expect(sentence({ account: invited, granted: null, decision: 'none' })).toMatch(/^Lee Okafor has an account that waits for them in Zoom/);
  });

  it('S18 says why not: in none of what is assigned, gone from the directory, or not enabled there', () => {
    const out = { decision: 'none', granted: null, account: undefined } as const;
    expect(sentence(out)).toBe('Lee Okafor has no account in Zoom: none of their roles and groups is assigned. It is assigned to Teachers (North High).');
    expect(sentence({ ...out, assigned: { first: [], count: 0 } })).toContain('It is assigned to nobody.');
    expect(sentence({ ...out, status: 'left', account: account('inactive') })).toBe(
      'Lee Okafor has a deactivated account in Zoom since 3 Nov 2026: they left the directory.',
    );
    expect(sentence({ ...out, status: 'inactive' })).toContain('they are not enabled in the directory');
  });

  it('S18 says that a removal waits, is held by the fuse or by a freeze, or that they are protected', () => {
    const out = { decision: DEACTIVATE, granted: null } as const;
    const hold = { id: 'H-1', expiresAt: AT } as const;
    expect(sentence(out)).toContain('is deactivated with the next run: none of their roles and groups is assigned; not run yet');
    expect(sentence({ ...out, hold: { ...hold, reason: { is: 'fuse' } } })).toContain('the removal is held by the fuse (H-1)');
    expect(sentence({ ...out, hold: { ...hold, reason: { is: 'freeze', name: 'Exams', until: AT } } })).toContain('nobody is removed until 3 Nov 2026');
    const because = { is: 'protected', spared: 'deactivation', why: 'break-glass' } as const;
    expect(sentence({ granted: null, decision: { is: 'frozen', personId: 'p1', because } })).toContain(
      'they are protected (break-glass), and nothing deactivates it',
    );
  });

  it('S18 says what freezes them: a missing attribute, the same value as somebody, an account that cannot be told', () => {
    const frozen = (because: Parameters<typeof explain>[0]['decision'] extends infer D ? (D extends { is: 'frozen'; because: infer B } ? B : never) : never) =>
      sentence({ decision: { is: 'frozen', personId: 'p1', because } });
    expect(frozen({ is: 'missing-attribute', attribute: 'userName' })).toContain('they have no userName in the directory');
    expect(frozen({ is: 'same-match', value: 'lee', others: ['p2'] })).toContain('they have the same “lee” as Mia');
    expect(frozen({ is: 'ambiguous-match', targetIds: ['a', 'b'] })).toContain('several accounts of the application match: a and b');
    expect(frozen({ is: 'linked-to-another', targetId: 't9', personId: 'p2' })).toContain('(t9) belongs to Mia');
    expect(frozen({ is: 'name-not-given-up', value: 'lee', targetId: 't9', personId: 'p2' })).toContain('they are to be “lee”, which Mia still has');
    const circle = frozen({ is: 'names-in-a-circle', value: 'lee', targetId: 't9', personId: 'p2' });
    expect(circle).toContain('which Mia has, and names can’t be passed on in a circle: give one of them another name, sync, and then the right one');
  });

  it('S18 says in the provider’s words what failed, as long as it is still to be done', () => {
    expect(sentence({ decision: CREATE, latest: FAILED })).toContain('could not be created in Zoom: “email domain not verified” (400), 3 Nov 2026 in run R-9.');
    expect(sentence({ decision: 'keep', latest: FAILED })).toContain('has an account in Zoom');
    expect(sentence({ decision: CREATE, latest: { ...FAILED, errorCode: 'cancelled' } })).toContain('not run yet');
  });

  it('S18 S25 says that they are off-boarded before anything else, and that the connector rests', () => {
    const offboarded = { by: 'U1', at: AT, why: 'left at once', step: { is: 'confirmed', at: AT } } as const;
    expect(sentence({ offboarded })).toContain('was off-boarded 3 Nov 2026 by Ana Ruiz (“left at once”) and is kept out of Zoom until released');
    expect(sentence({ connector: 'disabled' })).toContain('Zoom is disabled: nothing changes until it is enabled.');
    expect(sentence({ connector: 'draft', decision: null })).toContain('has no account in Zoom yet. They are in scope: Teachers');
  });
});
