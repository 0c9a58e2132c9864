import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { BUDGETS, Postman, type PostmanParts } from '../../../src/adapters/slack/postman.ts';
import { backgroundClient } from '../../../src/adapters/slack/web.ts';
import type { Card, Place } from '../../../src/domain/cards/card.ts';
import { newCard, redraw } from '../../../src/domain/cards/show.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Workspace } from '../../../src/sandbox/slack/workspace.ts';
import { modal, section } from '../../../views/blocks.ts';
import { note } from '../../../views/notice.ts';
import { manualClock } from '../../clock.ts';
import { SLACK, startEdge } from '../../commands/exchange/edge.ts';
import { ANA, GENERAL, openWorkspace, PROVISIONING, TOKENS } from '../../sandbox/slack/bolt-app.ts';

const CHANNEL: Place = { is: 'channel', channelId: PROVISIONING };
const ARCHIVED = 'C0ROLLOUT25';
/** As good as no limit, one call at a time. */
const FREE = { burst: 1_000, refill: 1_000, everyMs: 250, width: 1 };
const NEVER_REFILLED = 3_600_000;

/** A postman over a real store and a workspace; time stands still until the test moves it. */
async function office(workspace: Workspace, token: string, budgets: NonNullable<PostmanParts['budgets']> = { edits: FREE, posts: FREE, views: FREE }) {
  const folder = await mkdtemp(join(tmpdir(), 'usher-postman-'));
  const clock = manualClock();
  const logged: string[] = [];
  const take = (_: unknown, message: string): void => void logged.push(message);
  const log = { info: () => undefined, warn: take, error: take };
  const store = await openJsonStore({ folder, clock, log });
  const client = backgroundClient(token, workspace.apiUrl, log);
  let drawn = (): void => undefined;
  const draw = async (card: Card) => {
    drawn();
    const text = card.content.is === 'note' ? card.content.text : card.id;
    if (text === 'crash') throw new Error('it can’t be drawn');
    const shown = `${text} ${card.wanted}`;
    return text === 'gone' ? null : { message: note(shown), view: modal({ callbackId: 'card', title: 'Card', blocks: [section(shown)] }) };
  };
  const hire = (): Postman => new Postman({ client, store, clock, log, draw, budgets });
  let postman = hire();
  onTestFinished(async () => {
    await postman.stop();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const card = async (id: string): Promise<Card> => {
    const stored = await store.get('card', id);
    if (stored === undefined) throw new Error(`there is no card ${id}`);
    return stored.value;
  };
  return {
    client,
    clock,
    store,
    logged,
    card,
    postman: () => postman,
    async show(id: string, place: Place = CHANNEL, text = id, urgent = false): Promise<void> {
      await store.transaction({ puts: [newCard(id, place, { is: 'note', text }, urgent)] });
      postman.changed([id]);
    },
    async redraw(id: string, urgent = false, line?: { readonly key: string; readonly text: string }): Promise<void> {
      await redraw(store, id, urgent, line);
      postman.changed([id]);
    },
    write: async (changed: Card): Promise<void> => {
      await store.transaction({ puts: [put('card', changed.id, changed)] });
    },
    /** The next time that a card is drawn. */
    drawing: () =>
      new Promise<void>((resolve) => {
        drawn = resolve;
      }),
    /** A new process: what the old one was about to do is in the store. */
    async restart(): Promise<void> {
      await postman.stop();
      postman = hire();
      await postman.resume();
    },
    texts: (channelId = PROVISIONING): readonly string[] => workspace.messages(channelId).map(({ text }) => text),
    /** Until the card satisfies, looking at it after every call of the app. */
    async until(id: string, wanted: (now: Card) => boolean): Promise<Card> {
      for (;;) {
        const now = await card(id);
        if (wanted(now)) return now;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    shown(id: string): Promise<Card> {
      return this.until(id, (now) => now.shown === now.wanted && now.threadLines.every(({ sent }) => sent));
    },
    updates: (): number => workspace.calls.filter(({ method }) => method === 'chat.update').length,
    posts: (): number => workspace.calls.filter(({ method }) => method === 'chat.postMessage').length,
  };
}

async function office2(budgets?: PostmanParts['budgets']) {
  const { workspace, clock } = await openWorkspace({ rateLimits: false });
  return { workspace, slackClock: clock, ...(await office(workspace, TOKENS.botToken, budgets)) };
}

describe('a card', () => {
  it('S2 is posted once, then edited in place, and remembered', async () => {
    const world = await office2();
    await world.show('run/R-1');
    await world.shown('run/R-1');
    await world.redraw('run/R-1');
    await world.shown('run/R-1');
    expect(world.texts()).toEqual(['run/R-1 2']);
    expect(world.posts()).toBe(1);
    expect((await world.card('run/R-1')).posted).toMatchObject({ channelId: PROVISIONING });
    expect(world.workspace.failures).toEqual([]);
  });

  it('S2 goes to a person by direct message', async () => {
    const world = await office2();
    await world.show('note', { is: 'person', userId: ANA });
    await world.shown('note');
    expect(world.texts(world.workspace.as(ANA).directChannel())).toEqual(['note 1']);
  });

  it('S2 coalesces its edits: many changes, one edit that shows the last', async () => {
    const world = await office2();
    await world.show('run/R-1');
    await world.shown('run/R-1');
    for (let change = 0; change < 20; change += 1) await redraw(world.store, 'run/R-1', false);
    for (let change = 0; change < 20; change += 1) world.postman().changed(['run/R-1']);
    await world.shown('run/R-1');
    expect(world.texts()).toEqual(['run/R-1 21']);
    expect(world.updates()).toBe(1);
  });

  it('S2 shows the last state too where it changed while it was being sent', async () => {
    const world = await office2();
    await world.show('run/R-1');
    await world.shown('run/R-1');
    world.workspace.fault({ method: 'chat.update', delay: 50 });
    const sent = world.drawing();
    await world.redraw('run/R-1');
    await sent;
    await world.redraw('run/R-1');
    while (world.updates() < 2) {
      world.slackClock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await world.shown('run/R-1');
    expect(world.texts()).toEqual(['run/R-1 3']);
  });

  it('X4 shows what it was given as it is: nothing in it pings or links', async () => {
    const world = await office2();
    await world.show('evil', CHANNEL, '<!channel> <https://evil.example|click>');
    await world.shown('evil');
    expect(world.texts()[0]).not.toContain('<!channel>');
  });
});

describe('urgent cards', () => {
  it('S2 decisions and final states go before progress', async () => {
    const world = await office2({ edits: { burst: 1, refill: 1, everyMs: 250, width: 1 }, posts: FREE });
    for (const id of ['a', 'b', 'c', 'd']) await world.show(id);
    for (const id of ['a', 'b', 'c', 'd']) await world.shown(id);
    for (const id of ['a', 'b', 'c']) await world.redraw(id);
    await world.redraw('d', true);
    for (const id of ['a', 'b', 'c', 'd']) await world.shown(id);
    const order = world.workspace.calls.filter(({ method }) => method === 'chat.update').map(({ args }) => String(args.text).charAt(0));
    expect(order.indexOf('d')).toBeLessThanOrEqual(1);
  });

  it('S2 are urgent for that change only', async () => {
    const world = await office2();
    await world.show('run/R-1');
    await world.shown('run/R-1');
    await world.redraw('run/R-1', true);
    expect((await world.shown('run/R-1')).urgent).toBe(false);
  });
});

describe('the budget', () => {
  it('S2 is under Slack’s fifty edits in any minute, and a hundred of views', () => {
    const most = ({ burst, refill, everyMs }: (typeof BUDGETS)['edits']): number => burst + (60_000 / everyMs) * refill;
    expect(most(BUDGETS.edits)).toBeLessThanOrEqual(50);
    expect((60_000 / BUDGETS.edits.everyMs) * BUDGETS.edits.refill).toBe(45);
    expect(most(BUDGETS.views)).toBeLessThanOrEqual(100);
  });

  it('S2 is one for all cards: what is spent is spent, and posts have their own', async () => {
    const world = await office2({ edits: { burst: 3, refill: 1, everyMs: NEVER_REFILLED, width: 2 }, posts: FREE });
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) await world.show(id);
    for (const id of ids) await world.shown(id);
    for (const id of ids) await world.redraw(id);
    await world.workspace.until(() => world.updates() === 3, 'three edits');
    await world.show('f');
    await world.shown('f');
    expect(world.updates()).toBe(3);
    const behind = await Promise.all(ids.map(async (id) => (await world.card(id)).shown));
    expect(behind.filter((shown) => shown === 1)).toHaveLength(2);
  });
});

describe('a 429', () => {
  it('S2 S12 holds every edit of the workspace as long as Retry-After says, not only that card’s; posts go on', async () => {
    const world = await office2();
    for (const id of ['a', 'b']) await world.show(id);
    for (const id of ['a', 'b']) await world.shown(id);
    world.workspace.fault({ method: 'chat.update', status: 429, retryAfter: 30 });
    await world.redraw('a');
    await world.clock.waited();
    await world.redraw('b', true);
    await world.show('c');
    await world.shown('c');
    expect(world.updates()).toBe(1);
    await world.clock.advance(29_999);
    expect(world.updates()).toBe(1);
    await world.clock.advance(1);
    await world.shown('a');
    await world.shown('b');
    expect(world.texts()).toEqual(['a 2', 'b 2', 'c 1']);
    // What is urgent went first although it came later.
    expect(world.workspace.calls.filter(({ method }) => method === 'chat.update').map(({ args }) => args.text)).toEqual(['a 2', 'b 2', 'a 2']);
  });

  it('S2 holds posts, and the refused post is not looked for in the history', async () => {
    const world = await office2();
    world.workspace.fault({ method: 'chat.postMessage', status: 429, retryAfter: 5 });
    await world.show('a');
    await world.clock.waited();
    expect((await world.card('a')).postingSince).toBeNull();
    await world.clock.advance(5_000);
    await world.shown('a');
    expect(world.texts()).toEqual(['a 1']);
    expect(world.workspace.calls.some(({ method }) => method === 'conversations.history')).toBe(false);
  });
});

describe('a crash', () => {
  it('S2 between posting and remembering never posts twice: the message is found by its key, and goes on', async () => {
    const world = await office2();
    await world.show('run/R-1');
    const posted = await world.shown('run/R-1');
    for (let others = 0; others < 3; others += 1) await world.show(`other/${others}`);
    await world.shown('other/2');
    // As a crash leaves it: begun, not remembered.
    await world.write({ ...posted, posted: null, postingSince: world.clock.now(), shown: 0, wanted: 2 });
    const slackNow = Math.floor(Number(posted.posted?.ts ?? 0) * 1_000);
    await world.write({ ...(await world.card('run/R-1')), postingSince: slackNow });
    await world.restart();
    expect(await world.shown('run/R-1')).toMatchObject({ posted: posted.posted });
    expect(world.texts()).toEqual(['run/R-1 2', 'other/0 1', 'other/1 1', 'other/2 1']);
  });

  it('S2 before posting: it is posted after the restart', async () => {
    const world = await office2();
    await world.store.transaction({ puts: [newCard('run/R-1', CHANNEL, { is: 'note', text: 'run' })] });
    await world.write({ ...(await world.card('run/R-1')), postingSince: world.clock.now() });
    await world.restart();
    await world.shown('run/R-1');
    expect(world.texts()).toEqual(['run 1']);
  });

  it('S2 a lost reply to the post is looked up before anything is posted again', async () => {
    const world = await office2();
    await world.store.transaction({ puts: [newCard('run/R-1', CHANNEL, { is: 'note', text: 'run' })] });
    world.workspace.fault({ method: 'chat.postMessage', drop: 'after' });
    // Ours is behind Slack's clock here; the search begins where the post was begun.
    world.postman().changed(['run/R-1']);
    await world.clock.waited();
    expect(world.texts()).toEqual(['run 1']);
    await world.clock.advance(5_000);
    expect((await world.shown('run/R-1')).posted).not.toBeNull();
    expect(world.texts()).toEqual(['run 1']);
    expect(world.posts()).toBe(1);
  });

  it('S2 where the history may not be read, it is posted rather than lost', async () => {
    const world = await office2();
    await world.store.transaction({ puts: [newCard('run/R-1', CHANNEL, { is: 'note', text: 'run' })] });
    await world.write({ ...(await world.card('run/R-1')), postingSince: world.clock.now() });
    world.workspace.fault({ method: 'conversations.history', error: 'missing_scope' });
    await world.restart();
    await world.shown('run/R-1');
    expect(world.texts()).toEqual(['run 1']);
  });

  it('S2 what changed while nobody was there is shown after the restart', async () => {
    const world = await office2();
    await world.show('run/R-1');
    await world.shown('run/R-1');
    await redraw(world.store, 'run/R-1', true);
    await world.restart();
    await world.shown('run/R-1');
    expect(world.texts()).toEqual(['run/R-1 2']);
  });
});

describe('what Slack will not show', () => {
  async function deleted(): Promise<Awaited<ReturnType<typeof office2>>> {
    const world = await office2();
    await world.show('run/R-1');
    const { posted } = await world.shown('run/R-1');
    await world.client.chat.delete({ channel: posted?.channelId ?? '', ts: posted?.ts ?? '' });
    return world;
  }

  it('progress of a message that somebody deleted is not posted anew; its final state is', async () => {
    const world = await deleted();
    await world.redraw('run/R-1');
    await world.until('run/R-1', ({ givenUp }) => givenUp === 'message_not_found');
    expect(world.texts()).toEqual([]);
    await world.redraw('run/R-1', true);
    expect(await world.shown('run/R-1')).toMatchObject({ givenUp: null });
    expect(world.texts()).toEqual(['run/R-1 3']);
  });

  it('an archived channel is given up, and not tried again', async () => {
    const world = await office2();
    await world.show('run/R-1', { is: 'channel', channelId: ARCHIVED });
    await world.until('run/R-1', ({ givenUp }) => givenUp === 'is_archived');
    await world.redraw('run/R-1', true);
    await world.restart();
    await world.show('other');
    await world.shown('other');
    expect(world.posts()).toBe(2);
  });

  it('S2 where Usher can’t post in the channel, the card goes to whoever asked, by direct message', async () => {
    const world = await office2();
    await world.show('run/R-1', { is: 'channel', channelId: GENERAL, otherwise: ANA });
    await world.shown('run/R-1');
    expect(world.texts(world.workspace.as(ANA).directChannel())).toEqual(['run/R-1 1']);
  });

  it.each(['is_archived', 'not_in_channel', 'channel_not_found', 'restricted_action'])(
    'X7 S2 how it ended goes to whoever asked, by direct message, where the channel takes no more (%s)',
    async (error) => {
      const world = await office2();
      const place = { is: 'channel', channelId: PROVISIONING, otherwise: ANA } as const;
      await world.show('run/R-1', place);
      await world.shown('run/R-1');
      await world.show('run/R-2', place);
      await world.shown('run/R-2');
      world.workspace.fault({ method: 'chat.update', error, times: 2 });
      await world.redraw('run/R-1', true);
      await world.shown('run/R-1');
      expect(world.texts(world.workspace.as(ANA).directChannel())).toEqual(['run/R-1 2']);
      await world.redraw('run/R-2');
      expect(await world.until('run/R-2', ({ givenUp }) => givenUp !== null)).toMatchObject({ givenUp: error });
      expect(world.texts(world.workspace.as(ANA).directChannel())).toHaveLength(1);
    },
  );

  it('a card whose subject is gone, or that can’t be drawn, is given up and holds up no other', async () => {
    const world = await office2();
    await world.show('a', CHANNEL, 'gone');
    await world.show('b', CHANNEL, 'crash');
    await world.show('c');
    await world.shown('c');
    expect(await world.until('a', ({ givenUp }) => givenUp !== null)).toMatchObject({ givenUp: 'its subject is gone' });
    expect(await world.until('b', ({ givenUp }) => givenUp !== null)).toMatchObject({ givenUp: 'it could not be drawn' });
    expect(world.logged).toContain('a card could not be drawn');
  });

  it('a revoked token loses nothing: the card waits, and is posted when the token works again', async () => {
    const world = await office2();
    const mend = world.workspace.fault({ method: 'chat.postMessage', error: 'token_revoked', times: 1 });
    await world.show('a');
    await world.clock.waited();
    mend();
    await world.clock.advance(60_000);
    await world.shown('a');
    expect(world.texts()).toEqual(['a 1']);
  });
});

describe('thread lines', () => {
  it('N2 are added once each, as they are, in the card’s thread', async () => {
    const world = await office2();
    await world.show('alert/A-1');
    await world.redraw('alert/A-1', true, { key: 'recovered', text: 'recovered <!channel>' });
    await world.redraw('alert/A-1', true, { key: 'recovered', text: 'again' });
    const { posted } = await world.shown('alert/A-1');
    await world.redraw('alert/A-1');
    await world.shown('alert/A-1');
    const thread = world.workspace.messages(PROVISIONING).filter(({ threadTs, ts }) => threadTs !== null && ts !== posted?.ts);
    expect(thread).toHaveLength(1);
    expect(thread[0]).toMatchObject({ threadTs: posted?.ts });
    expect(thread[0]?.text).not.toContain('<!channel>');
  });

  it('N2 a crash between adding and remembering adds none twice, and the card is not edited for it', async () => {
    const world = await office2();
    await world.show('alert/A-1');
    await world.redraw('alert/A-1', true, { key: 'recovered', text: 'recovered' });
    const card = await world.shown('alert/A-1');
    const edits = world.updates();
    const posts = world.posts();
    await world.write({ ...card, threadLines: card.threadLines.map((line) => ({ ...line, sent: false })) });
    await world.restart();
    await world.shown('alert/A-1');
    expect([world.updates(), world.posts()]).toEqual([edits, posts]);
  });
});

describe('a card in a modal', () => {
  async function opened() {
    const view = modal({ callbackId: 'home.form', title: 'Rehearsing', blocks: [section('waiting')] });
    const edge = await startEdge([
      { typed: [{ topic: 'home', verb: 'modal', usage: '', summary: '', run: async () => ({ is: 'modal', view }) }] },
      { typed: [{ topic: 'home', verb: 'say', usage: '', summary: '', run: async () => ({ is: 'message', message: note('said') }) }] },
    ]);
    await edge.ana.say(PROVISIONING, '/usher home modal');
    const { id } = await edge.workspace.until(() => edge.ana.modal(), 'the modal');
    const world = await office(edge.workspace, SLACK.botToken);
    await world.show('rehearsal/1', { is: 'view', viewId: id, hash: null, userId: ANA }, 'step');
    await world.shown('rehearsal/1');
    return { edge, id, ...world };
  }

  it('C7 follows step by step in the modal that the person looks at', async () => {
    const { edge, ...world } = await opened();
    expect(edge.modal()).toContain('step 1');
    await world.redraw('rehearsal/1');
    await world.shown('rehearsal/1');
    expect(edge.modal()).toContain('step 2');
    expect(edge.direct()).toEqual([]);
  });

  it('C7 comes by direct message where the modal is gone', async () => {
    const { edge, ...world } = await opened();
    await edge.ana.dismiss();
    await world.redraw('rehearsal/1');
    await world.shown('rehearsal/1');
    expect(edge.direct()).toEqual(['step 2']);
    await world.redraw('rehearsal/1');
    await world.shown('rehearsal/1');
    expect(edge.direct()).toEqual(['step 3']);
  });

  it('C7 comes by direct message where the modal shows something else by now, and leaves that alone', async () => {
    const { edge, id, ...world } = await opened();
    const other = modal({ callbackId: 'home.form', title: 'Other', blocks: [section('the mapping')] });
    await world.client.views.update({ view_id: id, view: other });
    await world.redraw('rehearsal/1');
    await world.shown('rehearsal/1');
    expect(edge.direct()).toEqual(['step 2']);
    expect(edge.modal()).toContain('the mapping');
  });
});
