import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backgroundClient } from '../../../src/adapters/slack/web.ts';
import { createWorkspace } from '../../../src/adapters/slack/workspace.ts';
import { type OutgoingFile, WorkspaceFault } from '../../../src/ports/workspace.ts';
import { districtSeed } from '../../../src/sandbox/slack/seed.ts';
import type { WorkspaceOptions } from '../../../src/sandbox/slack/workspace.ts';
import { ANA, GENERAL, KENJI, LEADS, NADIA, openWorkspace, PROVISIONING, SAM, SCOPES, startSocketApp, TOKENS } from '../../sandbox/slack/bolt-app.ts';

const TOM = 'U0TOMGUEST';
const VENDORS = 'C0VENDORS';
const ARCHIVED = 'C0ROLLOUT25';
const BOT = districtSeed.app.botUserId;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function opened(options: Partial<WorkspaceOptions> = {}) {
  const { workspace: slack } = await openWorkspace({ rateLimits: false, ...options });
  return { slack, workspace: createWorkspace(backgroundClient(TOKENS.botToken, slack.apiUrl, silent)) };
}

describe('members', () => {
  it('R3 X1 tells who somebody is: name, time zone, guest, of another workspace, gone', async () => {
    const { workspace } = await opened();
    expect(await workspace.member(ANA)).toEqual({
      id: ANA,
      teamId: 'T0RIVERSIDE',
      name: 'ana',
      timeZone: 'America/Los_Angeles',
      guest: false,
      foreign: false,
      deleted: false,
    });
    expect(await workspace.member(NADIA)).toMatchObject({ guest: true, foreign: false });
    expect(await workspace.member(TOM)).toMatchObject({ guest: true });
    expect(await workspace.member(KENJI)).toMatchObject({ foreign: true, teamId: 'T0LUMEN' });
    expect(await workspace.member('U0OLDJOE')).toMatchObject({ deleted: true, timeZone: 'UTC' });
    expect(await workspace.member('U0NOBODY')).toBeUndefined();
  });

  it('X7 says what to do where Slack does not answer', async () => {
    const { slack, workspace } = await opened();
    await workspace.member(ANA);
    slack.fault({ method: 'users.info', drop: 'before' });
    await expect(workspace.member(ANA)).rejects.toThrow('Slack did not answer');
    slack.fault({ method: 'users.info', status: 429, retryAfter: 10 });
    await expect(workspace.member(ANA)).rejects.toThrow('Slack asks Usher to slow down.');
  });
});

describe('user groups', () => {
  const LEADERS = { id: 'S0ITLEADS', teamId: 'T0RIVERSIDE', handle: 'it-leads', name: 'IT leads' };

  it('X1 P1 tells who is in a user group, without those who are deactivated', async () => {
    const { slack, workspace } = await opened();
    expect(await workspace.group('S0ITLEADS')).toEqual({ ...LEADERS, members: [ANA, 'U0SAMONEIL'] });
    slack.deactivate('U0SAMONEIL');
    expect(await workspace.group('S0ITLEADS')).toMatchObject({ members: [ANA] });
    expect(slack.failures.map(({ is }) => is)).toEqual([]);
  });

  it('X1 knows no group that is disabled, also between two requests, or was never there', async () => {
    const { slack, workspace } = await opened();
    expect(await workspace.group('S0NONE')).toBeUndefined();
    slack.fault({ method: 'usergroups.users.list', error: 'no_such_subteam' });
    expect(await workspace.group('S0ITLEADS')).toBeUndefined();
    slack.changeUsergroup('S0ITLEADS', { deleted: true });
    expect(await workspace.group('S0ITLEADS')).toBeUndefined();
    expect(await workspace.groups()).toEqual([]);
  });

  it('X1 names more members than the 500 of Slack’s events', async () => {
    const { workspace } = await opened();
    const members = Array.from({ length: 700 }, (_, index) => ({ ...districtSeed.people[0], id: `U0M${index}`, name: `m${index}` }));
    const { slack, workspace: there } = await opened({
      seed: {
        ...districtSeed,
        people: [...districtSeed.people, ...members] as typeof districtSeed.people,
        usergroups: [{ id: 'S0ALL', handle: 'all', name: 'All', memberIds: members.map(({ id }) => id), deleted: false }],
      },
    });
    expect((await there.group('S0ALL'))?.members).toHaveLength(700);
    expect(slack.failures).toEqual([]);
    expect(await workspace.groups()).toEqual([LEADERS]);
  });

  it('X7 has none where the workspace’s plan has none, and says what to do about a missing permission', async () => {
    const { slack, workspace } = await opened();
    slack.fault({ method: 'usergroups.list', error: 'plan_upgrade_required' });
    expect(await workspace.groups()).toEqual([]);
    slack.fault({ method: 'usergroups.list', error: 'missing_scope' });
    await expect(workspace.groups()).rejects.toThrow('lacks a permission');
  });
});

