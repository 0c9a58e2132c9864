import { describe, expect, it } from 'vitest';
import { REPORTS } from '../../../src/domain/reports/report.ts';
import { MORNING } from '../../clock.ts';
import { GENERAL, PROVISIONING } from '../../sandbox/slack/bolt-app.ts';
import { ANA, account, actor, event, reportWorld } from './report-world.ts';
import { put } from '../../../src/domain/revise.ts';

/** A public channel with the bot, guests, and people of another workspace. */
const VENDORS = 'C0VENDORS';

const reason = (refused: Promise<unknown>): Promise<unknown> =>
  refused.then(
    () => 'done',
    (error: { readonly reason?: unknown }) => error.reason ?? error,
  );

describe('a report', () => {
  it.each(REPORTS)('R1 %s arrives as a CSV file in the direct messages of whoever asks', async (name) => {
    const world = await reportWorld();
    const sent = await world.send(name);
    const [file] = world.slack.files();
    expect(file).toMatchObject({ name: `usher-${name}-20260302T0900Z.csv`, mimetype: 'text/csv', completed: true });
    expect(sent).toMatchObject({ name, file: file?.name, to: { userId: ANA }, keptFrom: null });
    expect(
      world.slack
        .as(ANA)
        .messages(file?.channelIds.values().next().value ?? '')
        .at(-1)?.files[0]?.name,
    ).toBe(file?.name);
    expect(world.slack.failures).toEqual([]);
  });

  it('R1 arrives in the channel that was named, and is audited with what narrowed it', async () => {
    const world = await reportWorld();
    await world.send('connectors', { organizationId: 'csv:north' }, undefined, { channelId: PROVISIONING });
    expect(world.slack.messages(PROVISIONING)).toMatchObject([
      { text: 'Report of connectors: 1 row, asked for by ana.', files: [{ name: 'usher-connectors-20260302T0900Z.csv' }] },
    ]);
    const [row] = await world.rows('audit', {}, actor('admin', null, ANA));
    expect(row).toMatchObject({ 'By ID': ANA, Action: 'reports.send', Subject: 'connectors', After: '{"organizationId":"csv:north"}' });
    expect(row).toMatchObject({ 'Channel ID': PROVISIONING, Channel: 'it-provisioning' });
    expect(row?.Summary).toBe(`sent the connectors report, 1 row, to the channel ${PROVISIONING}`);
  });

  it('R1 without a fitting row has its header still, and tells so', async () => {
    const world = await reportWorld();
    expect((await world.send('events')).rows).toBe(0);
    expect(world.text()).toMatch(/^\uFEFFEvent ID,Time,Type,.*Changes\r\n$/);
  });

  it('R1 refuses a channel where it can’t post before anything is made, with what to do', async () => {
    const world = await reportWorld();
    expect(await reason(world.send('runs', {}, undefined, { channelId: GENERAL }))).toMatchObject({
      is: 'cannot-post',
      remedy: expect.stringContaining('/invite'),
    });
    expect(world.slack.files()).toEqual([]);
  });

  it('R1 X1 refuses a channel where whoever asks is not a member, before anything is made', async () => {
    const world = await reportWorld();
    const sam = actor('operator', null, 'U0SAMONEIL');
    for (const name of ['seats', 'accounts'] as const)
      expect(await reason(world.send(name, {}, sam, { channelId: VENDORS }))).toMatchObject({ is: 'cannot-post', problem: 'You are not in that channel.' });
    expect(world.slack.files()).toEqual([]);
    expect(await world.send('seats', {}, sam, { channelId: PROVISIONING })).toMatchObject({ to: { channelId: PROVISIONING } });
  });

  it('R1 refuses a look back, or a period, that the report can’t give', async () => {
    const world = await reportWorld();
    expect(await reason(world.send('runs', { asOf: MORNING }))).toMatchObject({ is: 'bad-input', field: 'as-of' });
    expect(await reason(world.send('seats', { from: MORNING }))).toMatchObject({ is: 'bad-input', field: 'from' });
    expect(await reason(world.send('connectors', { until: MORNING }))).toMatchObject({ is: 'bad-input', field: 'until' });
  });

  it('X1 C3 refuses whoever sees nothing, a connector or organization out of their sight, and sending to somebody else', async () => {
    const world = await reportWorld();
    const { grants: _, ...nobody } = actor();
    expect(await reason(world.send('runs', {}, { ...nobody, grants: [] }))).toMatchObject({ is: 'no-role' });
    expect(await reason(world.send('runs', {}, actor('approver')))).toMatchObject({ is: 'not-allowed' });
    const north = actor('viewer', 'csv:north', ANA);
    expect(await reason(world.send('runs', { organizationId: 'csv:south' }, north))).toMatchObject({ is: 'not-found', what: 'organization' });
    expect(await reason(world.send('runs', { connectorId: 'c9' }, north))).toMatchObject({ is: 'not-found', what: 'connector' });
    expect(await reason(world.send('runs', {}, north, { userId: 'U0SAMONEIL' }))).toMatchObject({ is: 'bad-input', field: 'to' });
  });

  it.each(REPORTS)('R3 %s goes to whoever asked instead of a channel that is shared or has guests, and says so', async (name) => {
    const world = await reportWorld();
    const sent = await world.send(name, {}, undefined, { channelId: VENDORS });
    expect(sent).toMatchObject({ to: { userId: ANA }, keptFrom: VENDORS });
    expect(world.slack.messages(VENDORS)).toEqual([]);
    expect(world.slack.files()[0]?.channelIds.has(VENDORS)).toBe(false);
  });

  it('R3 sends names to a channel that is ours alone, until a guest joins it', async () => {
    const world = await reportWorld();
    expect(await world.send('accounts', {}, undefined, { channelId: PROVISIONING })).toMatchObject({ to: { channelId: PROVISIONING }, keptFrom: null });
    world.slack.invite({ as: ANA, channelId: PROVISIONING, userId: 'U0TOMGUEST' });
    expect(await world.send('seats', {}, undefined, { channelId: PROVISIONING })).toMatchObject({ to: { userId: ANA }, keptFrom: PROVISIONING });
  });

  it('R2 is a CSV with BOM, CRLF and ISO 8601 times, and no cell that a spreadsheet would run', async () => {
    const world = await reportWorld();
    await world.write([], [event('e1', MORNING, { subjectName: '=cmd()', errorMessage: 'one "quoted", two\r\nlines' })]);
    await world.send('events');
    const text = world.text();
    expect(text.startsWith('\uFEFFEvent ID,Time,')).toBe(true);
    expect(text).toContain('e1,2026-03-02T09:00:00.000Z,user_create_provision,');
    expect(text).toContain(",'=cmd(),");
    expect(text).toContain('"one ""quoted"", two\r\nlines"');
    expect(text.endsWith('\r\n')).toBe(true);
  });

  it('X4 tells nothing from outside in the message that carries the file', async () => {
    const world = await reportWorld();
    await world.write([put('account', 'c1/csv:p1', account('p1', [[1, 'active']], { pushed: { values: { userName: '<!channel>' }, at: MORNING } }))]);
    await world.send('accounts', {}, undefined, { channelId: PROVISIONING });
    expect(world.slack.messages(PROVISIONING).map(({ text }) => text)).toEqual(['Report of accounts: 1 row, asked for by ana.']);
  });

  it('X7 says what to do when Slack does not take the file, and audits nothing', async () => {
    const world = await reportWorld();
    world.slack.fault({ method: 'files.completeUploadExternal', error: 'is_archived', times: 1 });
    await expect(world.send('runs')).rejects.toMatchObject({ name: 'WorkspaceFault', message: expect.stringContaining('archived') });
    expect(await world.rows('audit')).toEqual([]);
  });
});
