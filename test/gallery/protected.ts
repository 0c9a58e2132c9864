import type { ApprovalRequest } from '../../src/domain/approvals/request.ts';
import type { ProtectedRow } from '../../src/domain/protected/verbs/list.ts';
import { protectModal } from '../../views/protected/add-modal.ts';
import { protectedModal } from '../../views/protected/list-modal.ts';
import { unprotectModal } from '../../views/protected/remove-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);

function aRow(size: Size, index: number): ProtectedRow {
  return {
    entry: {
      ...{ id: `district:${index}`, personId: `district:${index}`, connectorId: index % 2 === 0 ? null : 'zoom', why: text(size, 'break-glass account') },
      ...{ by: 'U0ANARUIZ', approvedBy: index % 3 === 0 ? [] : ['U0SAMONEIL'], at: AT },
    },
    name: text(size, 'Lee Okafor'),
    organization: index % 4 === 3 ? null : text(size, 'North High'),
    connector: index % 2 === 0 ? null : text(size, 'Zoom'),
  };
}

const described = (size: Size): ApprovalRequest['described'] => ({
  title: text(size, 'stop protecting Lee Okafor in all connectors'),
  lines: some(size, 3, () => text(size, 'The next sync deactivates an account that nothing else keeps: Zoom.')),
  ...{ size: 1, organizationId: null, connectorId: null },
});

const list = (size: Size, page: number): ReturnType<typeof protectedModal> =>
  protectedModal({ rows: some(size, 10, (index) => aRow(size, index)), names: () => text(size, 'Ana Ruiz'), timeZone: 'Europe/Madrid' }, page);

export const protectedGallery: readonly Picture[] = [
  { name: 'protected/list-modal', surface: 'modal', render: (size) => list(size, 1) },
  { name: 'protected/list-modal, second page', surface: 'modal', render: (size) => list(size, 2) },
  {
    name: 'protected/add-modal',
    surface: 'modal',
    render: (size) => protectModal(size === 'none' ? null : { id: `district:${text(size, 'p1')}`, name: text(size, 'Lee Okafor') }),
  },
  { name: 'protected/remove-modal', surface: 'modal', render: (size) => unprotectModal('district:p1', described(size)) },
];
