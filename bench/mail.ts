/**
 * How many mails go out in a second: `npx tsc -p bench && node dist/benches/bench/mail.js [--mails 2000]`.
 * Goal: 20 a second, or the configured rate where that is set.
 *
 * The outbox over a real store (each mail is two durable transactions) and the SMTP adapter, to a mail server in a process
 * of its own on loopback: first at the default rate, then with a rate that holds nobody back. Each rate's mails are
 * counted at the server, and nobody may get two.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createPaces } from '../src/adapters/bottleneck/pace.ts';
import { openJsonStore } from '../src/adapters/lowdb/store.ts';
import { openMail } from '../src/adapters/smtp/mail.ts';
import { createChance } from '../src/adapters/system/chance.ts';
import { createClock } from '../src/adapters/system/clock.ts';
import { createFingerprint } from '../src/adapters/system/fingerprint.ts';
import { TargetBrake } from '../src/domain/halts/brake.ts';
import { deliverLetters } from '../src/domain/enrollment/verbs/deliver.ts';
import { startMailbox } from '../src/sandbox/mailbox/server.ts';
import { renderLetter } from '../views/letters/letter.ts';
import { seedLetters } from './mail-seed.ts';

const { values } = parseArgs({ options: { mails: { type: 'string', default: '2000' }, serve: { type: 'boolean', default: false } } });
const DEFAULT_RATE = 30;
const log = { info() {}, warn: (fields: object, message: string) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`), error() {} };
const served = z.object({ port: z.number() });
const counted = z.object({ mails: z.number(), people: z.number() });

if (values.serve) await serve();
else await measure();

/** The mail server, in its own process: says its port, and on a word what came in. */
async function serve(): Promise<void> {
  const mailbox = await startMailbox();
  process.on('message', () => {
    const mails = mailbox.mails();
    process.send?.({ mails: mails.length, people: new Set(mails.flatMap(({ to }) => to)).size });
    mailbox.forget();
  });
  process.send?.({ port: mailbox.port });
}

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, ['--serve']);
  const { port } = served.parse((await once(child, 'message'))[0]);
  try {
    await at(child, port, DEFAULT_RATE, Math.min(Number(values.mails), 10 * DEFAULT_RATE));
    await at(child, port, 1_000_000, Number(values.mails));
  } finally {
    child.kill();
  }
}

async function at(child: ChildProcess, port: number, perSecond: number, mails: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-mail-'));
  const clock = createClock();
  const store = await openJsonStore({ folder, clock, log });
  const paces = createPaces({ clock });
  const mail = openMail(
    { host: '127.0.0.1', port, secure: false, plain: true, login: null, from: { name: 'Bench', address: 'it@riverside.example' }, perSecond },
    paces,
  );
  const chance = createChance(clock);
  await seedLetters({ store, chance, now: clock.now() }, mails);
  const enrollment = { mail, url: 'https://enroll.example.org', write: renderLetter };
  const began = performance.now();
  await deliverLetters(
    { store, clock, chance, fingerprint: createFingerprint(), brake: new TargetBrake(), log, cards: { changed() {} }, enrollment },
    new AbortController().signal,
  );
  const seconds = (performance.now() - began) / 1_000;
  const answer = once(child, 'message');
  child.send('count');
  const got = counted.parse((await answer)[0]);
  const rate = perSecond > 1_000 ? 'as fast as it goes' : `at most ${perSecond} a second`;
  process.stdout.write(`${rate}: ${got.mails} mails to ${got.people} people in ${seconds.toFixed(1)} s, ${(got.mails / seconds).toFixed(1)} a second\n`);
  mail.close();
  paces.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
