import { type AttributeRule, type Expression, type Mapping, SCIM_ATTRIBUTES } from './mapping.ts';

const attribute = (name: string): Expression => ({ is: 'attribute', name });
const lower = (of: Expression): Expression => ({ is: 'transform', name: 'lower', of });
const first = (...of: readonly Expression[]): Expression => ({ is: 'first', of });

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const MAPPED: Readonly<Record<string, Expression>> = {
  userName: lower(first(attribute('userName'), attribute('email'))),
  'name.givenName': attribute('givenName'),
  'name.familyName': attribute('familyName'),
  displayName: first(attribute('displayName'), { is: 'join', separator: ' ', of: [attribute('givenName'), attribute('familyName')] }),
  title: attribute('title'),
  'emails[work].value': lower(attribute('email')),
  'phoneNumbers[work].value': attribute('phone'),
  [`${ENTERPRISE}:employeeNumber`]: attribute('employeeNumber'),
  [`${ENTERPRISE}:organization`]: attribute('organization'),
};

/** The mapping a connector starts from where its catalog entry gives none: one rule per attribute of `SCIM_ATTRIBUTES`. */
export function defaultMapping(): Mapping {
  return SCIM_ATTRIBUTES.map(({ path }): AttributeRule => ({ attribute: path, from: MAPPED[path] ?? { is: 'excluded' } }));
}
