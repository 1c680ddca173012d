import type { Page } from 'playwright-core';
import { launchBrowser } from '../../e2e/browser.ts';
import { PASSWORD } from '../../world/people.ts';
import type { BusyOrg, BusyWorld } from './busy-world.ts';

/** A tab of a real browser that stands on the invoices of a learner. */
export interface OpenPage {
  /**
   * Watches for a text that is not there yet. Gives when the frame that first showed it was
   * painted, in milliseconds since 1970 by the page's own clock.
   */
  expect(text: string): Promise<{ painted: Promise<number> }>;
  close(): Promise<void>;
}

const VIEWPORT = { width: 1_440, height: 900 };

/** What the script below leaves in the page. */
interface Painted {
  paintedAt: Promise<number>;
}

export async function openInvoices(world: BusyWorld, org: BusyOrg): Promise<OpenPage> {
  const browser = await launchBrowser();
  const context = await browser.newContext({ baseURL: world.url, viewport: VIEWPORT });
  const page = await context.newPage();
  await signIn(page, world.owner.email);
  await page.goto(`/learners/${org.learnerId}?tab=invoices`);
  await page.getByText('No invoices yet').waitFor();
  return {
    async expect(text) {
      await page.evaluate(watchFor, text);
      const painted = page.evaluate(() => (globalThis as unknown as Painted).paintedAt);
      return { painted };
    },
    close: () => browser.close(),
  };
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Learners' }).waitFor();
}

/** Runs in the page. A task that follows an animation frame finds that frame painted. */
function watchFor(text: string): void {
  const isShown = () => document.body.textContent?.includes(text) === true;
  if (isShown()) throw new Error(`“${text}” stands on the page before the change`);
  const paintedAt = new Promise<number>((resolve) => {
    const observer = new MutationObserver(() => {
      if (!isShown()) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
        port2.postMessage(null);
      });
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  Object.assign(globalThis, { paintedAt });
}
