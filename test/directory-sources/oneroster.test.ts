import { describe, expect, it } from 'vitest';
import { oneRosterSource } from '../../src/directory-sources/oneroster/source.ts';
import { SourceFault } from '../../src/ports/directory-source.ts';
import { directorySourceContract, only, recordsOf } from '../contracts/directory-source.ts';
import { folderWith } from './folders.ts';

const manifest = (version: string, modes: Readonly<Record<string, string>> = {}): string => {
  const files: Record<string, string> = {
    orgs: 'bulk',
    users: 'bulk',
    classes: 'bulk',
    enrollments: 'bulk',
    demographics: 'absent',
    ...(version === '1.1' ? {} : { roles: 'bulk' }),
    ...modes,
  };
  const lines = Object.entries(files).map(([file, mode]) => `file.${file},${mode}`);
  return ['propertyName,value', 'manifest.version,1.0', `oneroster.version,${version}`, ...lines, 'source.systemName,Test SIS', ''].join('\r\n');
};

const ORGS =
  'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nD,,,Riverside District,district,,\nN,,,North High,school,1,D\nS,,,South High,school,2,D\n';
const CLASSES =
  'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n' +
  'C1,,,Algebra I,09,CRS,MATH-1,scheduled,,N,T,,,\nC2,,,Algebra I,09,CRS,MATH-2,scheduled,,N,T,,,\nC3,,,Students,,CRS,,scheduled,,S,T,,,\n';
const ENROLLMENTS =
  'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n' +
  'E1,,,C1,N,t1,teacher,true,2026-08-17,2027-06-11\nE2,,,C1,N,s1,student,false,,\nE3,,,C3,S,s2,student,false,,\n';
const USERS_11 =
  'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,metadata.badge\n' +
  't1,,,true,"N,S",teacher,ana,,Ana,Ruiz,,77,ana@riverside.example,,,,,hunter2,B-1\ns1,,,true,N,student,sam,,Sam,O\'Neil,,,,,,,09,,\ns2,,,false,S,student,mei,,美咲,田中,,,,,,,10,,\na1,,,true,D,administrator,lee,,Lee,Okafor,,,,,,,,,\n';
const USERS_12 =
  'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\n' +
  "t1,,,true,ana,,Ana,Ruiz,,77,ana@riverside.example,,,,,hunter2,,,Anita,,,S,\ns1,,,true,sam,,Sam,O'Neil,,,,,,,09,,,,,,,,\ns2,,,false,mei,,美咲,田中,,,,,,,10,,,,,,,,\na1,,,true,lee,,Lee,Okafor,,,,,,,,,,,,,,,\n";
const ROLES =
  'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n' +
  'R1,,,t1,secondary,aide,,,S,\nR2,,,t1,primary,teacher,2026-08-17,,N,\nR3,,,s1,primary,student,,,N,\nR4,,,s2,primary,student,,,S,\nR5,,,a1,primary,districtAdministrator,,,D,\n';

type Files = Readonly<Record<string, string>>;
const FILES_11: Files = { 'manifest.csv': manifest('1.1'), 'orgs.csv': ORGS, 'users.csv': USERS_11, 'classes.csv': CLASSES, 'enrollments.csv': ENROLLMENTS };
const FILES_12: Files = {
  'manifest.csv': manifest('1.2'),
  'orgs.csv': ORGS,
  'users.csv': USERS_12,
  'roles.csv': ROLES,
  'classes.csv': CLASSES,
  'enrollments.csv': ENROLLMENTS,
};

async function source(files: Files, changes: Files = {}) {
  return oneRosterSource({ name: 'sis', folder: await folderWith({ ...files, ...changes }) });
}

async function people(files: Files, changes: Files = {}) {
  return only(await recordsOf(await source(files, changes)), 'person').map((record) => record.person);
}

async function errors(files: Files, changes: Files) {
  return only(await recordsOf(await source(files, changes)), 'broken').map((record) => record.error);
}

async function groupings(files: Files, changes: Files = {}) {
  const found = only(await recordsOf(await source(files, changes)), 'grouping').map((record) => record.grouping);
  return found.map((grouping) => `${grouping.id} ${grouping.name}`).sort();
}

for (const [version, files] of [
  ['1.1', FILES_11],
  ['1.2', FILES_12],
] as const) {
  directorySourceContract(`OneRoster ${version}`, {
    whole: () => source(files),
    broken: async () => ({
      source: await source(files, { 'users.csv': (files['users.csv'] ?? '').replace('s1,,,true', 's1,,,yes') }),
      sourceId: 's1',
      file: 'users.csv',
      line: 3,
    }),
    gone: async () => oneRosterSource({ name: 'sis', folder: '/nonexistent/usher' }),
  });
}

