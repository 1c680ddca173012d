import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Role } from '#contract/permissions';
import { PASSWORD } from '../world/people.ts';
import { startWorld, type World, type WorldOptions } from '../world/world.ts';
import { launchBrowser } from './browser.ts';

/** BURSAR_TEST_WEB_ROOT names a build that lies elsewhere. */
const WEB_ROOT =
  process.env.BURSAR_TEST_WEB_ROOT ?? fileURLToPath(new URL('../../web/dist', import.meta.url));
const SCREENSHOTS = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
const PATIENCE_MS = 15_000;

type Look = 'light' | 'dark';

/** A world with its pages open in a real browser. */
export interface Stage {
  readonly world: World;
  /** A window of its own, as a fresh visitor has it; `page.url` paths are Bursar's. */
  open(look?: Look, size?: typeof DESKTOP): Promise<Page>;
  /** A window of someone who works at Harbour Training, signed in through the page. */
  openAs(role: Role, look?: Look, size?: typeof DESKTOP): Promise<Page>;
  /**
   * Ends browser and world; then fails if a page complained meanwhile: script errors, and whatever
   * the security policy refused.
   */
  close(): Promise<void>;
}

export async function setStage(options: Omit<WorldOptions, 'webRoot'> = {}): Promise<Stage> {
  const [world, browser] = await bothOf(
    startWorld({ ...options, webRoot: WEB_ROOT }),
    launchBrowser(),
  );
  const complaints: string[] = [];

  async function open(look: Look = 'light', size = DESKTOP): Promise<Page> {
    const page = await (await contextOf(browser, world.url, look, size)).newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
    });
    return page;
  }

  async function openAs(role: Role, look?: Look, size?: typeof DESKTOP): Promise<Page> {
    const person = await world.people[role]();
    const page = await open(look, size);
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    // Where that button was, the next page may have something that speaks up when pointed at.
    await page.mouse.move(0, 0);
    await heading(page, 'Learners');
    return page;
  }

  return {
    world,
    open,
    openAs,
    async close() {
      await Promise.allSettled([browser.close()]);
      await world.close();
      expect(complaints, 'what pages complained of').toEqual([]);
    },
  };
}

interface Closing {
  close(): Promise<void>;
}

/** Where one of the two can't start, the other is not left running. */
async function bothOf<One extends Closing, Other extends Closing>(
  one: Promise<One>,
  other: Promise<Other>,
): Promise<[One, Other]> {
  const started = await Promise.allSettled([one, other]);
  if (started.some(({ status }) => status === 'rejected')) {
    await Promise.all(started.map((its) => its.status === 'fulfilled' && its.value.close()));
  }
  return Promise.all([one, other]);
}

function contextOf(
  browser: Browser,
  baseURL: string,
  colorScheme: Look,
  viewport: typeof DESKTOP,
): Promise<BrowserContext> {
  return browser
    .newContext({ baseURL, colorScheme, viewport, locale: 'en-AU', timezoneId: 'Australia/Sydney' })
    .then((context) => {
      context.setDefaultTimeout(PATIENCE_MS);
      return context;
    });
}

/** Waits until the page with this heading is there. */
export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Waits until so many of a locator's elements are there; says how many there were otherwise. */
export async function expectCount(
  locator: { count(): Promise<number> },
  count: number,
): Promise<void> {
  await expect.poll(() => locator.count(), { timeout: PATIENCE_MS }).toBe(count);
}

/** Every fault that axe finds on the page as it stands, with where. */
export async function faultsOf(page: Page): Promise<string[]> {
  await settleLooks(page);
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    interface Axe {
      run(
        root: Document,
        options: unknown,
      ): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }>;
    }
    const { axe: inPage } = globalThis as unknown as { axe: Axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await inPage.run(document, { runOnly: tags });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target).join(' | ')}`);
  });
}

/**
 * Colours are measured when nothing moves any more; what moves for ever is not waited for. What
 * opens or closes may begin to move a frame later, so that two frames have to be quiet.
 */
async function settleLooks(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    for (let quiet = 0, rounds = 0; quiet < 2 && rounds < 50; rounds += 1) {
      await Promise.allSettled(moving().map((animation) => animation.finished));
      await frame();
      quiet = moving().length === 0 ? quiet + 1 : 0;
    }
  });
}

/** Whether anything scrolls sideways. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth;
  });
}

/** Keeps a picture for the README when asked by SCREENSHOTS=keep; else it does nothing. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== 'keep') return;
  const messages = page.getByRole('button', { name: 'Close message' });
  for (const message of (await messages.all()).reverse()) await message.click();
  await page.mouse.move(0, 0);
  await settleLooks(page);
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}

/** Parts of the interface that are drawn without any style of theirs: a forgotten style sheet. */
export function unstyledParts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    const styles = rules.map((rule) => rule.cssText).join('\n');
    const parts = new Map<string, string>();
    for (const element of document.querySelectorAll('[class*="mantine-"]')) {
      const hashed = [...element.classList].filter((name) => /^m_[0-9a-f]{6,}$/.test(name));
      if (hashed.length === 0 || hashed.some((name) => styles.includes(name))) continue;
      for (const name of hashed) parts.set(name, element.className.toString());
    }
    return [...parts.values()];
  });
}
