import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/.bin/biome');
const BOUNDARY = /noRestrictedImports$|noRestrictedGlobals$|^plugin$/;

/** One row of the table in ARCHITECTURE.md, "Who may import whom": a file that lies there, lines it may hold and lines it may not. */
interface Row {
  readonly file: string;
  readonly may: readonly string[];
  readonly never: readonly string[];
}

const take = (...specifiers: readonly string[]): readonly string[] => specifiers.map((specifier) => `import '${specifier}';`);

const ROWS: readonly Row[] = [
  {
    file: 'src/domain/revision.ts',
    may: take('./sync/run.ts', '../ports/store.ts'),
    never: take('./sync/verbs/start.ts', '../config.ts', '../../views/blocks.ts', 'node:crypto', 'zod', '@slack/types'),
  },
  {
    file: 'src/domain/sync/noun.ts',
    may: take('./run.ts', '../connectors/connector.ts', '../instant.ts', '../../ports/clock.ts'),
    never: take(
      './verbs/start.ts',
      '../rights/verbs/who.ts',
      '../../adapters/undici/target.ts',
      '../../scim/filter.ts',
      '../../sandbox/slack/workspace.ts',
      '../../../commands/command.ts',
      '../../../views/blocks.ts',
      'node:fs',
      '@slack/bolt',
      'undici',
    ),
  },
  {
    file: 'src/domain/sync/verbs/verb.ts',
    may: take('./start.ts', '../run.ts', '../../rights/verbs/who.ts', '../../../ports/store.ts'),
    never: take('../../../adapters/lowdb/store.ts', '../../../config.ts', '../../../../views/blocks.ts', 'lowdb', 'node:fs/promises'),
  },
  {
    file: 'src/domain/reports/verbs/rows/row.ts',
    may: take('./sheet.ts', '../scope.ts', '../../../sync/run.ts', '../../../../ports/store.ts'),
    never: take('../../../../adapters/lowdb/store.ts', '../../../../../views/blocks.ts', 'csv-stringify'),
  },
  {
    file: 'src/command-line/verb.ts',
    may: take(
      './protocol.ts',
      '../domain/audit/verbs/verify.ts',
      '../ports/outside.ts',
      '../adapters/lowdb/audit-files.ts',
      '../../views/refusal.ts',
      'node:net',
      'zod',
    ),
    never: take(
      '../adapters/lowdb/store.ts',
      '../adapters/undici/target.ts',
      '../config.ts',
      '../assemble.ts',
      '../../commands/command.ts',
      '../../views/blocks.ts',
      '@slack/bolt',
    ),
  },
  {
    file: 'src/enrollment-page/part.ts',
    may: take(
      './sealed.ts',
      '../domain/enrollment/verbs/accept.ts',
      '../ports/outside.ts',
      '../../views/enrollment-page/frame.ts',
      'express',
      'helmet',
      'node:http',
      'zod',
    ),
    never: take(
      '../adapters/lowdb/store.ts',
      '../config.ts',
      '../assemble.ts',
      '../../commands/command.ts',
      '../../views/blocks.ts',
      '@slack/bolt',
      'nodemailer',
    ),
  },
  {
    file: 'src/ports/port.ts',
    may: take('./clock.ts', '../domain/sync/run.ts'),
    never: take('../domain/sync/verbs/start.ts', '../adapters/lowdb/store.ts', 'lowdb', 'node:stream'),
  },
  {
    file: 'views/drawing.ts',
    may: [...take('./blocks.ts', '../src/domain/sync/run.ts', '@slack/types'), "import type { CardModel } from '../src/domain/connectors/verbs/card.ts';"],
    never: [
      ...take('../src/ports/store.ts', '../commands/command.ts', '@slack/bolt', '@slack/web-api', 'node:util'),
      "import { card } from '../src/domain/connectors/verbs/card.ts';",
    ],
  },
  {
    file: 'views/sync/drawing-card.ts',
    may: [
      ...take('./run-card.ts', '../blocks.ts', '../../src/domain/sync/run.ts', '@slack/types'),
      "export type { Preview } from '../../src/domain/sync/verbs/preview.ts';",
    ],
    never: [
      ...take('../../src/ports/store.ts', '../../commands/command.ts', '../../src/adapters/slack/web.ts', '@slack/bolt', 'luxon', 'node:util'),
      "import { type Preview, preview } from '../../src/domain/sync/verbs/preview.ts';",
      "export { preview } from '../../src/domain/sync/verbs/preview.ts';",
    ],
  },
  {
    file: 'commands/ask.ts',
    may: take('./command.ts', '../views/blocks.ts', '../src/domain/sync/verbs/start.ts', '../src/ports/outside.ts', '@slack/bolt', 'zod'),
    never: take('../src/adapters/slack/web.ts', '../src/config.ts', '@slack/web-api', 'node:fs', 'lowdb'),
  },
  {
    file: 'commands/sync/ask.ts',
    may: take('../command.ts', '../../views/blocks.ts', '../../src/domain/sync/verbs/start.ts', '../../src/ports/outside.ts', '@slack/bolt', 'zod'),
    never: take('../../src/adapters/slack/web.ts', '../../src/scim/user.ts', '../../src/worker.ts', '@slack/web-api', 'node:fs', 'undici'),
  },
  {
    file: 'src/adapters/lowdb/part.ts',
    may: take('./store.ts', '../../ports/store.ts', '../../domain/sync/run.ts', 'lowdb/node', 'node:fs/promises', 'zod'),
    never: take(
      '../../domain/sync/verbs/start.ts',
      '../undici/target.ts',
      '../../../views/blocks.ts',
      '../../../commands/command.ts',
      '@slack/web-api',
      'undici',
    ),
  },
  {
    file: 'src/adapters/smtp/part.ts',
    may: take('./mail.ts', '../../ports/mail.ts', '../../domain/instant.ts', 'nodemailer', 'node:stream', 'zod'),
    never: take('../../domain/enrollment/verbs/deliver.ts', '../bottleneck/pace.ts', '../../../views/letters/letter.ts', 'smtp-server', 'bottleneck'),
  },
  {
    file: 'src/sandbox/mailbox/part.ts',
    may: take('./mails.ts', '../scim/listen.ts', 'smtp-server', 'postal-mime', 'express', 'node:net'),
    never: take('../../ports/mail.ts', '../../domain/enrollment/letter.ts', '../../../views/letters/letter.ts', 'nodemailer'),
  },
  {
    file: 'src/adapters/undici/part.ts',
    may: take('./target.ts', '../../ports/target.ts', '../../scim/user.ts', 'undici', 'node:dns'),
    never: take('../../domain/sync/verbs/start.ts', '../lowdb/store.ts', '@slack/web-api', 'lowdb'),
  },
  {
    file: 'src/adapters/bottleneck/part.ts',
    may: take('../../ports/pace.ts', 'bottleneck'),
    never: take('../slack/web.ts', '../../domain/sync/verbs/start.ts', '@slack/bolt'),
  },
  {
    file: 'src/adapters/cron/part.ts',
    may: take('../../ports/calendar.ts', 'cron-parser', 'luxon'),
    never: take('../system/clock.ts', '../../config.ts', 'node-cron'),
  },
  {
    file: 'src/adapters/operation/part.ts',
    may: take('../../ports/metrics.ts', 'prom-client', 'node:http'),
    never: take('../slack/web.ts', '../../domain/sync/verbs/start.ts', 'express'),
  },
  { file: 'src/adapters/pino/part.ts', may: take('../../ports/log.ts', 'pino'), never: take('../../worker.ts', '@slack/bolt') },
  {
    file: 'src/adapters/system/part.ts',
    may: take('../../ports/clock.ts', 'node:crypto', 'csv-stringify'),
    never: take('../../scim/user.ts', '@slack/bolt', 'zod'),
  },
  { file: 'src/adapters/unheard-of/part.ts', may: [], never: take('../../ports/clock.ts', 'node:crypto') },
  {
    file: 'src/adapters/slack/part.ts',
    may: take(
      './web.ts',
      '../../ports/cards.ts',
      '../../domain/alerts/verbs/model.ts',
      '../../../views/blocks.ts',
      '@slack/bolt',
      '@slack/web-api',
      'bottleneck',
    ),
    never: take('../../../commands/command.ts', '../lowdb/store.ts', 'lowdb'),
  },
  {
    file: 'src/scim/part.ts',
    may: take('./user.ts', '../ports/target.ts', '../domain/sync/account.ts', 'zod'),
    never: take('../domain/sync/verbs/start.ts', '../adapters/undici/wire.ts', 'undici', 'node:http'),
  },
  {
    file: 'src/directory-sources/part.ts',
    may: take('./records.ts', '../ports/directory-source.ts', 'csv-parse', 'node:fs'),
    never: take('./csv/source.ts', '../domain/directory/verbs/import.ts', '@slack/bolt'),
  },
  {
    file: 'src/directory-sources/csv/part.ts',
    may: take('../records.ts', '../../ports/directory-source.ts', '../../domain/directory/person.ts', 'csv-parse', 'node:fs'),
    never: take('../oneroster/source.ts', '../../domain/directory/verbs/import.ts', '../../adapters/lowdb/store.ts', '../../../views/blocks.ts'),
  },
  {
    file: 'src/sandbox/part.ts',
    may: take('./slack/workspace.ts', 'node:http', 'yaml', '@slack/types'),
    never: take('../config.ts', '../../manifest.ts', '@slack/bolt'),
  },
  {
    file: 'src/sandbox/slack/part.ts',
    may: take('./workspace.ts', '../scim/spawn.ts', 'express', '@slack/types', 'node:http'),
    never: take('../../domain/sync/run.ts', '../../ports/clock.ts', '../../../views/limits.ts', '../../../commands/index.ts', '@slack/bolt', '@slack/web-api'),
  },
  {
    file: 'src/sandbox/slack/validator/part.ts',
    may: take('./index.ts', '../state.ts', 'zod'),
    never: take('../../../domain/sync/run.ts', '../../../../views/limits.ts', '@slack/web-api'),
  },
  {
    file: 'src/sandbox/page/part.tsx',
    may: [...take('./app.tsx', 'preact'), "import type { Shown } from '../slack/control.ts';"],
    never: [...take('../slack/state.ts', '../../domain/sync/run.ts', 'node:http', 'express'), "import { shown } from '../slack/control.ts';"],
  },
  {
    file: 'src/sandbox/page/blocks/part.tsx',
    may: [...take('../app.tsx', 'preact/hooks'), "import type { Shown } from '../../slack/control.ts';"],
    never: [...take('../../slack/state.ts', '../../../domain/sync/run.ts', 'node:http', '@slack/web-api'), "import { shown } from '../../slack/control.ts';"],
  },
  { file: 'src/sandbox/demo.ts', may: take('../assemble.ts', './slack/workspace.ts'), never: take('../../test/clock.ts') },
  {
    file: 'src/assemble.ts',
    may: take('./adapters/lowdb/store.ts', '../commands/index.ts', 'node:path'),
    never: take('./sandbox/slack/workspace.ts', '../test/clock.ts'),
  },
  {
    file: 'src/main.ts',
    may: take('./assemble.ts', './config.ts', './ports/store.ts'),
    never: take('./adapters/lowdb/store.ts', './sandbox/demo.ts', '@slack/bolt'),
  },
  {
    file: 'src/worker.ts',
    may: take('./domain/sync/execute.ts', './ports/work.ts', 'node-cron'),
    never: take('./adapters/lowdb/store.ts', '../commands/index.ts', '../views/blocks.ts', '@slack/bolt'),
  },
  {
    file: 'src/config.ts',
    may: take('zod', 'luxon', './adapters/cron/calendar.ts', './adapters/smtp/settings.ts', './enrollment-page/settings.ts'),
    never: take('./adapters/smtp/mail.ts', './domain/sync/run.ts', './adapters/lowdb/store.ts', 'node:fs'),
  },
  { file: 'src/deliveries.ts', may: take('./ports/store.ts', './domain/deliveries/verbs/remember.ts'), never: take('./worker.ts', 'zod') },
  { file: 'src/in-flight.ts', may: [], never: take('./ports/clock.ts', 'node:timers') },
  { file: 'src/unheard-of/part.ts', may: [], never: take('./other.ts', '../domain/sync/run.ts', 'node:fs') },
];