describe('channels', () => {
  it('N1 checks that Usher can post there, and says how to mend it if not', async () => {
    const { workspace } = await opened();
    expect(await workspace.postingProblem(PROVISIONING)).toBeNull();
    expect(await workspace.postingProblem(GENERAL)).toEqual({
      problem: 'Usher is not in that channel.',
      remedy: 'Type `/invite @Usher` there, then try again.',
    });
    expect(await workspace.postingProblem(LEADS)).toMatchObject({ problem: 'Usher can’t see that channel.' });
    expect(await workspace.postingProblem(ARCHIVED)).toMatchObject({ problem: 'That channel is archived.' });
    expect(await workspace.postingProblem('C0NOWHERE')).toMatchObject({ problem: 'Usher can’t see that channel.' });
  });

  it('X2 tells the name of a public channel, and of no private one nor of one that it can’t see', async () => {
    const { slack, workspace } = await opened();
    expect(await workspace.channelName(PROVISIONING)).toBe('it-provisioning');
    expect(await workspace.channelName('C0NOWHERE')).toBeUndefined();
    expect(await workspace.channelName(LEADS)).toBeUndefined();
    slack.invite({ as: ANA, channelId: LEADS, userId: BOT });
    expect(await workspace.postingProblem(LEADS)).toBeNull();
    expect(await workspace.channelName(LEADS)).toBeUndefined();
    expect(slack.failures).toEqual([]);
  });

  it('R1 X1 finds out whether a person is in a channel themselves', async () => {
    const { slack, workspace } = await opened();
    const absent = { problem: 'You are not in that channel.', remedy: 'Join it, or choose another place.' };
    expect(await workspace.postingProblem(PROVISIONING, ANA)).toBeNull();
    expect(await workspace.postingProblem(VENDORS, ANA)).toBeNull();
    expect(await workspace.postingProblem(VENDORS, SAM)).toEqual(absent);
    expect(await workspace.postingProblem(GENERAL, ANA)).toMatchObject({ problem: 'Usher is not in that channel.' });
    expect(await workspace.postingProblem(slack.as(ANA).directChannel(), ANA)).toBeNull();
    expect(await workspace.postingProblem(slack.as(ANA).directChannel(), SAM)).toEqual(absent);
    expect(slack.failures).toEqual([]);
  });

  it('R3 holds names back from channels with guests, shared ones, and those that it can’t see', async () => {
    const { slack, workspace } = await opened();
    expect(await workspace.mayHoldNames(PROVISIONING)).toBe(true);
    expect(await workspace.mayHoldNames(GENERAL)).toBe(false);
    expect(await workspace.mayHoldNames(VENDORS)).toBe(false);
    expect(await workspace.mayHoldNames(LEADS)).toBe(false);
    slack.invite({ as: ANA, channelId: PROVISIONING, userId: TOM });
    expect(await workspace.mayHoldNames(PROVISIONING)).toBe(false);
    expect(slack.failures.map(({ is }) => is)).toEqual([]);
  });

  it('R3 holds names back where it can’t find out', async () => {
    const { slack, workspace } = await opened();
    slack.fault({ method: 'conversations.members', error: 'internal_error' });
    expect(await workspace.mayHoldNames(PROVISIONING)).toBe(false);
  });

  it('R3 lets a person’s own direct messages hold names', async () => {
    const { slack, workspace } = await opened();
    expect(await workspace.mayHoldNames(slack.as(ANA).directChannel())).toBe(true);
  });

  it('R3 asks for the whole workspace page by page where a channel is large, not for each person', async () => {
    const staff = Array.from({ length: 60 }, (_, index) => ({ ...districtSeed.people[0], id: `U0STAFF${index}`, name: `staff${index}` }));
    const people = [...districtSeed.people, ...staff] as typeof districtSeed.people;
    const channel = { kind: 'public', shared: false, archived: false, topic: '', memberIds: [...staff.map(({ id }) => id), BOT] } as const;
    const channels = [
      { ...channel, id: 'C0BIG', name: 'big' },
      { ...channel, id: 'C0BIGGUEST', name: 'big-guest', memberIds: [...channel.memberIds, TOM] },
      { ...channel, id: 'C0BIGFOREIGN', name: 'big-foreign', memberIds: [...channel.memberIds, KENJI] },
    ];
    const { slack, workspace } = await opened({ seed: { ...districtSeed, people, channels: [...districtSeed.channels, ...channels] } });
    expect(await workspace.mayHoldNames('C0BIG')).toBe(true);
    expect(await workspace.mayHoldNames('C0BIGGUEST')).toBe(false);
    expect(await workspace.mayHoldNames('C0BIGFOREIGN')).toBe(false);
    expect(slack.calls.filter(({ method }) => method === 'users.info')).toEqual([]);
  });
});

