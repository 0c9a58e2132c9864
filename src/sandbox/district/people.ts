import { type Dice, dice } from './dice.ts';
import { latin, NAME_STOCKS, type NameStock, native } from './names.ts';
import type { School } from './schools.ts';

/** Roles as OneRoster 1.2 words them. */
type DistrictRole = 'districtAdministrator' | 'systemAdministrator' | 'principal' | 'siteAdministrator' | 'counselor' | 'aide' | 'teacher' | 'student';

export interface DistrictPerson {
  readonly id: string;
  /** Null: the district's own office. */
  readonly school: School | null;
  readonly role: DistrictRole;
  readonly givenName: string;
  readonly familyName: string;
  readonly preferredGivenName: string;
  readonly username: string;
  readonly email: string;
  readonly phone: string;
  readonly grade: string;
  readonly enabled: boolean;
}

const DOMAIN = 'riverside.example';

/** Who has which role: a tenth teach, a few in every school and in the district's office do other work, the others learn. */
function* posts(people: number, schools: readonly School[]): Generator<{ role: DistrictRole; school: School | null }> {
  const officers = Math.min(20, Math.ceil(people / 100));
  for (let index = 0; index < officers; index += 1) yield { role: index < officers * 0.7 ? 'districtAdministrator' : 'systemAdministrator', school: null };
  let left = people - officers;
  for (const school of schools) {
    for (const role of ['principal', 'siteAdministrator', 'counselor', 'counselor', 'aide', 'aide', 'aide', 'aide'] as const)
      if (left-- > 0) yield { role, school };
  }
  const teachers = Math.min(left, Math.round(people / 10));
  for (let index = 0; index < left; index += 1) yield { role: index < teachers ? 'teacher' : 'student', school: schools[index % schools.length] ?? null };
}

/** Everybody of a district, one after the other; the same seed and number give the same people. */
export function* districtPeople(seed: number, people: number, schools: readonly School[]): Generator<DistrictPerson> {
  const chance = dice(seed);
  const taken = new Map<string, number>();
  let number = 0;
  for (const { role, school } of posts(people, schools)) {
    number += 1;
    const stock = stockFor(chance);
    const given = chance.pick(stock.given);
    const family = chance.pick(stock.family);
    const base = `${plain(latin(given)).slice(0, 1)}${plain(latin(family))}`;
    const times = (taken.get(base) ?? 0) + 1;
    taken.set(base, times);
    const username = times === 1 ? base : `${base}${times}`;
    const learns = role === 'student';
    yield {
      id: `${learns ? 'STU' : 'EMP'}-${String(number).padStart(6, '0')}`,
      school,
      role,
      givenName: native(given),
      familyName: native(family),
      preferredGivenName: native(given) !== latin(given) && chance.roll(2) === 0 ? latin(given) : '',
      username,
      email: `${username}@${learns ? `students.${DOMAIN}` : DOMAIN}`,
      phone: learns ? '' : `+1-202-555-01${String(chance.roll(100)).padStart(2, '0')}`,
      grade: learns && school !== null ? chance.pick(school.grades) : '',
      enabled: chance.roll(200) !== 0,
    };
  }
}

function stockFor(chance: Dice): NameStock {
  let at = chance.roll(NAME_STOCKS.reduce((sum, stock) => sum + stock.share, 0));
  for (const stock of NAME_STOCKS) {
    at -= stock.share;
    if (at < 0) return stock;
  }
  throw new Error('the shares of the name stocks do not add up');
}

/** Letters a to z only: for user names. */
function plain(name: string): string {
  return name
    .replace(/[øØ]/g, 'o')
    .replace(/[łŁ]/g, 'l')
    .replace(/[đĐ]/g, 'd')
    .replace(/[þÞ]/g, 'th')
    .replace(/[æÆ]/g, 'ae')
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
