import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import type { OrganizationId } from '../../src/domain/directory/organization.ts';
import { put } from '../../src/domain/revise.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { type App, PROVISIONING } from '../app.ts';
import { connector } from '../domain/sync/world.ts';
import { reads } from './steps.ts';

/** The topmost organization of the directory. */
async function rootOf(app: App): Promise<OrganizationId> {
  for await (const page of app.usher().outside.store.scan('organization')) {
    const root = page.find(({ value }) => value.parentId === null);
    if (root !== undefined) return root.key;
  }
  throw new Error('the directory is empty');
}

/** An active connector `zoom` for the whole directory, as its own journey leaves it: straight into the store. */
export async function plant(app: App, changes: Parameters<typeof connector>[1] = {}, baseUrl = app.targetUrl): Promise<Connector> {
  const { store } = app.usher().outside;
  const organizationId = await rootOf(app);
  const zoom = connector(baseUrl, {
    ...changes,
    settings: { secret: { is: 'reference', name: 'env:USHER_SECRET_TARGET' }, ...changes.settings },
    connector: { id: 'zoom', name: 'Zoom', instanceId: 'zoom-1', organizationId, ...changes.connector },
  });
  const instance = { id: 'zoom-1', application: zoom.name, name: zoom.name, organizationId, seats: { is: 'unlimited' as const } };
  await store.transaction({ puts: [put('connector', zoom.id, zoom), put('instance', instance.id, instance)] });
  return zoom;
}

/** Assigns Zoom to the district's teachers, by words. */
export async function assignTeachers({ ana, workspace }: App): Promise<void> {
  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District"');
  await reads(workspace, ana, PROVISIONING, 'next sync');
}

/** The run as the store has it. */
export async function runNow(app: App, runId: string): Promise<Run> {
  const stored = await app.usher().outside.store.get('run', runId);
  if (stored === undefined) throw new Error(`there is no run ${runId}`);
  return stored.value;
}

/** A folder of CSV files with one school and these people, all of them teachers there. */
export async function csvFolder(
  folder: string,
  people: readonly (readonly string[])[],
  names: Readonly<Record<'district' | 'school' | 'teachers', string>>,
): Promise<void> {
  const lines = (rows: readonly (readonly string[])[]): string =>
    rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');
  await mkdir(folder, { recursive: true });
  const files = {
    'organizations.csv': [
      ['id', 'name', 'kind', 'parent'],
      ['d', names.district, 'district', ''],
      ['n', names.school, 'school', 'd'],
    ],
    'groups.csv': [
      ['id', 'organization', 'kind', 'name'],
      ['t', 'n', 'role', names.teachers],
    ],
    'memberships.csv': [['person', 'group'], ...people.map(([id = '']) => [id, 't'])],
    'people.csv': [['id', 'organization', 'userName', 'email', 'givenName', 'familyName'], ...people.map(([id = '', ...rest]) => [id, 'n', ...rest])],
  };
  for (const [name, rows] of Object.entries(files)) await writeFile(join(folder, name), lines(rows));
}