const CHUNK = 65_536;

function fileOf(chunks: number, pulled: () => void = () => undefined): OutgoingFile {
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      pulled();
      yield Buffer.alloc(CHUNK, 97 + (chunk % 26));
    }
  }
  return { name: 'accounts.csv', title: 'Accounts', comment: 'Accounts of Zoom', length: chunks * CHUNK, content: content() };
}

describe('uploads', () => {
  it('R1 sends 30 MB to a channel in the three steps, byte for byte', async () => {
    const { slack, workspace } = await opened();
    await workspace.upload(fileOf(480), { channelId: PROVISIONING });
    const message = await slack.until(() => slack.messages(PROVISIONING).find(({ files }) => files.length > 0), 'the file');
    expect(message.files).toMatchObject([{ name: 'accounts.csv', title: 'Accounts', bytes: 480 * CHUNK }]);
    expect(message.text).toBe('Accounts of Zoom');
    expect(slack.failures).toEqual([]);
  });

  it('X4 shows a comment as it is: what it names can neither ping, link nor format', async () => {
    const { slack, workspace } = await opened();
    await workspace.upload({ ...fileOf(1), comment: 'Import of <https://evil.example|Click>.csv for <!channel> *all* & us' }, { channelId: PROVISIONING });
    const message = await slack.until(() => slack.messages(PROVISIONING).find(({ files }) => files.length > 0), 'the file');
    expect(message.text).toBe('Import of &lt;https://evil.example|Click&gt;.csv for &lt;!channel&gt; ∗all∗ &amp; us');
    expect(slack.failures).toEqual([]);
  });

  it('R1 sends it to a person by direct message', async () => {
    const { slack, workspace } = await opened();
    await workspace.upload(fileOf(1), { userId: ANA });
    await slack.until(() => slack.messages(slack.as(ANA).directChannel()).find(({ files }) => files.length > 0), 'the file');
  });

  it('R1 takes from a large file only as fast as Slack takes it: memory stays bounded', async () => {
    const chunks = 480;
    let received = 0;
    let read = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      read = resolve;
    });
    // Slack's three calls, with an upload URL that does not read until it is told to.
    const slack = createServer((request, response) => {
      const method = request.url?.split('/').at(-1) ?? '';
      const answer = (body: object): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      if (method !== 'upload') {
        request.resume();
        const { port } = slack.address() as AddressInfo;
        request.on('end', () => answer({ ok: true, team_id: 'T1', upload_url: `http://127.0.0.1:${port}/upload`, file_id: 'F1', files: [] }));
        return;
      }
      void asked.then(() => {
        request.on('data', (bytes: Buffer) => {
          received += bytes.length;
        });
        request.on('end', () => response.end('OK'));
      });
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void slack.close());
    const { port } = slack.address() as AddressInfo;
    const workspace = createWorkspace(backgroundClient(TOKENS.botToken, `http://127.0.0.1:${port}/api/`, silent));
    let pulled = 0;
    const uploading = workspace.upload(
      fileOf(chunks, () => {
        pulled += 1;
      }),
      { channelId: PROVISIONING },
    );
    // It stands still when nothing was pulled for many turns.
    for (let before = -1, still = 0; still < 500; still = pulled === before && pulled > 0 ? still + 1 : 0) {
      before = pulled;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pulled).toBeLessThan(chunks / 2);
    read();
    await uploading;
    expect(received).toBe(chunks * CHUNK);
  });

  it('X7 says what to do where Slack refuses the file or can’t be reached', async () => {
    const { slack, workspace } = await opened();
    const fault = async (to: string): Promise<WorkspaceFault> => {
      const error: unknown = await workspace.upload(fileOf(1), { channelId: to }).catch((thrown: unknown) => thrown);
      if (error instanceof WorkspaceFault) return error;
      throw new Error('no fault');
    };
    expect((await fault(GENERAL)).message).toContain('/invite @Usher');
    slack.fault({ method: 'upload', status: 500 });
    expect(await fault(PROVISIONING)).toMatchObject({ code: 'upload_failed', message: expect.stringContaining('HTTP 500') });
    slack.fault({ method: 'upload', drop: 'before' });
    expect(await fault(PROVISIONING)).toMatchObject({ code: 'upload_failed', message: 'The file did not get through to Slack. Try again in a minute.' });
  });
});

