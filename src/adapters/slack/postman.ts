import type { WebClient } from '@slack/web-api';
import type { Card, Place } from '../../domain/cards/card.ts';
import { revise } from '../../domain/revise.ts';
import type { Cards } from '../../ports/cards.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import type { Message, ModalView } from '../../../views/blocks.ts';
import { note } from '../../../views/notice.ts';
import { findInThread, findPosted, post, type Posted } from './card-posting.ts';
import { type Budget, Lane } from './lane.ts';
import { isLost, slackProblem, type SlackProblem } from './slack-problem.ts';

type Kind = 'posts' | 'edits' | 'views';

/**
 * For the whole workspace (SLACK.md 2.8): `chat.update` is tier 3, about 50 a minute; `views.update` tier 4, 100;
 * posts are one a second and channel, with short bursts.
 */
export const BUDGETS: Readonly<Record<Kind, Budget>> = {
  edits: { burst: 5, refill: 3, everyMs: 4_000, width: 2 },
  views: { burst: 20, refill: 4, everyMs: 3_000, width: 2 },
  posts: { burst: 10, refill: 1, everyMs: 500, width: 1 },
};

export interface PostmanParts {
  readonly client: WebClient;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What the card shows now; null where its subject is gone. */
  readonly draw: (card: Card) => Promise<Drawn | null>;
  /** Default: `BUDGETS`. */
  readonly budgets?: Partial<Readonly<Record<Kind, Budget>>>;
}

/** A card as a message and, where it can stand in a modal, as that. */
export interface Drawn {
  readonly message: Message;
  readonly view: ModalView | null;
}

/** Posts and edits cards until each shows what is wanted; remembers where, so that a retry can't spam. */
export class Postman implements Cards {
  readonly #parts: PostmanParts;
  readonly #lanes: Readonly<Record<Kind, Lane>>;
  readonly #sending = new Set<string>();
  readonly #looking = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(parts: PostmanParts) {
    this.#parts = parts;
    const lane = (kind: Kind): Lane =>
      new Lane({ budget: parts.budgets?.[kind] ?? BUDGETS[kind], clock: parts.clock, stop: this.#stop.signal, work: (id) => this.#show(id, kind) });
    this.#lanes = { posts: lane('posts'), edits: lane('edits'), views: lane('views') };
  }

  /** Takes up what a former process left unposted or out of date. */
  async resume(): Promise<void> {
    for await (const page of this.#parts.store.scan('card')) this.changed(page.filter(({ value }) => isBehind(value)).map(({ key }) => key));
  }

  changed(ids: readonly string[]): void {
    for (const id of ids) {
      const looking: Promise<void> = this.#look(id)
        .catch((error: unknown) => this.#parts.log.error({ card: id, err: error }, 'a card was not shown'))
        .finally(() => this.#looking.delete(looking));
      this.#looking.add(looking);
    }
  }

  /** How many cards wait for their turn, by kind of call. */
  waiting(): Readonly<Record<Kind, number>> {
    const { posts, edits, views } = this.#lanes;
    return { posts: posts.waiting, edits: edits.waiting, views: views.waiting };
  }

  /** Lets what is being sent finish; nothing new is begun. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(Object.values(this.#lanes).map((lane) => lane.stopped()));
    while (this.#looking.size > 0) await Promise.all(this.#looking);
  }

  async #look(id: string): Promise<void> {
    if (this.#stop.signal.aborted || this.#sending.has(id)) return;
    const card = (await this.#parts.store.get('card', id))?.value;
    if (card !== undefined && isBehind(card)) this.#lanes[kindOf(card)].add(id, card.urgent);
  }

  async #show(id: string, kind: Kind): Promise<void> {
    if (this.#sending.has(id)) return;
    this.#sending.add(id);
    try {
      const card = (await this.#parts.store.get('card', id))?.value;
      if (card !== undefined && isBehind(card) && kindOf(card) === kind) await this.#try(card, kind);
    } catch (error) {
      this.#parts.log.error({ card: id, err: error }, 'a card was not shown');
    } finally {
      this.#sending.delete(id);
    }
    // It may have changed while it was being sent.
    this.changed([id]);
  }

  async #try(card: Card, kind: Kind): Promise<void> {
    const drawn = await this.#drawn(card);
    if (drawn === null) return;
    try {
      if (card.place.is === 'view') await this.#sendView(card, card.place, drawn.view);
      else await this.#send(card, card.place, drawn.message);
    } catch (error) {
      await this.#failed(card, kind, error);
    }
  }

  /** Null where there is nothing to show; the card is given up then. */
  async #drawn(card: Card): Promise<Drawn | null> {
    let why = 'its subject is gone';
    try {
      const drawn = await this.#parts.draw(card);
      if (drawn !== null) return drawn;
    } catch (error) {
      why = 'it could not be drawn';
      this.#parts.log.error({ card: card.id, err: error }, 'a card could not be drawn');
    }
    await this.#revise(card, (now) => ({ ...now, givenUp: why }));
    return null;
  }

  async #send(card: Card, place: Exclude<Place, { is: 'view' }>, message: Message): Promise<void> {
    const { client, clock } = this.#parts;
    const known = card.posted ?? (card.postingSince === null ? null : await findPosted(client, card));
    let at = known;
    if (at === null) {
      await this.#revise(card, (now) => ({ ...now, postingSince: clock.now() }));
      at = await post(client, { channel: place.is === 'channel' ? place.channelId : place.userId }, card.id, message);
    } else if (card.shown < card.wanted) {
      await client.chat.update({ channel: at.channelId, ts: at.ts, ...message });
    }
    const posted = at;
    await this.#revise(card, (now) => ({ ...shownAs(card, now), posted, givenUp: null }));
    await this.#sendThreadLines(card, posted);
  }

  /** A modal that is gone, or shows something else by now, hands the card over to the person's direct messages. */
  async #sendView(card: Card, place: Extract<Place, { is: 'view' }>, view: ModalView | null): Promise<void> {
    try {
      if (view === null) throw new Error('a card without a view stands in a modal');
      const answer = await this.#parts.client.views.update({ view_id: place.viewId, view, ...(place.hash === null ? {} : { hash: place.hash }) });
      const hash = answer.view?.hash ?? null;
      await this.#revise(card, (now) => ({ ...shownAs(card, now), place: { ...place, hash } }));
    } catch (error) {
      if (slackProblem(error).is === 'later') throw error;
      await this.#revise(card, (now) => ({ ...now, place: { is: 'person', userId: place.userId } }));
    }
  }

  async #sendThreadLines(card: Card, at: Posted): Promise<void> {
    const { client } = this.#parts;
    const mark = (key: string, as: { readonly sent?: true; readonly begun?: true }): Promise<void> =>
      this.#revise(card, (now) => ({ ...now, threadLines: now.threadLines.map((line) => (line.key === key ? { ...line, ...as } : line)) }));
    for (const line of card.threadLines.filter(({ sent }) => !sent)) {
      const key = `${card.id}#${line.key}`;
      const isThere = line.begun === true && (await findInThread(client, at, key)) !== null;
      if (!isThere) {
        await mark(line.key, { begun: true });
        await post(client, { channel: at.channelId, threadTs: at.ts }, key, note(line.text));
      }
      await mark(line.key, { sent: true });
    }
  }

