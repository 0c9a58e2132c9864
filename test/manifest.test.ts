import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { TOPICS } from '../commands/command.ts';
import { registry } from '../commands/index.ts';
import { COVERAGE, type Scope } from '../src/sandbox/slack/coverage.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Topics that Slack's own completion shows. */
const WITH_OWN_COMMAND = ['connectors', 'assign', 'sync', 'enroll', 'report'];

/** Slack's limits on a manifest (SLACK.md 3.2), of the fields that this one uses; anything else is refused. */
const manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1) }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().max(140),
    long_description: z.string().min(175).max(4000),
    background_color: z.string().regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/), always_online: z.boolean() }),
    app_home: z.strictObject({ home_tab_enabled: z.boolean(), messages_tab_enabled: z.boolean(), messages_tab_read_only_enabled: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.boolean() }),
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

/** Every Web API method that the app's own sources call: `client.views.open(…)` and the like. */
async function methodsCalled(): Promise<ReadonlySet<string>> {
  const called = new Set<string>();
  const known = COVERAGE.map(({ method }) => method);
  for (const source of await sources('commands', 'src/adapters/slack', 'src/assemble.ts')) {
    for (const [, method] of source.matchAll(/\bclient\)?\s*\.([a-z]+(?:\.[A-Za-z]+)+)\(/g)) if (method !== undefined) called.add(method);
    // Named, not called: handed to something else.
    for (const method of known) if (source.includes(`'${method}'`)) called.add(method);
  }
  return called;
}

async function sources(...places: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const place of places) {
    if (place.endsWith('.ts')) files.push(place);
    else for (const entry of await readdir(join(ROOT, place), { recursive: true })) if (entry.endsWith('.ts')) files.push(join(place, entry));
  }
  return Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')));
}

function scopesOf(scope: Scope): readonly string[] {
  switch (scope.is) {
    case 'none':
    case 'app':
      return [];
    case 'bot':
      return [scope.needs];
    case 'by-kind':
      return ['channels', 'groups', 'im'].map((kind) => `${kind}:${scope.suffix}`);
  }
}

describe('manifest.yml', () => {
  let read: z.infer<typeof manifest>;
  let commands: ReadonlyMap<string, string>;

  beforeAll(async () => {
    read = manifest.parse(parse(await readFile(join(ROOT, 'manifest.yml'), 'utf8')));
    commands = new Map(read.features.slash_commands.map(({ command, usage_hint: hint }) => [command, hint]));
  });

  it('declares /usher and a command for each topic that completion shows, all with escaped users and channels', () => {
    expect([...commands.keys()]).toEqual(['/usher', ...WITH_OWN_COMMAND.map((topic) => `/usher-${topic}`)]);
    expect(read.features.slash_commands.every(({ should_escape: escapes }) => escapes)).toBe(true);
  });

  it.each(WITH_OWN_COMMAND)('declares no /usher-%s that nothing answers', (topic) => {
    expect(TOPICS).toContain(topic);
    expect(registry.flatMap(({ typed = [] }) => typed).map((typed) => typed.topic)).toContain(topic);
  });

  it.each(WITH_OWN_COMMAND)('hints only at verbs of /usher-%s that exist', (topic) => {
    const verbs = registry.flatMap(({ typed = [] }) => typed.filter((one) => one.topic === topic)).map(({ verb }) => verb);
    const hinted = /^\[([a-z|-]+)\]/.exec(commands.get(`/usher-${topic}`) ?? '')?.[1]?.split('|') ?? [];
    expect(hinted.filter((verb) => verb !== 'help' && !verbs.includes(verb))).toEqual([]);
    expect(hinted).not.toEqual([]);
  });

  it('asks for exactly the scopes of the Web API methods that Usher calls', async () => {
    const called = await methodsCalled();
    expect(called.size).toBeGreaterThan(10);
    const covered = COVERAGE.filter(({ method }) => called.has(method));
    expect([...called].filter((method) => !covered.some((row) => row.method === method))).toEqual([]);
    const needed = new Set(['commands', ...covered.flatMap(({ scope }) => scopesOf(scope))]);
    expect([...read.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
  });

  it('listens over the socket, with interactivity and the Home tab on', () => {
    expect(read.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
    expect(read.features.app_home.home_tab_enabled).toBe(true);
    expect(read.settings.event_subscriptions.bot_events).toEqual(['app_home_opened', 'user_change', 'subteam_members_changed', 'subteam_updated']);
  });
});
