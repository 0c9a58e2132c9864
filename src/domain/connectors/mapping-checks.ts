import { type Mapping, SCIM_ATTRIBUTES } from './mapping.ts';

/** Labels of required attributes that the mapping leaves out (C10). */
export function missingRequired(mapping: Mapping): readonly string[] {
  const mapped = new Set(mapping.filter((rule) => rule.from.is !== 'excluded').map((rule) => rule.attribute));
  return SCIM_ATTRIBUTES.filter((attribute) => attribute.required && !mapped.has(attribute.path)).map((attribute) => attribute.label);
}
