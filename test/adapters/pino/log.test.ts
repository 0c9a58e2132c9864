import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/adapters/pino/log.ts';
import { TargetFault } from '../../../src/domain/connectors/target-error.ts';

function logging(secrets: readonly string[] = [], level: 'info' | 'warn' = 'info') {
  const lines: string[] = [];
  const log = createLog({ level, secrets, destination: { write: (line) => void lines.push(line) } });
  return { log, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? 'null') };
}

// Put together here, so that no scanner takes them for real ones.
const BOT = ['xoxb', '123456789012', 'abcDEF'].join('-');
const APP = ['xapp', '1', 'A0123', 'abcDEF'].join('-');

describe('the log', () => {
  it('X7 writes one JSON line with fields, message, level and time', () => {
    const { log, lines, last } = logging();
    log.info({ reference: 'AB12CD', run: 'R-7', count: 3, missing: undefined }, 'run ended');
    expect(lines).toHaveLength(1);
    expect(last()).toEqual({ level: 30, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), reference: 'AB12CD', run: 'R-7', count: 3, msg: 'run ended' });
  });

  it('keeps to its level', () => {
    const { log, lines } = logging([], 'warn');
    log.info({}, 'quiet');
    log.warn({}, 'warned');
    log.error({}, 'failed');
    expect(lines).toHaveLength(2);
  });

  it.each([BOT, APP, BOT.replace('xoxb', 'xoxp'), BOT.replace('xoxb', 'xoxa'), 'Bearer abc.DEF-1_2/3+4==', 'https://hooks.slack.com/commands/T1/2/abc'])(
    'X6 cuts out %s wherever it stands',
    (secret) => {
      const { log, lines } = logging();
      log.error(
        { url: `x ${secret} y`, deep: { list: [secret, { error: new Error(secret, { cause: new Error(secret) }) }] }, [secret]: 1 },
        `failed with ${secret}`,
      );
      const kept = secret.replace('https://hooks.slack.com/', '').replace('Bearer ', '');
      expect(lines.join()).not.toContain(kept);
      expect(lines.join()).toContain('[redacted]');
    },
  );

  it.each(['token', 'botToken', 'client_secret', 'Authorization', 'password', 'set-cookie', 'apiKey'])('X6 never writes what a field named %s holds', (key) => {
    const { log, lines } = logging();
    log.info({ [key]: 'hunter2', nested: { [key]: { value: 'hunter2' } }, error: Object.assign(new Error('x'), { [key]: 'hunter2' }) }, 'x');
    expect(lines.join()).not.toContain('hunter2');
  });

  it('X6 prints nothing of a token that a thrown error holds, however deep: in causes, data, headers, aggregates and bodies', () => {
    const { log, lines } = logging(['target-token-of-no-known-shape']);
    const plain = 'target-token-of-no-known-shape';
    const wire = Object.assign(new Error(`socket: ${BOT}`), {
      request: { headers: { authorization: `Bearer ${plain}`, Cookie: plain, 'x-slack-signature': 'v0=abc' } },
    });
    const sdk = Object.assign(new Error('refused', { cause: wire }), {
      data: { error: 'x', token: plain, response_metadata: { messages: [`sent ${APP}`] } },
      code: plain,
    });
    const all = new AggregateError([sdk, new TypeError(plain)], `several: ${plain}`, { cause: [{ secretBox: plain }, new Map([[plain, sdk]])] });
    let deep: unknown = all;
    for (let level = 0; level < 6; level += 1) deep = { deeper: [new Error(`level ${level}`, { cause: deep })] };
    for (const thrown of [wire, sdk, all, deep]) log.error({ err: thrown, reference: 'AB12CD' }, String(thrown instanceof Error ? thrown.message : 'deep'));
    expect(lines).toHaveLength(4);
    for (const secret of [plain, BOT, APP, 'v0=abc']) expect(lines.join()).not.toContain(secret);
    expect(lines.every((line) => line.includes('AB12CD'))).toBe(true);
  });

  it('X6 cuts out further secrets that it was told, in any field and message', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_.~-]{6,40}$/), fc.string(), (secret, around) => {
        fc.pre(!'[redacted] levelmsgtimefielderrortypemessagestack'.includes(secret));
        const { log, lines } = logging([secret]);
        log.info({ field: `${around}${secret}${around}` }, `${secret} ${around}`);
        const { field, msg } = JSON.parse(lines[0] ?? '{}');
        expect(`${field} ${msg}`.replaceAll('[redacted]', '\n')).not.toContain(secret);
      }),
    );
  });

  it('writes errors with their type, words, stack, cause and data', () => {
    const { log, last } = logging();
    const fault = new TargetFault({ next: 'again', status: 503, scimType: null, message: 'busy', maybeWritten: false, retryAfter: 1_000 });
    log.error({ error: new Error('run failed', { cause: fault }) }, 'failed');
    expect(last().error).toMatchObject({
      type: 'Error',
      message: 'run failed',
      stack: expect.any(String),
      cause: { type: 'TargetFault', message: 'busy', error: { status: 503 } },
    });
  });

  it('never throws, whatever it is given', () => {
    const { log, lines } = logging();
    const circle: Record<string, unknown> = {
      big: 10n,
      map: new Map([['token', 'x']]),
      bytes: Buffer.from('abc'),
      date: new Date(0),
      odd: Number.NaN,
      symbol: Symbol('x'),
    };
    circle.self = circle;
    log.info(circle, 'circle');
    fc.assert(fc.property(fc.object(), (fields) => log.info({ ...fields }, 'any')));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      big: '10',
      self: '[circular]',
      map: { token: '[redacted]' },
      bytes: '[3 bytes]',
      date: '1970-01-01T00:00:00.000Z',
    });
  });
});
