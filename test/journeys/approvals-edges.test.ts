import { describe, expect, it } from 'vitest';
import { approvalsDue } from '../../src/domain/approvals/verbs/due.ts';
import { releaseAlone } from '../../src/domain/approvals/verbs/release.ts';
import type { AuditRow } from '../../src/domain/audit/audit.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { ANA, type App, MIA, PROVISIONING, SAM, startApp } from '../app.ts';
import { manualClock } from '../clock.ts';
import { everyCopy, grant, policy, request, step } from './approving.ts';
import { forged, pressing, submission } from './forged.ts';
import { plant } from './planted.ts';
import { reads, screen, shows } from './steps.ts';

/** Ana asks to disconnect Zoom; the policy sends it to #it-provisioning. */
async function asked(app: App, of: Partial<Parameters<typeof policy>[1]> = {}): Promise<void> {
  await plant(app);
  await policy(app, { action: 'disconnect', mayNames: true, ...of });
  await askAgain(app);
}

async function askAgain({ ana, workspace }: App): Promise<void> {
  await ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
  await shows(workspace, ana, 'Needs approval');
  await ana.submit({ why: 'contract ends' });
  await shows(workspace, ana, 'Asked: *Q-');
  await ana.dismiss(true);
}

async function state(app: App): Promise<string | undefined> {
  return (await app.usher().outside.store.get('connector', 'zoom'))?.value.state.is;
}

/** The audit rows of what was done to Zoom. */
async function rows(app: App, action: string): Promise<readonly AuditRow[]> {
  const found: AuditRow[] = [];
  for await (const page of app.usher().outside.store.rows('audit', { partition: 'zoom', order: 'oldest' }))
    found.push(...page.map(({ row }) => row).filter((row) => row.action === action));
  return found;
}

/** Slack says that somebody was deactivated, and Usher has heard it. */
async function leaves(app: App, userId: string): Promise<void> {
  app.workspace.deactivate(userId);
  const { store } = app.usher().outside;
  for (let gone = false; !gone; gone = ((await store.get('slackPerson', userId))?.value.deactivated ?? null) !== null)
    await new Promise((resolve) => setImmediate(resolve));
}

describe('what time does', () => {
  it('P4 expired: reminds half-way, then it is not applied, its requester is told, and a late click says so', async () => {
    const clock = manualClock();
    const app = await startApp({ clock });
    const { ana, workspace } = app;
    const sam = workspace.as(SAM);
    await grant(app, { [SAM]: 'approver' });
    await asked(app, { hours: 72 });
    await reads(workspace, sam, PROVISIONING, 'asks to *disconnect Zoom*');
    await clock.advance(37 * HOUR);
    await approvalsDue(app.usher().outside);
    await reads(workspace, sam, sam.directChannel(), 'Approve: disconnect Zoom');
    await clock.advance(36 * HOUR);
    await approvalsDue(app.usher().outside);
    await reads(workspace, ana, ana.directChannel(), 'expired, not applied');
    const told = await everyCopy(app, 'Q-1', [PROVISIONING, sam.directChannel(), ana.directChannel()], '0 of 1 approval had come');
    expect(told).not.toContain('approvals.approve');
    await sam.say(PROVISIONING, '/usher approvals approve Q-1');
    await reads(workspace, sam, PROVISIONING, 'Q-1 is already decided: expired, not applied.');
    expect(await state(app)).toBe('active');
    expect(workspace.failures).toEqual([]);
  });

  it('P3 one admin alone: it is announced, waits 24 hours, is refused before, then released from the host with a reason, marked “single person”', async () => {
    const clock = manualClock();
    const app = await startApp({ clock });
    const { ana, workspace } = app;
    await plant(app);
    await policy(app, { action: 'disconnect', mayNames: true });
    await ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
    await shows(workspace, ana, 'Needs approval');
    await ana.submit({});
    await shows(workspace, ana, 'Only you could approve it');
    await ana.dismiss(true);
    await reads(workspace, ana, PROVISIONING, 'usher approvals release Q-1');
    const { outside } = app.usher();
    await expect(releaseAlone(outside, 'Q-1', 'nobody else is here', 'root')).rejects.toThrow('refused');
    await clock.advance(24 * HOUR + MINUTE);
    await ana.press('approvals.approve');
    await reads(workspace, ana, PROVISIONING, 'You asked to disconnect Zoom yourself');
    await expect(releaseAlone(outside, 'Q-1', ' ', 'root')).rejects.toThrow('refused');
    await releaseAlone(outside, 'Q-1', 'nobody else is here', 'root');
    await everyCopy(app, 'Q-1', [PROVISIONING], 'Released from the host by a single person: “nobody else is here”');
    expect(await state(app)).toBe('disconnected');
    expect((await rows(app, 'connectors.disconnect')).map(({ approval }) => approval)).toEqual([
      { requestId: 'Q-1', approvedBy: [], singlePerson: 'nobody else is here' },
    ]);
    expect(workspace.failures).toEqual([]);
  });
});

