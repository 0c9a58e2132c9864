import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { actions, button, context, type ModalView, modal, preformatted, section } from '../blocks.ts';
import { whyValue } from '../explain/why-modal.ts';
import { bold, code, date, joined, md } from '../mrkdwn.ts';
import { outcomeOf } from '../sync/event-words.ts';
import { count } from '../words.ts';
import type { EventsShown } from './list-modal.ts';

export interface EventDetail {
  readonly seq: number;
  readonly event: ProvisioningEvent;
  readonly connector: string;
  readonly organization: string;
  /** The list to go back to. */
  readonly shown: EventsShown;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

/** Changed attributes on one screen. */
const CHANGES = 30;

/** One event with every field, its attributes before and after (S5). */
export function eventModal(of: EventDetail): ModalView {
  const { event, connector, organization, timeZone, names } = of;
  const { changes } = event;
  return modal({
    callbackId: 'events.open',
    title: `Event ${count(of.seq)}`,
    metadata: { ...of.shown },
    blocks: [
      section(md`${event.success ? '✓' : '✕'} ${bold(event.subjectName)} ${outcomeOf(event)} in ${connector}`),
      section(
        joined(
          [
            md`${date(event.at, timeZone)} · ${event.type}`,
            md`Run ${event.runId}, started by ${names(event.by)}`,
            md`${event.application} · ${organization}`,
            md`Person or group ${code(event.subjectId)} · in the application ${event.targetId === null ? '–' : code(event.targetId)}`,
            md`${count(event.attempts)} ${event.attempts === 1 ? 'request' : 'requests'}${event.httpStatus === null ? '' : ` · HTTP ${event.httpStatus}`}${event.errorCode === null ? '' : ` · ${event.errorCode}`}`,
          ],
          '\n',
        ),
      ),
      event.errorMessage !== null && preformatted(event.errorMessage),
      ...(changes.length === 0 && event.success ? [section('No attribute was changed.')] : []),
      ...changes.slice(0, CHANGES).map(({ attribute, before, after }) => section(md`${bold(attribute)}\n${before ?? '–'} → ${after ?? '–'}`)),
      changes.length > CHANGES && context(`and ${count(changes.length - CHANGES)} more`),
      actions([
        button({ text: '‹ Events', action: 'events.back' }),
        !event.type.startsWith('group_') && button({ text: 'Why', action: 'why.open', value: whyValue(event.connectorId, event.subjectId) }),
        button({ text: 'Run', action: 'sync.open', value: event.runId }),
      ]),
      context(md`${code(event.id)} · #${String(of.seq)}`),
    ],
  });
}
