import type { Person } from '../directory/person.ts';
import type { RehearsedSettings } from './connector.ts';
import type { ScimValues } from './mapping.ts';
import { evaluate } from './mapping-evaluate.ts';

/** The values a person of the test address would have. */
export function testValues(settings: Pick<RehearsedSettings, 'testEmail' | 'mapping'>): ScimValues {
  const person: Person = {
    id: 'usher-rehearsal',
    source: 'usher',
    sourceId: 'rehearsal',
    organizationId: '',
    groupings: [],
    status: 'active',
    attributes: {
      userName: settings.testEmail,
      email: settings.testEmail,
      givenName: 'Usher',
      familyName: 'Rehearsal',
      displayName: 'Usher Rehearsal',
      identifier: 'usher-rehearsal',
      employeeNumber: 'usher-rehearsal',
      title: 'Test user',
      locale: 'en-US',
    },
  };
  const { values } = evaluate(settings.mapping, person, { organizationName: 'Usher', kept: {}, taken: () => false });
  // The user name may come from something the test person lacks; the address always serves.
  return { ...values, userName: values.userName ?? settings.testEmail };
}

/** One value, different: what an update writes. */
export function changed(values: ScimValues): ScimValues {
  const path = ['displayName', 'name.familyName', 'name.givenName', 'title'].find((candidate) => values[candidate] !== undefined) ?? 'displayName';
  return { [path]: `${values[path] ?? 'Usher'} (updated)` };
}
