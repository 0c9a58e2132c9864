import type { EventType, ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { clip } from '../clip.ts';
import { md, type Mrkdwn } from '../mrkdwn.ts';

/** What was done, as a participle. */
export const DONE: Readonly<Record<EventType, string>> = {
  user_create_provision: 'created',
  user_update_provision: 'updated',
  user_deprovision: 'deactivated',
  user_delete_provision: 'deleted',
  user_lookup_provision: 'looked up',
  group_create_provision: 'group created',
  group_update_provision: 'group updated',
  group_delete_provision: 'group deleted',
};

const LONGEST_VALUE = 60;
const CHANGES = 5;

/** `created`, `not updated`, `left as they were`. */
export function outcomeOf({ type, success, attempts }: Pick<ProvisioningEvent, 'type' | 'success' | 'attempts'>): string {
  if (success) return DONE[type];
  return type === 'user_lookup_provision' && attempts === 0 ? 'left as they were' : `not ${DONE[type]}`;
}

/** `title: Teacher → Head · locale: – → en-GB and 3 more`; empty where nothing changed. */
export function changesLine(changes: ProvisioningEvent['changes'], most = CHANGES): Mrkdwn {
  const value = (text: string | null): string => (text === null ? '–' : clip(text, LONGEST_VALUE));
  const shown = changes
    .slice(0, most)
    .map(({ attribute, before, after, unconfirmed }) => `${attributeName(attribute)}: ${unconfirmed ? 'not known' : value(before)} → ${value(after)}`);
  const more = changes.length > most ? ` and ${changes.length - most} more` : '';
  return md`${shown.join(' · ')}${more}`;
}

/** The last part of an enterprise path. */
export function attributeName(attribute: string): string {
  return attribute.split(':').at(-1) ?? attribute;
}

/** The provider's words, cut, with the status. */
export function errorWords(
  { errorMessage, errorCode, httpStatus }: Pick<ProvisioningEvent, 'errorMessage' | 'errorCode' | 'httpStatus'>,
  longest = 200,
): string {
  return `“${clip(errorMessage ?? errorCode ?? 'no reason given', longest)}”${httpStatus === null ? '' : ` (${httpStatus})`}`;
}