/** What the domain, the ports, the views and the commands can't touch either, and the ways round the lint. */
const FORBIDDEN: readonly Row[] = [
  'src/domain/sync/verbs/touch.ts',
  'src/domain/sync/touch.ts',
  'src/ports/touch.ts',
  'views/sync/touch.ts',
  'commands/sync/touch.ts',
].map((file) => ({
  file,
  may: ['export const at = (seconds: number) => new Date(seconds * 1000).toISOString();'],
  never: [
    'export const home = process.env.HOME;',
    "export const page = fetch('https://example.org');",
    'setTimeout(() => undefined, 1);',
    'setImmediate(() => undefined);',
    'export const now = Date.now();',
    'export const today = new Date();',
    'export const chance = Math.random();',
    'export const soon = AbortSignal.timeout(5);',
    "export const later = await import('zod');",
    "export type Hidden = import('zod').ZodType;",
    "import './../../../src/config.ts';",
  ],
}));

const reported = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string(), start: z.object({ line: z.number() }).optional() }) })),
});

/** Lines that break a boundary, as `file:line`. */
async function breaches(folder: string, ...args: readonly string[]): Promise<readonly string[]> {
  const ended = await promisify(execFile)(BIOME, ['lint', '--reporter=json', '--max-diagnostics=none', ...args], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
  const { diagnostics } = reported.parse(JSON.parse(ended.stdout));
  const found = diagnostics.filter(({ category }) => BOUNDARY.test(category)).map(({ location }) => `${location.path}:${location.start?.line ?? 0}`);
  return [...new Set(found)].sort();
}

describe('Who may import whom', () => {
  const all = [...ROWS, ...FORBIDDEN];
  let folder = '';
  let found: readonly string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-boundaries-'));
    await cp(join(ROOT, 'biome.boundaries.json'), join(folder, 'biome.json'));
    await cp(join(ROOT, '.biome'), join(folder, '.biome'), { recursive: true });
    for (const { file, may, never } of all) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), [...may, ...never, ''].join('\n'));
    }
    found = await breaches(folder, '.');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(all)('$file is red for every line it must not hold, and only for those', ({ file, may, never }) => {
    expect(
      found
        .filter((place) => place.startsWith(`${file}:`))
        .map((place) => Number(place.split(':')[1]))
        .sort((a, b) => a - b),
    ).toEqual(never.map((_line, index) => may.length + index + 1));
  });

  it('holds in this tree', async () => {
    expect(await breaches(ROOT, '--config-path=biome.boundaries.json', 'src', 'commands', 'views')).toEqual([]);
  });
});
