import { readSeats } from '../../src/domain/catalog/verbs/read-seats.ts';
import { saveSeats } from '../../src/domain/catalog/verbs/seats.ts';
import type { Connector, OperatingSettings } from '../../src/domain/connectors/connector.ts';
import { type DraftPart, saveDraft, saveOperating } from '../../src/domain/connectors/verbs/configure.ts';
import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { saveSecret } from '../../src/domain/connectors/verbs/secret.ts';
import { badInput } from '../../src/domain/refusal.ts';
import type { Message } from '../../views/blocks.ts';
import { seatsIn } from '../../views/connectors/configure-modal.ts';
import { note } from '../../views/notice.ts';
import { plural } from '../../views/words.ts';
import type { Answer, Ask, Command, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

/** The typed twin of the configure modal. A token can't be typed here: only the secret's reference. */
const set: Typed = {
  topic: 'connectors',
  verb: 'set',
  right: 'administer',
  usage:
    'connectors set <connector> [url=] [test=] [matching=] [groups=yes|no] [leavers=deactivated|<days>] [tier=] [secret=env:…] [rate=] [concurrency=] [cron="0 6 * * *"] [zone=] [fuse=10/5/50] [seats=]',
  summary: 'Change settings; those that need it wait for a rehearsal',
  run: typedSet,
};

export const setConnector: Command = { typed: [set] };

async function typedSet(ask: Ask, words: Words): Promise<Answer> {
  if (Object.keys(words.options).length === 0) throw usage(set, words);
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  const { options } = words;
  const operating = operatingOf(ask, options, connector.operating);
  const draft = draftOf(options);
  const seats = options.seats === undefined ? undefined : seatsIn(options.seats);
  if (seats === null) throw badInput('seats', 'That is neither a number nor a path and pointer.', 'Type seats=500, seats=unlimited or seats="/Seats /total".');
  if (Object.keys(draft).length > 0) await saveDraft(ask.outside, ask.actor, connector.id, draft);
  if (options.secret !== undefined) await saveSecret(ask.outside, ask.actor, connector.id, { reference: options.secret });
  if (Object.keys(operating).length > 0) await saveOperating(ask.outside, ask.actor, connector.id, operating);
  if (seats !== undefined) await saveSeats(ask.outside, ask.actor, connector.id, seats);
  const waits = Object.keys(draft).length > 0 || options.secret !== undefined;
  const next = waits ? `Rehearse it to put it in force: /${ask.outside.settings.name} connectors rehearse ${connector.name}` : 'It is in force.';
  const saved = note(`${connector.name}: saved.`, next);
  return seats?.is === 'read' ? { is: 'message', message: saved, later: () => seatsRead(ask, connector, saved) } : { is: 'message', message: saved };
}

/** A total that the application tells is read at once (E12). */
async function seatsRead(ask: Ask, { id, name }: Connector, saved: Message): Promise<Message> {
  const reading = await readSeats(ask.outside, id);
  switch (reading.is) {
    case 'not-wanted':
      return saved;
    case 'read':
      return note(`${name}: saved.`, `It tells ${plural(reading.total, 'seat')}.`);
    case 'failed':
      return note(`${name}: saved, but the seats could not be read.`, reading.why);
  }
}

function draftOf(options: Words['options']): DraftPart {
  const { url, test, matching, groups, leavers, tier } = options;
  return {
    ...(url === undefined ? {} : { baseUrl: url }),
    ...(test === undefined ? {} : { testEmail: test }),
    ...(matching === undefined ? {} : { matching }),
    ...(groups === undefined ? {} : { manageGroups: /^(yes|true|on)$/i.test(groups) }),
    ...(leavers === undefined ? {} : { leavers: leavers === 'deactivated' ? { are: 'deactivated' } : { are: 'deleted', afterDays: Number(leavers) } }),
    ...(tier === undefined ? {} : { tierAttribute: tier === '' ? null : tier }),
  };
}

function operatingOf(ask: Ask, options: Words['options'], before: OperatingSettings): Partial<OperatingSettings> {
  const { rate, concurrency, cron, zone, fuse } = options;
  return {
    ...(rate === undefined ? {} : { requestsPerSecond: rate === '' || rate === 'none' ? null : Number(rate) }),
    ...(concurrency === undefined ? {} : { concurrency: Number(concurrency) }),
    ...(cron === undefined && zone === undefined
      ? {}
      : { schedule: scheduleOf(ask, cron ?? before.schedule?.cron ?? '', zone ?? before.schedule?.timeZone ?? ask.outside.settings.timeZone) }),
    ...(fuse === undefined ? {} : { fuse: fuseOf(fuse) }),
  };
}

function scheduleOf(ask: Ask, cron: string, timeZone: string): OperatingSettings['schedule'] {
  if (cron === '' || cron === 'none') return null;
  const problem = ask.outside.calendar.problem(cron, timeZone);
  if (problem !== null) throw badInput('cron', problem, 'For every day at 6:00 type cron="0 6 * * *".');
  return { cron, timeZone };
}

function fuseOf(typed: string): OperatingSettings['fuse'] {
  const [people, percent, absolute] = typed.split('/').map(Number);
  if (people === undefined || percent === undefined || absolute === undefined)
    throw badInput('fuse', 'The fuse takes three numbers.', 'Type fuse=10/5/50: more than 10 people and 5 %, or more than 50.');
  return { people, percent, absolute };
}
