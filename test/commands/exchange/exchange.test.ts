import { describe, expect, it } from 'vitest';
import type { Answer, Command } from '../../../commands/command.ts';
import { badInput, Refusal } from '../../../src/domain/refusal.ts';
import { actions, button, externalSelect, input, message, modal, type ModalView, plainInput, section } from '../../../views/blocks.ts';
import { note } from '../../../views/notice.ts';
import { readText } from '../../../views/state.ts';
import { ANA, type EdgeWorld, PROVISIONING, startEdge } from './edge.ts';

const CRASH = new Error('a fault of ours');
const REFERENCE = /[0-9A-HJKMNP-TV-Z]{6}/;

/** Something that a test lets happen when it is time. */
function gate<T>(): { readonly opened: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const typed = (verb: string, run: () => Promise<Answer>): Command => ({ typed: [{ topic: 'home', verb, usage: `home ${verb}`, summary: verb, run }] });
const buttons = (...routes: readonly string[]) => actions(routes.map((route) => button({ text: route, action: route })));
const screen = (...routes: readonly string[]) => message({ text: 'A screen', blocks: [section('A screen'), buttons(...routes)] });
const form = (title = 'Form'): ModalView =>
  modal({
    callbackId: 'home.form',
    title,
    submit: 'Save',
    metadata: { title },
    blocks: [input('Name', plainInput({ action: 'name' })), input('Why', plainInput({ action: 'why' }), { optional: true }), buttons('home.press')],
  });
const openForm = typed('form', async () => ({ is: 'modal', view: form() }));
const openScreen = (...routes: readonly string[]): Command => typed('screen', async () => ({ is: 'message', message: screen(...routes) }));

async function formOf(edge: EdgeWorld): Promise<void> {
  await edge.ana.say(PROVISIONING, '/usher home form');
  await edge.workspace.until(() => edge.ana.modal(), 'the form');
}

async function screenOf(edge: EdgeWorld): Promise<void> {
  await edge.ana.say(PROVISIONING, '/usher home screen');
  await edge.workspace.until(() => edge.told().includes('A screen'), 'the screen');
}

/** The apology with the reference that is in the log line of the crash (X7). */
function expectApology(edge: EdgeWorld, words: string): void {
  const crash = edge.logged.find(({ message: line }) => line === 'an ask failed');
  expect(crash?.fields).toMatchObject({ user: ANA, err: CRASH });
  const reference = String(crash?.fields.reference);
  expect(reference).toMatch(REFERENCE);
  expect(words).toContain(reference);
}

describe('slow answers', () => {
  it('gives only the result where the slow half is soon done', async () => {
    const edge = await startEdge([typed('slow', async () => ({ is: 'message', message: note('Counting…'), later: async () => note('42 people') }))]);
    await edge.ana.say(PROVISIONING, '/usher home slow');
    await edge.workspace.until(() => edge.told().includes('42 people'), 'the result');
    expect(edge.told()).toEqual(['42 people']);
    expect(edge.failures()).toEqual([]);
  });

  it('says after 1.2 s that it goes on, and then gives the result', async () => {
    const result = gate<ReturnType<typeof note>>();
    const edge = await startEdge([typed('slow', async () => ({ is: 'message', message: note('Counting…'), later: () => result.opened }))]);
    await edge.ana.say(PROVISIONING, '/usher home slow');
    await edge.clock.waited();
    await edge.clock.advance(1_199);
    expect(edge.told()).toEqual([]);
    await edge.clock.advance(1);
    await edge.workspace.until(() => edge.told().includes('Counting…'), 'the interim word');
    result.open(note('42 people'));
    await edge.workspace.until(() => edge.told().includes('42 people'), 'the result');
    expect(edge.told()).toEqual(['Counting…', '42 people']);
  });

  it('opens a modal at once, and shows its slow half in its place', async () => {
    const result = gate<ModalView>();
    const edge = await startEdge([typed('modal', async () => ({ is: 'modal', view: form('Loading'), later: () => result.opened }))]);
    await edge.ana.say(PROVISIONING, '/usher home modal');
    await edge.workspace.until(() => edge.modal().includes('Loading'), 'the loading modal');
    result.open(form('Ready'));
    await edge.workspace.until(() => edge.modal().includes('Ready'), 'the slow half');
    expect(edge.failures()).toEqual([]);
  });

  it('shows a message asked for in the Home tab as a modal, at once, and its result in the same modal', async () => {
    const result = gate<ReturnType<typeof note>>();
    const edge = await startEdge([{ presses: { 'home.try': async () => ({ is: 'message', message: note('Counting…'), later: () => result.opened }) } }]);
    await edge.ana.home();
    await edge.workspace.until(() => edge.workspace.homeView(ANA), 'the Home tab');
    await edge.ana.press('home.try');
    await edge.workspace.until(() => edge.modal().includes('Counting…'), 'the interim word');
    result.open(note('42 people'));
    await edge.workspace.until(() => edge.modal().includes('42 people'), 'the result');
    expect(edge.workspace.state(ANA)?.modals).toHaveLength(1);
    expect(edge.failures()).toEqual([]);
  });

  it('replaces the ephemeral message whose button was pressed, where the answer says so', async () => {
    const edge = await startEdge([
      openScreen('home.next'),
      { presses: { 'home.next': async () => ({ is: 'message', message: note('Page 2'), replaces: true }) } },
    ]);
    await screenOf(edge);
    await edge.ana.press('home.next');
    await edge.workspace.until(() => edge.told().includes('Page 2'), 'page 2');
    expect(edge.told()).toEqual(['Page 2']);
  });

  it('a submission shows the slow half of its answer in the form’s place, a message too', async () => {
    const edge = await startEdge([
      openForm,
      { forms: { 'home.form': async () => ({ is: 'message', message: note('Saving…'), later: async () => note('Saved 42') }) } },
    ]);
    await formOf(edge);
    await edge.ana.submit({ name: 'Zoom' });
    await edge.workspace.until(() => edge.modal().includes('Saved 42'), 'the result');
    expect(edge.failures()).toEqual([]);
  });
});

describe('submissions', () => {
  it('X7 a refusal comes on top of the form, so that nothing typed is lost', async () => {
    const refuse = async (): Promise<Answer> => {
      throw new Refusal({ is: 'nothing-to-do', detail: 'Zoom is syncing.' });
    };
    const edge = await startEdge([openForm, { forms: { 'home.form': refuse } }]);
    await formOf(edge);
    await edge.ana.submit({ name: 'Zoom', why: 'a long text' });
    expect(edge.modal()).toContain('Zoom is syncing.');
    await edge.ana.dismiss();
    expect(edge.ana.modal()?.values).toMatchObject({ name: { name: { value: 'Zoom' } }, why: { why: { value: 'a long text' } } });
    expect(edge.failures()).toEqual([]);
  });

  it('X7 bad input is told under its field, and the form stays', async () => {
    const edge = await startEdge([
      openForm,
      {
        forms: {
          'home.form': async ({ actor }, { state }) => {
            throw badInput(readText(state, 'name'), `${actor.userId} typed that.`, 'Type another.');
          },
        },
      },
    ]);
    await formOf(edge);
    await edge.ana.submit({ name: 'why' });
    expect(edge.ana.modal()?.errors).toEqual({ why: `${ANA} typed that. Type another.` });
    expect(edge.ana.modal()?.values).toMatchObject({ name: { name: { value: 'why' } } });
  });

  it('X7 bad input that is about no field of this form comes on top: Slack would refuse the sentence', async () => {
    const edge = await startEdge([
      openForm,
      {
        forms: {
          'home.form': async () => {
            throw badInput('elsewhere', 'The mapping lacks a user name.', 'Map it.');
          },
        },
      },
    ]);
    await formOf(edge);
    await edge.ana.submit({ name: 'Zoom' });
    expect(edge.modal()).toContain('The mapping lacks a user name.');
    expect(edge.workspace.state(ANA)?.modals).toHaveLength(2);
    expect(edge.failures()).toEqual([]);
  });

  it('X7 in the third view a refusal is told under the first field, since no fourth can stand there', async () => {
    const push = async (): Promise<Answer> => ({ is: 'push', view: form('Deeper') });
    let refuse = false;
    const edge = await startEdge([
      openForm,
      {
        presses: { 'home.press': push },
        forms: {
          'home.form': async () => {
            if (refuse) throw new Refusal({ is: 'changed-meanwhile', what: 'Zoom' });
            return push();
          },
        },
      },
    ]);
    await formOf(edge);
    await edge.ana.press('home.press');
    await edge.workspace.until(() => edge.workspace.state(ANA)?.modals.length === 2, 'the second view');
    await edge.ana.submit({ name: 'two' });
    expect(edge.workspace.state(ANA)?.modals).toHaveLength(3);
    refuse = true;
    await edge.ana.submit({ name: 'three' });
    expect(edge.ana.modal()?.errors).toMatchObject({ name: expect.stringContaining('Zoom was changed by someone else') });
    expect(edge.failures()).toEqual([]);
  });

  it('closes every view of the stack where the answer is close', async () => {
    const edge = await startEdge([openForm, { forms: { 'home.form': async () => ({ is: 'close' }) } }]);
    await formOf(edge);
    await edge.ana.submit({ name: 'Zoom' });
    expect(edge.ana.modal()).toBeUndefined();
  });
});

describe('crashes', () => {
  const crash = async (): Promise<never> => {
    throw CRASH;
  };

  it('X7 in a command: an apology where the person stands, with the reference of the log line', async () => {
    const edge = await startEdge([typed('crash', crash)]);
    await edge.ana.say(PROVISIONING, '/usher home crash');
    await edge.workspace.until(() => edge.told().length > 0, 'the apology');
    expectApology(edge, edge.told().join());
    expect(edge.told().join()).toContain('Try again.');
  });

  it('X7 in the slow half of a command', async () => {
    const edge = await startEdge([typed('crash', async () => ({ is: 'message', message: note('Counting…'), later: crash }))]);
    await edge.ana.say(PROVISIONING, '/usher home crash');
    await edge.workspace.until(() => edge.told().length > 0, 'the apology');
    expectApology(edge, edge.told().join());
  });

  it('X7 in a button of a message', async () => {
    const edge = await startEdge([openScreen('home.crash'), { presses: { 'home.crash': crash } }]);
    await screenOf(edge);
    await edge.ana.press('home.crash');
    await edge.workspace.until(() => edge.told().length > 1, 'the apology');
    expectApology(edge, edge.told().join());
    expect(edge.told()[0]).toBe('A screen');
  });

  it('X7 in a button of a modal: on top, the form stays', async () => {
    const edge = await startEdge([openForm, { presses: { 'home.press': crash } }]);
    await formOf(edge);
    await edge.ana.press('home.press');
    await edge.workspace.until(() => edge.workspace.state(ANA)?.modals.length === 2, 'the apology');
    expectApology(edge, edge.modal());
  });

  it('X7 in a button of the Home tab', async () => {
    const edge = await startEdge([{ presses: { 'home.try': crash } }]);
    await edge.ana.home();
    await edge.workspace.until(() => edge.workspace.homeView(ANA), 'the Home tab');
    await edge.ana.press('home.try');
    await edge.workspace.until(() => edge.ana.modal(), 'the apology');
    expectApology(edge, edge.modal());
  });

  it('X7 in a submission: on top of the form', async () => {
    const edge = await startEdge([openForm, { forms: { 'home.form': crash } }]);
    await formOf(edge);
    await edge.ana.submit({ name: 'Zoom' });
    expectApology(edge, edge.modal());
    expect(edge.workspace.state(ANA)?.modals).toHaveLength(2);
  });

  it('X7 in the slow half of a modal', async () => {
    const edge = await startEdge([typed('modal', async () => ({ is: 'modal', view: form('Loading'), later: crash }))]);
    await edge.ana.say(PROVISIONING, '/usher home modal');
    await edge.workspace.until(() => edge.modal().includes('Something in Usher failed'), 'the apology');
    expectApology(edge, edge.modal());
  });

  it('X7 in a suggestion: as the only option, which stands for no choice', async () => {
    const search = message({
      text: 'A screen',
      blocks: [section('A screen', { accessory: externalSelect({ action: 'home.search', placeholder: 'Search' }) })],
    });
    const pressed: unknown[] = [];
    const edge = await startEdge([
      typed('screen', async () => ({ is: 'message', message: search })),
      {
        suggestions: { 'home.search': crash },
        presses: {
          'home.search': async (_, press) => {
            pressed.push(press);
            return { is: 'nothing' };
          },
        },
      },
    ]);
    await screenOf(edge);
    const offered = await edge.ana.suggest('home.search', 'zoom');
    expectApology(edge, JSON.stringify(offered));
    await edge.ana.press('home.search', 'usher:nothing');
    await edge.drained();
    expect(pressed).toEqual([]);
    expect(edge.failures()).toEqual([]);
  });

  it('X7 while the Home tab is drawn: by direct message', async () => {
    const edge = await startEdge([]);
    edge.workspace.fault({ method: 'views.publish', error: 'internal_error' });
    await edge.ana.home();
    await edge.workspace.until(() => edge.direct().length > 0, 'the apology');
    expect(edge.direct()[0]).toContain(String(edge.logged[0]?.fields.reference));
  });
});

describe('what Slack refuses', () => {
  it('X7 a trigger that came too late is told in words', async () => {
    const late = gate<null>();
    const edge = await startEdge([
      typed('modal', async () => {
        await late.opened;
        return { is: 'modal', view: form() };
      }),
    ]);
    await edge.ana.say(PROVISIONING, '/usher home modal');
    edge.slackClock.advance(3_001);
    late.open(null);
    await edge.workspace.until(() => edge.told().length > 0, 'the words');
    expect(edge.told()[0]).toContain('Slack closed the time window for opening this. Do it once more.');
    expect(edge.failures()).toEqual(['trigger views.open: expired_trigger_id']);
  });

  it('X7 a trigger that came too late in a modal or the Home tab: by direct message, since nothing can be opened', async () => {
    const late = gate<null>();
    const edge = await startEdge([
      {
        presses: {
          'home.try': async () => {
            await late.opened;
            return { is: 'modal', view: form() };
          },
        },
      },
    ]);
    await edge.ana.home();
    await edge.workspace.until(() => edge.workspace.homeView(ANA), 'the Home tab');
    await edge.ana.press('home.try');
    edge.slackClock.advance(3_001);
    late.open(null);
    await edge.workspace.until(() => edge.direct().length > 0, 'the words');
    expect(edge.direct()[0]).toContain('Slack closed the time window');
  });

  it('X7 a spent response URL leads to a direct message', async () => {
    const late = gate<ReturnType<typeof note>>();
    const edge = await startEdge([typed('slow', async () => ({ is: 'message', message: note('Counting…'), later: () => late.opened }))]);
    await edge.ana.say(PROVISIONING, '/usher home slow');
    await edge.clock.waited();
    edge.slackClock.advance(31 * 60_000);
    late.open(note('42 people'));
    await edge.workspace.until(() => edge.direct().includes('42 people'), 'the direct message');
    expect(edge.failures()).toEqual(['response-url response_url: expired_url']);
  });

  it('X7 answers a press in a view that was drawn anew meanwhile', async () => {
    const edge = await startEdge([openForm, { presses: { 'home.press': async () => ({ is: 'modal', view: form('Next') }) } }]);
    await formOf(edge);
    edge.workspace.fault({ method: 'views.update', error: 'hash_conflict' });
    await edge.ana.press('home.press');
    await edge.workspace.until(() => edge.modal().includes('Next'), 'the answer');
    await edge.drained();
    expect(edge.workspace.state(ANA)?.modals).toHaveLength(1);
    expect([...edge.told(), ...edge.direct()]).toEqual([]);
    expect(edge.logged).toEqual([]);
  });

  it('says nothing where the slow half finds a closed or changed view', async () => {
    const late = gate<ModalView>();
    const edge = await startEdge([typed('modal', async () => ({ is: 'modal', view: form('Loading'), later: () => late.opened }))]);
    await edge.ana.say(PROVISIONING, '/usher home modal');
    await edge.workspace.until(() => edge.ana.modal(), 'the modal');
    await edge.ana.dismiss();
    late.open(form('Ready'));
    await edge.workspace.heard('views.update');
    await edge.drained();
    expect([...edge.told(), ...edge.direct()]).toEqual([]);
    expect(edge.logged).toEqual([]);
  });

  it('X7 a 429 is said, not waited out while the trigger dies', async () => {
    const edge = await startEdge([openForm]);
    edge.workspace.fault({ method: 'views.open', status: 429, retryAfter: 30 });
    await edge.ana.say(PROVISIONING, '/usher home form');
    await edge.workspace.until(() => edge.told().length > 0, 'the words');
    expect(edge.told()[0]).toContain('Slack asks Usher to slow down.');
  });
});

describe('repeated deliveries', () => {
  it('X3 a command that comes twice has one effect', async () => {
    let runs = 0;
    const edge = await startEdge([
      typed('count', async () => {
        runs += 1;
        return { is: 'message', message: note(`run ${runs}`) };
      }),
    ]);
    edge.workspace.deliverTwice('slash_commands');
    await edge.ana.say(PROVISIONING, '/usher home count');
    await edge.workspace.until(() => edge.told().length > 0, 'the answer');
    await edge.ana.say(PROVISIONING, '/usher home count');
    await edge.workspace.until(() => edge.told().length > 1, 'the second answer');
    expect(edge.told()).toEqual(['run 1', 'run 2']);
  });

  it('X3 a press that comes twice has one effect', async () => {
    let presses = 0;
    const edge = await startEdge([
      openScreen('home.press'),
      {
        presses: {
          'home.press': async () => {
            presses += 1;
            return { is: 'message', message: note(`press ${presses}`) };
          },
        },
      },
    ]);
    await screenOf(edge);
    edge.workspace.deliverTwice('interactive');
    await edge.ana.press('home.press');
    await edge.workspace.until(() => edge.told().includes('press 1'), 'the answer');
    await edge.drained();
    expect(presses).toBe(1);
  });

  it('X3 a submission that comes twice has one effect, and both deliveries get the same answer', async () => {
    let submissions = 0;
    const edge = await startEdge(
      [
        openForm,
        {
          forms: {
            'home.form': async () => {
              submissions += 1;
              return { is: 'modal', view: form(`Saved ${submissions}`) };
            },
          },
        },
      ],
      { connections: 2 },
    );
    await formOf(edge);
    edge.workspace.deliverTwice('interactive');
    await edge.ana.submit({ name: 'Zoom' });
    expect(edge.modal()).toContain('Saved 1');
    await edge.drained();
    expect(submissions).toBe(1);
    expect(edge.failures()).toEqual([]);
  });
});

describe('older versions', () => {
  it('answers a button and a form that no command knows any more', async () => {
    const edge = await startEdge([openScreen('home.gone'), openForm]);
    await screenOf(edge);
    await edge.ana.press('home.gone');
    await edge.workspace.until(() => edge.told().length > 1, 'the answer');
    expect(edge.told()[1]).toContain('This button belongs to an older version of Usher');
    await formOf(edge);
    await edge.ana.submit({ name: 'Zoom' });
    expect(edge.modal()).toContain('This form belongs to an older version of Usher');
    expect(edge.failures()).toEqual([]);
  });
});
