import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '../../../src/adapters/slack/connection.ts';
import { deafness, DOWN, SILENT } from '../../../src/adapters/slack/watchdog.ts';
import { MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { manualClock } from '../../clock.ts';
import { uncounted } from '../../metrics.ts';
import { ANA, openWorkspace, PROVISIONING, TOKENS } from '../../sandbox/slack/bolt-app.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NEVER = new AbortController().signal;

/** An ear that a test moves. */
function ear(connected = true): { connected: boolean; heard: number } {
  return { connected, heard: 0 };
}

/** What the watchdog said so far. */
function watched(ears: Parameters<typeof deafness>[0], clock: Clock, stop = NEVER): { said: string | null | undefined } {
  const found: { said: string | null | undefined } = { said: undefined };
  void deafness(ears, clock, stop).then((why) => {
    found.said = why;
  });
  return found;
}

describe('the watchdog', () => {
  it('X8 says nothing as long as each socket says something now and then', async () => {
    const clock = manualClock();
    const ears = [ear(), ear()];
    const found = watched(ears, clock);
    for (let minute = 0; minute < 60; minute += 1) {
      for (const one of ears) one.heard += 1;
      await clock.advance(MINUTE);
    }
    expect(found.said).toBeUndefined();
  });

  it('X8 tells of one socket that is open and says nothing, though the other does', async () => {
    const clock = manualClock();
    const [speaks, silent] = [ear(), ear()];
    const found = watched([speaks, silent], clock);
    for (let passed = 0; passed < SILENT; passed += 15 * SECOND) {
      expect(found.said).toBeUndefined();
      speaks.heard += 1;
      await clock.advance(15 * SECOND);
    }
    expect(found.said).toContain('nothing came over it for 2 minutes');
  });

  it('X8 leaves a socket that is down to its client while another hears, and tells when all are down for minutes', async () => {
    const clock = manualClock();
    const [first, second] = [ear(), ear(false)];
    const found = watched([first, second], clock);
    for (let minute = 0; minute < 30; minute += 1) {
      first.heard += 1;
      await clock.advance(MINUTE);
    }
    expect(found.said).toBeUndefined();
    first.connected = false;
    await clock.advance(DOWN - 15 * SECOND);
    expect(found.said).toBeUndefined();
    await clock.advance(15 * SECOND);
    expect(found.said).toContain('no socket to Slack was open for 5 minutes');
  });

  it('X8 does not take the sleep of the machine for Slack’s silence', async () => {
    let now = 0;
    const wakes: (() => void)[] = [];
    const clock: Clock = { now: () => now, until: () => new Promise((resolve) => wakes.push(resolve)) };
    const one = ear();
    const found = watched([one], clock);
    const look = async (at: number): Promise<void> => {
      now = at;
      wakes.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    await look(8 * 60 * MINUTE);
    expect(found.said).toBeUndefined();
    for (let at = 15 * SECOND; at < SILENT; at += 15 * SECOND) await look(8 * 60 * MINUTE + at);
    expect(found.said).toBeUndefined();
    await look(8 * 60 * MINUTE + SILENT);
    expect(found.said).toContain('nothing came over it');
  });

  it('X8 ends with the process, and waits for that where there is no socket to watch', async () => {
    const clock = manualClock();
    const stop = new AbortController();
    const found = watched([], clock, stop.signal);
    await clock.advance(60 * MINUTE);
    expect(found.said).toBeUndefined();
    stop.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(found.said).toBeNull();
  });
});

describe('an ear', () => {
  it('X8 hears hello, payloads and closings; from a Slack that went deaf it hears nothing, and the watchdog tells', async () => {
    const { workspace } = await openWorkspace();
    const connection = await connect({
      incoming: { is: 'socket', appToken: TOKENS.appToken, connections: 1 },
      botToken: TOKENS.botToken,
      slackApiUrl: workspace.apiUrl,
      log,
      metrics: uncounted,
      register: (app) => app.command(/.*/, async ({ ack }) => ack()),
      onFault: () => undefined,
    });
    onTestFinished(() => connection.stop());
    const [only] = connection.ears;
    expect(only).toMatchObject({ connected: true, heard: 1 });
    const clock = manualClock();
    const found = watched(connection.ears, clock);
    for (let minute = 1; minute <= 6; minute += 1) {
      await workspace.as(ANA).say(PROVISIONING, '/usher');
      await clock.advance(MINUTE);
    }
    expect(only?.heard).toBe(7);
    expect(found.said).toBeUndefined();
    workspace.deafen();
    void workspace.as(ANA).say(PROVISIONING, '/usher');
    await clock.advance(SILENT);
    expect(only?.connected).toBe(true);
    expect(found.said).toContain('not even a ping');
  });

  it('X8 hears Slack’s pings, and only those of its own socket', async () => {
    const { workspace } = await openWorkspace();
    const connection = await connect({
      incoming: { is: 'socket', appToken: TOKENS.appToken, connections: 2 },
      botToken: TOKENS.botToken,
      slackApiUrl: workspace.apiUrl,
      log,
      metrics: uncounted,
      register: () => undefined,
      onFault: () => undefined,
    });
    onTestFinished(() => connection.stop());
    const before = connection.ears.map(({ heard }) => heard);
    workspace.ping(1);
    await vi.waitUntil(() => connection.ears.some(({ heard }, index) => heard > (before[index] ?? 0)), { timeout: 60_000 });
    expect(connection.ears.map(({ heard }, index) => heard - (before[index] ?? 0)).sort()).toEqual([0, 1]);
  });
});
