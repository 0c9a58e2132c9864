import { SCIM_ATTRIBUTES } from './mapping.ts';

/** The singular and complex names of RFC 7643 §4.1 and §4.3, lower case. */
const STANDARD = new Set(
  [
    'id externalId meta schemas userName name formatted familyName givenName middleName honorificPrefix honorificSuffix displayName nickName profileUrl title userType',
    'preferredLanguage locale timezone active password emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates value type primary display',
    'streetAddress locality region postalCode country employeeNumber costCenter organization division department manager members',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);
const STANDARD_URN = /^urn:ietf:params:scim:schemas:(core|extension:enterprise):2\.0:(user|group)/i;

export interface AttributeComplaint {
  /** As the provider spelled it. */
  readonly attribute: string;
  /** One that the mapping can change or exclude. */
  readonly mappable: boolean;
  /** Core or enterprise (RFC 7643); otherwise no mapping can help, and a pre-built connector is asked for (C8). */
  readonly standard: boolean;
}

/** The attribute that a provider's error is about, where it names one: after the word "attribute", in quotes, or as a URN. */
export function complaintAbout(message: string): AttributeComplaint | null {
  const urn = /urn:[\w:.-]+/i.exec(message)?.[0];
  const named =
    /\battributes?\b[\s:]*["'`“]?([A-Za-z][\w$.-]*(?:\[[^\]]*\])?(?:\.\w+)*)/i.exec(message)?.[1] ??
    /["'`“]([A-Za-z][\w$.-]*(?:\[[^\]]*\])?(?:\.\w+)*)["'`”]/.exec(message)?.[1];
  const attribute = urn ?? named;
  if (attribute === undefined || /^(is|are|was|not|must|has|with|value|values|of|in|for)$/i.test(attribute)) return null;
  const base = urn === undefined ? (attribute.split(/[.[]/)[0] ?? attribute).toLowerCase() : '';
  const standard = urn === undefined ? STANDARD.has(base) : STANDARD_URN.test(urn);
  if (!standard && urn === undefined && !/\battribute/i.test(message)) return null;
  const mappable = SCIM_ATTRIBUTES.some(({ path }) =>
    urn === undefined
      ? (path.split(':').at(-1)?.split(/[.[]/)[0] ?? '').toLowerCase() === base
      : path.toLowerCase().startsWith(urn.toLowerCase().replace(/\.$/, '')),
  );
  return { attribute, mappable, standard };
}