  async #failed(card: Card, kind: Kind, error: unknown): Promise<void> {
    const problem = slackProblem(error);
    this.#parts.log.warn({ card: card.id, problem: problem.is, code: problem.code, err: error }, 'Slack did not take a card');
    if (problem.is === 'later') this.#lanes[kind].hold(this.#parts.clock.now() + problem.wait);
    await this.#revise(card, (now) => after(problem, card, now));
  }

  async #revise(card: Card, change: (now: Card) => Card): Promise<void> {
    await revise(this.#parts.store, 'card', card.id, change);
  }
}

function isBehind(card: Card): boolean {
  const isOpen = card.givenUp === null || (card.urgent && isLost(card.givenUp));
  return isOpen && (card.shown < card.wanted || card.threadLines.some((line) => !line.sent));
}

function kindOf(card: Card): Kind {
  if (card.place.is === 'view') return 'views';
  return card.posted === null ? 'posts' : 'edits';
}

/** What was sent is `sent`; somebody may have asked for more meanwhile. */
function shownAs(sent: Card, now: Card): Card {
  return { ...now, shown: Math.max(now.shown, sent.wanted), urgent: now.wanted > sent.wanted && now.urgent };
}

/** The card after Slack refused it. */
function after(problem: SlackProblem, sent: Card, now: Card): Card {
  // A refused post is no post: it need not be looked for.
  const unposted = now.posted === null && !(problem.is === 'later' && problem.maybeDone) ? { ...now, postingSince: null } : now;
  switch (problem.is) {
    case 'later':
      return unposted;
    case 'lost':
      // Deleted by hand: what is decided or final is worth a new post, progress is not.
      return sent.urgent ? { ...now, posted: null, postingSince: null, givenUp: null } : { ...now, givenUp: problem.code };
    case 'never': {
      const { place } = now;
      const elsewhere = place.is === 'channel' && place.otherwise !== undefined && (now.posted === null || sent.urgent);
      // A channel that was archived or left since shows no more; how it ended is worth a direct message, progress is not.
      return elsewhere
        ? { ...unposted, posted: null, postingSince: null, place: { is: 'person', userId: place.otherwise } }
        : { ...unposted, givenUp: problem.code };
    }
  }
}
