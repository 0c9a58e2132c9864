import type { WebClient } from '@slack/web-api';
import Bottleneck from 'bottleneck';
import type { Card } from '../../domain/cards/card.ts';
import { revise } from '../../domain/revise.ts';
import type { Cards } from '../../ports/cards.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import type { Message, ModalView } from '../../../views/blocks.ts';
import { findPosted, postCard } from './card-posting.ts';
import { slackProblem } from './slack-problem.ts';

/** chat.update is tier 3, about 50 a minute for the whole app (SLACK.md 2.8); some are left for others. */
const EDITS_A_MINUTE = 45;

/** Decisions and final states before progress (S2); Bottleneck's scale, 0 first. */
const FIRST = 2;
const LATER = 7;

export interface PostmanParts {
  readonly client: WebClient;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What the card shows now; null where its subject is gone. */
  readonly draw: (card: Card) => Promise<Drawn | null>;
}

/** A card as a message and, where it can stand in a modal, as that. */
export interface Drawn {
  readonly message: Message;
  readonly view: ModalView | null;
}

/** Posts and edits cards until each shows what is wanted; remembers where, so that a retry can't spam. */
export class Postman implements Cards {
  readonly #parts: PostmanParts;
  readonly #edits = new Bottleneck({
    reservoir: EDITS_A_MINUTE,
    reservoirRefreshAmount: EDITS_A_MINUTE,
    reservoirRefreshInterval: 60_000,
    maxConcurrent: 2,
    minTime: 250,
  });
  readonly #posts = new Bottleneck({ maxConcurrent: 1, minTime: 350 });
  readonly #waiting = new Set<string>();
  readonly #stop = new AbortController();
  #underWay = 0;
  #idle: (() => void) | null = null;

  constructor(parts: PostmanParts) {
    this.#parts = parts;
  }

  /** Takes up what a former process left unposted or out of date. */
  async resume(): Promise<void> {
    for await (const page of this.#parts.store.scan('card')) this.changed(page.filter(({ value }) => isBehind(value)).map(({ key }) => key));
  }

  changed(ids: readonly string[]): void {
    for (const id of ids) this.#enqueue(id);
  }

  /** Lets what is being sent finish; nothing new is begun. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#underWay > 0)
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    await Promise.all([this.#edits.disconnect(), this.#posts.disconnect()]);
  }

  #enqueue(id: string): void {
    if (this.#stop.signal.aborted || this.#waiting.has(id)) return;
    this.#waiting.add(id);
    this.#schedule(id).catch((error: unknown) => this.#parts.log.error({ card: id, err: error }, 'a card was not shown'));
  }

  async #schedule(id: string): Promise<void> {
    const stored = await this.#parts.store.get('card', id);
    if (stored === undefined || !isBehind(stored.value)) {
      this.#waiting.delete(id);
      return;
    }
    const lane = stored.value.place.is !== 'view' && stored.value.posted === null ? this.#posts : this.#edits;
    await lane.schedule({ priority: stored.value.urgent ? FIRST : LATER }, () => this.#show(id));
  }

  async #show(id: string): Promise<void> {
    this.#waiting.delete(id);
    if (this.#stop.signal.aborted) return;
    const stored = await this.#parts.store.get('card', id);
    if (stored === undefined || !isBehind(stored.value)) return;
    this.#underWay += 1;
    try {
      await this.#send(stored.value);
    } catch (error) {
      await this.#failed(stored.value, error);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#idle?.();
    }
    this.#enqueue(id);
  }

  async #send(card: Card): Promise<void> {
    const { client, store, draw, clock } = this.#parts;
    const drawn = await draw(card);
    if (drawn === null) {
      await this.#giveUp(card.id, 'its subject is gone');
      return;
    }
    if (card.place.is === 'view') {
      await this.#sendView(card, card.place, drawn.view);
      return;
    }
    const { message } = drawn;
    let posted = card.posted ?? (card.postingSince === null ? null : await findPosted(client, card));
    if (posted === null) {
      await revise(store, 'card', card.id, (now) => ({ ...now, postingSince: clock.now() }));
      posted = await postCard(client, card, message);
    } else {
      await client.chat.update({ channel: posted.channelId, ts: posted.ts, ...message });
    }
    const at = posted;
    await revise(store, 'card', card.id, (now) => ({ ...now, posted: at, shown: Math.max(now.shown, card.wanted) }));
    await this.#sendThreadLines(card, at);
  }

  /** A modal that is gone, or shows something else by now, hands the card over to the person's direct messages. */
  async #sendView(card: Card, place: Extract<Card['place'], { is: 'view' }>, view: ModalView | null): Promise<void> {
    const { client, store } = this.#parts;
    try {
      if (view === null) throw new Error('a card without a view stands in a modal');
      const answer = await client.views.update({ view_id: place.viewId, view, ...(place.hash === null ? {} : { hash: place.hash }) });
      const hash = answer.view?.hash ?? null;
      await revise(store, 'card', card.id, (now) => ({ ...now, place: { ...place, hash }, shown: Math.max(now.shown, card.wanted) }));
    } catch (error) {
      if (slackProblem(error).is === 'later') throw error;
      await revise(store, 'card', card.id, (now) => ({ ...now, place: { is: 'person', userId: place.userId } }));
    }
  }

  async #sendThreadLines(card: Card, at: { readonly channelId: string; readonly ts: string }): Promise<void> {
    for (const line of card.threadLines.filter(({ sent }) => !sent)) {
      await this.#parts.client.chat.postMessage({ channel: at.channelId, thread_ts: at.ts, text: line.text });
      await revise(this.#parts.store, 'card', card.id, (now) => ({
        ...now,
        threadLines: now.threadLines.map((other) => (other.key === line.key ? { ...other, sent: true } : other)),
      }));
    }
  }

  async #failed(card: Card, error: unknown): Promise<void> {
    const problem = slackProblem(error);
    this.#parts.log.warn({ card: card.id, problem: problem.is, code: problem.code }, 'Slack did not take a card');
    switch (problem.is) {
      case 'later':
        await this.#parts.clock.until(this.#parts.clock.now() + problem.wait, this.#stop.signal).catch(() => undefined);
        return;
      case 'lost':
        // Deleted by hand: what is decided or final is worth a new post, progress is not.
        if (card.urgent) await revise(this.#parts.store, 'card', card.id, (now) => ({ ...now, posted: null, postingSince: null }));
        else await this.#giveUp(card.id, problem.code);
        return;
      case 'never':
        await this.#elsewhere(card, problem.code);
        return;
    }
  }

  /** A card that the channel does not take goes to the direct messages of whoever asked for it, if somebody did (S2). */
  async #elsewhere(card: Card, why: string): Promise<void> {
    const { place } = card;
    if (place.is !== 'channel' || place.otherwise === undefined || card.posted !== null) return this.#giveUp(card.id, why);
    const userId = place.otherwise;
    await revise(this.#parts.store, 'card', card.id, (now) => ({ ...now, place: { is: 'person', userId }, postingSince: null }));
  }

  async #giveUp(id: string, why: string): Promise<void> {
    await revise(this.#parts.store, 'card', id, (now) => ({ ...now, givenUp: why }));
  }
}

function isBehind(card: Card): boolean {
  return card.givenUp === null && (card.shown < card.wanted || card.threadLines.some((line) => !line.sent));
}
