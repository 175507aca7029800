import { readFileSync } from 'node:fs';
import { launchBrowser } from '../test/support/browser.js';
const dev = JSON.parse(readFileSync('/tmp/dashcompare/dev.json', 'utf8'));
const browser = await launchBrowser();
const shots = JSON.parse(process.argv[2]!) as { name: string; path: string; theme?: 'dark' | 'light'; width?: number; height?: number; full?: boolean; act?: string; selector?: string }[];
for (const { name, path, theme = 'light', width = 1280, height = 900, full = true, act, selector } of shots) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, permissions: ['clipboard-write', 'clipboard-read'] });
  const page = await context.newPage();
  page.on('pageerror', (e) => console.log(name, 'THROWN', e.message));
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') console.log(name, m.type(), m.text().slice(0, 300)); });
  const ids: Record<string, string> = { NINE: dev.nine.join(','), ODD: [...dev.nine.slice(0, 4), dev.odd].join(','), FIFTY: dev.fifty.join(','), ONE: dev.nine[0], TWO: dev.nine[0] + ',' + dev.nine[6] };
  await page.goto(dev.url + path.replace(/NINE|ODD|FIFTY|ONE|TWO/, (k) => ids[k]!));
  await page.locator('main h1').first().waitFor();
  await page.waitForTimeout(1500);
  if (act) await (new Function('page', `return (async () => {${act}})()`))(page);
  // lazily mounted parts
  if (full) { await page.evaluate('new Promise(async (r) => { for (let y = 0; y < document.body.scrollHeight; y += 600) { scrollTo(0, y); await new Promise((s) => setTimeout(s, 120)); } scrollTo(0, 0); r(); })'); await page.waitForTimeout(1200); }
  if (selector) await page.locator(selector).first().screenshot({ path: `/tmp/dashcompare/${name}.png` });
  else await page.screenshot({ path: `/tmp/dashcompare/${name}.png`, fullPage: full });
  await context.close();
}
await browser.close();
