import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { assemble } from '../assemble.ts';
import { readConfiguration } from '../config.ts';
import { importDirectory } from '../domain/directory/verbs/import.ts';
import { SCHEDULE } from '../domain/rights/verbs/who.ts';
import { writeDistrict } from './district/write.ts';
import { startMailbox } from './mailbox/server.ts';
import { readManifest } from './manifest.ts';
import { startWorkspace } from './slack/workspace.ts';
import { spawnScimTarget } from './scim/spawn.ts';

/**
 * A world in a box on loopback: a Slack workspace with a page, a SCIM service with a page, a mail server with a page, a school district's roster,
 * and the real Usher between them. Nothing leaves this machine; everything is gone when it ends, unless `--folder` names
 * a place to keep the store in.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4100' },
    'target-port': { type: 'string', default: '4101' },
    'mail-port': { type: 'string', default: '4102' },
    'enroll-port': { type: 'string', default: '4103' },
    people: { type: 'string', default: '6000' },
    folder: { type: 'string' },
  },
});

const SECRET = 'sandbox-token';
const SLACK = { botToken: 'xoxb-sandbox', appToken: 'xapp-sandbox', signingSecret: 'sandbox-signing-secret' };
const root = rootOf(dirname(fileURLToPath(import.meta.url)));
const scratch = await mkdtemp(join(tmpdir(), 'usher-demo-'));
const target = await spawnScimTarget({ token: SECRET, port: Number(values['target-port']), seats: 650 });
const targetHost = new URL(target.url).host;
const mailbox = await startMailbox({ pagePort: Number(values['mail-port']) });
const workspace = await startWorkspace({
  ...(await readManifest(join(root, 'manifest.yml'))),
  ...SLACK,
  port: Number(values.port),
  delivery: { is: 'socket' },
  pageFolder: join(root, 'dist', 'page'),
  links: [
    { label: 'SCIM service', url: target.pageUrl },
    { label: 'Mailbox', url: mailbox.pageUrl },
  ],
});
const roster = join(scratch, 'roster');
await writeDistrict(roster, { seed: 1, people: Number(values.people) });
const environment = {
  USHER_DATA: values.folder ?? join(scratch, 'store'),
  USHER_TIME_ZONE: 'America/Los_Angeles',
  USHER_FIRST_ADMINS: 'U0ANARUIZ',
  USHER_SECRET_KEY: Buffer.alloc(32, 'sandbox').toString('base64'),
  USHER_SECRET_REFERENCES: `env:USHER_SECRET_SANDBOX@${targetHost}`,
  USHER_SECRET_SANDBOX: SECRET,
  USHER_SOURCES: `oneroster:district=${roster}`,
  USHER_TARGET_ALLOW: targetHost,
  USHER_SMTP_URL: mailbox.url,
  USHER_SMTP_PLAIN: 'yes',
  USHER_MAIL_FROM: 'Riverside IT <it@riverside.example>',
  USHER_PAGE_URL: `http://localhost:${values['enroll-port']}`,
  USHER_PAGE_PORT: values['enroll-port'],
  SLACK_BOT_TOKEN: SLACK.botToken,
  SLACK_APP_TOKEN: SLACK.appToken,
  SLACK_API_URL: workspace.apiUrl,
  LOG_LEVEL: 'warn',
};
const usher = await assemble(readConfiguration(environment), { environment });
const [source] = usher.outside.sources;
if (source !== undefined) await importDirectory(usher.outside, SCHEDULE, source);

process.stdout.write(`
  The Slack workspace   ${workspace.url}
  The SCIM service      ${target.pageUrl}   (switch mischief on and off there)
  The mailbox           ${mailbox.pageUrl}   (what Usher mails; mischief there too)

  You are Ana Ruiz, an admin. Type /usher and press Enter, or try this:
    1. /usher-connectors new        Name it Zoom, keep the rest.
    2. Configure it:                base URL   ${target.url}
                                    test address   usher-test@riverside.example
                                    secret     the reference env:USHER_SECRET_SANDBOX
    3. Activate it when the rehearsal has passed.
    4. /usher-assign                Choose Zoom, a school, and its Teachers.
    5. /usher enroll on Zoom        Invitations will go to the mailbox.
    6. /usher-sync preview Zoom, then /usher-sync now Zoom
    7. Open a mail's link           You are who it was for.
    8. /usher-report accounts       A CSV arrives.

  Press Ctrl+C to end it.
`);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    void end().finally(() => process.exit(0));
  });
}

async function end(): Promise<void> {
  await usher.stop();
  await workspace.close();
  await target.close();
  await mailbox.close();
  await rm(scratch, { recursive: true, force: true });
}

/** The checkout: the nearest folder above that holds the manifest, from the sources and from `dist` alike. */
function rootOf(from: string): string {
  return existsSync(join(from, 'manifest.yml')) ? from : rootOf(dirname(from));
}