describe('who leaves, and who comes', () => {
  it('P4 X11 approver left: the request goes on with the other one; with nobody left it closes, and its requester is told', async () => {
    const app = await startApp();
    const { ana, workspace } = app;
    const mia = workspace.as(MIA);
    await grant(app, { [SAM]: 'approver', [MIA]: 'approver' });
    await asked(app, { steps: [step(SAM, MIA)] });
    await reads(workspace, mia, PROVISIONING, 'asks to *disconnect Zoom*');
    await leaves(app, SAM);
    await approvalsDue(app.usher().outside);
    expect((await request(app, 'Q-1')).state.is).toBe('open');
    await mia.say(PROVISIONING, '/usher approvals approve Q-1');
    await reads(workspace, mia, PROVISIONING, 'Approved: Q-1');
    await everyCopy(app, 'Q-1', [PROVISIONING, ana.directChannel()], 'Done: Zoom is disconnected.');
    await policy(app, { id: 'P-2', action: 'delete', steps: [step(MIA)], mayNames: true });
    await ana.say(PROVISIONING, '/usher connectors delete Zoom');
    await shows(workspace, ana, 'Needs approval');
    await ana.submit({ typedName: 'Zoom', why: 'contract ends' });
    await shows(workspace, ana, 'Asked: *Q-2*');
    await ana.dismiss(true);
    await leaves(app, MIA);
    await approvalsDue(app.usher().outside);
    const told = await everyCopy(app, 'Q-2', [PROVISIONING, ana.directChannel()], 'Nobody is left who could approve it.');
    expect(told).not.toContain('approvals.approve');
    expect(await state(app)).toBe('disconnected');
    expect(workspace.failures).toEqual([]);
  });

  it('P4 refuses at once what nobody can approve, and says what to change', async () => {
    const app = await startApp();
    const { ana, workspace } = app;
    await grant(app, { [SAM]: 'approver' });
    await plant(app);
    await policy(app, { action: 'disconnect', steps: [step(MIA)] });
    await ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
    await shows(workspace, ana, 'Needs approval');
    await ana.submit({});
    await shows(workspace, ana, 'Nobody could approve this: disconnect Zoom. Nothing was asked for.');
    expect(screen(ana)).toContain('have a global admin change that policy');
    expect(await app.usher().outside.store.count('approval')).toBe(0);
    expect(workspace.failures).toEqual([]);
  });

  it('P4 an absent approver’s delegate decides in their place, and the card says so', async () => {
    const app = await startApp();
    const { ana, workspace } = app;
    const [sam, mia] = [workspace.as(SAM), workspace.as(MIA)];
    await grant(app, { [SAM]: 'approver', [MIA]: 'approver' });
    await sam.say(PROVISIONING, '/usher approvals');
    await shows(workspace, sam, 'While you are away…');
    await sam.press('approvals.delegate');
    await shows(workspace, sam, 'Nobody decides in your place.');
    const until = new Date(app.usher().outside.clock.now() + 240 * HOUR).toISOString().slice(0, 10);
    await sam.submit({ to: MIA, until });
    await shows(workspace, sam, 'decides in your place until');
    await asked(app, { steps: [step(SAM)] });
    await reads(workspace, mia, PROVISIONING, 'asks to *disconnect Zoom*');
    await mia.press('approvals.approve');
    await everyCopy(app, 'Q-1', [PROVISIONING, ana.directChannel()], 'Approved by mia, in the place of sam');
    await sam.dismiss(true);
    await sam.say(PROVISIONING, '/usher approvals undelegate');
    await reads(workspace, sam, PROVISIONING, 'Nobody decides in your place from now on.');
    await mia.say(PROVISIONING, `/usher approvals delegate <@${MIA}> until=${until} for=<@${SAM}>`);
    await reads(workspace, mia, PROVISIONING, 'Only admins of the whole installation can say who stands in for somebody else');
    await ana.say(PROVISIONING, `/usher approvals delegate <@${MIA}> until=${until} for=<@${SAM}>`);
    await reads(workspace, ana, PROVISIONING, '*mia* decides in the place of *sam* until');
    await ana.say(PROVISIONING, `/usher approvals undelegate for=<@${SAM}>`);
    await reads(workspace, ana, PROVISIONING, 'Nobody decides in their place from now on.');
    expect(workspace.failures).toEqual([]);
  });
});

