import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Fault {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** What axe finds against WCAG 2.2, levels A and AA, on the page as it is now: a line a fault, empty when it is accessible. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const faults = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((found) =>
       found.violations.map(({ id, help, nodes }) => ({ id, help,
         nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) })))`,
  )) as Fault[];
  return faults.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
}
