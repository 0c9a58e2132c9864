import { createHash } from 'node:crypto';
import type { UserAttributes } from './accounts.ts';

const GIVEN = [
  'Ada',
  'Amir',
  'Anaïs',
  'Bo',
  'Chloé',
  'Dmitri',
  'Elif',
  'Femi',
  'Grace',
  'Hana',
  'Ines',
  'Jürgen',
  'Kofi',
  'Lea',
  'Mina',
  'Noor',
  'Orla',
  'Priya',
  'Søren',
  'Tomás',
];
const FAMILY = [
  'Abara',
  "O'Brien",
  'Castillo',
  'Dubois',
  'Eriksen',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jensen',
  'Kowalski',
  'Lindqvist',
  'Müller',
  'Nguyen',
  'Okafor',
  'Petrov',
  'Quinn',
  'Rossi',
  'Şahin',
  'Thapa',
];

function ascii(name: string): string {
  return name
    .replace(/ø/g, 'o')
    .normalize('NFKD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}

/** User `index` of the accounts that somebody once made by hand: the same for the same seed. `inactive` is a share from 0 to 1. */
export function madeUp(index: number, seed: number, domain: string, inactive: number): UserAttributes {
  const draw = createHash('sha256').update(`${seed} user ${index}`).digest();
  const given = GIVEN[draw.readUInt16BE(0) % GIVEN.length] ?? 'Ada';
  const family = FAMILY[draw.readUInt16BE(2) % FAMILY.length] ?? 'Abara';
  const address = `${ascii(given)}.${ascii(family)}${index}@${domain}`;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: address,
    displayName: `${given} ${family}`,
    name: { givenName: given, familyName: family },
    emails: [{ value: address, type: 'work', primary: true }],
    active: draw.readUInt32BE(4) / 2 ** 32 >= inactive,
  };
}
