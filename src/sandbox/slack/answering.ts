import type { Response } from 'express';
import type { Mishap } from './faults.ts';
import type { Dict } from './json.ts';
import type { Parts } from './parts.ts';

/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: Dict;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer of HTTP 200. */
export function plain(body: Dict): Answer {
  return { status: 200, body, headers: {} };
}

function scripted(mishap: Mishap | undefined): Answer | undefined {
  if (mishap === undefined) return undefined;
  if ('error' in mishap) return plain({ ok: false, error: mishap.error, ...mishap.extra });
  if (!('status' in mishap)) return undefined;
  const headers: Record<string, string> = mishap.retryAfter === undefined ? {} : { 'retry-after': String(mishap.retryAfter) };
  return { status: mishap.status, body: { ok: false, error: mishap.status === 429 ? 'ratelimited' : 'internal_error' }, headers };
}

/** Does the work and sends its answer, unless a scripted fault says otherwise. Recorded before it is sent, so that whoever has the answer finds the call. */
export async function answering(parts: Parts, response: Response, method: string, args: Dict, work: () => Answer | Promise<Answer>): Promise<void> {
  const mishap = parts.faults.take(method, args);
  if (mishap !== undefined && 'delay' in mishap) await new Promise<void>((resolve) => parts.clock.after(mishap.delay, resolve));
  const drop = mishap !== undefined && 'drop' in mishap ? mishap.drop : undefined;
  const answer = drop === 'before' ? { status: 0, body: {}, headers: {} } : (scripted(mishap) ?? (await work()));
  parts.calls.record({ method, args, answer: answer.body, status: answer.status, at: parts.clock.now() });
  if (drop === undefined) response.status(answer.status).set(answer.headers).json(answer.body);
  else response.destroy();
}
