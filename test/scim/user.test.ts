import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUser, userJson } from '../../src/scim/user.ts';
import { scimValues } from './arbitrary.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('a SCIM user', () => {
  it('is read back with exactly the values that it was written from', () => {
    fc.assert(
      fc.property(scimValues, fc.boolean(), (values, active) => {
        const answer = JSON.parse(JSON.stringify({ ...userJson('csv:1', values, active), id: '7' }));
        expect(readUser(answer)).toEqual({ id: '7', externalId: 'csv:1', active, values });
      }),
    );
  });

  it('names the enterprise schema exactly when it uses it', () => {
    fc.assert(
      fc.property(scimValues, (values) => {
        const used = Object.keys(values).some((path) => path.startsWith(ENTERPRISE));
        expect(userJson('csv:1', values, true).schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User', ...(used ? [ENTERPRISE] : [])]);
      }),
    );
  });

  it('marks the work e-mail as the primary one, and no phone', () => {
    const user = userJson(
      'csv:1',
      { userName: 'zoe', 'emails[work].value': 'z@example.org', 'phoneNumbers[work].value': '1', 'phoneNumbers[mobile].value': '2' },
      true,
    );
    expect(user).toMatchObject({
      emails: [{ value: 'z@example.org', type: 'work', primary: true }],
      phoneNumbers: [
        { value: '1', type: 'work' },
        { value: '2', type: 'mobile' },
      ],
    });
  });

  it.each([
    [true, true],
    [false, false],
    ['true', true],
    ['True', true],
    ['False', false],
    ['false', false],
    [null, null],
    [undefined, null],
    [0, false],
    ['yes', null],
  ])('reads active %j as %j', (active, expected) => {
    expect(readUser({ id: '1', active })?.active).toBe(expected);
  });

  it('never guesses what an answer left out', () => {
    expect(readUser({ id: '1' })).toEqual({ id: '1', externalId: null, active: null, values: {} });
  });

  it('takes numbers for strings, and empty or misshapen values for none', () => {
    const answer = { id: 12, userName: '', title: null, name: 'Zoë', emails: 'z@example.org', [ENTERPRISE]: { employeeNumber: 42 }, x509Certificates: [1] };
    expect(readUser(answer)).toEqual({ id: '12', externalId: null, active: null, values: { [`${ENTERPRISE}:employeeNumber`]: '42' } });
  });

  it('takes an e-mail without any type for the work one, but not one of another type', () => {
    expect(readUser({ id: '1', emails: [{ value: 'a@example.org' }] })?.values).toEqual({ 'emails[work].value': 'a@example.org' });
    expect(readUser({ id: '1', emails: [{ value: 'a@example.org' }, { value: 'b@example.org', type: 'Work' }] })?.values).toEqual({
      'emails[work].value': 'b@example.org',
    });
    expect(readUser({ id: '1', emails: [{ value: 'a@example.org', type: 'home' }] })?.values).toEqual({});
  });

  it('is none without an id, whatever else the JSON is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const user = readUser(json);
        const id = typeof json === 'object' && json !== null && 'id' in json ? json.id : undefined;
        if (id === undefined || id === '') expect(user).toBeNull();
        else expect(user === null || user.id === String(id)).toBe(true);
      }),
    );
  });
});
