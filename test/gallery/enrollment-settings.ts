import { LANGUAGES, LETTERS } from '../../src/domain/enrollment/letter.ts';
import type { EnrollmentPolicy, EnrollmentSwitch } from '../../src/domain/enrollment/policy.ts';
import type { BulkSummary } from '../../src/domain/enrollment/shown.ts';
import type { StockImport, StockLine } from '../../src/domain/enrollment/stock.ts';
import type { EnrollmentTask } from '../../src/domain/enrollment/task.ts';
import type { SettingsSeen } from '../../src/domain/enrollment/verbs/settings.ts';
import type { SeenStock } from '../../src/domain/enrollment/verbs/stock.ts';
import type { TemplateInForce } from '../../src/domain/enrollment/verbs/templates.ts';
import { letterModal, letterPreviewModal, lettersModal } from '../../views/enrollment/letters-modal.ts';
import { policyModal } from '../../views/enrollment/policy-modal.ts';
import { printModal } from '../../views/enrollment/print-modal.ts';
import { settingsListModal, settingsModal, switchOffModal, switchOnModal } from '../../views/enrollment/settings-modal.ts';
import { stockImportedModal, stockImportModal, stockModal } from '../../views/enrollment/stock-modal.ts';
import { activatedMessage, waitingListModal, waitingModal } from '../../views/enrollment/waiting-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const ZONE = 'Europe/Madrid';

const policy: EnrollmentPolicy = {
  ...{ days: 10, attempts: 5, reminders: ['half', 'day-before'], types: ['link', 'hardware-token'], language: 'es', at: AT, by: 'U0ANARUIZ' },
};
const switched = (size: Size): EnrollmentSwitch =>
  size === 'none'
    ? { on: false, arriveAs: 'active', testAddress: null, at: 0, by: 'default' }
    : { on: true, arriveAs: 'invited', testAddress: text(size, 'ana@riverside.example'), at: AT, by: 'U0ANARUIZ' };
const connector = (size: Size, index = 0) => ({ id: `zoom-${index}`, name: text(size, 'Zoom'), organizationId: `district:${text(size, 'north')}` });

const aLog = (size: Size): StockImport => ({
  ...{ id: 'i', at: AT, by: 'U0ANARUIZ', file: text(size, 'tokens.csv'), state: size === 'more' ? 'running' : 'done' },
  ...{ added: 40, there: 1_200, invalid: 300, ignored: some(size, 5, () => text(size, 'batch')) },
});
const aStock = (size: Size, index: number): SeenStock => ({
  organization: { id: `district:${index}`, name: text(size, 'North High') },
  stock: { total: 40, used: 20, reserved: 8 },
  lastImport: index % 2 === 0 ? aLog(size) : null,
  mayImport: true,
});
const OUTCOMES: readonly StockLine['outcome'][] = [
  { is: 'there', elsewhere: true },
  { is: 'there', elsewhere: false },
  { is: 'invalid', why: 'no serial' },
  { is: 'added' },
];
const aLine = (size: Size, index: number): StockLine => ({
  ...{ id: String(index), at: AT, line: index + 2, serial: index % 4 === 2 ? '' : text(size, '10002000') },
  outcome: OUTCOMES[index % OUTCOMES.length] ?? { is: 'added' },
});

const seen = (size: Size): SettingsSeen & { readonly timeZone: string } => ({
  ...{
    connector: connector(size),
    switch: switched(size),
    version: 3,
    ready: size !== 'none',
    accounts: size === 'none' ? 0 : 5_110,
    openTasks: size === 'none' ? 0 : 2,
  },
  ...{
    policy: { policy, from: { is: 'built-in' } },
    policyOf: size === 'none' ? null : text(size, 'Riverside District'),
    by: text(size, 'Ana Ruiz'),
    timeZone: ZONE,
  },
});

const task: EnrollmentTask = {
  ...{ id: 'T-1042', number: 1042, connectorId: 'zoom', organizationId: 'district:d', runId: null, by: 'U0ANARUIZ', start: AT, stop: AT },
  ...{ days: 10, attempts: 5, types: ['link'], state: { is: 'open' }, mailedTo: null, timeZone: ZONE },
};

const letter = (size: Size, kind: TemplateInForce['kind'], language: TemplateInForce['language']): TemplateInForce => ({
  ...{ kind, language, subject: text(size, 'Your account').slice(0, 140), body: text(size, 'Hello {{name}}, {{link}}').slice(0, 3_000) },
  changed: size === 'none' ? null : { at: AT, by: 'U0ANARUIZ' },
  version: 1,
});

