import { expect, it } from 'vitest';
import type { Answer, Ask, Press, Typed } from '../../commands/command.ts';
import { registry } from '../../commands/index.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Role } from '../../src/domain/rights/grant.ts';
import { actorOf } from '../../src/domain/rights/verbs/who.ts';
import type { Call } from '../../src/sandbox/slack/workspace.ts';
import { type App, PROVISIONING, startApp } from '../app.ts';
import { becomes, COUNTS, DISTRICTS, NORTHERN, seedTwoSchools, SOUTHERN, TEAM } from './two-schools.ts';

interface Somebody {
  readonly who: string;
  readonly userId: string;
  readonly role: Role | null;
  readonly organizationId: string | null;
  /** What must not occur in anything sent to them. */
  readonly absent: readonly string[];
}

const LEE = 'U0LEEOKAFOR';
const elsewhere = [SOUTHERN, 'southmail', 'south1', 'Kenji'];
const numbers = COUNTS.flatMap((number) => [`${number} people`, `${number} persons`, `of ${number}`, `${number} added`, `${number} created`, `${number} of`]);

const SOMEBODIES: readonly Somebody[] = [
  { who: 'nobody', userId: LEE, role: null, organizationId: null, absent: [...elsewhere, ...numbers, DISTRICTS, NORTHERN, 'Zoom', 'Riverside'] },
  { who: 'a viewer of one school', userId: LEE, role: 'viewer', organizationId: 'd:north', absent: [...elsewhere, ...numbers, DISTRICTS] },
  { who: 'an operator of one school', userId: LEE, role: 'operator', organizationId: 'd:north', absent: [...elsewhere, ...numbers, DISTRICTS] },
  // The request of their school names Zoom, and they decide on it.
  { who: 'an approver of one school', userId: LEE, role: 'approver', organizationId: 'd:north', absent: [...elsewhere, ...numbers, DISTRICTS, 'Birgit'] },
  // They may assign what the district owns, so they see that it is there.
  { who: 'an admin of one school', userId: LEE, role: 'admin', organizationId: 'd:north', absent: [...elsewhere, ...numbers] },
  { who: 'a partner', userId: 'U0NADIAPETROVA', role: 'partner', organizationId: 'd:bright', absent: [...elsewhere, ...numbers, DISTRICTS, NORTHERN, 'Zoom'] },
];

/** What is typed for a placeholder: their own first, then what is somebody else's. */
const FITTING: readonly (readonly [placeholder: RegExp, typed: readonly string[]])[] = [
  [/<connector>/, ['zoom', 'southmail', 'districtwide']],
  [/<run>/, ['R-1', 'R-2', 'R-3']],
  [/<alert>/, ['A-1', 'A-2']],
  [/<role>$/, ['G-1', 'G-90']],
  [/<request>/, ['Q-91', 'Q-90']],
  [/<policy>/, ['P-90']],
  [/<task>/, ['1', '2', '1 south1', '2 south1']],
  [/<source>/, ['d']],
  [/<person|<name, id/, ['north0', 'south1']],
  [/organization/, ['', 'd:north', 'd:south']],
];

/** Only what reads: whatever acts is pressed with somebody else's things below. */
function linesOf({ topic, verb, usage, right }: Typed): readonly string[] {
  if (right === 'administer' || right === 'run') return [];
  const values = FITTING.find(([placeholder]) => placeholder.test(usage))?.[1] ?? [''];
  return values.map((value) => `/usher ${topic}${verb === '' || verb === '*' ? '' : ` ${verb}`} ${value}`.trim());
}

const READING = ['/usher', '/usher help', '/usher nonsense', ...registry.flatMap(({ typed = [] }) => typed.flatMap(linesOf))];

/** Everything that a call puts before somebody, without the ids that they typed themselves. */
function told({ method, args }: Call, typed: readonly string[]): string {
  const payload = JSON.stringify([method, args.text ?? null, args.blocks ?? null, args.view ?? null, args.initial_comment ?? null]);
  return typed.filter((word) => /^[a-z]+\d?$|^[RAGQP]-\d+$|^d:/.test(word)).reduce((text, word) => text.replaceAll(word, '…'), payload);
}

function leaks(text: string, absent: readonly string[]): readonly string[] {
  return absent.filter((word) => text.toLowerCase().includes(word.toLowerCase()));
}

/** An answer that is no mere “Reading…”. */
function isFinal({ method, args }: Call): boolean {
  if (method.startsWith('views.')) return !JSON.stringify(args.view ?? '').includes('"callback_id":"loading"');
  return ['response_url', 'chat.postMessage', 'chat.postEphemeral'].includes(method) && !/…( |$)/.test(String(args.text ?? ''));
}

