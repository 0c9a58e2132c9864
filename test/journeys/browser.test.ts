import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ANA, PROVISIONING, startApp } from '../app.ts';
import { hasChromium, openPage } from './chromium.ts';

if (!hasChromium) console.warn('No Chromium at /usr/bin/chromium: the browser journey is skipped. Debian: apt-get install chromium');

async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message/ });
  await composer.fill(text);
  await composer.press('Enter');
}

/** The newest message that says so. */
function message(page: Page, words: string | RegExp): Locator {
  return page.getByRole('article').filter({ hasText: words }).last();
}

async function choose(scope: Page | Locator, page: Page, name: string | RegExp, option: string | RegExp, typed?: string): Promise<void> {
  const combobox = scope.getByRole('combobox', { name });
  await combobox.click();
  if (typed !== undefined) await combobox.fill(typed);
  await page.getByRole('option', { name: option }).first().click();
}

it.skipIf(!hasChromium)('C1 C6 C7 C8 A1 S1 S2 S3 S15 N1 N3 R1 a newcomer does the whole job by hand in the page', async () => {
  const app = await startApp({ pageFolder: 'dist/page' });
  const page = await openPage(`${app.workspace.url}?as=${ANA}&channel=${PROVISIONING}`);

  await say(page, '/usher-connectors');
  await message(page, 'No connectors').getByRole('button', { name: 'New connector' }).click();
  const form = page.getByRole('dialog', { name: 'New connector' });
  await form.getByLabel('Name').fill('Zoom');
  await form.getByRole('button', { name: 'Create draft' }).click();

  const where = page.getByRole('dialog', { name: 'Configure: Where' });
  await where.getByLabel('SCIM base URL').fill(app.targetUrl);
  await where.getByLabel('Test e-mail address').fill('usher-test@riverside.example');
  await where.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('dialog', { name: 'Configure: What' }).getByRole('button', { name: 'Next' }).click();
  await page.getByRole('dialog', { name: 'Configure: Attributes' }).getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('dialog', { name: 'Configure: Pace' }).getByRole('button', { name: 'Next' }).click();
  const secret = page.getByRole('dialog', { name: 'Configure: Secret' });
  await choose(secret, page, /Reference/, 'env:USHER_SECRET_TARGET');
  await secret.getByRole('button', { name: 'Save and rehearse' }).click();

  const rehearsal = page.getByRole('dialog', { name: /Rehears/ });
  await rehearsal.getByText('Every step passed').waitFor();
  await rehearsal.getByRole('button', { name: 'Activate' }).click();
  const card = page.getByRole('dialog', { name: 'Connector' });
  await card.getByRole('button', { name: 'Assign' }).click();

  const assign = page.getByRole('dialog', { name: 'Assign' });
  await choose(assign, page, 'Roles and groups', /Teacher/, 'Teacher');
  // A menu of several sends its choice when it closes.
  await page.keyboard.press('Escape');
  await assign.getByText('to create or adopt').waitFor();
  await assign.getByRole('button', { name: 'Assign', exact: true }).click();
  await page
    .getByRole('button', { name: /^Close/ })
    .first()
    .click();

  await say(page, '/usher-sync preview Zoom');
  const preview = message(page, 'What a sync of Zoom would do now');
  await preview
    .getByText(/create/)
    .first()
    .waitFor();
  await preview.getByRole('button', { name: 'Sync now' }).click();
  const result = message(page, 'Zoom: success');
  await result.waitFor();
  const teachers = (await app.target.state()).users.active;
  expect(await result.innerText()).toContain(`${teachers} created`);

  await say(page, '/usher alerts subscribe connector=Zoom conditions=failure,partial,recovered');
  await message(page, 'from now on').waitFor();
  await app.target.set({ is: 'unverified-domain', domain: 'riverside.example' });
  await say(page, '/usher assign add Zoom Counselors organization="Riverside District"');
  await message(page, /next (sync|run)/).waitFor();
  await say(page, '/usher-sync now Zoom');
  const alert = message(page, /not verified/);
  await alert.getByRole('button', { name: /Retry failed/ }).waitFor();

  await app.target.clear('unverified-domain');
  await alert.getByRole('button', { name: /Retry failed/ }).click();
  await message(page, /R-3/).waitFor();
  await message(page, /recovered/).waitFor();

  await say(page, '/usher-report accounts');
  await page.getByRole('button', { name: /^Usher messages/ }).click();
  const link = page.getByRole('link', { name: /Download/ }).last();
  const download = page.waitForEvent('download');
  await link.click();
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv.startsWith('\uFEFF')).toBe(true);
  expect(csv.trimEnd().split('\r\n').length - 1).toBe((await app.target.state()).users.active);
  expect(app.workspace.failures).toEqual([]);
});
