import type { Invitation } from '../domain/enrollment/invitation.ts';
import type { Problem, Shown } from '../../views/enrollment-page/invitation-page.ts';
import type { Said } from './sealed.ts';

/** What to show: the store counts; what became of the form tells why, and what a link that is used up can't tell any more. */
export function shownOf(invitation: Invitation, said: Said | null): Shown {
  switch (invitation.is) {
    case 'open':
      return {
        is: 'open',
        invited: invitation.invited,
        types: invitation.types,
        attempts: invitation.attempts,
        waiting: invitation.waitingSince !== null || said?.is === 'no-seat',
        problem: problemOf(said, invitation.attempts.left),
        typed: said !== null && 'serial' in said ? said.serial : '',
      };
    case 'locked':
      return { is: 'locked', invited: invitation.invited };
    case 'closed':
      return closed(invitation, said);
  }
}

function closed({ why, invited }: Extract<Invitation, { is: 'closed' }>, said: Said | null): Shown {
  const gone = why === 'used' || why === 'unknown';
  if (gone && said?.is === 'enrolled') return { is: 'enrolled', invited: said.invited, type: said.type, already: false };
  if (gone && said?.is === 'locked') return { is: 'locked', invited: said.invited };
  return why === 'used' ? { is: 'enrolled', invited, type: 'link', already: true } : { is: why, invited };
}

function problemOf(said: Said | null, left: number): Problem | null {
  switch (said?.is) {
    case 'empty':
    case 'shape':
      return { is: said.is };
    case 'wrong-serial':
      return { is: 'wrong', left };
    case 'no-seat':
    case 'enrolled':
    case 'locked':
    case undefined:
      return null;
  }
}