async function heardAfter(app: App, act: () => Promise<unknown>): Promise<readonly Call[]> {
  const before = app.workspace.calls.length;
  await act();
  await app.workspace.until(() => app.workspace.calls.slice(before).some(isFinal), 'an answer');
  return app.workspace.calls.slice(before);
}

it.each(SOMEBODIES)(
  'X1 C3 $who is sent nothing of what they may not see, by any command that reads, hub, help or Home tab',
  async ({ userId, role, organizationId, absent }) => {
    const app = await startApp({ people: 0 });
    await seedTwoSchools(app);
    await becomes(app, userId, role, organizationId);
    const person = app.workspace.as(userId);
    const found: string[] = [];
    // An answer may have a second half, which comes after the next things were typed.
    let before: readonly string[] = [];
    const isTheirs = ({ method, args }: Call): boolean =>
      !method.startsWith('chat.') || [userId, person.directChannel()].includes(String(args.user ?? args.channel));
    const check = (typed: string, calls: readonly Call[]): void => {
      before = [...before.slice(-5), typed];
      const own = before.join(' ').split(' ');
      for (const call of calls.filter(isTheirs))
        for (const word of leaks(told(call, own), absent)) found.push(`${typed} → ${word}: ${told(call, own).slice(0, 400)}`);
    };
    for (const line of READING) {
      check(line, await heardAfter(app, () => person.say(person.directChannel(), line)));
      if (person.modal() !== undefined) await person.dismiss(true);
    }
    check('home', await heardAfter(app, () => person.home()));
    const slow = app.workspace.calls.length;
    await app.usher().stop();
    check('what came late', app.workspace.calls.slice(slow));
    for (const { name, bytes } of app.workspace.files()) for (const word of leaks(bytes?.toString('utf8') ?? '', absent)) found.push(`${name} → ${word}`);
    expect(found).toEqual([]);
    expect(app.workspace.failures).toEqual([]);
  },
);

