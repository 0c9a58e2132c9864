/** One state, one word and one sign, the same everywhere; the word always stands beside the sign (SCREENS.md). */
import type { ConnectorState, Health } from '../src/domain/connectors/connector.ts';
import type { StepOutcome } from '../src/domain/connectors/rehearsal.ts';
import type { RunResult } from '../src/domain/sync/run.ts';

export interface Sign {
  readonly sign: string;
  readonly word: string;
}

/** Those that a connector can show, by name. */
export const SIGNS = {
  ok: { sign: '●', word: 'ok' },
  degraded: { sign: '◐', word: 'degraded' },
  failing: { sign: '✕', word: 'failing' },
  disabled: { sign: '⏸', word: 'disabled' },
  quarantined: { sign: '⛔', word: 'quarantined' },
  needsCredentials: { sign: '🔑', word: 'needs credentials' },
  unsynced: { sign: '●', word: 'active, not synced yet' },
  active: { sign: '●', word: 'active, ok' },
  draft: { sign: '○', word: 'draft' },
  disconnected: { sign: '–', word: 'disconnected' },
} as const satisfies Readonly<Record<string, Sign>>;

/** `● active, ok`. */
export function signed(of: Sign): string {
  return `${of.sign} ${of.word}`;
}

/** What a connector shows: its state, and while it is active its health (C11, C18). */
export function connectorSign(state: ConnectorState, health: Health): Sign {
  switch (state.is) {
    case 'draft':
      return SIGNS.draft;
    case 'disabled':
      return SIGNS.disabled;
    case 'disconnected':
      return SIGNS.disconnected;
    case 'active':
      return healthSign(health);
  }
}

function healthSign(health: Health): Sign {
  switch (health.is) {
    case 'unknown':
      return SIGNS.unsynced;
    case 'ok':
      return SIGNS.active;
    case 'degraded':
      return SIGNS.degraded;
    case 'failing':
      return SIGNS.failing;
    case 'quarantined':
      return SIGNS.quarantined;
    case 'needs-credentials':
      return SIGNS.needsCredentials;
  }
}

/** The result of a run (S3). */
export function resultSign(result: RunResult): Sign {
  switch (result) {
    case 'success':
      return { sign: '●', word: 'success' };
    case 'partial':
      return { sign: '◐', word: 'partial success' };
    case 'failure':
      return { sign: '✕', word: 'failure' };
  }
}

/** The outcome of a step of a rehearsal (C7). */
export function stepSign(outcome: StepOutcome): Sign {
  switch (outcome.is) {
    case 'waiting':
      return { sign: '·', word: 'waiting' };
    case 'running':
      return { sign: '…', word: 'running' };
    case 'passed':
      return { sign: '✓', word: 'passed' };
    case 'passed-clean-up':
      return { sign: '✓', word: 'passed, clean up by hand' };
    case 'failed':
      return { sign: '✕', word: 'failed' };
    case 'skipped':
      return { sign: '–', word: 'not tried' };
  }
}
