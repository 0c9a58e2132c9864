import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { put } from '../../src/domain/revise.ts';
import { linksIn, type ReceivedMail } from '../../src/sandbox/mailbox/mails.ts';
import type { App } from '../app.ts';
import { hasChromium, openBrowser } from './chromium.ts';
import { startEnrolling, syncedTask } from './enrolling.ts';
import { reads } from './steps.ts';

const SERIALS = ['GT0001', 'GT0002', 'GT0003'];

/** Tokens are handed out here, three of them. */
async function handOutTokens({ usher }: App): Promise<void> {
  const { store } = usher().outside;
  const organizationId = (await store.get('connector', 'zoom'))?.value.organizationId ?? '';
  await store.transaction({
    puts: [
      put('enrollmentPolicy', 'connector/zoom', { days: 10, attempts: 3, reminders: [], types: ['hardware-token'], at: 1, by: 'U0ANARUIZ' }),
      ...SERIALS.map((serial) => put('hardwareToken', serial, { serial, organizationId, importedAt: 1, importedBy: 'U0ANARUIZ', used: null })),
      put('stock', organizationId, { total: SERIALS.length, used: 0, reserved: 0 }),
    ],
  });
}

/** The link as the proxy passes it on, whose address stands in the mail. */
function linkIn(mail: ReceivedMail | undefined, { usher }: App): string {
  const link = mail === undefined ? undefined : linksIn(mail)[0];
  if (link === undefined) throw new Error('the mail has no link');
  return `http://127.0.0.1:${usher().page?.port}${new URL(link).pathname}`;
}

async function typeSerial(page: Page, serial: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Serial number of your token' }).fill(serial);
  await page.getByRole('button', { name: 'Accept with this token' }).click();
}

it.skipIf(!hasChromium)(
  'E3 E9 E10 E11 mail arrives, its link is opened, the serial typed, the person enrolled, their account active, and the Slack card says so: at a desk and on a phone',
  async () => {
    const { app, mailbox } = await startEnrolling({}, { arriveAs: 'invited' });
    await handOutTokens(app);
    const people = await syncedTask({ app });
    const mails = await mailbox.until('an invitation for everybody', (all) => all.length === people && all);
    const browser = await openBrowser();
    onTestFinished(() => browser.close());

    // A mail scanner opens every link before anybody does.
    for (const mail of mails) expect((await fetch(linkIn(mail, app))).status).toBe(200);

    const desk = await (await browser.newContext({ viewport: { width: 1_280, height: 900 }, locale: 'en' })).newPage();
    await desk.goto(linkIn(mails[0], app));
    await desk.getByRole('heading', { level: 1, name: 'Accept your invitation to Zoom' }).waitFor();
    await typeSerial(desk, 'GT-9999');
    await desk.getByRole('alert').getByText('2 attempts are left').waitFor();
    await typeSerial(desk, 'gt 0001');
    await desk.getByRole('heading', { level: 1, name: 'You are enrolled' }).waitFor();
    await reads(app.workspace, app.ana, app.ana.directChannel(), '1 enrolled');

    const phone = await (
      await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: 'dark', locale: 'es' })
    ).newPage();
    await phone.goto(linkIn(mails[1], app));
    await phone.getByRole('heading', { level: 1, name: 'Acepta tu invitación a Zoom' }).waitFor();
    await phone.getByRole('link', { name: 'English' }).tap();
    await phone.getByRole('textbox', { name: 'Serial number of your token' }).fill('GT-0002');
    await phone.getByRole('button', { name: 'Accept with this token' }).tap();
    await phone.getByRole('heading', { level: 1, name: 'You are enrolled' }).waitFor();
    expect(await phone.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    await reads(app.workspace, app.ana, app.ana.directChannel(), '2 enrolled');

    // What was granted is written to the target: two accounts are active there, the others wait for their people.
    await expect.poll(async () => (await app.target.users({ only: 'active' })).total, { timeout: 60_000 }).toBe(2);
    expect((await app.target.users({ only: 'inactive' })).total).toBe(people - 2);
    expect(app.workspace.failures).toEqual([]);
  },
);
