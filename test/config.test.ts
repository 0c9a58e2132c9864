import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationFault, readConfiguration, VARIABLES } from '../src/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const COMPLETE = {
  SLACK_BOT_TOKEN: 'xoxb-1-never-shown',
  SLACK_APP_TOKEN: 'xapp-1-never-shown',
  USHER_FIRST_ADMINS: 'U012AB3CD',
  USHER_SECRET_KEY: KEY,
};

/** What is wrong with a complete environment changed like this; empty where nothing is. */
function mistakes(changes: Readonly<Record<string, string | undefined>> = {}): readonly string[] {
  try {
    readConfiguration({ ...COMPLETE, ...changes });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationFault)) throw error;
    return error.mistakes;
  }
}

/** The one mistake; fails where there are none or several. */
function mistake(changes: Readonly<Record<string, string | undefined>>): string {
  const all = mistakes(changes);
  expect(all).toHaveLength(1);
  return all[0] ?? '';
}

describe('the configuration', () => {
  it('needs four settings and has a default for every other', () => {
    expect(readConfiguration(COMPLETE)).toEqual({
      name: 'usher',
      dataFolder: './data',
      timeZone: 'UTC',
      firstAdmins: [{ userId: 'U012AB3CD', organizationId: null }],
      secretKey: { id: 'k1', key: Buffer.alloc(32, 7) },
      oldSecretKeys: [],
      secretReferences: [],
      secretsFolder: null,
      sources: [],
      importSchedule: null,
      importThreshold: { people: 10, percent: 10 },
      targetAllow: [],
      slack: {
        botToken: COMPLETE.SLACK_BOT_TOKEN,
        apiUrl: 'https://slack.com/api/',
        incoming: { is: 'socket', appToken: COMPLETE.SLACK_APP_TOKEN, connections: 2 },
      },
      operation: null,
      page: null,
      mail: null,
      stopWithin: 25_000,
      logLevel: 'info',
    });
  });

  it('reports every mistake at once, each with what to do', () => {
    try {
      readConfiguration({
        USHER_NAME: '/usher',
        USHER_TIME_ZONE: 'Madrid',
        USHER_SOURCES: '/data/roster',
        USHER_IMPORT_SCHEDULE: 'daily',
        USHER_IMPORT_HOLD_PERCENT: '120',
        USHER_SECRET_REFERENCES: 'file:box@api.box.com',
        USHER_TARGET_ALLOW: '127.0.0.1:8801',
        USHER_FIRST_ADMIN: 'U012AB3CD',
        SLACK_BOT_TOKEN: 'xapp-1',
        SLACK_CONNECTIONS: 'two',
        LOG_LEVEL: 'loud',
        NODE_ENV: 'production',
      });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigurationFault)) throw error;
      const about = error.mistakes.map((line) => line.split(' ')[0]);
      expect([...about].sort()).toEqual([
        'LOG_LEVEL',
        'SLACK_APP_TOKEN',
        'SLACK_BOT_TOKEN',
        'SLACK_CONNECTIONS',
        'USHER_FIRST_ADMIN',
        'USHER_FIRST_ADMINS',
        'USHER_IMPORT_HOLD_PERCENT',
        'USHER_IMPORT_SCHEDULE',
        'USHER_NAME',
        'USHER_SECRETS_FOLDER',
        'USHER_SECRET_KEY',
        'USHER_SOURCES',
        'USHER_TARGET_ALLOW',
        'USHER_TIME_ZONE',
      ]);
      expect(error.message).toMatch(/^the configuration has 14 mistakes:\n( {2}- .+\n?){14}$/);
      for (const line of error.mistakes) expect(line).toMatch(/must|missing|needs|correct/);
    }
  });

  it('X6 never repeats a secret in a mistake', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), (secret) => {
        const value = `never-shown-${secret}`;
        const said = mistakes({ SLACK_BOT_TOKEN: value, SLACK_APP_TOKEN: value, SLACK_SIGNING_SECRET: value, USHER_SECRET_KEY: value }).join('\n');
        expect(said).toContain('USHER_SECRET_KEY');
        expect(said).not.toContain('never-shown');
      }),
    );
  });

  it('reads an empty or blank variable as an absent one, and trims the others', () => {
    expect(mistakes({ USHER_DATA: '', USHER_TIME_ZONE: '  ', SLACK_PORT: '' })).toEqual([]);
    expect(mistake({ USHER_FIRST_ADMINS: ' ' })).toMatch(/^USHER_FIRST_ADMINS is missing/);
    expect(readConfiguration({ ...COMPLETE, SLACK_BOT_TOKEN: ' xoxb-1\n' }).slack.botToken).toBe('xoxb-1');
  });

  it('names a setting that does not exist: most are misspelt', () => {
    expect(mistake({ USHER_DATA_FOLDER: '/data' })).toMatch(/^USHER_DATA_FOLDER is no setting of Usher/);
    expect(mistakes({ USHER_SECRET_ZOOM: 'a token', HOME: '/root', SLACK_TOKEN: 'of something else' })).toEqual([]);
  });

  it('X1 takes the first admins from here, each for everything or for one organization and below', () => {
    expect(readConfiguration({ ...COMPLETE, USHER_FIRST_ADMINS: 'U012AB3CD, W045EF6GH@district:north' }).firstAdmins).toEqual([
      { userId: 'U012AB3CD', organizationId: null },
      { userId: 'W045EF6GH', organizationId: 'district:north' },
    ]);
    expect(mistake({ USHER_FIRST_ADMINS: '@ana' })).toMatch(/must list Slack user ids/);
  });

  it('X8 says where health and metrics are read, nowhere unless told, and how long a stop may take', () => {
    expect(readConfiguration(COMPLETE)).toMatchObject({ operation: null, stopWithin: 25_000 });
    expect(readConfiguration({ ...COMPLETE, USHER_OPERATION_PORT: '9464', USHER_STOP_SECONDS: '5' })).toMatchObject({
      operation: { host: '127.0.0.1', port: 9464 },
      stopWithin: 5_000,
    });
    expect(readConfiguration({ ...COMPLETE, USHER_OPERATION_PORT: '9464', USHER_OPERATION_HOST: '0.0.0.0' }).operation?.host).toBe('0.0.0.0');
    for (const wrong of ['http', '70000', '-1', '1.5']) expect(mistake({ USHER_OPERATION_PORT: wrong })).toMatch(/^USHER_OPERATION_PORT must be/);
    expect(mistake({ USHER_STOP_SECONDS: '0' })).toMatch(/^USHER_STOP_SECONDS must be at least 1/);
  });

  it('X3 needs the signing secret in HTTP mode, and no app token', () => {
    expect(mistake({ SLACK_MODE: 'http', SLACK_APP_TOKEN: undefined })).toMatch(/^SLACK_SIGNING_SECRET is missing/);
    expect(readConfiguration({ ...COMPLETE, SLACK_MODE: 'http', SLACK_SIGNING_SECRET: 'a-signing-secret', SLACK_PORT: '0' }).slack.incoming).toEqual({
      is: 'http',
      signingSecret: 'a-signing-secret',
      port: 0,
    });
  });

  it('X3 sends the tokens over TLS only, or to this machine', () => {
    expect(mistake({ SLACK_API_URL: 'http://slack.example/api/' })).toMatch(/^SLACK_API_URL must be https/);
    expect(mistake({ SLACK_API_URL: 'slack' })).toMatch(/^SLACK_API_URL must be a URL/);
    expect(readConfiguration({ ...COMPLETE, SLACK_API_URL: 'http://127.0.0.1:4100/api' }).slack.apiUrl).toBe('http://127.0.0.1:4100/api/');
  });

  it('X5 refuses targets that may be private in production, unless that is allowed a second time', () => {
    const allow = { USHER_TARGET_ALLOW: '127.0.0.1:8801' };
    expect(mistakes(allow)).toEqual([]);
    expect(mistake({ ...allow, NODE_ENV: 'production' })).toMatch(/^USHER_TARGET_ALLOW .*USHER_TARGET_ALLOW_IN_PRODUCTION=yes/);
    expect(readConfiguration({ ...COMPLETE, ...allow, NODE_ENV: 'production', USHER_TARGET_ALLOW_IN_PRODUCTION: 'yes' }).targetAllow).toEqual([
      '127.0.0.1:8801',
    ]);
    expect(mistake({ USHER_TARGET_ALLOW: 'https://127.0.0.1:8801/scim' })).toMatch(/must list host:port/);
  });

  it('C6 binds each reference to the hosts that its secret may be sent to', () => {
    expect(
      readConfiguration({ ...COMPLETE, USHER_SECRET_REFERENCES: 'env:USHER_SECRET_ZOOM@api.zoom.us,env:USHER_SECRET_ZOOM@eu.zoom.us:8443' }).secretReferences,
    ).toEqual([{ name: 'env:USHER_SECRET_ZOOM', hosts: ['api.zoom.us', 'eu.zoom.us:8443'] }]);
    for (const wrong of ['env:HOME@api.zoom.us', 'env:USHER_SECRET_ZOOM', 'env:USHER_SECRET_ZOOM@https://api.zoom.us/', 'file:../etc/passwd@api.zoom.us']) {
      expect(mistakes({ USHER_SECRET_REFERENCES: wrong, USHER_SECRETS_FOLDER: '/run/secrets' })).toEqual([
        expect.stringMatching(/^USHER_SECRET_REFERENCES must list/),
      ]);
    }
    expect(mistake({ USHER_SECRET_REFERENCES: 'file:box@api.box.com' })).toMatch(/^USHER_SECRETS_FOLDER is missing/);
  });

  it('X6 takes a key of exactly 32 bytes', () => {
    expect(mistake({ USHER_SECRET_KEY: 'short' })).toMatch(/^USHER_SECRET_KEY must be 32 bytes in base64.*openssl/);
    expect(mistake({ USHER_SECRET_KEY: undefined })).toMatch(/^USHER_SECRET_KEY is missing.*openssl/);
  });

  it('D2 names each directory source once', () => {
    expect(readConfiguration({ ...COMPLETE, USHER_SOURCES: 'oneroster:district=/data/roster, csv:staff=/data/our staff' }).sources).toEqual([
      { kind: 'oneroster', name: 'district', folder: '/data/roster' },
      { kind: 'csv', name: 'staff', folder: '/data/our staff' },
    ]);
    expect(mistake({ USHER_SOURCES: 'csv:staff=/a,oneroster:staff=/b' })).toMatch(/names two sources alike/);
    expect(mistake({ USHER_SOURCES: 'ldap:staff=/a' })).toMatch(/must list directory sources/);
  });

  it('checks the import schedule before it is due', () => {
    expect(readConfiguration({ ...COMPLETE, USHER_IMPORT_SCHEDULE: '0 6 * * 1-5', USHER_TIME_ZONE: 'Europe/Madrid' }).importSchedule).toBe('0 6 * * 1-5');
    for (const wrong of ['tomorrow', '* * * * * *', '0 25 * * *'])
      expect(mistake({ USHER_IMPORT_SCHEDULE: wrong })).toMatch(/^USHER_IMPORT_SCHEDULE must be a cron expression/);
  });

  it('E3 takes a page whose address is public and https, or http on this machine, and says what else it lacks', () => {
    const page = (changes: Readonly<Record<string, string>>) => readConfiguration({ ...COMPLETE, ...changes }).page;
    expect(page({ USHER_PAGE_URL: 'https://enroll.example.org/' })).toEqual({
      url: 'https://enroll.example.org',
      host: '127.0.0.1',
      port: 8_080,
      trustProxy: false,
    });
    expect(page({ USHER_PAGE_URL: 'http://127.0.0.1:8080', USHER_PAGE_PORT: '0', USHER_PAGE_HOST: '::' })).toMatchObject({
      url: 'http://127.0.0.1:8080',
      port: 0,
    });
    for (const url of [
      'http://enroll.example.org',
      'enroll.example.org',
      'https://enroll.example.org/usher',
      'https://a:b@enroll.example.org',
      'https://e.org/?a=1',
      'ftp://e.org',
    ])
      expect(mistake({ USHER_PAGE_URL: url })).toMatch(/^USHER_PAGE_URL must be the public https address/);
    expect(mistake({ USHER_PAGE_PORT: '8080' })).toMatch(/^USHER_PAGE_PORT has no effect without USHER_PAGE_URL/);
    expect(mistake({ USHER_PAGE_URL: 'https://e.org', USHER_PAGE_PORT: 'x' })).toBe('USHER_PAGE_PORT must be a port');
  });

  it('E3 believes X-Forwarded-For of named proxies only', () => {
    const trust = (text: string) => readConfiguration({ ...COMPLETE, USHER_PAGE_URL: 'https://e.org', USHER_PAGE_TRUST_PROXY: text }).page?.trustProxy;
    expect(trust('1')).toBe(1);
    expect(trust('10.0.0.7, fd00::/8,loopback')).toEqual(['10.0.0.7', 'fd00::/8', 'loopback']);
    for (const text of ['yes', 'true', '0', '-1', '10', '10.0.0.0/0', '10.0.0.0/33', '10.0.0.7/8/8', 'proxy.example.org', '10.0.0.7,,'])
      expect(mistake({ USHER_PAGE_URL: 'https://e.org', USHER_PAGE_TRUST_PROXY: text })).toMatch(/^USHER_PAGE_TRUST_PROXY must be how many proxies/);
  });

  it('E3 takes a mail server by STARTTLS or TLS with a login, and says what else it lacks, all at once', () => {
    const page = { USHER_PAGE_URL: 'https://enroll.example.org' };
    const mail = (changes: Readonly<Record<string, string>>) =>
      readConfiguration({ ...COMPLETE, ...page, USHER_MAIL_FROM: 'it@riverside.example', ...changes }).mail;
    expect(
      mail({ USHER_SMTP_URL: 'smtp://usher%40riverside.example:p%40ss%2Fword@smtp.example.org', USHER_MAIL_FROM: 'Riverside IT <it@riverside.example>' }),
    ).toEqual({
      ...{ host: 'smtp.example.org', port: 587, secure: false, plain: false, perSecond: 30 },
      ...{ login: { user: 'usher@riverside.example', password: 'p@ss/word' }, from: { name: 'Riverside IT', address: 'it@riverside.example' } },
    });
    expect(mail({ USHER_SMTP_URL: 'smtps://smtp.example.org/', USHER_MAIL_PER_SECOND: '0.5' })).toMatchObject({
      port: 465,
      secure: true,
      login: null,
      perSecond: 0.5,
    });
    expect(mail({ USHER_SMTP_URL: 'smtp://[::1]:80', USHER_SMTP_PLAIN: 'yes' })).toMatchObject({ host: '::1', port: 80, plain: true });
    for (const url of [
      'smtp.example.org',
      'https://smtp.example.org',
      'smtp://user@smtp.example.org',
      'smtp://a:b%zz@smtp.example.org',
      'smtp://smtp.example.org/x',
      'smtp://',
    ])
      expect(mistake({ ...page, USHER_SMTP_URL: url, USHER_MAIL_FROM: 'it@riverside.example' }), url).toMatch(/^USHER_SMTP_URL must be smtp:/);
    for (const from of ['Riverside', 'a@b@c', 'X <it>', 'X <a@b.example> <c@d.example>'])
      expect(mistake({ ...page, USHER_SMTP_URL: 'smtp://localhost', USHER_MAIL_FROM: from }), from).toMatch(/^USHER_MAIL_FROM must be an address/);
    expect(mistakes({ USHER_SMTP_URL: 'smtp://smtp.example.org', USHER_SMTP_PLAIN: 'yes', USHER_MAIL_PER_SECOND: '0' })).toEqual([
      'USHER_MAIL_PER_SECOND must be at least 0.1',
      'USHER_MAIL_FROM is missing: name the address that enrollment mails come from',
      'USHER_PAGE_URL is missing: mails carry links to the enrollment page, so USHER_SMTP_URL needs its address',
      'USHER_SMTP_PLAIN=yes is for a mail server on this machine (127.0.0.1, localhost): elsewhere mail goes by TLS, so remove it',
    ]);
    expect(mistake({ USHER_MAIL_FROM: 'it@riverside.example' })).toMatch(/^USHER_MAIL_FROM has no effect without USHER_SMTP_URL/);
  });

  it('E3 X6 names no password of the mail server in what it says of a mistake', () => {
    const said = mistakes({ USHER_SMTP_URL: 'smtp://usher:never-shown@smtp.example.org/x', USHER_MAIL_FROM: 'x' }).join();
    expect(said).toContain('USHER_SMTP_URL');
    expect(said).not.toContain('never-shown');
  });

  it('is described whole: .env.example and docs/configuration.md hold every variable, and no other', async () => {
    const example = await readFile('.env.example', 'utf8');
    const inExample = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name).filter((name) => name !== 'USHER_SECRET_ZOOM');
    expect([...inExample].sort()).toEqual([...VARIABLES].sort());
    const page = await readFile('docs/configuration.md', 'utf8');
    const inPage = new Set([...page.matchAll(/^\| `([A-Z][A-Z_]+)`/gm)].map(([, name]) => name));
    expect([...inPage].sort()).toEqual([...VARIABLES].sort());
  });
});
