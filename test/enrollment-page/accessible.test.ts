import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasChromium, openBrowser } from '../journeys/chromium.ts';
import { LEE, type PageWorldOptions, pageWorld, secretOf, STOP } from './page-world.ts';

const PATH = `/enroll/${LEE}`;

/** What depends on colors and sizes; everything else is the same document in both. */
const LOOKS = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];

/** What axe-core finds, best practices among it, and what it could not decide. The debugger runs it: the page's policy lets no script in. */
async function findings(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const options = JSON.stringify({ preload: false, ...(rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } }) });
  const run = `axe.run(document, ${options}).then(({ violations, incomplete }) => [...violations, ...incomplete])`;
  const found = await page.evaluate<readonly axe.Result[]>(run);
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
}

/** Whether anything has to be scrolled sideways (WCAG 2.2, 1.4.10). */
function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const [colorScheme, width, rules] of [
    ['light', 390, undefined],
    ['dark', 1_280, LOOKS],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    expect(await findings(page, rules), `${state}, ${colorScheme}, ${width} px wide`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 844 });
  expect(await isTooWide(page), `${state} at 320 px`).toBe(false);
}

const press = (name: RegExp) => (page: Page) => page.getByRole('button', { name }).click();
const serial = (page: Page) => page.getByRole('textbox', { name: /Serial number/ });
async function type(page: Page, text: string): Promise<void> {
  await serial(page).fill(text);
  await press(/with this token|Try again/)(page);
}

interface State {
  readonly name: string;
  readonly world?: PageWorldOptions;
  readonly path?: string;
  readonly act?: (page: Page) => Promise<void>;
  readonly heading: RegExp;
  /** Days of which the link has been out. */
  readonly expired?: true;
}

const LONG = 'Sophie-Antoinette-Wilhelmine von und zu Hohenlohe-Waldenburg-Schillingsfürst'.repeat(2);
const STATES: readonly State[] = [
  { name: 'invited', heading: /^Accept your invitation to Zoom$/ },
  { name: 'a long name without a blank', world: { attributes: { displayName: 'x'.repeat(90) }, application: LONG }, heading: /Hohenlohe/ },
  { name: 'a choice', world: { types: ['link', 'hardware-token'] }, heading: /^Accept/ },
  { name: 'wrong serial', world: { types: ['link', 'hardware-token'] }, act: (page) => type(page, 'GT-9999'), heading: /^Accept/ },
  { name: 'no seat', world: { seats: 0 }, act: press(/Accept/), heading: /^No seat is free/ },
  { name: 'enrolled', world: { types: ['hardware-token'] }, act: (page) => type(page, 'gt 0001'), heading: /^You are enrolled$/ },
  { name: 'locked', world: { types: ['hardware-token'], attempts: 1 }, act: (page) => type(page, 'GT-9999'), heading: /^Your invitation is locked$/ },
  { name: 'expired', expired: true, heading: /^Your invitation has expired$/ },
  { name: 'unknown', path: `/enroll/${secretOf('nobody')}`, heading: /^This link does not work$/ },
  { name: 'in Spanish', path: `${PATH}?lang=es`, world: { types: ['hardware-token'] }, heading: /^Acepta tu invitación a Zoom$/ },
  { name: 'not found', path: '/nowhere', heading: /^There is no such page$/ },
];

