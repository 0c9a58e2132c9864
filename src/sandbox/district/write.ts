import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { type DistrictPerson, districtPeople } from './people.ts';
import { DEPARTMENTS, type School, schoolsFor } from './schools.ts';

export interface DistrictOptions {
  /** The same seed and number of people write the same bytes. */
  readonly seed: number;
  /** From 200; 6,000 unless told. */
  readonly people?: number;
  /** Departments, coaches and homerooms as classes with enrollments; true unless told. */
  readonly classes?: boolean;
  /** A handful of broken rows, as real exports have; true unless told. */
  readonly broken?: boolean;
}

/** What was written; `broken` lists the broken rows as file and what is wrong. */
export interface WrittenDistrict {
  readonly people: number;
  readonly teachers: number;
  readonly schools: number;
  readonly broken: readonly { readonly file: string; readonly wrong: string }[];
}

type Cells = readonly string[];
const DISTRICT = 'DIST-001';
const YEAR = 'YEAR-2026';
const BEGIN = '2026-08-17';
const COURSES = { homeroom: 'CRS-HOME', department: 'CRS-DEPT', coaches: 'CRS-COACH' } as const;

/** Writes the Riverside District as a folder of OneRoster 1.2 CSV in bulk mode (the folder is made; files in it are replaced). */
export async function writeDistrict(folder: string, options: DistrictOptions): Promise<WrittenDistrict> {
  const { seed, people: count = 6_000, classes = true, broken: withBroken = true } = options;
  if (!Number.isInteger(count) || count < 200) throw new Error('a district has at least 200 people');
  await mkdir(folder, { recursive: true });
  const schools = schoolsFor(count);
  const people = () => districtPeople(seed, count, schools);
  const put = (file: string, header: string, rows: Iterable<Cells>) => writeCsv(join(folder, file), header, rows);
  await put('manifest.csv', 'propertyName,value', manifestRows(classes));
  await put('orgs.csv', 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId', orgRows(schools));
  await put('users.csv', USERS_HEADER, userRows(people(), withBroken));
  await put(
    'roles.csv',
    'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId',
    roleRows(people(), withBroken),
  );
  if (classes) {
    await put('academicSessions.csv', 'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear', [
      [YEAR, '', '', 'School year 2026-2027', 'schoolYear', BEGIN, '2027-06-11', '', '2027'],
    ]);
    await put('courses.csv', 'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes', courseRows());
    await put(
      'classes.csv',
      'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
      classRows(schools),
    );
    await put(
      'enrollments.csv',
      'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
      enrollmentRows(people(), withBroken),
    );
  }
  let teachers = 0;
  for (const person of people()) if (person.role === 'teacher') teachers += 1;
  return { people: count, teachers, schools: schools.length, broken: withBroken ? BROKEN.filter(({ file }) => classes || file !== 'enrollments.csv') : [] };
}

/** The broken rows of a district that has them; all are about students, so that the demo's teachers are whole. */
const BROKEN = [
  { file: 'users.csv', wrong: 'enabledUser is "yes"' },
  { file: 'users.csv', wrong: 'one cell too many, from a comma without quotes' },
  { file: 'users.csv', wrong: 'a sourcedId that an earlier row has' },
  { file: 'users.csv', wrong: 'a date that does not exist' },
  { file: 'roles.csv', wrong: 'an organization that does not exist' },
  { file: 'enrollments.csv', wrong: 'a class that does not exist' },
] as const;

async function writeCsv(path: string, header: string, rows: Iterable<Cells>): Promise<void> {
  await pipeline(Readable.from(withHeader(header, rows)), stringify({ record_delimiter: 'windows' }), createWriteStream(path));
}

function* withHeader(header: string, rows: Iterable<Cells>): Generator<Cells> {
  yield header.split(',');
  yield* rows;
}

function manifestRows(classes: boolean): Cells[] {
  const bulk = new Set(['orgs', 'users', 'roles', ...(classes ? ['academicSessions', 'courses', 'classes', 'enrollments'] : [])]);
  const files = [
    ...['academicSessions', 'categories', 'classes', 'classResources', 'courses', 'courseResources', 'demographics', 'enrollments'],
    ...['lineItemLearningObjectiveIds', 'lineItems', 'lineItemScoreScales', 'orgs', 'resources', 'resultLearningObjectiveIds', 'results'],
    ...['resultScoreScales', 'roles', 'scoreScales', 'userProfiles', 'userResources', 'users'],
  ];
  return [
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.2'],
    ...files.map((file) => [`file.${file}`, bulk.has(file) ? 'bulk' : 'absent']),
    ['source.systemName', 'Riverside sample district'],
    ['source.systemCode', 'riverside'],
  ];
}

function orgRows(schools: readonly School[]): Cells[] {
  return [
    [DISTRICT, '', '', 'Riverside District', 'district', 'RD', ''],
    ...schools.map(({ id, name }) => [id, '', '', name, 'school', id.slice(4), DISTRICT]),
  ];
}

const USERS_HEADER =
  'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,' +
  'userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns';

function userRow(person: DistrictPerson): string[] {
  const { id, enabled, username, givenName, familyName, email, phone, grade, preferredGivenName, school } = person;
  const tail = ['', '', preferredGivenName, '', '', school?.id ?? DISTRICT, ''];
  return [id, '', '', String(enabled), username, `{SIS:${id.slice(4)}}`, givenName, familyName, '', id.slice(4), email, '', phone, '', grade, '', ...tail];
}

/** Students 50, 100, 150 and 200 have the broken rows; 250 and 251 share a user name, which is no broken row (D4). */
function* userRows(people: Iterable<DistrictPerson>, withBroken: boolean): Generator<Cells> {
  let student = 0;
  let before: DistrictPerson | undefined;
  for (const person of people) {
    student += person.role === 'student' ? 1 : 0;
    const row = userRow(person);
    const turn = withBroken && person.role === 'student' ? student : 0;
    if (turn === 50) row[3] = 'yes';
    if (turn === 100) row.splice(7, 1, `${person.familyName} `, ' Jr.');
    if (turn === 200) row[2] = '2026-02-31';
    if (turn === 251 && before !== undefined) row[4] = before.username;
    yield row;
    if (turn === 150) yield row;
    before = person;
  }
}

function* roleRows(people: Iterable<DistrictPerson>, withBroken: boolean): Generator<Cells> {
  let student = 0;
  for (const { id, role, school } of people) {
    student += role === 'student' ? 1 : 0;
    const org = withBroken && role === 'student' && student === 75 ? 'SCH-999' : (school?.id ?? DISTRICT);
    yield [`ROLE-${id}`, '', '', id, 'primary', role, BEGIN, '', org, ''];
  }
}

function courseRows(): Cells[] {
  const row = (id: string, title: string): Cells => [id, '', '', YEAR, title, id, '', DISTRICT, '', ''];
  return [row(COURSES.homeroom, 'Homeroom'), row(COURSES.department, 'Department'), row(COURSES.coaches, 'Coaching')];
}

const HOMEROOMS = ['A', 'B', 'C', 'D'] as const;

function homeroomOf(school: School, grade: string, letter: string): string {
  return `CLS-${school.id.slice(4)}-H${grade}${letter}`;
}

function departmentOf(school: School, index: number): string {
  return `CLS-${school.id.slice(4)}-D${index + 1}`;
}

function coachesOf(school: School): string {
  return `CLS-${school.id.slice(4)}-C`;
}

function* classRows(schools: readonly School[]): Generator<Cells> {
  for (const school of schools) {
    const row = (id: string, title: string, course: string, type: string, grade: string): Cells => [
      id,
      '',
      '',
      title,
      grade,
      course,
      '',
      type,
      '',
      school.id,
      YEAR,
      '',
      '',
      '',
    ];
    for (const [index, name] of DEPARTMENTS.entries()) yield row(departmentOf(school, index), `${name} department`, COURSES.department, 'scheduled', '');
    yield row(coachesOf(school), 'Coaches', COURSES.coaches, 'scheduled', '');
    for (const grade of school.grades)
      for (const letter of HOMEROOMS) yield row(homeroomOf(school, grade, letter), `Homeroom ${grade}${letter}`, COURSES.homeroom, 'homeroom', grade);
  }
}

/** Every teacher is in a department and leads or helps in a homeroom; every seventh coaches; every student is in a homeroom. */
function* enrollmentRows(people: Iterable<DistrictPerson>, withBroken: boolean): Generator<Cells> {
  let number = 0;
  let turn = 0;
  for (const { id, role, school, grade } of people) {
    if (school === null || (role !== 'teacher' && role !== 'student')) continue;
    turn += 1;
    const lap = Math.floor(turn / 7);
    const letter = HOMEROOMS[lap % HOMEROOMS.length] ?? 'A';
    const classes =
      role === 'student'
        ? [homeroomOf(school, grade, letter)]
        : [
            departmentOf(school, lap % DEPARTMENTS.length),
            homeroomOf(school, school.grades[lap % school.grades.length] ?? '', letter),
            ...(turn % 7 === 0 ? [coachesOf(school)] : []),
          ];
    for (const entry of classes) {
      number += 1;
      const named = withBroken && number === 2_000 ? 'CLS-999' : entry;
      yield [`ENR-${number}`, '', '', named, school.id, id, role, String(role === 'teacher'), BEGIN, ''];
    }
  }
}
