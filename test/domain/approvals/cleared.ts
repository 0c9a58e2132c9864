import { clear } from '../../../src/domain/approvals/clearance.ts';

/** As where no approval is needed: for tests of the verbs themselves. */
export const CLEARED = clear(null, null);
