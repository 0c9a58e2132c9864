import { expect, it } from 'vitest';
import type { Account } from '../../../src/domain/sync/account.ts';
import type { ProvisioningEvent } from '../../../src/domain/sync/event.ts';
import { compensate } from '../../../src/domain/undo/compensate.ts';

const AT = 1_000;
const ACCOUNT: Account = {
  ...{ connectorId: 'c1', personId: 'p1', targetId: 't1', state: 'active', origin: 'adopted', pushed: { values: { title: 'Head', roles: 'basic' }, at: AT } },
  ...{ intent: null, generated: {}, deleteAt: null, timeline: [[AT, 'active']] },
};
const EVENT: ProvisioningEvent = {
  ...{ id: 'e1', at: AT, type: 'user_update_provision', runId: 'R-1', connectorId: 'c1', application: 'Zoom', organizationId: 'o1', by: 'U1' },
  ...{ subjectId: 'p1', subjectName: 'Lee', targetId: 't1', success: true, errorCode: null, errorMessage: null, httpStatus: null, attempts: 1, cause: null },
  changes: [{ attribute: 'title', before: null, after: 'Head' }],
};
const FREE = { shield: undefined, tierAttribute: null, offboarded: false };
const later = { ...ACCOUNT, timeline: [[1, 'active']] } as const;

it('S19 can’t bring back a deleted account, nor what an adopted one held, and leaves groups to the next sync', () => {
  expect(compensate({ ...EVENT, type: 'user_delete_provision' }, ACCOUNT, FREE)).toEqual({ is: 'deleted' });
  expect(compensate(EVENT, ACCOUNT, FREE)).toEqual({ is: 'adopted' });
  expect(compensate({ ...EVENT, adopted: true }, later, FREE)).toEqual({ is: 'adopted' });
  expect(compensate({ ...EVENT, type: 'group_update_provision' }, undefined, FREE)).toEqual({ is: 'group' });
});

it('S19 A7 never downgrades a protected person: their tier is left out', () => {
  const shield = { why: 'break-glass' };
  const changes = [...EVENT.changes, { attribute: 'roles', before: 'pro', after: 'basic' }];
  const guard = { ...FREE, shield, tierAttribute: 'roles' };
  expect(compensate({ ...EVENT, changes }, later, guard)).toMatchObject({
    is: 'change',
    change: { is: 'update', changes: [{ attribute: 'title', after: null }] },
  });
  expect(compensate({ ...EVENT, changes: changes.slice(1) }, later, guard)).toEqual({ is: 'protected', why: 'break-glass' });
});

it('S19 S25 re-activates nobody who is off-boarded', () => {
  const gone: Account = { ...ACCOUNT, state: 'inactive' };
  const event: ProvisioningEvent = { ...EVENT, type: 'user_deprovision', changes: [{ attribute: 'active', before: 'true', after: 'false' }] };
  expect(compensate(event, gone, { ...FREE, offboarded: true })).toEqual({ is: 'offboarded' });
  expect(compensate(event, gone, FREE)).toMatchObject({ is: 'change', change: { is: 'reactivate' } });
});
