import { Refusal } from '../../src/domain/refusal.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { note } from '../../views/notice.ts';
import { type Choice, isNoChoice } from '../../views/blocks.ts';
import { type Answer, type Ask, type Command, type Form, type Press, type Suggestion, TOPICS, type Topic, type Typed } from '../command.ts';
import { keysOf, nearest } from '../keys.ts';
import { preceded, split, without, type Words } from '../words.ts';

/** Every way in, by name; made once from the registry. */
export interface Routes {
  readonly all: Command;
  readonly typed: (ask: Ask, command: string, text: string) => Promise<Answer>;
  readonly press: (ask: Ask, press: Press) => Promise<Answer>;
  readonly form: (ask: Ask, form: Form) => Promise<Answer>;
  readonly closed: (ask: Ask, form: Form) => Promise<void>;
  readonly suggest: (ask: Ask, suggestion: Suggestion) => Promise<readonly Choice[]>;
}

/** What answers when no topic and verb fit. */
export interface Help {
  /** `/usher` alone. */
  readonly hub: (ask: Ask) => Promise<Answer>;
  readonly help: (ask: Ask, topic: Topic | null, typed: string | null) => Promise<Answer>;
}

/** Joins the registry. Throws where two commands claim the same words, route or callback id. */
export function routes(commands: readonly Command[], help: Help): Routes {
  const typed = new Map<string, Typed>();
  for (const one of commands.flatMap((command) => command.typed ?? [])) claim(typed, `${one.topic} ${one.verb}`, one);
  const all: Command = {
    typed: [...typed.values()],
    presses: joined(commands.map((command) => command.presses ?? {})),
    forms: joined(commands.map((command) => command.forms ?? {})),
    closings: joined(commands.map((command) => command.closings ?? {})),
    suggestions: joined(commands.map((command) => command.suggestions ?? {})),
  };
  return {
    all,
    typed: (ask, command, text) => speak(ask, typed, help, command, split(text)),
    press: async (ask, press) => (isNoChoice(press.value) ? NOTHING : ((await find(all.presses, press.route)?.(ask, press)) ?? outdated('button'))),
    form: async (ask, form) => (await find(all.forms, form.callbackId)?.(ask, form)) ?? outdated('form'),
    closed: async (ask, form) => find(all.closings, form.callbackId)?.(ask, form),
    suggest: async (ask, suggestion) => (await find(all.suggestions, suggestion.route)?.(ask, suggestion)) ?? [],
  };
}

/** `/usher-sync now Zoom` is `/usher sync now Zoom`: what follows the app's name in the command is the topic. */
async function speak(ask: Ask, typed: ReadonlyMap<string, Typed>, help: Help, command: string, words: Words): Promise<Answer> {
  const fromCommand = command.slice(1 + ask.outside.settings.name.length).replace(/^-/, '');
  const spoken = fromCommand === '' ? words : preceded(words, fromCommand);
  const [first, second] = spoken.objects.map((word) => word.toLowerCase());
  if (first === undefined) return help.hub(ask);
  const topic = topicOf(first);
  if (first === 'help') return help.help(ask, topicOf(second) ?? null, null);
  if (topic === undefined) return help.help(ask, null, spoken.text);
  if (second === 'help') return help.help(ask, topic, null);
  const verb = typed.get(`${topic} ${second ?? ''}`);
  if (verb !== undefined) return heard(ask, verb, without(spoken, second === undefined ? 1 : 2));
  const whole = typed.get(`${topic} *`);
  return whole === undefined ? help.help(ask, topic, spoken.text) : heard(ask, whole, without(spoken, 1));
}

/** A key that is not understood must not be one that is left aside: it would do, or show, something else than was asked for. */
async function heard(ask: Ask, verb: Typed, words: Words): Promise<Answer> {
  const known = keysOf(verb);
  const key = Object.keys(words.options).find((one) => !known.includes(one));
  if (key === undefined) return verb.run(ask, words);
  await requireRole(ask.outside, ask.actor);
  throw new Refusal({ is: 'unknown-key', key, near: nearest(key, known), usage: verb.usage });
}

/** `report` and `reports` are one topic. */
function topicOf(word: string | undefined): Topic | undefined {
  return word === undefined ? undefined : TOPICS.find((known) => known === word || `${known}s` === word || known === `${word}s`);
}

const NOTHING: Answer = { is: 'nothing' };

/** Names come from outside: only what was registered counts, not what every object has. */
function find<T>(all: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return all !== undefined && Object.hasOwn(all, name) ? all[name] : undefined;
}

function joined<T>(parts: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> {
  const all = new Map<string, T>();
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) claim(all, name, value);
  return Object.fromEntries(all);
}

function claim<T>(all: Map<string, T>, name: string, value: T): void {
  if (all.has(name)) throw new Error(`two commands claim "${name}"`);
  all.set(name, value);
}

/** A button or form of an older version of Usher. */
function outdated(what: 'button' | 'form'): Answer {
  return {
    is: 'message',
    message: note(`This ${what} belongs to an older version of Usher, and nothing was changed.`, 'Open the screen again with the command.'),
  };
}

/** Refuses words that a verb can't use, showing how it is typed. */
export function usage(typed: Typed, words: Words): Refusal {
  return new Refusal({ is: 'usage', typed: words.text, usage: [typed.usage] });
}
