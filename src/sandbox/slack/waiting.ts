import type { Call } from './call-log.ts';
import type { Dict } from './json.ts';
import type { Parts } from './parts.ts';

/** So that a test that waits for what never comes says what it waited for; real time, and no part of any assertion. */
const PATIENCE_MS = 60_000;

function overdue(parts: Parts, what: string): Error {
  const calls = parts.calls.list.slice(-10).map((call) => `${call.method}${call.answer.ok === true ? '' : ` → ${String(call.answer.error ?? call.status)}`}`);
  const failures = parts.failures.list.map((failure) => `${failure.is} ${failure.where}: ${failure.detail}`);
  return new Error(`waited in vain for ${what}\nlast calls: ${calls.join(', ') || 'none'}\nfailures: ${failures.join('; ') || 'none'}`);
}

/** Resolves with the first value that is neither undefined, null nor false, looking again at every change of the workspace. */
export function until<Found>(parts: Parts, what: string, look: () => Found | undefined | null | false): Promise<Found> {
  return new Promise((resolve, reject) => {
    const check = (): boolean => {
      const found = look();
      // Any promise is something: it would be over before it was looked at.
      if (found instanceof Promise) throw new TypeError(`${what}: look at a fact, not at a promise`);
      if (found === undefined || found === null || found === false) return false;
      resolve(found);
      return true;
    };
    if (check()) return;
    const patience = setTimeout(() => {
      stop();
      reject(overdue(parts, what));
    }, PATIENCE_MS);
    const stop = parts.changes.listen(() => {
      try {
        if (!check()) return;
      } catch (error) {
        reject(error);
      }
      clearTimeout(patience);
      stop();
    });
  });
}

/** The next Web API call of this method that nobody has waited for yet, already made or still to come. */
export function heard(parts: Parts, method: string, where: (args: Dict, call: Call) => boolean): Promise<Call> {
  return until(parts, `a call of ${method}`, () => parts.calls.take(method, where));
}
