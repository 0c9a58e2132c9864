import { describe, expect, it } from 'vitest';
import { ANA, GENERAL, openWorkspace, PROVISIONING, SCOPES, type Stage } from './bolt-app.ts';
import { errorOf } from './errors.ts';

const CSV = '\uFEFFname\r\nZoë\r\n';

async function announced(stage: Stage, length: number): Promise<{ readonly url: string; readonly id: string }> {
  const { upload_url: url = '', file_id: id = '' } = await stage.client.files.getUploadURLExternal({ filename: 'people.csv', length });
  return { url, id };
}

async function uploaded(stage: Stage): Promise<string> {
  const { url, id } = await announced(stage, Buffer.byteLength(CSV));
  expect((await fetch(url, { method: 'POST', body: Buffer.from(CSV) })).status).toBe(200);
  return id;
}

describe('uploads in three steps', () => {
  it('arrive as a message with the very bytes, raw', async () => {
    const stage = await openWorkspace();
    const id = await uploaded(stage);
    await stage.client.files.completeUploadExternal({ files: [{ id, title: 'People' }], channel_id: PROVISIONING, initial_comment: 'Here' });
    const [message] = await stage.workspace.until((world) => world.messages(PROVISIONING).length > 0 && world.messages(PROVISIONING));
    expect(message).toMatchObject({ text: 'Here', files: [{ id, name: 'people.csv', title: 'People', bytes: Buffer.byteLength(CSV), mimetype: 'text/csv' }] });
    const page = await fetch(new URL(message?.files[0]?.downloadUrl ?? '', stage.workspace.url));
    expect(Buffer.from(await page.arrayBuffer()).toString()).toBe(CSV);
    expect(page.headers.get('content-disposition')).toContain('people.csv');
    expect(stage.workspace.failures).toEqual([]);
  });

  it('work with the multipart upload of the SDK', async () => {
    const stage = await openWorkspace();
    await stage.client.filesUploadV2({ channel_id: PROVISIONING, filename: 'people.csv', file: Buffer.from(CSV), title: 'People' });
    await stage.workspace.until((world) => world.messages(PROVISIONING).length === 1);
    expect(stage.workspace.files().map((file) => file.bytes?.toString())).toEqual([CSV]);
    expect(stage.workspace.failures).toEqual([]);
  });

  it('refuse another length than was announced', async () => {
    const stage = await openWorkspace();
    const { url, id } = await announced(stage, 3);
    expect((await fetch(url, { method: 'POST', body: 'four' })).status).toBe(400);
    expect(await errorOf(stage.client.files.completeUploadExternal({ files: [{ id }], channel_id: PROVISIONING }))).toBe('file_not_uploaded');
    expect(stage.workspace.failures[0]).toMatchObject({ is: 'upload', detail: '4 bytes came, 3 were announced' });
  });

  it('refuse a second completion, and channels without the bot', async () => {
    const stage = await openWorkspace();
    const id = await uploaded(stage);
    expect(await errorOf(stage.client.files.completeUploadExternal({ files: [{ id }], channel_id: GENERAL }))).toBe('not_in_channel');
    expect(await errorOf(stage.client.files.completeUploadExternal({ files: [{ id }], channel_id: ANA }))).toBe('channel_not_found');
    expect(await errorOf(stage.client.files.completeUploadExternal({ files: [{ id }] }))).toBe('ok');
    expect(await errorOf(stage.client.files.completeUploadExternal({ files: [{ id }] }))).toBe('file_already_completed');
  });

  it('take form bodies only in the first step', async () => {
    const { workspace } = await openWorkspace();
    const answer = await fetch(`${workspace.apiUrl}files.getUploadURLExternal`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-test', 'content-type': 'application/json' },
      body: JSON.stringify({ filename: 'a.csv', length: 3 }),
    });
    expect(await answer.json()).toMatchObject({ ok: false, error: 'invalid_arguments' });
  });
});

describe('url_private', () => {
  it('gives the bytes to a token with files:read and a sign-in page to everybody else', async () => {
    for (const [scopes, type] of [
      [SCOPES, 'text/csv; charset=utf-8'],
      [SCOPES.filter((scope) => scope !== 'files:read'), 'text/html; charset=utf-8'],
    ] as const) {
      const stage = await openWorkspace({ scopes });
      const id = await uploaded(stage);
      const { files } = await stage.client.files.completeUploadExternal({ files: [{ id }], channel_id: PROVISIONING });
      const [file] = files ?? [];
      const answer = await fetch(file?.url_private ?? '', { headers: { authorization: 'Bearer xoxb-test' } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    }
  });
});
