import type { Effect } from '../../src/domain/approvals/request.ts';

interface ActionWords {
  /** In lists and menus. */
  readonly name: string;
  /** Completes “… asks to” where the title may not stand, since it could name somebody (R3). */
  readonly unnamed: string;
  /** The title or the effect tells who it is about: not for a channel with guests. */
  readonly personal: boolean;
  /** What it does can't be undone by doing the opposite: its button is red. */
  readonly destructive: boolean;
}

/** What can need approval, in words (P1); and changing what does. */
export const ACTION_WORDS: Readonly<Record<Effect['is'], ActionWords>> = {
  assign: { name: 'Assign', unnamed: 'assign a connector', personal: false, destructive: false },
  unassign: { name: 'Un-assign', unnamed: 'un-assign a connector', personal: false, destructive: true },
  disconnect: { name: 'Disconnect', unnamed: 'disconnect a connector', personal: false, destructive: true },
  delete: { name: 'Delete a connector', unnamed: 'delete a connector', personal: false, destructive: true },
  'change-roles': { name: 'Change roles', unnamed: 'change who holds a role', personal: true, destructive: false },
  'edit-protected': { name: 'Edit protected people', unnamed: 'edit the list of protected people', personal: true, destructive: false },
  'release-fuse': { name: 'Release the fuse', unnamed: 'release removals', personal: false, destructive: true },
  'apply-plan': { name: 'Apply a plan', unnamed: 'apply a plan', personal: false, destructive: false },
  'first-adoption': { name: 'First adoption', unnamed: 'adopt the accounts of a target', personal: false, destructive: false },
  'edit-policies': { name: 'Change policies', unnamed: 'change what needs approval', personal: true, destructive: false },
};