it('P3 X8 two steps take two different people, in their order, with a restart in between; the later step can’t go first', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  const [sam, mia] = [workspace.as(SAM), workspace.as(MIA)];
  await grant(app, { [SAM]: 'approver', [MIA]: 'approver' });
  await asked(app, { steps: [step(SAM), step()] });
  expect(await reads(workspace, sam, PROVISIONING, 'asks to *disconnect Zoom*')).toContain('step 1 of 2: needs 1 of: sam');
  await mia.press('approvals.approve');
  await reads(workspace, mia, PROVISIONING, 'is not yours to decide');
  await sam.press('approvals.approve');
  await reads(workspace, sam, PROVISIONING, '1 of 2 approvals');
  await everyCopy(app, 'Q-1', [PROVISIONING], 'step 2 of 2: needs 1 of: whoever may approve');
  await sam.say(PROVISIONING, '/usher approvals approve Q-1');
  await reads(workspace, sam, PROVISIONING, 'or approved an earlier step');
  expect(await state(app)).toBe('active');
  await app.restart();
  await mia.press('approvals.approve');
  await everyCopy(app, 'Q-1', [PROVISIONING, ana.directChannel()], 'Step 2: approved by mia');
  await everyCopy(app, 'Q-1', [PROVISIONING, ana.directChannel()], 'Done: Zoom is disconnected.');
  expect((await rows(app, 'connectors.disconnect')).map(({ approval }) => approval?.approvedBy)).toEqual([[SAM, MIA]]);
  expect(workspace.failures).toEqual([]);
});

