import { Readable } from 'node:stream';
import type { WebClient } from '@slack/web-api';
import { LIMITS } from '../../../views/limits.ts';
import { md, render } from '../../../views/mrkdwn.ts';
import { type OutgoingFile, WorkspaceFault } from '../../ports/workspace.ts';

/** For a file of any size on a slow line. */
const LONGEST = 15 * 60_000;

/**
 * Slack's three-step upload, with the bytes as a stream: the SDK's `filesUploadV2` reads whole files into memory.
 * Step 1 wants the exact length; step 2 takes the raw bytes; step 3 shares the file (SLACK.md 2.6).
 */
export async function uploadStream(client: WebClient, file: OutgoingFile, to: { readonly channelId: string; readonly threadTs?: string }): Promise<void> {
  const { upload_url: url, file_id: id } = await client.files.getUploadURLExternal({ filename: file.name, length: file.length });
  if (url === undefined || id === undefined) throw new WorkspaceFault('upload_refused', 'Slack gave no place to upload to. Try again.');
  const response = await send(url, file);
  await response.body?.cancel();
  if (!response.ok) throw new WorkspaceFault('upload_failed', `Slack did not take the file (HTTP ${response.status}). Try again.`);
  await client.files.completeUploadExternal({
    files: [{ id, title: file.title }],
    // Slack reads it as mrkdwn, and it names what comes from outside (X4).
    initial_comment: render(md`${file.comment}`, LIMITS.fallback, LIMITS.fallbackBytes),
    // The SDK's type wants both or neither.
    ...(to.threadTs === undefined ? { channel_id: to.channelId } : { channel_id: to.channelId, thread_ts: to.threadTs }),
  });
}

async function send(url: string, file: OutgoingFile): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      // Node's fetch wants `duplex` for a streamed body; lib.dom's RequestInit does not know it.
      ...({ duplex: 'half' } as object),
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(file.length) },
      body: Readable.toWeb(Readable.from(file.content)) as ReadableStream,
      redirect: 'error',
      signal: AbortSignal.timeout(LONGEST),
    });
  } catch (error) {
    const fault = new WorkspaceFault('upload_failed', 'The file did not get through to Slack. Try again in a minute.');
    fault.cause = error;
    throw fault;
  }
}
