/**
 * The race for seats (E10): `npx tsx bench/seats.ts [rounds] [people] [seats]` (1000, 120, 100). In each round everybody opens
 * their link and sends its form at once, over HTTP to the real page. In every 20th the real engine makes the accounts first, and activates who
 * got a seat in a SCIM service over HTTP meanwhile: that service takes seconds for it. Prints how many were active (were granted
 * a seat, in the other rounds), and what an acceptance took. Fails where a round has any other number than there are seats.
 */
import { Agent, request } from 'undici';
import { activationKey } from '../src/domain/enrollment/verbs/seating.ts';
import { runUnderWay } from '../src/domain/sync/verbs/create-run.ts';
import { startEnrollmentPage } from '../src/enrollment-page/server.ts';
import { createAdmin } from '../src/sandbox/scim/admin-client.ts';
import { spawnScimTarget } from '../src/sandbox/scim/spawn.ts';
import { Again } from '../src/worker.ts';
import { put } from '../src/domain/revise.ts';
import { type Account, accountKey } from '../src/domain/sync/account.ts';
import { activated, enter, entryOf, invite, seats, secretOf } from '../test/domain/enrollment/invited-world.ts';
import { CONNECTOR, connector, people, TOKEN, world } from '../test/domain/sync/world.ts';

const [rounds = 1_000, many = 120, total = 100] = process.argv.slice(2).map(Number);
const folk = people(many);
const PROOF = /name="proof" value="([^"]+)"/;

const target = await spawnScimTarget({ token: TOKEN });
const admin = createAdmin(target.pageUrl);
const home = await world({ allow: [new URL(target.url).host] });
const activation = new Again(async () => void (await activated(home)));
/** Every so many rounds go to the target. */
const WHOLE = 20;
let isWhole = true;
const outside = () => ({ ...home.outside, work: { ...home.outside.work, activate: () => isWhole && activation.ask() } });
const url = 'http://127.0.0.1';
const page = await startEnrollmentPage({
  ...{ outside, key: Buffer.alloc(32, 's'), url, host: '127.0.0.1', port: 0, trustProxy: false, requestsPerMinute: Number.MAX_SAFE_INTEGER },
});
const clients = new Agent({ connections: many });
const times: number[] = [];

/** Opens the link, as a browser does. */
async function opened(personId: string): Promise<{ readonly address: string; readonly proof: string }> {
  const address = `http://127.0.0.1:${page.port}/enroll/${secretOf(personId)}`;
  const { body, statusCode } = await request(address, { dispatcher: clients });
  const proof = PROOF.exec(await body.text())?.[1];
  if (statusCode !== 200 || proof === undefined) throw new Error(`the link of ${personId} was answered with ${statusCode}`);
  return { address, proof };
}

async function sent({ address, proof }: Awaited<ReturnType<typeof opened>>): Promise<void> {
  const started = performance.now();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: url, 'sec-fetch-site': 'same-origin' };
  const body = new URLSearchParams({ proof, type: 'link' }).toString();
  const answer = await request(address, { dispatcher: clients, method: 'POST', headers, body });
  await answer.body.dump();
  if (answer.statusCode !== 303) throw new Error(`a form was answered with ${answer.statusCode}`);
  times.push(performance.now() - started);
}

/** As the engine left them when nobody had accepted yet. */
let invited: readonly Account[] = [];

/** Everybody is invited, and nobody has a seat. */
async function startAgain(): Promise<void> {
  await home.outside.store.transaction({
    puts: [
      put('seatBook', 'i1', null),
      put('counter', activationKey(CONNECTOR), null),
      ...invited.map((account) => put('account', accountKey(account.connectorId, account.personId), account)),
    ],
    erase: [
      { kind: 'enrollment', prefix: '' },
      { kind: 'enrollmentLink', prefix: '' },
    ],
  });
  await enter(
    home,
    folk.map(({ id }) => id),
  );
}

/** Nobody has an account any more; then everybody is invited. */
async function startOver(): Promise<void> {
  await admin.reset();
  await home.outside.store.transaction({
    puts: [put('seatBook', 'i1', null)],
    erase: [
      { kind: 'account', prefix: `${CONNECTOR}/` },
      { kind: 'enrollment', prefix: '' },
      { kind: 'enrollmentLink', prefix: '' },
    ],
  });
  await home.sync();
  invited = await home.all('account');
  await enter(
    home,
    folk.map(({ id }) => id),
  );
}

async function settled(): Promise<void> {
  const { store, clock } = home.outside;
  while ((await store.get('counter', activationKey(CONNECTOR))) !== undefined || (await runUnderWay(store, CONNECTOR)) !== undefined)
    await clock.until(clock.now() + 5);
}

async function race(round: number): Promise<{ readonly active: number; readonly enrolled: number; readonly waiting: number }> {
  isWhole = round % WHOLE === 1;
  await (isWhole ? startOver() : startAgain());
  await Promise.all((await Promise.all(folk.map(({ id }) => opened(id)))).map(sent));
  if (isWhole) await settled();
  const entries = await Promise.all(folk.map(({ id }) => entryOf(home, id)));
  return {
    active: isWhole ? (await admin.state()).users.active : (await home.all('account')).filter(({ invited: seat }) => seat?.granted != null).length,
    enrolled: entries.filter(({ state }) => state.is === 'enrolled').length,
    waiting: entries.filter(({ waitingSince }) => waitingSince !== null).length,
  };
}

let wrong = 0;
const began = performance.now();
try {
  await home.seed(connector(target.url), folk);
  await seats(home, total);
  await invite(home);
  for (let round = 1; round <= rounds; round += 1) {
    const { active, enrolled, waiting } = await race(round);
    const isRight = active === total && enrolled === total && waiting === many - total;
    if (!isRight) wrong += 1;
    if (!isRight || round % 50 === 0 || round === rounds)
      console.log(`round ${round}: ${active} active, ${enrolled} enrolled, ${waiting} wait${isRight ? '' : ' — WRONG'}`);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1);
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(
    `${rounds} rounds of ${many} people for ${total} seats in ${seconds} s: ${wrong} wrong; an acceptance takes ${at(0.5)} ms (median), ${at(0.99)} ms (p99)`,
  );
  if (wrong > 0) process.exitCode = 1;
} finally {
  await page.stop();
  await clients.close();
  await home.close();
  await target.close();
}
