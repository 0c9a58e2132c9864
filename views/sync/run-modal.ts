import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { actions, button, context, type ModalView, modal, section, staticSelect } from '../blocks.ts';
import { whyValue } from '../explain/why-modal.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { DONE } from './event-words.ts';
import { count } from '../words.ts';

export interface RunDetail {
  readonly run: Run;
  readonly connector: { readonly id: string; readonly name: string };
  readonly events: readonly ProvisioningEvent[];
  readonly outcome: 'all' | 'failed' | 'done';
  /** What to pass for the next page; null at the end. */
  readonly next: number | null;
  readonly first: boolean;
  readonly timeZone: string;
  /** *Retry failed* is the viewer's, and so is how many failed (C3). */
  readonly mayRetry: boolean;
}

/** What one run did to whom, ten a page, newest first (S4). */
export function runModal(of: RunDetail): ModalView {
  const { run, connector } = of;
  return modal({
    callbackId: 'sync.run',
    title: `Run ${run.id}`,
    metadata: { runId: run.id, outcome: of.outcome },
    blocks: [
      section(md`${bold(connector.name)} · ${run.id}`, {
        accessory: staticSelect({
          action: 'sync.outcome',
          choices: [
            { text: 'Everybody', value: `all/${run.id}` },
            { text: 'Failed', value: `failed/${run.id}` },
            { text: 'Done', value: `done/${run.id}` },
          ],
          initial: `${of.outcome}/${run.id}`,
        }),
      }),
      ...(of.events.length === 0
        ? [section(of.outcome === 'failed' ? 'Nobody failed.' : 'Nothing was done to anybody.')]
        : of.events.map((event) => section(eventLine(event, of.timeZone), { accessory: whyButton(event) }))),
      of.events.length > 0 && context('Newest first. Values before and after are in the events report.'),
      actions([
        !of.first && button({ text: '‹ Newest', action: 'sync.events', value: `${of.outcome}/${run.id}` }),
        of.next !== null && button({ text: 'Older ›', action: 'sync.events', value: `${of.outcome}/${run.id}/${of.next}` }),
        of.mayRetry &&
          run.counts.failed > 0 &&
          run.state.is === 'ended' &&
          button({ text: `Retry failed (${count(run.counts.failed)})`, action: 'sync.retry', value: run.id }),
        of.mayRetry &&
          run.state.is === 'ended' &&
          didSomething(run) &&
          button({ text: 'Undo…', action: 'undo.run', value: run.id, accessibilityLabel: `Make a plan that undoes ${run.id}` }),
        button({ text: '‹ Sync history', action: 'sync.history', value: connector.id }),
      ]),
    ],
  });
}

function didSomething({ counts: { created, adopted, updated, reactivated, deactivated, deleted } }: Run): boolean {
  return created + adopted + updated + reactivated + deactivated + deleted > 0;
}

export interface DetailChoice {
  readonly outcome: RunDetail['outcome'];
  readonly runId: string;
  readonly after: number | null;
}

/** What was chosen or paged to; null for anything else. */
export function readDetail(value: string | null): DetailChoice | null {
  const [, outcome, runId, after] = /^(all|failed|done)\/(R-\d+)(?:\/(\d+))?$/.exec(value ?? '') ?? [];
  if (runId === undefined) return null;
  return { outcome: outcome === 'failed' ? 'failed' : outcome === 'done' ? 'done' : 'all', runId, after: after === undefined ? null : Number(after) };
}

/** Groups have no *why*. */
function whyButton({ type, connectorId, subjectId, subjectName }: ProvisioningEvent): ReturnType<typeof button> | false {
  return (
    !type.startsWith('group_') &&
    button({ text: 'Why', action: 'why.open', value: whyValue(connectorId, subjectId), accessibilityLabel: `Why: ${subjectName}` })
  );
}

function eventLine(event: ProvisioningEvent, timeZone: string): Mrkdwn {
  const attempts = event.attempts > 1 ? ` after ${event.attempts} tries` : '';
  if (event.success) return md`✓ ${event.subjectName} – ${DONE[event.type]}${attempts}, ${date(event.at, timeZone)}${changed(event)}`;
  const status = event.httpStatus === null ? '' : ` (${event.httpStatus})`;
  return md`✕ ${bold(event.subjectName)} – not ${DONE[event.type]}${attempts}: ${(event.errorMessage ?? event.errorCode ?? 'no reason given').slice(0, 300)}${status}`;
}

function changed({ changes, type }: ProvisioningEvent): Mrkdwn {
  if (type !== 'user_update_provision' || changes.length === 0) return md``;
  const shown = changes.slice(0, 3).map(({ attribute, before, after }) => `${attribute.split(':').at(-1) ?? attribute}: ${before ?? '–'} → ${after ?? '–'}`);
  return md`\n${shown.join(' · ')}${changes.length > 3 ? ` and ${changes.length - 3} more` : ''}`;
}

/** Whom the viewer may see of those left as they are. */
export interface LeftPeople {
  readonly first: readonly { readonly name: string; readonly reason: string }[];
  readonly more: number;
}

/** People who were left as they are, with the reason (D4, S8). */
export function frozenModal(run: Pick<Run, 'id'>, { first, more }: LeftPeople): ModalView {
  return modal({
    callbackId: 'sync.frozen',
    title: 'Left as they are',
    blocks: [
      context(
        `${run.id}: what is named was not sent for these people. Mend them in the directory or in the application, then sync again; protected people stay as they are on purpose.`,
      ),
      ...(first.length === 0 ? [section('Nobody.')] : first.map(({ name, reason }) => section(md`${bold(name)} – ${reason}`))),
      more > 0 && context(`and ${count(more)} more`),
    ],
  });
}
