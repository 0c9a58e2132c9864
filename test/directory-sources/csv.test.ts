import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvSource } from '../../src/directory-sources/csv/source.ts';
import { SourceFault } from '../../src/ports/directory-source.ts';
import { directorySourceContract, only, recordsOf } from '../contracts/directory-source.ts';
import { folderWith } from './folders.ts';

const ORGANIZATIONS = 'id,name,kind,parent,timeZone\nd,Riverside District,district,,Europe/Madrid\nn,North High,school,d,\n';
const GROUPS = 'id,organization,kind,name\nt,n,role,Teachers\nm,n,group,Mathematics\n';
const MEMBERSHIPS = 'person,group\n1,t\n1,m\n2,t\n';
const PEOPLE =
  'id,organization,userName,email,givenName,familyName,status,Badge No\n1,n,ana,ana@riverside.example,Ana,Ruiz,,77\n2,n,sam,,Sam,"O\'Neil, Jr.",inactive,\n3,d,mei,mei@riverside.example,美咲,田中,active,\n';
const FILES = { 'organizations.csv': ORGANIZATIONS, 'groups.csv': GROUPS, 'memberships.csv': MEMBERSHIPS, 'people.csv': PEOPLE };

async function source(changes: Readonly<Record<string, string | Uint8Array>> = {}) {
  return csvSource({ name: 'hr', folder: await folderWith({ ...FILES, ...changes }) });
}

