import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANA, startStage, TARGET_TOKEN } from './app.ts';
import { leaksIn, linkSecretsIn, secretsOf } from './leaks.ts';

describe('the search for secrets', () => {
  const forms = [
    (secret: string) => secret,
    (secret: string) => JSON.stringify({ note: secret }),
    (secret: string) => `https://x.example/?a=${encodeURIComponent(secret)}`,
    (secret: string) => Buffer.from(secret).toString('hex'),
    ...['', 'a', 'ab', 'abc'].flatMap((before) => [
      (secret: string) => Buffer.from(`${before}${secret}`).toString('base64'),
      (secret: string) => Buffer.from(`${before}${secret}, and more`).toString('base64url'),
    ]),
  ];

  it('X6 finds a secret as it is, in JSON, in a URL, in hexadecimal and anywhere in base64', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 16, maxLength: 60 }), fc.string(), fc.constantFrom(...forms), (secret, around, form) => {
        expect(leaksIn([{ name: 'a log line', text: `${around}${form(secret)}${around}` }], [['the token', secret]])).not.toEqual([]);
      }),
    );
  });

  it('X6 finds nothing where no secret is, and never says the secret itself', () => {
    expect(leaksIn([{ name: 'a', text: 'target-token' }], [['t', TARGET_TOKEN]])).toEqual([]);
    expect(leaksIn([{ name: 'a', text: `x${TARGET_TOKEN}x` }], [['t', TARGET_TOKEN]]).join()).not.toContain(TARGET_TOKEN);
  });

  it('X6 knows the secrets of an environment by their names', () => {
    const environment = {
      SLACK_BOT_TOKEN: 'xoxb-1234',
      USHER_SECRET_KEY: 'one:aaaaaaaa,two:bbbbbbbb',
      USHER_SECRET_REFERENCES: 'env:NAME@host.example',
      USHER_DATA: '/srv/usher',
    };
    expect([...secretsOf(environment).values()]).toEqual(['xoxb-1234', 'aaaaaaaa', 'bbbbbbbb']);
  });
});

describe('the links in mails', () => {
  it('X6 E3 are secrets: one that stands anywhere but in a mail is found', () => {
    const secret = 'aB3_-'.repeat(8).concat('xyz');
    const secrets = linkSecretsIn([`Hello,\n\nhttps://enroll.example.org/enroll/${secret}\n\nBye`, 'no link']);
    expect([...secrets.values()]).toEqual([secret]);
    expect(leaksIn([{ name: 'a log line', text: JSON.stringify({ url: `/enroll/${secret}` }) }], secrets)).not.toEqual([]);
    expect(leaksIn([{ name: 'a log line', text: 'a mail was sent' }], secrets)).toEqual([]);
  });
});

describe('a journey', () => {
  it('X6 is searched in what is sent to Slack and to the target, answered, uploaded, logged and stored', async () => {
    const stage = await startStage({ people: 0 });
    expect(await stage.leaks()).toEqual([]);
    const { botToken, appToken } = { botToken: stage.secrets.get('botToken') ?? '', appToken: stage.secrets.get('appToken') ?? '' };
    const ask = (method: string, args: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${stage.workspace.apiUrl}${method}`, { method: 'POST', headers: { authorization: `Bearer ${botToken}` }, body: new URLSearchParams(args) });
    const found = async (): Promise<string> => (await stage.leaks()).join('\n');

    await ask('chat.postMessage', { channel: ANA, text: Buffer.from(`the app token is ${appToken}`).toString('base64') });
    expect(await found()).toContain('in a call of chat.postMessage');
    await fetch(`${stage.targetUrl}/Users?filter=${encodeURIComponent(`userName eq "${TARGET_TOKEN}"`)}`, {
      headers: { authorization: `Bearer ${TARGET_TOKEN}` },
    });
    expect(await found()).toContain('the target’s token (as it is) in GET /Users');
    stage.evidence.push(() => [{ name: 'a log line', text: `failed with ${TARGET_TOKEN}` }]);
    expect(await found()).toContain('the target’s token (as it is) in a log line');
    const data = stage.environment.USHER_DATA ?? '';
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'journal'), `{"key":"${stage.environment.USHER_SECRET_KEY}"}`);
    expect(await found()).toContain(`USHER_SECRET_KEY (as it is) in ${join(data, 'journal')}`);

    // The journey's own search at its end would find these too: that is the next test.
    stage.secrets.clear();
  });

  it.fails('X6 that leaks is red without asking for it', async () => {
    const stage = await startStage({ people: 0 });
    stage.evidence.push(() => [{ name: 'a log line', text: TARGET_TOKEN }]);
  });
});