describe.skipIf(!hasChromium)('the page in a browser', () => {
  let chromium: Browser;
  beforeAll(async () => {
    chromium = await openBrowser();
  });
  afterAll(() => chromium.close());

  async function opened(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await chromium.newContext({ viewport: { width: 390, height: 844 }, ...options });
    onTestFinished(() => context.close());
    return context.newPage();
  }

  it('would have it found if something were wrong', async () => {
    const browser = await opened();
    await browser.setContent('<title>x</title><main><h1>x</h1><input name="unlabelled"><p style="color:#999;background:#fff">faint</p></main>');
    expect((await findings(browser)).map((finding) => finding.split(':')[0]).sort()).toEqual(['color-contrast', 'html-has-lang', 'label']);
  });

  it('E3 E9 E10 has nothing that axe-core finds in any state, light and dark, on a phone and a desktop, and never scrolls sideways', async () => {
    const browser = await opened();
    for (const state of STATES) {
      const page = await pageWorld(state.world);
      if (state.expired) await page.clock.advanceTo(STOP);
      await browser.goto(`${page.url}${state.path ?? PATH}`);
      await state.act?.(browser);
      await browser.getByRole('heading', { level: 1, name: state.heading }).waitFor();
      await expectAccessible(browser, state.name);
    }
  });

  it('E9 is gone through with the keyboard alone: what is focused shows it, a problem is told and leads to its field', async () => {
    const page = await pageWorld({ types: ['hardware-token'] });
    const browser = await opened();
    await browser.goto(`${page.url}${PATH}`);
    const focused = () => browser.evaluate<string>('document.activeElement.id || document.activeElement.textContent.trim()');
    const outlined = () => browser.evaluate<boolean>('getComputedStyle(document.activeElement).outlineStyle !== "none"');
    const seen: string[] = [];
    const tab = async (): Promise<void> => {
      await browser.keyboard.press('Tab');
      seen.push(await focused());
      expect(await outlined(), await focused()).toBe(true);
    };
    for (let at = 0; at < 3; at += 1) await tab();
    expect(seen).toEqual(['serial', 'Accept with this token', 'Español']);
    await serial(browser).focus();
    await browser.keyboard.type('GT-9999');
    await browser.keyboard.press('Enter');
    await browser.getByRole('alert').waitFor();
    expect(await browser.title()).toMatch(/^Problem: /);
    expect(await serial(browser).evaluate((field) => field.getAttribute('aria-describedby'))).toBe('serial-problem serial-hint');
    await browser.keyboard.press('Tab');
    expect(await focused()).toMatch(/4 attempts are left/);
    // The problem is a link to its field: following it puts the focus there.
    await browser.keyboard.press('Enter');
    await browser.waitForFunction('document.activeElement.id === "serial"');
    expect([await focused(), await serial(browser).inputValue()]).toEqual(['serial', 'GT-9999']);
    await browser.keyboard.press('Control+A');
    await browser.keyboard.type('GT-0001');
    await browser.keyboard.press('Enter');
    await browser.getByRole('heading', { level: 1, name: 'You are enrolled' }).waitFor();
  });

  it('E3 is not shown in a frame of another page (clickjacking)', async () => {
    const page = await pageWorld();
    const browser = await opened();
    const refused = browser.waitForEvent('requestfailed', (request) => request.url().endsWith(PATH));
    await browser.setContent(`<iframe src="${page.url}${PATH}" title="framed"></iframe>`);
    expect((await refused).failure()?.errorText).toBe('net::ERR_BLOCKED_BY_RESPONSE');
    expect(await browser.frameLocator('iframe').getByRole('button').count()).toBe(0);
  });

  it('E3 works without JavaScript, by link and by token', async () => {
    const page = await pageWorld({ types: ['link', 'hardware-token'], people: ['lee', 'kim'] });
    const browser = await opened({ javaScriptEnabled: false });
    await browser.goto(`${page.url}${PATH}`);
    await type(browser, 'GT-9999');
    await browser.getByRole('alert').waitFor();
    await type(browser, 'GT-0001');
    await browser.getByRole('heading', { name: 'You are enrolled' }).waitFor();
    await browser.goto(`${page.url}/enroll/${secretOf('kim')}`);
    await press(/without a token/)(browser);
    await browser.getByRole('heading', { name: 'You are enrolled' }).waitFor();
    expect([await page.entry('lee'), await page.entry('kim')]).toMatchObject([{ type: 'hardware-token', serial: 'GT0001' }, { type: 'link' }]);
  });
});
