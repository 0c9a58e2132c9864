import type { Foreseen } from '../../src/domain/approvals/verbs/foresee.ts';
import { bold, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { plural } from '../words.ts';
import { stepWords } from './request-words.ts';

/** The approval that something will take, as its form says beforehand. */
export interface Ahead extends Foreseen {
  /** Plain names of people and user groups, by Slack id. */
  readonly names: (id: string) => string;
}

/** The button that asks instead of doing it. */
export const ASK = 'Ask for approval';

/** `Needs approval, 1 of: IT leads. P-1 says so from 100 people on.` */
export function aheadLine({ terms, from, ...of }: Ahead): Mrkdwn {
  const who = joined(
    terms.steps.map((step) => stepWords(step, of)),
    ', then ',
  );
  const why = terms.policyId === null ? '' : ` ${terms.policyId} says so${from === 0 ? '' : ` from ${plural(from, 'person', 'people')} on`}.`;
  return md`${bold('Needs approval')}, ${who}.${why} Nothing is done before that.`;
}