const CLASS_GROUPS = ['sis:N/group/C1 Algebra I (MATH-1)', 'sis:N/group/C2 Algebra I (MATH-2)'];

describe('OneRoster 1.1', () => {
  it('makes each role a role of its school and of what is above it, and each class a group', async () => {
    expect(await groupings(FILES_11)).toEqual(
      [
        ...CLASS_GROUPS,
        'sis:S/group/C3 Students (C3)',
        'sis:D/role/administrator Administrators',
        'sis:D/role/student Students',
        'sis:D/role/teacher Teachers',
        'sis:N/role/student Students',
        'sis:N/role/teacher Teachers',
        'sis:S/role/student Students',
        'sis:S/role/teacher Teachers',
      ].sort(),
    );
  });

  it('reads role, organizations and enabledUser from users.csv, and never the password', async () => {
    const [teacher, , away] = await people(FILES_11);
    expect(teacher).toMatchObject({
      id: 'sis:t1',
      organizationId: 'sis:N',
      groupings: ['sis:D/role/teacher', 'sis:N/group/C1', 'sis:N/role/teacher', 'sis:S/role/teacher'],
      attributes: { userName: 'ana', email: 'ana@riverside.example', identifier: '77', role: 'teacher', 'metadata.badge': 'B-1' },
      status: 'active',
    });
    expect(away).toMatchObject({ id: 'sis:s2', status: 'inactive', attributes: { givenName: '美咲', grade: '10' } });
    expect(JSON.stringify(await people(FILES_11))).not.toContain('hunter2');
  });
});

describe('OneRoster 1.2', () => {
  it('reads roles and organizations from roles.csv, the primary organization from users.csv or the primary role', async () => {
    const [teacher, student, , administrator] = await people(FILES_12);
    expect(teacher).toMatchObject({
      organizationId: 'sis:S',
      groupings: ['sis:D/role/aide', 'sis:D/role/teacher', 'sis:N/group/C1', 'sis:N/role/teacher', 'sis:S/role/aide'],
      attributes: { role: 'teacher', displayName: 'Anita Ruiz', givenName: 'Ana' },
    });
    expect(student).toMatchObject({ organizationId: 'sis:N', groupings: ['sis:D/role/student', 'sis:N/group/C1', 'sis:N/role/student'] });
    expect(administrator).toMatchObject({ organizationId: 'sis:D', groupings: ['sis:D/role/districtadministrator'] });
    expect(await groupings(FILES_12)).toContain('sis:D/role/districtadministrator District administrators');
  });

  it('keeps a role word of its own as it is', async () => {
    expect(await groupings(FILES_12, { 'roles.csv': ROLES.replace('districtAdministrator', 'ext:BusDriver') })).toContain(
      'sis:D/role/ext:busdriver ext:BusDriver',
    );
  });

  it('reads no classes when the manifest says that they are absent', async () => {
    const found = await groupings(FILES_12, { 'manifest.csv': manifest('1.2', { classes: 'absent', enrollments: 'absent' }), 'classes.csv': 'anything' });
    expect(found.filter((line) => line.includes('/group/'))).toEqual([]);
  });

  it('leaves out what is marked tobedeleted, and what refers to it', async () => {
    const changes = {
      'orgs.csv': ORGS.replace('S,,,', 'S,tobedeleted,,'),
      'users.csv': USERS_12.replace('s1,,,true', 's1,tobedeleted,,true').replace(',,,S,', ',,,N,'),
      'classes.csv': CLASSES.replace('C1,,,', 'C1,tobedeleted,,'),
    };
    const found = await people(FILES_12, { ...changes, 'users.csv': `${changes['users.csv']}s3,,,true,kim,,Kim,Lee,,,,,,,,,,,,,,N,\n` });
    expect(found.map((person) => person.sourceId)).toEqual(['t1', 'a1', 's3']);
    expect(found[0]?.groupings).toEqual(['sis:D/role/teacher', 'sis:N/role/teacher']);
    expect(await errors(FILES_12, changes)).toEqual([
      { file: 'users.csv', line: 4, reason: 'neither primaryOrgSourcedId nor a row of roles.csv names an organization', sourceId: 's2' },
    ]);
  });
});