it('X3 P3 tampered metadata in a submission decides nothing that its sender may not; a click on an old card says who decided', async () => {
  const app = await startApp({ delivery: 'http' });
  const { ana, workspace } = app;
  const [sam, mia] = [workspace.as(SAM), workspace.as(MIA)];
  await grant(app, { [SAM]: 'admin', [MIA]: 'viewer' });
  await asked(app);
  await policy(app, { id: 'P-2', action: 'assign', channelId: null });
  await sam.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District"');
  await reads(workspace, sam, PROVISIONING, 'Asked: *Q-2*');

  const reason = { reason: { reason: { type: 'plain_text_input', value: 'no' } } };
  await everyCopy(app, 'Q-1', [PROVISIONING], 'contract ends');
  // Opened on Q-1, sent as if opened on Q-2, which is Sam's own.
  await sam.press('approvals.deny', {}, {});
  await shows(workspace, sam, 'Denied, nothing is applied.');
  expect((await forged(app, submission(SAM, 'approvals.deny', { requestId: 'Q-2' }, reason))).status).toBe(200);
  for (const metadata of [{ requestId: 'Q-1' }, { requestId: 'Q-2' }, { requestId: '../Q-1' }])
    expect((await forged(app, submission(MIA, 'approvals.deny', metadata, reason))).status).toBe(200);
  for (const garbage of ['{', '[]', '{"requestId":{"$gt":""}}', 'null', '']) {
    const { status, body } = await forged(app, submission(SAM, 'approvals.deny', garbage, reason));
    expect(status).toBe(200);
    expect(body).toContain('was changed by someone else');
  }
  expect((await request(app, 'Q-1')).state.is).toBe('open');
  expect((await request(app, 'Q-2')).state.is).toBe('open');
  expect((await forged(app, submission(SAM, 'approvals.deny', { requestId: 'Q-1' }, reason), 'wrong')).status).toBe(401);

  await sam.dismiss(true);
  await sam.say(PROVISIONING, '/usher approvals approve Q-1');
  await everyCopy(app, 'Q-1', [PROVISIONING, ana.directChannel()], 'Done: Zoom is disconnected.');
  const before = workspace.calls.length;
  await forged(app, pressing(ANA, 'approvals.deny', 'Q-1'));
  await forged(app, pressing(ANA, 'approvals.approve', 'Q-1'));
  await workspace.until(() => workspace.calls.slice(before).some((call) => JSON.stringify(call).includes('already decided: approved by sam')), 'who decided');
  expect(mia.modal()).toBeUndefined();
});

it('P1 P2 X1 an approver without any other role sees the inbox and nothing else, opens a request there and approves it; everything has a typed twin', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  const sam = workspace.as(SAM);
  await grant(app, { [SAM]: 'approver' });
  await asked(app, { channelId: null });
  await sam.home();
  const home = await workspace.until(() => {
    const text = JSON.stringify(workspace.homeView(SAM) ?? '');
    return text.includes('disconnect Zoom') ? text : undefined;
  }, 'the inbox in the Home tab');
  expect(home).not.toMatch(/connectors\.(new|open|list)|sync\.|report\.|directory\.|person\./);
  await sam.press('approvals.show', {}, { in: { is: 'home' } });
  await shows(workspace, sam, '“contract ends”');
  await sam.press('approvals.approve');
  await shows(workspace, sam, 'Done: Zoom is disconnected.');
  expect(screen(sam)).not.toContain('"approvals.approve"');
  await sam.press('approvals.inbox');
  await shows(workspace, sam, 'Decided lately (1)');
  await sam.dismiss(true);

  const say = async (text: string, answer: string): Promise<void> => {
    await ana.say(PROVISIONING, `/usher ${text}`);
    await reads(workspace, ana, PROVISIONING, answer);
  };
  await say('approvals unset P-1', 'The policy P-1 is removed.');
  await say(`approvals policy delete from=1 by=<@${SAM}|sam> hours=5 channel=<#${PROVISIONING}|it> names=yes`, 'The policy P-10 holds.');
  await say('approvals policy assign steps="<@U0SAMONEIL>; <!subteam^S0ITLEADS|@it-leads>" organization="Riverside District"', 'The policy P-11 holds.');
  await say('approvals policy delete by=<@U0LEEOKAFOR|lee>', 'lee may not approve everywhere');
  expect(ana.messages(PROVISIONING).at(-1)?.text).not.toContain('step-1');
  await say('approvals policy fly', 'is not how this is typed');
  await say('approvals policy assign by=@nobody', 'is neither a person nor a user group');
  await say('approvals withdraw Q-1', 'waits for nobody any more');
  await ana.say(PROVISIONING, '/usher approvals policies');
  await shows(workspace, ana, 'then 1 of: @it-leads');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher approvals show Q-1');
  await shows(workspace, ana, 'Approved by sam');
  expect(workspace.failures).toEqual([]);
});
