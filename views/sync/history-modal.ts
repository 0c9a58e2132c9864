import type { Run } from '../../src/domain/sync/run.ts';
import { actions, button, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { resultSign, signed } from '../signs.ts';
import { count, duration } from '../words.ts';
import { done } from './run-counts.ts';

export interface RunHistory {
  readonly connector: { readonly id: string; readonly name: string };
  readonly runs: readonly Run[];
  /** Whether the viewer sees the whole connector: its counts are not for whoever sees a part (C3). */
  readonly whole: boolean;
  /** The last run of this page, where there are more. */
  readonly next: string | null;
  readonly first: boolean;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

/** Sync history: per run who or what started it, start, end, counts, result, errors (S4). Ten a page. */
export function runHistoryModal(of: RunHistory): ModalView {
  return modal({
    callbackId: 'sync.history',
    title: 'Sync history',
    metadata: { connectorId: of.connector.id },
    blocks: [
      section(md`${bold(of.connector.name)}`),
      ...(of.runs.length === 0 ? [section('No sync yet.')] : []),
      ...of.runs.map((run) =>
        section(runLine(run, of), { accessory: button({ text: 'Open', action: 'sync.open', value: run.id, accessibilityLabel: `Open run ${run.id}` }) }),
      ),
      actions([
        !of.first && button({ text: '‹ Newest', action: 'sync.history', value: of.connector.id }),
        of.next !== null && button({ text: 'Older ›', action: 'sync.older', value: `${of.connector.id}/${of.next}` }),
        button({ text: '‹ Connector', action: 'connectors.open', value: of.connector.id }),
      ]),
    ],
  });
}

/** Connector and last run of a pressed *Older*; null for anything else. */
export function readOlder(value: string | null): { readonly connectorId: string; readonly after: string } | null {
  const [, connectorId, after] = /^(.+)\/(R-\d+)$/.exec(value ?? '') ?? [];
  return connectorId === undefined || after === undefined ? null : { connectorId, after };
}

function runLine(run: Run, { timeZone, names, whole }: RunHistory): Mrkdwn {
  const by = md`by ${names(run.by)}`;
  const start = run.startedAt ?? run.requestedAt;
  switch (run.state.is) {
    case 'queued':
      return md`${bold(run.id)} waiting to start · ${by}`;
    case 'running':
      return md`${bold(run.id)} running since ${date(start, timeZone)}${whole ? `, ${count(run.done)} of ${run.total === null ? '…' : count(run.total)}` : ''} · ${by}`;
    case 'paused':
      return md`${bold(run.id)} paused · ${by}`;
    case 'ended':
      return md`${bold(run.id)} ${signed(resultSign(run.state.result))}${run.state.ending === 'completed' ? '' : ` (${run.state.ending})`} · ${date(start, timeZone)}, took ${duration(run.state.at - start)} · ${by}${whole ? md`\n${done(run.counts)}` : md``}`;
  }
}