describe('files that come in', () => {
  const MODAL = {
    type: 'modal' as const,
    callback_id: 'try',
    title: { type: 'plain_text' as const, text: 'Import' },
    submit: { type: 'plain_text' as const, text: 'Import' },
    blocks: [
      {
        type: 'input' as const,
        block_id: 'file',
        label: { type: 'plain_text' as const, text: 'CSV' },
        element: { type: 'file_input' as const, action_id: 'file', filetypes: ['csv'], max_files: 1 },
      },
    ],
  };

  /** A form that Ana has open, and the id of the file that the app is told of. */
  async function chosen(file: { readonly name: string; readonly content: string; readonly external?: boolean }, options: Partial<WorkspaceOptions> = {}) {
    const stage = await openWorkspace({ rateLimits: false, ...options });
    const told: unknown[] = [];
    await startSocketApp(stage.workspace, (app) => {
      app.command('/usher', async ({ ack, client, body }) => {
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: MODAL });
      });
      app.view('try', async ({ ack, view }) => {
        told.push(view.state.values.file?.file);
        await ack();
      });
    });
    const ana = stage.workspace.as(ANA);
    await ana.say(PROVISIONING, '/usher');
    await stage.workspace.until(() => ana.modal());
    const answer = await ana.choose('file', file);
    await ana.submit();
    const [value] = told as readonly { readonly type: string; readonly files: readonly { readonly id: string }[] }[];
    return {
      ...stage,
      ana,
      answer,
      value,
      id: value?.files[0]?.id ?? '',
      client: createWorkspace(backgroundClient(TOKENS.botToken, stage.workspace.apiUrl, silent)),
    };
  }

  async function bytes(content: AsyncIterable<Uint8Array>): Promise<string> {
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part);
    return Buffer.concat(parts).toString();
  }

  async function codeOf(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    return error instanceof WorkspaceFault ? error.code : String(error);
  }

  it('E9 reads a file that somebody chose in a form, with the bot’s token', async () => {
    const { client, value, id, workspace } = await chosen({ name: 'tokens.csv', content: 'serial\n1\n' });
    expect(value).toMatchObject({ type: 'file_input', files: [{ name: 'tokens.csv', size: 9, user: ANA, mode: 'hosted' }] });
    const file = await client.download(id, 1_000);
    expect([file.name, await bytes(file.content)]).toEqual(['tokens.csv', 'serial\n1\n']);
    expect(workspace.failures).toEqual([]);
  });

  it('E9 refuses a file that is too long, gone, elsewhere, or not for Usher, and one that breaks off', async () => {
    const { client, id, workspace } = await chosen({ name: 'tokens.csv', content: 'serial\n12345\n' });
    expect(await codeOf(client.download(id, 5))).toBe('file_too_long');
    expect(await codeOf(client.download('F0NOBODY', 5))).toBe('file_not_found');
    const { content } = await client.download(id, 1_000);
    workspace.fault({ method: 'download', drop: 'after' });
    expect(await codeOf(bytes(content))).toBe('download_failed');
    workspace.fault({ method: 'download', status: 500 });
    expect(await codeOf(client.download(id, 1_000).then((file) => bytes(file.content)))).toBe('file_not_found');
    workspace.fault({ method: 'files.info', error: 'fatal_error' });
    expect(await codeOf(client.download(id, 1_000))).toBe('fatal_error');
    const elsewhere = await chosen({ name: 'drive.csv', content: 'x', external: true });
    expect(await codeOf(elsewhere.client.download(elsewhere.id, 1_000))).toBe('file_external');
    const shut = await chosen({ name: 'tokens.csv', content: 'serial' }, { scopes: SCOPES.filter((scope) => scope !== 'files:read') });
    expect(await codeOf(shut.client.download(shut.id, 1_000))).toBe('missing_scope');
  });

  it('E9 X6 sends the bot’s token to Slack alone, whatever address a file is said to be at', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.end('serial');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void elsewhere.close());
    const { port: foreign } = elsewhere.address() as AddressInfo;
    const slack = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ ok: true, file: { id: 'F1', name: 'a.csv', size: 6, mode: 'hosted', url_private_download: `http://127.0.0.1:${foreign}/a.csv` } }),
      );
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void slack.close());
    const { port } = slack.address() as AddressInfo;
    const client = createWorkspace(backgroundClient(TOKENS.botToken, `http://127.0.0.1:${port}/api/`, silent));
    expect(await codeOf(client.download('F1', 1_000))).toBe('file_not_found');
    expect(asked).toEqual([]);
  });

  it('lets nobody choose what Slack’s own picker would refuse', async () => {
    const { answer, ana, workspace } = await chosen({ name: 'tokens.xlsx', content: 'x' });
    expect(answer).toMatchObject({ ok: false, error: 'file_type_not_allowed' });
    expect(await ana.choose('file', { name: 'a.csv', content: 'x'.repeat(10_000_001) })).toMatchObject({ error: 'file_too_large' });
    expect(await ana.choose('file', { name: 'a.csv', content: 'x' })).toMatchObject({ ok: true });
    expect(await ana.choose('file', { name: 'b.csv', content: 'x' })).toMatchObject({ error: 'too_many_files' });
    expect(workspace.modal(ANA)?.errors).toEqual({ file: 'Please complete this required field.' });
  });
});