describe('D2 a broken row of a roster', () => {
  it.each([
    ['orgs.csv', 'X,,,,school,,D', 'X', 'name is empty'],
    ['orgs.csv', 'X,gone,,X,school,,D', 'X', 'status is "gone", not active or tobedeleted'],
    ['orgs.csv', 'X,,31.12.2026,X,school,,D', 'X', 'dateLastModified is no date: "31.12.2026"'],
    ['roles.csv', 'R9,,,s1,primary,student,,,X,', 's1', 'no organization "X" in orgs.csv'],
    ['roles.csv', 'R9,,,s1,main,student,,,N,', 's1', 'roleType is "main", not primary or secondary'],
    ['roles.csv', 'R9,,,s1,primary,student,2026-02-30,,N,', 's1', 'beginDate is no date: "2026-02-30"'],
    ['roles.csv', 'R9,,,x9,primary,student,,,N,', 'x9', 'no person "x9" in users.csv'],
    ['roles.csv', 'R9,,,s1,primary,student,N', null, '7 cells where the header has 10'],
    ['classes.csv', 'C9,,,,,CRS,,scheduled,,N,T,,,', 'C9', 'title is empty'],
    ['classes.csv', 'C9,,,Art,,CRS,,scheduled,,X,T,,,', 'C9', 'no organization "X" in orgs.csv'],
    ['classes.csv', 'C1,,,Art,,CRS,,scheduled,,N,T,,,', 'C1', 'sourcedId "C1" stands in an earlier row too'],
    ['enrollments.csv', 'E9,,,C9,N,s1,student,false,,', 's1', 'no class "C9" in classes.csv'],
    ['enrollments.csv', 'E9,,,C1,N,s1,student,false,,soon', 's1', 'endDate is no date: "soon"'],
    ['enrollments.csv', 'E9,,,C1,N,x9,student,false,,', 'x9', 'no person "x9" in users.csv'],
    ['users.csv', 'u9,,,,x,,A,B,,,,,,,,,,,,,,N,', 'u9', 'enabledUser is "", not true or false'],
    ['users.csv', 'u9,,,true,x,,A,B,,,,,,,,,,,,,,X,', 'u9', 'no organization "X" in orgs.csv'],
    ['users.csv', 'u9,,2026-13-01T10:00:00Z,true,x,,A,B,,,,,,,,,,,,,,N,', 'u9', 'dateLastModified is no date: "2026-13-01T10:00:00Z"'],
    ['users.csv', 'u9,,,true,x,,A,B, Jr.,,,,,,,,,,,,,,N,', 'u9', '24 cells where the header has 23'],
  ] as const)('D2 is listed with its line and reason: %s %s', async (file, row, sourceId, reason) => {
    const text = FILES_12[file] ?? '';
    expect(await errors(FILES_12, { [file]: `${text}${row}\n` })).toContainEqual({ file, line: text.split('\n').length, reason, sourceId });
  });

  it('D2 says nothing of the members of a class whose own row is broken', async () => {
    const records = await recordsOf(await source(FILES_12, { 'classes.csv': CLASSES.replace('C1,,,Algebra I', 'C1,,,') }));
    expect(only(records, 'broken').map((record) => [record.about, record.error.sourceId])).toEqual([['grouping', 'C1']]);
    expect(only(records, 'person').find((record) => record.person.sourceId === 's1')?.person.groupings).toEqual(['sis:D/role/student', 'sis:N/role/student']);
  });
});

describe('D2 a roster at fault', () => {
  it.each([
    ['of another version', { 'manifest.csv': manifest('2.0') }, 'oneroster.version must be 1.1 or 1.2'],
    [
      'with delta users',
      { 'manifest.csv': manifest('1.2', { users: 'delta' }) },
      'users.csv is a delta (only what changed). Usher reads whole rosters: export users.csv in bulk mode.',
    ],
    ['with delta enrollments', { 'manifest.csv': manifest('1.2', { enrollments: 'delta' }) }, 'enrollments.csv is a delta'],
    ['without users', { 'manifest.csv': manifest('1.2', { users: 'absent' }) }, 'users.csv is absent'],
    ['without roles', { 'manifest.csv': manifest('1.2', { roles: 'absent' }) }, 'roles.csv is absent'],
    ['with an unknown mode', { 'manifest.csv': manifest('1.2', { orgs: 'some' }) }, 'unknown value for file.orgs'],
    ['with a broken manifest', { 'manifest.csv': 'propertyName,value\noneroster.version,1.2,x\nfile.users,bulk\n' }, 'manifest.csv line 2'],
    ['with the header of another version', { 'users.csv': USERS_11.replace('enabledUser', 'enabled') }, 'The header of users.csv lacks enabledUser'],
    ['cut off in its roles', { 'roles.csv': ROLES.slice(0, -12) }, 'roles.csv is cut off'],
  ] as const)('D2 is refused with what to do: %s', async (_, changes, message) => {
    const fault: unknown = await recordsOf(await source(FILES_12, changes)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(SourceFault);
    expect(fault).toHaveProperty('message', expect.stringContaining(message));
  });
});
