import { describe, expect, it } from 'vitest';
import type { Answer, Command } from '../../commands/command.ts';
import { actions, button, message, modal, type ModalView, section } from '../../views/blocks.ts';
import { note } from '../../views/notice.ts';
import { type EdgeWorld, PROVISIONING, startEdge } from '../commands/exchange/edge.ts';

const form = (title: string): ModalView =>
  modal({ callbackId: 'home.form', title, submit: 'Save', blocks: [section(title), actions([button({ text: 'More', action: 'home.more' })])] });
const typed = (verb: string, run: () => Promise<Answer>): Command => ({ typed: [{ topic: 'home', verb, usage: `home ${verb}`, summary: verb, run }] });
const screen = message({
  text: 'A screen',
  blocks: [section('A screen'), actions([button({ text: 'More', action: 'home.more' }), button({ text: 'Open', action: 'home.open' })])],
});

const COMMANDS: readonly Command[] = [
  typed('form', async () => ({ is: 'modal', view: form('Form') })),
  typed('screen', async () => ({ is: 'message', message: screen })),
  typed('slow', async () => ({ is: 'modal', view: form('Loading'), later: async () => form('Result') })),
  {
    presses: {
      'home.more': async () => ({ is: 'push', view: form('More') }),
      'home.open': async () => ({ is: 'modal', view: form('Opened') }),
    },
    forms: { 'home.form': async () => ({ is: 'modal', view: form('Saving'), later: async () => form('Saved') }) },
  },
];

/** Waits for words anywhere that Ana can read, and gives them. */
async function reads(edge: EdgeWorld, words: string): Promise<string> {
  const everywhere = (): string => [...edge.told(), ...edge.direct(), edge.modal()].join('\n');
  await edge.workspace.until(() => everywhere().includes(words), `“${words}”`);
  return everywhere();
}

/** The reference that the log has for the error, which the person must have been shown. */
function expectReference(edge: EdgeWorld, code: string, shown: string): void {
  const line = edge.logged.find(({ fields }) => JSON.stringify([fields.err, String(fields.err)]).includes(code));
  expect(line, `a log line about ${code}`).toBeDefined();
  expect(shown).toContain(String(line?.fields.reference));
}

/** What a person reads: what to do next, in words of its code. */
const ADVICE: readonly (readonly [string, string])[] = [
  ['expired_trigger_id', 'Do it once more.'],
  ['exchanged_trigger_id', 'Do it once more.'],
  ['invalid_trigger_id', 'Do it once more.'],
  ['view_too_large', 'Narrow it down'],
  ['ratelimited', 'Try again in a minute.'],
  ['push_limit_reached', 'Close one, then try again.'],
  ['missing_scope', 'Whoever runs Usher has to add it'],
  ['invalid_auth', 'install the app again'],
  ['token_revoked', 'install the app again'],
  ['account_inactive', 'install the app again'],
  ['restricted_action', 'Ask an admin of the workspace'],
  ['internal_error', 'Try again in a minute.'],
  ['service_unavailable', 'Try again in a minute.'],
  ['an_error_of_tomorrow', 'an_error_of_tomorrow'],
];

