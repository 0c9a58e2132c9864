import type { PlanState } from './plan.ts';

/** How a plan stands; completes “L-7 …”. */
export function stateWords(state: PlanState): string {
  switch (state.is) {
    case 'making':
      return 'is being made';
    case 'open':
      return 'waits for somebody to run it';
    case 'applying':
      return `is being applied by ${state.runId}`;
    case 'canary-done':
      return `was applied to ${state.putOff === undefined ? '' : `${state.applied - state.putOff} of `}its first ${state.applied === 1 ? 'person' : `${state.applied} people`}, and waits to be continued`;
    case 'applied':
      return `was applied by ${state.runId}`;
    case 'cancelled':
      return 'was cancelled';
    case 'expired':
      return 'expired, not applied';
    case 'voided':
      return `is void: ${state.because.replace(/[.]$/, '')}`;
  }
}
