import type { ControlCalls, ControlLink, ControlMessages, ControlSignal, ControlState } from '../../slack/control.ts';

/** Answer of a `POST /control/<name>`. `error` is a code of the workspace, or a sentence when it could not be reached. */
export type Answer = { readonly ok: true; readonly body: Readonly<Record<string, unknown>> } | { readonly ok: false; readonly error: string };

/** The answers are cast, not parsed: the same repository's workspace writes them by the same `control.ts`. Null is a 404. */
async function read<T>(path: string, query: Readonly<Record<string, string>>): Promise<T | null> {
  const reply = await fetch(`/control/${path}?${new URLSearchParams(query)}`);
  if (reply.status === 404) return null;
  if (!reply.ok) throw new Error(`The workspace answered ${reply.status} to ${path}.`);
  return (await reply.json()) as T;
}

/** What this person sees; null when there is no such person. Without one, the workspace picks its first. */
export async function readState(as: string | null): Promise<ControlState | null> {
  return await read<ControlState>('state', as === null ? {} : { as });
}

export async function readMessages(as: string, channel: string, thread: string | null): Promise<ControlMessages | null> {
  return await read<ControlMessages>('messages', { as, channel, ...(thread === null ? {} : { thread }) });
}

/** Pages beside this one (the SCIM target). A workspace without any answers 404, which is none. */
export async function readLinks(): Promise<readonly ControlLink[]> {
  const reply = await fetch('/control/links');
  if (!reply.ok) return [];
  const { links } = (await reply.json()) as { links: readonly ControlLink[] };
  return links;
}

/** Does something as a person. Never throws. */
export async function call<Name extends keyof ControlCalls>(name: Name, body: ControlCalls[Name]): Promise<Answer> {
  try {
    const reply = await fetch(`/control/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const answer = (await reply.json()) as { ok: boolean; error?: string };
    return answer.ok ? { ok: true, body: { ...answer } } : { ok: false, error: answer.error ?? `http_${reply.status}` };
  } catch {
    return { ok: false, error: 'The workspace can’t be reached.' };
  }
}

/**
 * Hears what changes for a person until the returned function is called. `live` tells whether the stream stands;
 * when it comes back, everything may have changed.
 */
export function hear(as: string, onSignal: (signal: ControlSignal) => void, onLive: (live: boolean) => void): () => void {
  const stream = new EventSource(`/control/stream?${new URLSearchParams({ as })}`);
  stream.onopen = () => onLive(true);
  stream.onerror = () => onLive(false);
  stream.onmessage = (event: MessageEvent<string>) => onSignal(JSON.parse(event.data) as ControlSignal);
  return () => stream.close();
}
