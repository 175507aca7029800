import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page by WCAG 2.2 A and AA: a line a rule, with the elements that break it. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // Not as a script of the page, which its content policy would refuse.
  await page.evaluate(axe);
  return page.evaluate<string[]>(`(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.map(({ id, help, nodes }) => {
      const places = nodes.slice(0, 5).map(({ target, failureSummary }) => target.join(' ') + ' — ' + failureSummary.split('\\n').at(-1).trim());
      return id + ': ' + help + '\\n  ' + places.join('\\n  ');
    });
  })()`);
}

/** Waits until a page shows what it has: its heading, and nothing that is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await page.locator('[role="status"][aria-label^="Loading"]').first().waitFor({ state: 'detached' });
  // Panels that are not shown ask for nothing, and wait.
  await page.locator('.skeleton:visible').first().waitFor({ state: 'detached' });
}

/** What is wrong with a page in either theme and, on a telephone, with its width as well. */
export async function violationsInAllLooks(page: Page, address: string): Promise<string[]> {
  const wide = page.viewportSize();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(address);
  await settled(page);
  const found: string[] = [];
  const look = async (name: string) => {
    for (const violation of await accessibilityViolations(page))
      found.push(`${address}, ${name}: ${violation}`);
  };
  await look('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('[data-theme="dark"]').waitFor();
  await look('dark');
  await page.setViewportSize({ width: 360, height: 740 });
  await look('telephone');
  const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
  if (overflow > 0) found.push(`${address} is ${overflow} pixels wider than a telephone`);
  await page.emulateMedia({ colorScheme: null });
  if (wide) await page.setViewportSize(wide);
  return found;
}
