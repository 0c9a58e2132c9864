import type { Outcome } from './courier.ts';
import type { Dict } from './json.ts';
import type { Parts } from './parts.ts';
import { notify } from './state.ts';

/** What a person's act came to. `ack` is the app's body, null for an empty one. */
export type Acted =
  | { readonly ok: true; readonly ack: Dict | string | null }
  /** `operation_timeout`, `dispatch_failed`, or what Slack's own client refused. `errors`: block id to sentence. */
  | { readonly ok: false; readonly error: string; readonly errors?: Readonly<Record<string, string>> };

/** The deprecated verification token, which payloads still carry. */
export const VERIFICATION_TOKEN = 'sandbox-verification';

/** What every interactive payload starts with. */
export function basics(parts: Parts, userId: string): Dict {
  const { team, app, people } = parts.state;
  const member = people.get(userId);
  const name = member?.name ?? '';
  return {
    team: { id: team.id, domain: team.domain },
    user: { id: userId, username: name, name, team_id: member?.teamId ?? team.id },
    api_app_id: app.id,
    token: VERIFICATION_TOKEN,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Turns an outcome into what the person sees: nothing, or Slack's own complaint. */
export function settledFor(parts: Parts, userId: string, what: string, outcome: Outcome): Acted {
  if (outcome.is === 'acked') return { ok: true, ack: outcome.body };
  const error = outcome.is === 'late' ? 'operation_timeout' : 'dispatch_failed';
  notify(parts.state, parts.changes, parts.clock, userId, `${what} failed with the error "${error}"`);
  return { ok: false, error };
}

/** The app acked with something that Slack can't use: recorded, and the person sees that it went wrong. */
export function badAck(parts: Parts, userId: string, what: string, detail: string): Acted {
  parts.failures.record('bad-ack', what, detail);
  notify(parts.state, parts.changes, parts.clock, userId, 'We had some trouble connecting. Try again?');
  return { ok: false, error: 'bad_ack' };
}