/** The fault that reading ends in. */
async function faultOf(changes: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const fault: unknown = await recordsOf(await source(changes)).then(
    () => 'none',
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(SourceFault);
  return fault instanceof SourceFault ? fault.message : '';
}

async function errorsOf(changes: Readonly<Record<string, string | Uint8Array>>) {
  return only(await recordsOf(await source(changes)), 'broken').map((record) => ({ about: record.about, ...record.error }));
}

async function peopleOf(changes: Readonly<Record<string, string | Uint8Array>> = {}) {
  return only(await recordsOf(await source(changes)), 'person').map((record) => record.person);
}

directorySourceContract('CSV', {
  whole: () => source(),
  broken: async () => ({ source: await source({ 'people.csv': PEOPLE.replace('inactive', 'asleep') }), sourceId: '2', file: 'people.csv', line: 3 }),
  gone: async () => csvSource({ name: 'hr', folder: '/nonexistent/usher' }),
});

describe('a CSV folder', () => {
  it('reads people with their roles, groups, attributes and status', async () => {
    expect(await peopleOf()).toEqual([
      {
        id: 'hr:1',
        source: 'hr',
        sourceId: '1',
        organizationId: 'hr:n',
        groupings: ['hr:n/group/m', 'hr:n/role/t'],
        attributes: { userName: 'ana', email: 'ana@riverside.example', givenName: 'Ana', familyName: 'Ruiz', 'Badge No': '77' },
        status: 'active',
      },
      {
        id: 'hr:2',
        source: 'hr',
        sourceId: '2',
        organizationId: 'hr:n',
        groupings: ['hr:n/role/t'],
        attributes: { userName: 'sam', givenName: 'Sam', familyName: "O'Neil, Jr." },
        status: 'inactive',
      },
      {
        id: 'hr:3',
        source: 'hr',
        sourceId: '3',
        organizationId: 'hr:d',
        groupings: [],
        attributes: { userName: 'mei', email: 'mei@riverside.example', givenName: '美咲', familyName: '田中' },
        status: 'active',
      },
    ]);
  });

  it('reads the same with a byte order mark, Windows line ends, blank lines, other letter case and no last line end', async () => {
    const odd = Object.fromEntries(Object.entries(FILES).map(([name, text]) => [name, `\uFEFF${text.replaceAll('\n', '\r\n\r\n').trimEnd()}`]));
    expect(await peopleOf({ ...odd, 'people.csv': odd['people.csv']?.replace('userName', 'USERNAME').replace('status', 'Status') ?? '' })).toEqual(
      await peopleOf(),
    );
  });

  it('takes names in either Unicode form as the same, and keeps quotes inside a cell', async () => {
    const [person] = await peopleOf({ 'people.csv': 'id,organization,userName,familyName,givenName\n1,n,x,Nun\u0303ez,Robert "Bob" Lee\n2,n,y,,\n' });
    expect(person?.attributes).toEqual({ userName: 'x', familyName: 'Nu\u00f1ez', givenName: 'Robert "Bob" Lee' });
  });

  it('keeps a line break inside a quoted cell as a space', async () => {
    const [person] = await peopleOf({ 'people.csv': 'id,organization,userName,title,givenName\n1,n,x,"Head of\nLanguages",Ana\n2,n,y,,\n' });
    expect(person?.attributes.title).toBe('Head of Languages');
  });

  it('never takes in passwords, nor columns named like parts of objects', async () => {
    const [person] = await peopleOf({ 'people.csv': 'id,organization,userName,Password,constructor,__proto__\n1,n,x,secret,a,b\n2,n,y,,,\n' });
    expect(person?.attributes).toEqual({ userName: 'x' });
    expect(Object.getPrototypeOf(person?.attributes)).toBe(Object.prototype);
  });

  it('keeps organizations with a slash in their key apart', async () => {
    const records = await recordsOf(
      await source({
        'organizations.csv': 'id,name,kind,parent\na,A,school,\na/role/x,B,school,\n',
        'groups.csv': 'id,organization,kind,name\nx/role/y,a,role,R1\ny,a/role/x,role,R2\n',
        'memberships.csv': 'person,group\n',
      }),
    );
    expect(new Set(only(records, 'grouping').map((record) => record.grouping.id)).size).toBe(2);
  });

  it('refuses a source name that would spoil ids', () => {
    expect(() => csvSource({ name: 'a:b', folder: '/x' })).toThrow('letters, digits');
  });
});

describe('D2 a broken row of a CSV folder', () => {
  it.each([
    ['organizations.csv', 'x,,school,d,', 'organization', 'x', 'name is empty'],
    ['organizations.csv', 'x,X,school,d,Mars/Base', 'organization', 'x', 'timeZone is no time zone: "Mars/Base" (one like Europe/Madrid is)'],
    ['groups.csv', 'x,n,team,X', 'grouping', 'x', 'kind is "team", not role or group'],
    ['groups.csv', 't,n,role,Again', 'grouping', 't', 'id "t" stands in an earlier row too'],
    ['groups.csv', 'x,,role,X', 'grouping', 'x', 'organization is empty'],
    ['memberships.csv', '1,x', 'person', '1', 'no role or group "x" in groups.csv'],
    ['memberships.csv', '9,t', 'person', '9', 'no person "9" in people.csv'],
    ['memberships.csv', ',t', 'person', null, 'person is empty'],
    ['people.csv', '9,n,x', 'person', '9', '3 cells where the header has 8'],
    ['people.csv', '9,n,x,,Ann,Lee, Jr.,,,,', 'person', '9', '11 cells where the header has 8'],
    ['people.csv', '9,,x,,,,,', 'person', '9', 'organization is empty'],
    ['people.csv', ',n,x,,,,,', 'person', null, 'id is empty'],
    ['people.csv', `9,n,x,,${'a'.repeat(4_097)},,,`, 'person', '9', 'givenName is longer than 4096 characters'],
    ['people.csv', '9,n,x,,a\u0007b,,,', 'person', '9', 'givenName holds a control character'],
    ['people.csv', `${'k'.repeat(256)},n,x,,,,,`, 'person', 'k'.repeat(256), 'id is longer than 255 characters'],
  ] as const)('D2 is listed with its line and reason: %s %s', async (file, row, about, sourceId, reason) => {
    const lines = FILES[file].split('\n').length;
    expect(await errorsOf({ [file]: `${FILES[file]}${row}\n` })).toContainEqual({ about, file, line: lines, reason, sourceId });
  });

  it('D2 has the right line number after quoted line breaks and blank lines', async () => {
    const errors = await errorsOf({ 'people.csv': 'id,organization,userName,title,x\n1,n,a,"two\r\nlines",\n\n2,n,b,,,,,\n3,n,c,,\n' });
    expect(errors).toMatchObject([{ line: 5, sourceId: '2' }]);
  });
});

describe('D2 a CSV folder at fault', () => {
  it.each([
    ['is empty', { 'people.csv': '' }, 'people.csv is empty'],
    ['has another header', { 'people.csv': 'key,place\n1,2\n' }, 'The header of people.csv lacks id, organization, userName'],
    ['is separated by semicolons', { 'people.csv': PEOPLE.replaceAll(',', ';') }, 'separated by commas'],
    ['names a column twice', { 'people.csv': 'id,organization,userName,ID\n' }, 'names the column id twice'],
    ['is not UTF-8', { 'people.csv': Buffer.from(PEOPLE.replace('Ruiz', 'Núñez'), 'latin1') }, 'people.csv is not UTF-8'],
    ['is UTF-16', { 'people.csv': Buffer.from(`\uFEFF${PEOPLE}`, 'utf16le') }, 'people.csv is not UTF-8'],
    ['ends inside a character', { 'people.csv': Buffer.concat([Buffer.from(`${PEOPLE}9,n,x,,a`), Buffer.from([0xe7, 0xbe])]) }, 'people.csv is not UTF-8'],
    ['is cut off in a row', { 'people.csv': `${PEOPLE}9,n,x` }, 'people.csv is cut off in its last line (5)'],
    ['is cut off in a quoted cell', { 'people.csv': `${PEOPLE}9,n,x,,"Ann` }, 'people.csv is cut off, or a quote in it is never closed'],
    ['has no row of the right length', { 'people.csv': 'id,organization,userName\n1,n\n2,n\n' }, 'No row of people.csv has as many cells'],
    [
      'has a quote that swallows a row',
      { 'people.csv': `${PEOPLE}9,n,x,,"Ann,Lee,,\n10,n,y,,Bob,Lee,"",\n11,n,z,,"Cy",Lee,,\n` },
      'a quote that is not closed, at or just before line 5',
    ],
    ['has a quote that swallows whole rows', { 'memberships.csv': 'person,group\n1,"t\n2,t\n3,t"\n2,t\n' }, 'memberships.csv has a quote that is not closed'],
    ['has a quote that shifts a row', { 'people.csv': `${PEOPLE}9,n,x,,"Ann,Lee,,\n10,n,y,,Bob,Lee",,\n` }, 'people.csv has a quote that is not closed'],
    ['has a quote that swallows everything', { 'people.csv': `${PEOPLE}9,n,x,,"${'Ann,Lee\n'.repeat(40_000)}` }, 'people.csv has a row of more than 256 KB'],
  ] as const)('D2 is refused with what to do when a file %s', async (_, changes, message) => {
    expect(await faultOf(changes)).toContain(message);
  });

  it.each(Object.keys(FILES))('D2 is refused when %s is missing', async (file) => {
    const folder = await folderWith(FILES);
    await rm(join(folder, file));
    await expect(recordsOf(csvSource({ name: 'hr', folder }))).rejects.toThrow(`${file} is missing from the folder`);
  });

  it('D2 is refused when a file is a folder', async () => {
    const folder = await folderWith(FILES);
    await rm(join(folder, 'people.csv'));
    await mkdir(join(folder, 'people.csv'));
    await expect(recordsOf(csvSource({ name: 'hr', folder }))).rejects.toThrow('people.csv is a folder');
  });

  it.skipIf(process.getuid?.() === 0)('D2 is refused when a file may not be read', async () => {
    const folder = await folderWith(FILES);
    await chmod(join(folder, 'people.csv'), 0);
    await expect(recordsOf(csvSource({ name: 'hr', folder }))).rejects.toThrow('people.csv may not be read by Usher');
  });

  it('D2 whatever stands in a file, it is read, listed as broken or refused, and never a crash', async () => {
    const cell = fc.oneof(
      fc.constantFrom('1', 'n', 't', '', '"', '""', '"a,b"', 'x\ny', "O'Neil", '田中', '\u0000'),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const line = fc.array(cell, { maxLength: 9 }).map((cells) => cells.join(','));
    const text = fc.array(line, { maxLength: 8 }).chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((end) => lines.join(end)));
    const header = fc.constantFrom('', 'id,organization,userName,email,givenName,familyName,status,Badge No\n');
    await fc.assert(
      fc.asyncProperty(header, text, async (first, rest) => {
        const records = await recordsOf(await source({ 'people.csv': first + rest })).catch((error: unknown) => error);
        if (!(records instanceof SourceFault)) expect(Array.isArray(records)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('D2 no way of breaking one quote of a folder makes anybody vanish without a fault or a broken row', async () => {
    const people = Array.from({ length: 6 }, (_, index) => `${index + 1},n,u${index},"e${index}@x.example",Ann,"Lee, ${index}",,`);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), async (at, insert) => {
        const text = `${PEOPLE.split('\n')[0]}\n${people.join('\n')}\n`;
        const start = text.indexOf('\n') + 1;
        const place = start + (at % (text.length - start));
        const spoilt = insert ? `${text.slice(0, place)}"${text.slice(place)}` : text.slice(0, place) + text.slice(place).replace('"', '');
        const files = await folderWith({ ...FILES, 'memberships.csv': 'person,group\n', 'people.csv': spoilt });
        const records = await recordsOf(csvSource({ name: 'hr', folder: files })).catch((error: unknown) => error);
        if (records instanceof SourceFault || !Array.isArray(records)) return;
        const ids = new Set(only(records, 'person').map((record) => record.person.sourceId));
        if (only(records, 'broken').length === 0) expect(ids.size).toBe(6);
        else expect(ids.size + only(records, 'broken').length).toBeGreaterThanOrEqual(6);
      }),
      { numRuns: 300 },
    );
  });
});
