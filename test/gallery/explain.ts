import type { HistoryEntry } from '../../src/domain/assignments/history.ts';
import type { Explanation, Granted, Standing } from '../../src/domain/explain/explanation.ts';
import { whyModal } from '../../views/explain/why-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { anEvent } from './people.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);

const granted = (size: Size): Granted => ({
  ...{ name: text(size, 'Teachers'), organization: text(size, 'North High'), since: AT, by: 'U0ANA' },
  approvedBy: some(size, 5, () => text(size, 'U0SAM')),
});

const STANDINGS: Readonly<Record<Standing['is'], (size: Size) => Standing>> = {
  provisioned: (size) => ({
    ...{ is: 'provisioned', granted: granted(size), written: size === 'none' ? null : { at: AT, runId: 'R-7' } },
    kept: size === 'more' ? { is: 'protected', spared: 'downgrade', why: text(size, 'last admin') } : null,
  }),
  waiting: (size) => ({
    ...{ is: 'waiting', granted: granted(size), due: 'update', running: size === 'none' ? null : 'R-8' },
    changes: some(size, 5, (index) => ({ attribute: `a${index}`, before: text(size, 'Teacher'), after: text(size, 'Head') })),
  }),
  failed: (size) => ({ is: 'failed', granted: size === 'none' ? null : granted(size), due: 'create', event: anEvent(size, 1) }),
  frozen: (size) => ({
    ...{ is: 'frozen', granted: size === 'none' ? null : granted(size) },
    because: { is: 'same-match', value: text(size, 'lee'), others: some(size, 5, () => text(size, 'p2')) },
  }),
  protected: (size) => ({ is: 'protected', because: { is: 'protected', spared: 'deactivation', why: text(size, 'break-glass') } }),
  held: (size) => ({
    ...{ is: 'held', why: 'no-assignment' },
    hold: { id: 'H-1', reason: size === 'none' ? { is: 'fuse' } : { is: 'freeze', name: text(size, 'Exams'), until: AT }, expiresAt: AT },
  }),
  invited: (size) => ({ is: 'invited', granted: granted(size), since: AT, waitingSince: size === 'none' ? null : AT }),
  leaving: () => ({ is: 'leaving', why: 'left-directory', due: 'deactivate', running: null }),
  'out-of-scope': (size) => ({
    ...{ is: 'out-of-scope', why: 'no-assignment', account: size === 'none' ? null : { state: 'inactive', since: AT, deleteAt: AT } },
    assigned: { first: some(size, 5, () => granted(size)), count: size === 'more' ? 12 : 5 },
  }),
  offboarded: (size) => ({
    is: 'offboarded',
    offboarded: { by: 'U0ANA', at: AT, why: text(size, 'left'), step: { is: 'failed', at: AT, attempts: 2, error: text(size, 'no answer'), next: AT } },
  }),
  'not-activated': (size) => ({ is: 'not-activated', granted: granted(size) }),
};

function entry(size: Size, index: number): HistoryEntry {
  if (index % 3 === 0) return { is: 'event', event: anEvent(size, index) };
  const row = {
    ...{
      id: `a${index}`,
      at: AT,
      by: 'U0ANA',
      way: 'button' as const,
      action: 'assignments.assign',
      connectorId: 'zoom',
      subject: 'R-7',
      summary: text(size, 'assigned Zoom'),
    },
    ...{ before: null, after: { 'mapping title': text(size, 'x') }, approval: { requestId: 'Q-1', approvedBy: [text(size, 'U0SAM')], singlePerson: null } },
  } as const;
  return index % 3 === 1 ? { is: 'setting', row } : { is: 'run', row, run: null };
}

const why = (explanation: Explanation, size: Size) =>
  whyModal({
    ...{ connector: { id: 'zoom', name: text(size, 'Zoom') }, personId: text(size, 'p1').slice(0, 1_500), name: text(size, 'Lee Okafor'), explanation },
    ...{ entries: some(size, 10, (index) => entry(size, index)), next: size === 'more' ? { audit: 5, event: 7 } : null, first: size !== 'more' },
    ...{ timeZone: 'Europe/Madrid', names: (id) => id, nameOf: (id) => id },
  });

export const explainGallery: readonly Picture[] = Object.entries(STANDINGS).map(([name, standing]) => ({
  name: `explain/why-modal, ${name}`,
  surface: 'modal',
  render: (size: Size) => why({ standing: standing(size), resting: size === 'more' ? 'disabled' : null }, size),
}));
