import type { AuditRow } from '../../src/domain/audit/audit.ts';
import type { ChainFault } from '../../src/domain/audit/verification.ts';
import { AUDIT_PAGE, type AuditShown, auditModal } from '../../views/audit/list-modal.ts';
import { auditRowModal } from '../../views/audit/row-modal.ts';
import { verifiedMessage } from '../../views/audit/verified-message.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const CHANNEL = 'C0PROVISION';
const HASH = '0f'.repeat(32);

function aRow(size: Size): AuditRow {
  const values = Object.fromEntries(
    some(size, 30, (index) => [text(index === 0 ? size : 'none', `field ${index}`), text(index === 1 ? size : 'none', 'value')]),
  );
  return {
    ...{
      id: 'a-1',
      at: AT,
      by: size === 'max' ? 'host:ana' : 'U0ANA',
      way: size === 'none' ? 'command' : 'command-line',
      action: text(size, 'connectors.disable'),
    },
    ...{ connectorId: size === 'none' ? null : 'zoom', subject: size === 'none' ? null : text(size, 'zoom/1'), summary: text(size, 'disabled Zoom') },
    ...(size === 'max' ? { subject: CHANNEL, channelId: CHANNEL, summary: `subscribed ${CHANNEL} to the alerts of Zoom` } : {}),
    ...{ before: size === 'none' ? null : values, after: size === 'none' ? null : values },
    ...(size === 'none'
      ? {}
      : { approval: { requestId: 'Q-7', approvedBy: ['U0SAM', 'U0MIA'], singlePerson: size === 'more' ? text(size, 'nobody else') : null } }),
  };
}

function shown(size: Size): AuditShown {
  if (size === 'none') return { by: null, action: null, connectorId: null, from: null, until: null, below: null };
  return {
    by: size === 'max' ? 'U0ANA' : 'host:ana',
    action: size === 'max' ? 'connectors' : 'odd.action',
    connectorId: 'zoom',
    from: '2026-11-01',
    until: '2026-11-30',
    below: 4_711,
  };
}

const connector = (size: Size) => (size === 'none' ? null : { id: 'zoom', name: text(size, 'Zoom') });
const names = (size: Size) => (id: string) => text(size, id);
const FAULTS: Readonly<Record<Size, ChainFault | null>> = {
  none: null,
  max: {
    is: 'altered',
    seq: 12,
    row: { id: 'a-12', at: AT, by: text('max', 'U0ANA'), action: 'sync.start' },
    place: { file: 'journal/1.ndjson', line: 3 },
    because: 'its text is not what was written',
  },
  more: { is: 'missing', seq: 12, until: 14, row: { id: text('more', 'a-12'), at: AT, by: null, action: null }, place: null },
};

export const auditGallery: readonly Picture[] = [
  {
    name: 'audit/list-modal',
    surface: 'modal',
    render: (size) =>
      auditModal({
        shown: shown(size),
        entries: some(size, AUDIT_PAGE, (index) => ({ seq: 100 - index, row: aRow(index === 0 ? size : 'none') })).slice(0, AUDIT_PAGE),
        next: size === 'more' ? 90 : null,
        connector: connector(size),
        verifies: size !== 'none',
        timeZone: 'Europe/Madrid',
        names: names(size),
      }),
  },
  {
    name: 'audit/row-modal',
    surface: 'modal',
    render: (size) =>
      auditRowModal({
        entry: { seq: 4_711, row: aRow(size), link: size === 'none' ? null : { salt: size === 'max' ? 'ab' : null, digest: HASH, hash: HASH } },
        shown: shown(size),
        connector: connector(size),
        timeZone: 'Europe/Madrid',
        names: names(size),
      }),
  },
  {
    name: 'audit/verified-message',
    surface: 'message',
    render: (size) =>
      verifiedMessage({
        rows: size === 'none' ? 0 : 1_204,
        unchained: size === 'none' ? 0 : 500,
        sealed: size === 'more' ? { count: 12, first: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } : { count: 0, first: [] },
        head: size === 'none' ? null : { first: 1, seq: 1_204, hash: HASH },
        noted: size === 'max' ? 3 : null,
        fault: FAULTS[size],
      }),
  },
];
