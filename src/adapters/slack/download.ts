import type { WebClient } from '@slack/web-api';
import { type IncomingFile, WorkspaceFault } from '../../ports/workspace.ts';

/** For ten megabytes on a slow line. */
const LONGEST = 5 * 60_000;

/**
 * A file of Slack's, as a stream: `files.info` tells where it is kept, and the bot's token opens it (SLACK.md 2.6, scope
 * `files:read`). The token goes to Slack alone: to the host of the Web API, or one of slack.com.
 */
export async function downloadStream(client: WebClient, fileId: string, most: number): Promise<IncomingFile> {
  const { file } = await client.files.info({ file: fileId });
  if (file === undefined) throw new WorkspaceFault('file_not_found', 'Slack has that file no longer. Choose it again.');
  // From Google Drive and the like Slack holds a link only.
  if (file.is_external === true || file.mode === 'external' || file.mode === 'remote')
    throw new WorkspaceFault('file_external', 'That file is a link to another service. Save it to your computer and choose it from there.');
  if ((file.size ?? 0) > most) throw tooLong(most);
  const url = file.url_private_download ?? file.url_private;
  if (url === undefined || !isSlacks(url, client.slackApiUrl))
    throw new WorkspaceFault('file_not_found', 'Slack gave no place to read that file from. Choose it again.');
  return { name: file.name ?? 'file.csv', content: content(url, client.token ?? '', most) };
}

function isSlacks(url: string, apiUrl: string): boolean {
  const { protocol, hostname, origin } = new URL(url);
  return origin === new URL(apiUrl).origin || (protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com')));
}

async function* content(url: string, token: string, most: number): AsyncGenerator<Uint8Array> {
  const response = await opened(url, token);
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > most) throw tooLong(most);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof WorkspaceFault ? error : broken(error);
  }
}

async function opened(url: string, token: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, redirect: 'error', signal: AbortSignal.timeout(LONGEST) });
  } catch (error) {
    throw broken(error);
  }
  // Without the right to read it Slack answers 200 with its sign-in page.
  const isSignIn = (response.headers.get('content-type') ?? '').startsWith('text/html');
  if (response.ok && !isSignIn) return response;
  await response.body?.cancel();
  if (isSignIn) throw new WorkspaceFault('missing_scope', 'Slack did not let Usher read that file. Install the app anew: it lacks the scope files:read.');
  throw new WorkspaceFault('file_not_found', `Slack did not give that file (HTTP ${response.status}). Choose it again.`);
}

function tooLong(most: number): WorkspaceFault {
  return new WorkspaceFault(
    'file_too_long',
    `That file is larger than ${Math.floor(most / 1_000_000)} MB. Split it, or import it on the host: \`usher help\` says how.`,
  );
}

function broken(cause: unknown): WorkspaceFault {
  return new WorkspaceFault('download_failed', 'The file did not come through from Slack. Try again in a minute.', { cause });
}