it('X1 C3 a viewer of everything sees all that was absent for others, and no button or command that is not theirs', async () => {
  const app = await startApp({ people: 0 });
  await seedTwoSchools(app);
  await becomes(app, LEE, 'viewer', null);
  const lee = app.workspace.as(LEE);
  const said: Call[] = [];
  for (const line of [
    '/usher',
    '/usher help',
    '/usher connectors',
    '/usher connectors show zoom',
    '/usher sync',
    '/usher sync show R-3',
    '/usher directory',
    '/usher alerts',
  ])
    said.push(...(await heardAfter(app, () => lee.say(lee.directChannel(), line))));
  said.push(...(await heardAfter(app, () => lee.home())));
  const text = said.map((call) => told(call, [])).join('\n');
  expect([SOUTHERN, DISTRICTS, `${COUNTS[1]} people`, 'Kenji'].filter((word) => !leaks(text, [word]).includes(word))).toEqual([]);
  const drawn = [...text.matchAll(/"action_id":"([a-z.-]+)/g)].map(([, route]) => route);
  expect(drawn).toContain('connectors.open');
  const theirs = ['new', 'configure', 'more', 'activate', 'enable'].map((verb) => `connectors.${verb}`);
  const forbidden = [
    ...theirs,
    'assign.new',
    'sync.now',
    'sync.preview',
    'sync.retry',
    'sync.pause',
    'alerts.subscribe',
    'directory.run',
    'roles.give',
    'roles.list',
  ];
  expect(forbidden.filter((route) => drawn.includes(route))).toEqual([]);
  expect(['connectors configure', 'assign add', 'sync now', 'roles give', 'directory import'].filter((usage) => text.includes(`/usher ${usage}`))).toEqual([]);
});

/** Somebody else's things by id, each with one of the same shape that never was. */
const THINGS: readonly (readonly [theirs: string, nothing: string])[] = [
  ['southmail', 'nosuchone'],
  ['R-2', 'R-8'],
  ['A-2', 'A-8'],
  ['d:south1', 'd:nobod1'],
  ['d:south', 'd:nopla'],
  ['G-90', 'G-80'],
  ['Q-90', 'Q-80'],
  ['P-90', 'P-80'],
  ['T-2', 'T-8'],
];

/** Values as buttons and options carry them. */
const VALUES = [
  ...[
    'southmail',
    'R-2',
    'R-2/cause',
    'A-2',
    'A-2/1h',
    '1h/A-2',
    'd:south1',
    'd:south',
    'G-90',
    'Q-90',
    'P-90',
    'T-2',
    'T-2/d:south1',
    'T-2/active',
    'southmail/4',
    'southmail/d:south1',
    'southmail/R-2',
  ],
  ...['1/southmail', '1/R-2', '1/o:d:south', '1/d:south', 'all/R-2', 'failed/R-2/9', 'C0ITLEADS/southmail', 'where/southmail', 'southmail/where'],
  ...['disable/southmail', 'disconnect/southmail', 'delete/southmail', 'seats/southmail', 'alerts/southmail', '1/southmail/4', 'd:south1@southmail'],
];

const METADATA = {
  ...{ connectorId: 'southmail', personId: 'd:south1', page: 1, outcome: 'all', kind: 'all', runId: 'R-2', requestId: 'Q-90', policyId: 'P-90', steps: 1 },
  ...{
    ...{ taskId: 'T-2', people: ['d:south1'], filter: 'all', after: null },
    grantId: 'G-90',
    assignmentId: 'southmail/4',
    agreed: 'x',
    organizationId: 'd:south',
    path: 'userName',
    id: 'd:south1',
    source: 'd',
    from: 'U0KENJIMORI',
  },
};

/** Theirs turned into what never was; longer ids first. */
function asNothing(text: string): string {
  return THINGS.reduce((sum, [theirs, nothing]) => sum.replaceAll(theirs, nothing), text);
}

/** What came of it, as text: the whole answer with its slow half, or the refusal. */
async function outcome(work: () => Promise<Answer>): Promise<string> {
  try {
    const answer = await work();
    const later = 'later' in answer && answer.later !== undefined ? await answer.later() : null;
    return JSON.stringify([answer, later]);
  } catch (error) {
    if (error instanceof Refusal) return JSON.stringify(error.reason);
    return `${String(error)}`;
  }
}

/** The emergency stop is about nothing in particular: any operator may, and it does what it says (N5). */
const EVERYBODYS: readonly string[] = ['stop.all'];

const VIEW = { id: 'V0TAMPERED', hash: 'h', kind: 'modal', callbackId: 'tampered', state: {} } as const;

function pressOf(route: string, value: string, metadata: unknown): Press {
  return { route, blockId: 'b', value, values: [value], view: { ...VIEW, metadata }, message: null };
}

it.each(SOMEBODIES)(
  'X1 C3 $who gets the same answer for what is somebody else’s as for what never was: by every button, form and search, tampered with',
  async ({ userId, role, organizationId, absent }) => {
    const app = await startApp({ people: 0 });
    await seedTwoSchools(app);
    await becomes(app, userId, role, organizationId);
    const { outside } = app.usher();
    const ask: Ask = { outside, actor: await actorOf(outside, TEAM, userId, 'button'), channelId: PROVISIONING, reference: 'REF' };
    const rows = await auditRows(app, userId);
    const nothing: unknown = JSON.parse(asNothing(JSON.stringify(METADATA)));
    const told: string[] = [];
    const compare = (what: string, theirs: string, none: string): void => {
      if (asNothing(theirs) !== none) told.push(`${what}: ${theirs.slice(0, 300)} instead of ${none.slice(0, 300)}`);
      for (const word of leaks(asNothing(theirs), absent)) told.push(`${what} → ${word}`);
    };
    for (const command of registry) {
      for (const [route, press] of Object.entries(command.presses ?? {})) {
        for (const value of VALUES) {
          const theirs = await outcome(() => press(ask, pressOf(route, value, METADATA)));
          compare(`${route} ${value}`, theirs, await outcome(() => press(ask, pressOf(route, asNothing(value), nothing))));
        }
      }
      for (const [callbackId, form] of Object.entries(command.forms ?? {})) {
        if (EVERYBODYS.includes(callbackId)) continue;
        const submitted = (metadata: unknown) => outcome(() => form(ask, { callbackId, viewId: 'V0TAMPERED', metadata, state: {} }));
        compare(callbackId, await submitted(METADATA), await submitted(nothing));
      }
      for (const [route, suggest] of Object.entries(command.suggestions ?? {})) {
        for (const typed of ['', SOUTHERN, 'south']) {
          const found = await suggest(ask, { route, typed, view: { ...VIEW, metadata: METADATA } }).catch((error: unknown) => {
            if (error instanceof Refusal) return [];
            throw error;
          });
          for (const word of leaks(JSON.stringify(found), absent)) told.push(`${route} “${typed}” → ${word}`);
        }
      }
    }
    expect(told).toEqual([]);
    // Nothing of it was done either.
    expect(await auditRows(app, userId)).toEqual(rows);
  },
);

/** What they did so far; making a report of their own part is theirs to do. */
async function auditRows({ usher }: App, userId: string): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const page of usher().outside.store.rows('audit', { order: 'oldest' }))
    rows.push(...page.filter(({ row }) => row.by === userId && row.action !== 'reports.send').map(({ row }) => `${row.action} ${row.summary}`));
  return rows;
}