describe('an error of Slack', () => {
  it.each(ADVICE)('X7 %s while a modal opens: the person reads what to do, with the reference of the log', async (code, advice) => {
    const edge = await startEdge(COMMANDS);
    edge.workspace.fault({ method: 'views.open', error: code });
    await edge.ana.say(PROVISIONING, '/usher home form');
    expectReference(edge, code, await reads(edge, advice));
  });

  it.each([
    ['HTTP 503', { status: 503 }],
    ['a connection that is cut', { drop: 'before' as const }],
  ])('X7 %s is tried once more, and then told', async (_case, fault) => {
    const edge = await startEdge(COMMANDS);
    edge.workspace.fault({ method: 'views.open', times: 2, ...fault });
    await edge.ana.say(PROVISIONING, '/usher home form');
    expectReference(edge, 'slack_webapi', await reads(edge, 'Try again in a minute.'));
    edge.workspace.fault({ method: 'views.open', ...fault });
    await edge.ana.say(PROVISIONING, '/usher home form');
    await edge.workspace.until(() => edge.modal().includes('Form'), 'the form');
  });

  it.each(['view_too_large', 'internal_error', 'invalid_arguments'])(
    'X7 %s for the slow half of a modal stands in the modal: never a “Loading…” for ever',
    async (code) => {
      const edge = await startEdge(COMMANDS);
      edge.workspace.fault({ method: 'views.update', error: code });
      await edge.ana.say(PROVISIONING, '/usher home slow');
      await edge.workspace.until(() => edge.modal().includes('eference'), 'the reason in the modal');
      expectReference(edge, code, edge.modal());
      expect(edge.direct()).toEqual([]);
    },
  );

  it('X7 where not even the reason can stand in the modal, it comes by direct message', async () => {
    const edge = await startEdge(COMMANDS);
    edge.workspace.fault({ method: 'views.update', error: 'fatal_error', times: 5 });
    await edge.ana.say(PROVISIONING, '/usher home slow');
    const shown = await reads(edge, 'fault of its own');
    expectReference(edge, 'fatal_error', shown);
    await edge.drained();
    expect(edge.told()).toHaveLength(1);
  });

  it('X7 for the slow half of a submission stands where the form stood', async () => {
    const edge = await startEdge(COMMANDS);
    await edge.ana.say(PROVISIONING, '/usher home form');
    await edge.workspace.until(() => edge.modal().includes('Form'), 'the form');
    edge.workspace.fault({ method: 'views.update', error: 'view_too_large' });
    await edge.ana.submit();
    await edge.workspace.until(() => edge.modal().includes('Narrow it down'), 'the reason');
    expectReference(edge, 'view_too_large', edge.modal());
  });

  it('X7 for a button in a modal comes by direct message when no modal can open', async () => {
    const edge = await startEdge(COMMANDS);
    await edge.ana.say(PROVISIONING, '/usher home form');
    await edge.workspace.until(() => edge.modal().includes('Form'), 'the form');
    edge.workspace.fault({ method: 'views.push', error: 'exchanged_trigger_id', times: 2 });
    await edge.ana.press('home.more');
    await edge.workspace.until(() => edge.direct().length > 0, 'a direct message');
    expectReference(edge, 'exchanged_trigger_id', edge.direct().join());
  });

  it('X7 for a button in a message is told beside it', async () => {
    const edge = await startEdge(COMMANDS);
    await edge.ana.say(PROVISIONING, '/usher home screen');
    await reads(edge, 'A screen');
    edge.workspace.fault({ method: 'views.open', error: 'expired_trigger_id' });
    await edge.ana.press('home.open');
    expectReference(edge, 'expired_trigger_id', await reads(edge, 'Do it once more.'));
    expect(edge.direct()).toEqual([]);
  });

  it('X7 a message that Slack does not take, by response URL or directly, is told as too long', async () => {
    const edge = await startEdge(COMMANDS);
    edge.workspace.fault({ method: 'response_url', status: 400 });
    edge.workspace.fault({ method: 'chat.postMessage', error: 'msg_too_long' });
    await edge.ana.say(PROVISIONING, '/usher home screen');
    expectReference(edge, 'msg_too_long', await reads(edge, 'Narrow it down'));
  });

  it('X7 while the Home tab is published comes by direct message', async () => {
    const edge = await startEdge(COMMANDS);
    edge.workspace.fault({ method: 'views.publish', error: 'view_too_large' });
    await edge.ana.home();
    await edge.workspace.until(() => edge.direct().length > 0, 'a direct message');
    expectReference(edge, 'view_too_large', edge.direct().join());
  });

  it('X7 where nothing reaches the person any more, the log has the reference', async () => {
    const edge = await startEdge([typed('say', async () => ({ is: 'message', message: note('hello') }))]);
    edge.workspace.fault({ method: 'response_url', status: 404, times: 9 });
    edge.workspace.fault({ method: 'chat.postMessage', error: 'cannot_dm_bot', times: 9 });
    await edge.ana.say(PROVISIONING, '/usher home say');
    await edge.drained();
    const lost = edge.logged.find(({ message: line }) => line === 'an answer did not reach the person');
    expect(lost?.fields.reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/);
  });
});
