import { expect, it } from 'vitest';
import type { Answer, Ask, Command, Press } from '../../../commands/command.ts';
import { routes } from '../../../commands/exchange/routes.ts';
import { named } from '../../../commands/words.ts';
import { note } from '../../../views/notice.ts';

// The routes read one setting of an ask, and hand the rest on.
const ask = { outside: { settings: { name: 'usher' } }, actor: { grants: [{ role: 'viewer' }] } } as unknown as Ask;

const says = (text: string): Answer => ({ is: 'message', message: note(text) });
const said = async (answer: Promise<Answer>): Promise<string> => {
  const given = await answer;
  return given.is === 'message' ? given.message.text : given.is;
};

const help = {
  hub: async () => says('hub'),
  help: async (_: Ask, topic: string | null, typed: string | null) => says(`help ${topic} ${typed}`),
};

const verb = (topic: 'sync' | 'connectors' | 'person', name: string): Command => ({
  typed: [{ topic, verb: name, usage: `${topic} ${name}`, summary: '', run: async (_, words) => says(`${topic} ${name}: ${named(words)}`) }],
});

const all = routes(
  [verb('sync', 'now'), verb('sync', ''), verb('connectors', ''), verb('person', '*'), { presses: { 'sync.now': async () => says('pressed') } }],
  help,
);
const speak = (command: string, text: string): Promise<string> => said(all.typed(ask, command, text));

it('takes the topic from the slash command: /usher-sync now is /usher sync now', async () => {
  expect(await speak('/usher', 'sync now Slack EDU')).toBe('sync now: Slack EDU');
  expect(await speak('/usher-sync', 'now Slack EDU')).toBe('sync now: Slack EDU');
  expect(await speak('/usher-sync', 'NOW "Slack EDU"')).toBe('sync now: Slack EDU');
  expect(await speak('/usher-connectors', '')).toBe('connectors : ');
});

it('bare is the hub, a bare topic its own list', async () => {
  expect(await speak('/usher', '')).toBe('hub');
  expect(await speak('/usher', 'sync')).toBe('sync : ');
});

it('answers unknown words with help, never with silence', async () => {
  expect(await speak('/usher', 'dance')).toBe('help null dance');
  expect(await speak('/usher', 'sync dance Zoom')).toBe('help sync sync dance Zoom');
  expect(await speak('/usher-sync', 'dance')).toBe('help sync dance');
  expect(await speak('/usher', 'help')).toBe('help null null');
  expect(await speak('/usher', 'help syncs')).toBe('help sync null');
  expect(await speak('/usher-sync', 'help')).toBe('help sync null');
  expect(await speak('/usher', 'constructor __proto__')).toBe('help null constructor __proto__');
});

it('reads singular and plural of a topic, and hands all words to a topic without verbs', async () => {
  expect(await speak('/usher', 'connector')).toBe('connectors : ');
  expect(await speak('/usher', 'person Lee Okafor')).toBe('person *: Lee Okafor');
  expect(await speak('/usher', 'person')).toBe('person *: ');
});

it('R1 X7 refuses a key that the command does not show, before it does anything, and names the one that was meant', async () => {
  const heard: string[] = [];
  const run = async (): Promise<Answer> => says(`heard ${heard.push('')}`);
  const shown = { topic: 'enroll', summary: '', run } as const;
  const one = routes(
    [
      { typed: [{ ...shown, verb: '', usage: 'enroll [filter=open|all] [by= @person after=30]' }] },
      { typed: [{ ...shown, verb: 'csv', usage: 'enroll csv' }] },
    ],
    help,
  );
  const refused = (text: string): Promise<unknown> => one.typed(ask, '/usher', text).catch((error: { readonly reason?: unknown }) => error.reason);
  expect(await refused('enroll fitler=all')).toEqual({
    is: 'unknown-key',
    key: 'fitler',
    near: 'filter',
    usage: 'enroll [filter=open|all] [by= @person after=30]',
  });
  expect(await refused('enroll filter=all aft=1')).toMatchObject({ key: 'aft', near: 'after' });
  expect(await refused('enroll by=U1 connector=Zoom')).toMatchObject({ key: 'connector', near: null });
  expect(await refused('enroll csv filter=all')).toMatchObject({ key: 'filter', near: null, usage: 'enroll csv' });
  expect(await refused('enroll constructor=1')).toMatchObject({ key: 'constructor', near: null });
  expect(heard).toEqual([]);
  expect(await said(one.typed(ask, '/usher', 'enroll FILTER=all by=U1 after=3'))).toBe('heard 1');
  expect(await said(one.typed(ask, '/usher', 'enroll "fitler=all"'))).toBe('help enroll enroll "fitler=all"');
});

it('refuses two commands that claim the same words, route or form', () => {
  expect(() => routes([verb('sync', 'now'), verb('sync', 'now')], help)).toThrow('two commands claim "sync now"');
  const press = { presses: { 'sync.now': async () => says('') } };
  expect(() => routes([press, press], help)).toThrow('two commands claim "sync.now"');
  const form = { forms: { 'sync.form': async () => says('') } };
  expect(() => routes([form, form], help)).toThrow('two commands claim "sync.form"');
  const search = { suggestions: { organization: async () => [] } };
  expect(() => routes([search, search], help)).toThrow('two commands claim "organization"');
});

const press = (route: string, value: string | null = null): Press => ({ route, blockId: 'b', value, values: [], view: null, message: null });

it('answers a button and a form of an older version, also one named as what every object has', async () => {
  expect(await said(all.press(ask, press('sync.now')))).toBe('pressed');
  for (const route of ['sync.gone', 'constructor', '__proto__', 'toString'])
    expect(await said(all.press(ask, press(route)))).toContain('older version of Usher');
  expect(await said(all.form(ask, { callbackId: 'sync.gone', viewId: 'V', metadata: null, state: {} }))).toContain('older version of Usher');
  expect(await all.suggest(ask, { route: 'valueOf', typed: '', view: null })).toEqual([]);
});

it('does nothing about an option that stands for no choice', async () => {
  expect(await said(all.press(ask, press('sync.now', 'usher:more')))).toBe('nothing');
  expect(await said(all.press(ask, press('sync.now', 'usher:nothing')))).toBe('nothing');
});
