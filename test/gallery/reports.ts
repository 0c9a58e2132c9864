import { REPORTS } from '../../src/domain/reports/report.ts';
import type { SentReport } from '../../src/domain/reports/verbs/make.ts';
import { reportModal } from '../../views/reports/report-modal.ts';
import { sentMessage, sentModal } from '../../views/reports/sent-message.ts';
import { type Picture, type Size, text } from '../gallery.ts';

function sent(size: Size): SentReport {
  return {
    name: 'accounts',
    file: text(size, 'usher-accounts.csv'),
    rows: size === 'none' ? 0 : 1_000_000,
    to: size === 'max' ? { channelId: 'C0PROVISION' } : { userId: 'U0ANA' },
    keptFrom: size === 'more' ? 'C0VENDORS' : null,
  };
}

export const reportsGallery: readonly Picture[] = [
  {
    name: 'reports/report-modal',
    surface: 'modal',
    render: (size) => reportModal({ channelId: size === 'none' ? null : 'C0PROVISION', timeZone: 'Europe/Madrid', report: size === 'none' ? null : 'audit' }),
  },
  ...REPORTS.map((name): Picture => ({ name: `reports/sent-message ${name}`, surface: 'message', render: (size) => sentMessage({ ...sent(size), name }) })),
  { name: 'reports/sent-modal', surface: 'modal', render: (size) => sentModal(sent(size)) },
];
