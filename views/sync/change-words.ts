import type { ChangeKind } from '../../src/domain/sync/change.ts';

/** The kinds of change in the order they are told, with their sign and verb. */
export const CHANGE_WORDS: readonly (readonly [kind: Exclude<ChangeKind, 'frozen'>, sign: string, word: string])[] = [
  ['create', '+', 'create'],
  ['adopt', '+', 'adopt'],
  ['update', '~', 'change'],
  ['reactivate', '+', 're-activate'],
  ['deactivate', '−', 'deactivate'],
  ['delete', '−', 'delete'],
];
