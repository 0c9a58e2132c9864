import fc from 'fast-check';
import { SCIM_ATTRIBUTES, type ScimValues } from '../../src/domain/connectors/mapping.ts';

const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const optional = Object.fromEntries(SCIM_ATTRIBUTES.filter(({ path }) => path !== 'userName').map(({ path }) => [path, text]));

/** Any values that a mapping can give: a user name, and any of the others. */
export const scimValues: fc.Arbitrary<ScimValues> = fc.record({ userName: text, ...optional }, { requiredKeys: ['userName'] }).map((values) => ({ ...values }));

/** Names and words with what breaks quoting. */
export const awkwardText = fc.oneof(text, fc.string({ maxLength: 20, unit: fc.constantFrom('"', '\\', '[', ']', ' ', 'a', '\0', '\n', '\u2028') }));
