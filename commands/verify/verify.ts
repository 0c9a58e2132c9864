import { z } from 'zod';
import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { placeFor, placeOf } from '../../src/domain/sync/verbs/show-run.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { driftPage } from '../../src/domain/verify/verbs/drift.ts';
import { acceptDrift, reassertDrift, type Ticked } from '../../src/domain/verify/verbs/settle.ts';
import { startVerification } from '../../src/domain/verify/verbs/start.ts';
import type { Message } from '../../views/blocks.ts';
import { message } from '../../views/blocks.ts';
import { channelMention, md } from '../../views/mrkdwn.ts';
import { loading, note } from '../../views/notice.ts';
import { plural } from '../../views/words.ts';
import { DRIFT_PAGE, driftModal, readTicked } from '../../views/verify/drift-modal.ts';
import type { Answer, Ask, Command, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const metadata = z.object({ connectorId: z.string(), after: z.number().int().nullable() });

const start: Typed = {
  ...{ topic: 'verify', verb: '*', right: 'run', usage: 'verify <connector>' },
  summary: 'Read the application and show what differs from what was last pushed; writes nothing',
  run: async (ask, words) => {
    if (words.objects.length === 0) throw usage(start, words);
    return begun(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id);
  },
};
const show: Typed = {
  ...{ topic: 'verify', verb: 'show', right: 'run', usage: 'verify show <connector>', summary: 'What the last verification found and still stands' },
  run: async (ask, words) => listed(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id, null),
};
const reassert: Typed = {
  ...{ topic: 'verify', verb: 're-assert', right: 'run', usage: 'verify re-assert <connector> rows=<numbers or all>' },
  summary: 'Write again what was last pushed to those people',
  run: async (ask, words) => {
    const ticked = tickedIn(reassert, words);
    return reasserted(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id, ticked);
  },
};
const accept: Typed = {
  ...{ topic: 'verify', verb: 'accept', right: 'run', usage: 'verify accept <connector> rows=<numbers>' },
  summary: 'Take what the application has for what it was told',
  run: async (ask, words) => {
    const ticked = tickedIn(accept, words);
    if (ticked === 'all') throw usage(accept, words);
    const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
    return { is: 'message', message: note('Accepting…'), later: async () => note(await acceptedWords(ask, connector.id, ticked)) };
  },
};

/** Reads the target and deals with what differs (S20). */
export const verifyCommands: Command = {
  typed: [start, show, reassert, accept],
  presses: {
    'verify.start': (ask, press) => begun(ask, press.value ?? ''),
    'verify.list': (ask, press) => listed(ask, press.value ?? '', null),
    'verify.next': (ask, press) => listed(ask, shownIn(press).connectorId, /^\d{1,15}$/.test(press.value ?? '') ? Number(press.value) : null),
    'verify.tick': async () => ({ is: 'nothing' }),
    'verify.reassert': (ask, press) => reasserted(ask, shownIn(press).connectorId, readTicked(press.view?.state, shownIn(press).after)),
    'verify.all': (ask, press) => reasserted(ask, press.value ?? '', 'all'),
    'verify.accept': async (ask, press) => {
      const { connectorId, after } = shownIn(press);
      return listed(ask, connectorId, after, readTicked(press.view?.state, after));
    },
  },
};

async function begun(ask: Ask, connectorId: string): Promise<Answer> {
  const run = await startVerification(ask.outside, ask.actor, { connectorId, place: placeFor(ask.actor.userId, ask.channelId) });
  return started(ask, run, connectorId, 'Verification');
}

async function started(ask: Ask, run: Run, connectorId: string, what: string): Promise<Answer> {
  const { connector } = await connectorById(ask.outside, ask.actor, connectorId);
  const later = async (): Promise<Message> => {
    const place = await placeOf(ask.outside, run);
    const where = place?.is === 'channel' ? md`in ${channelMention(place.channelId)}` : 'in your direct messages from Usher';
    return message({ text: md`${what} of ${connector.name} has started (${run.id}); its progress is ${where}.` });
  };
  return { is: 'message', message: note(`${what} of ${connector.name} is starting…`), later };
}

async function reasserted(ask: Ask, connectorId: string, ticked: Ticked): Promise<Answer> {
  const run = await reassertDrift(ask.outside, ask.actor, { connectorId, ticked, place: placeFor(ask.actor.userId, ask.channelId) });
  return started(ask, run, connectorId, 'Re-assertion');
}

async function acceptedWords(ask: Ask, connectorId: string, ticked: readonly number[]): Promise<string> {
  const { accepted, connector } = await acceptDrift(ask.outside, ask.actor, { connectorId, ticked });
  return `Accepted in ${connector.name}: ${plural(accepted, 'account')}. Nothing was sent.`;
}

/** The list; with `accepting`, these rows are accepted first. */
async function listed(ask: Ask, connectorId: string, after: number | null, accepting: readonly number[] | null = null): Promise<Answer> {
  // Who may not is told at once.
  const { connector } = await driftPage(ask.outside, ask.actor, connectorId, { after: null, limit: 1 });
  return {
    is: 'modal',
    view: loading('What differs', `Reading what differs in ${connector.name}…`),
    later: async () => {
      const done = accepting === null ? {} : { done: await acceptedWords(ask, connectorId, accepting) };
      const page = await driftPage(ask.outside, ask.actor, connectorId, { after, limit: DRIFT_PAGE });
      const drift = page.drift.map(({ seq, row }) => ({ seq, drift: row.drift }));
      return driftModal({ connector, verification: page.verification, drift, after, next: page.next, timeZone: ask.outside.settings.timeZone, ...done });
    },
  };
}

function tickedIn(typed: Typed, words: Words): Ticked {
  const rows = words.options.rows?.replaceAll('#', '');
  if (rows === 'all') return 'all';
  const numbers = (rows ?? '')
    .split(',')
    .filter((one) => /^\d{1,15}$/.test(one))
    .map(Number);
  if (numbers.length === 0 || words.objects.length === 0) throw usage(typed, words);
  return numbers;
}

/** Of the window's own metadata; rights are checked again. */
function shownIn(press: Press): { readonly connectorId: string; readonly after: number | null } {
  const parsed = metadata.safeParse(press.view?.metadata);
  if (!parsed.success) throw new Refusal({ is: 'changed-meanwhile', what: 'The list' });
  return parsed.data;
}