const summary = (size: Size): BulkSummary => ({
  done: size === 'none' ? 0 : 100,
  skipped: some(size, 3, () => ({ why: text(size, 'no seat is free'), count: 20, people: some(size, 5, () => text(size, 'Lee Okafor')) })),
});

const waiting = (size: Size, page: number): ReturnType<typeof waitingModal> =>
  waitingModal(
    {
      ...{ connector: connector(size), invited: size === 'none' ? 0 : 120, timeZone: ZONE, summary: size === 'more' ? summary(size) : null },
      seats:
        size === 'none'
          ? { total: null, taken: 3, free: null }
          : size === 'max'
            ? { total: 100, taken: 95, free: 5 }
            : { total: 'unknown', taken: 100, free: 0 },
      waiting: some(size, 10, (index) => ({
        taskId: 'T-1',
        personId: `district:${text(size, String(index))}`.slice(0, 300),
        name: text(size, 'Lee Okafor'),
        since: AT,
      })),
    },
    page,
  );

/** Token stock, settings, policies, mail texts, waiting list, printing. */
export const enrollmentSettingsGallery: readonly Picture[] = [
  ...[1, 2].map(
    (page): Picture => ({
      name: `enrollment/stock-modal, page ${page}`,
      surface: 'modal',
      render: (size) => stockModal({ stocks: some(size, 10, (index) => aStock(size, index)), mayImport: size !== 'none', timeZone: ZONE }, page),
    }),
  ),
  {
    name: 'enrollment/stock-import-modal',
    surface: 'modal',
    render: (size) => stockImportModal(size === 'none' ? null : { id: `district:${text(size, 'north')}`, name: text(size, 'North High') }),
  },
  {
    name: 'enrollment/stock-imported-modal',
    surface: 'modal',
    render: (size) =>
      stockImportedModal({ organization: aStock(size, 0).organization, log: aLog(size), problems: some(size, 10, (index) => aLine(size, index)).slice(0, 10) }),
  },
  ...[1, 2].map(
    (page): Picture => ({
      name: `enrollment/settings-list-modal, page ${page}`,
      surface: 'modal',
      render: (size) =>
        settingsListModal(
          {
            rows: some(size, 10, (index) => ({ connector: connector(size, index), switch: switched(index % 2 === 0 ? size : 'none'), policy })),
            everywhere: size !== 'none',
          },
          page,
        ),
    }),
  ),
  { name: 'enrollment/settings-modal', surface: 'modal', render: (size) => settingsModal(seen(size)) },
  { name: 'enrollment/switch-on-modal', surface: 'modal', render: (size) => switchOnModal({ ...seen(size), switch: switched('none') }) },
  { name: 'enrollment/switch-on-modal, change', surface: 'modal', render: (size) => switchOnModal(seen(size), { arriveAs: 'active' }) },
  { name: 'enrollment/switch-off-modal', surface: 'modal', render: (size) => switchOffModal(seen(size)) },
  {
    name: 'enrollment/policy-modal',
    surface: 'modal',
    render: (size) => policyModal({ scope: { is: 'connector', id: 'zoom' }, place: text(size, 'Zoom'), policy, set: size !== 'none', version: 3 }),
  },
  {
    name: 'enrollment/letters-modal',
    surface: 'modal',
    render: (size) => lettersModal({ letters: LETTERS.flatMap((kind) => LANGUAGES.map((language) => letter(size, kind, language))), timeZone: ZONE }),
  },
  { name: 'enrollment/letter-modal', surface: 'modal', render: (size) => letterModal(letter(size, 'invitation', 'en')) },
  {
    name: 'enrollment/letter-preview-modal',
    surface: 'modal',
    render: (size) => letterPreviewModal({ kind: 'reminder', language: 'es' }, { subject: text(size, 'Your account'), text: text(size, 'Hello'), html: '' }),
  },
  ...[1, 2].map((page): Picture => ({ name: `enrollment/waiting-modal, page ${page}`, surface: 'modal', render: (size) => waiting(size, page) })),
  {
    name: 'enrollment/waiting-list-modal',
    surface: 'modal',
    render: (size) =>
      waitingListModal(
        some(size, 10, (index) => ({ id: `zoom-${index}`, name: text(size, 'Zoom'), waiting: index })),
        1,
      ),
  },
  { name: 'enrollment/activated-message', surface: 'message', render: (size) => activatedMessage(summary(size)) },
  {
    name: 'enrollment/print-modal',
    surface: 'modal',
    render: (size) =>
      printModal({
        ...{ task, people: size === 'none' ? 1 : 40, groups: some(size, 10, (index) => ({ name: text(size, 'North High'), people: index })) },
        // Only its id and name are drawn.
        connector: connector(size) as unknown as Parameters<typeof printModal>[0]['connector'],
      }),
  },
];
