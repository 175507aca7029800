import { type Page } from 'playwright-core';
import { logCurves, startRun } from '../../bench-tracker/operations.js';
import { type WebBench, type WebRow } from '../row.js';

const RUNS = 20;
const POINTS = 100_000;
const FIRST_CHART = '[data-chart="train/loss"] [data-drawn]';

/** Runs in the page: tells when the frame after the drawing began, without the pauses in which a test tool looks. */
const DRAWN = `new Promise((resolve) => {
  const look = () => requestAnimationFrame(
    document.querySelector('${FIRST_CHART}') === null ? look : () => resolve(performance.now() / 1000),
  );
  look();
})`;

/** The address of a comparison of twenty runs with a long curve each; they are logged once for both rows. */
const compared = new WeakMap<WebBench, Promise<string>>();

function compareAddress(bench: WebBench): Promise<string> {
  const known = compared.get(bench) ?? seed(bench);
  compared.set(bench, known);
  return known;
}

async function seed({ client, url, quick }: WebBench): Promise<string> {
  const ids: string[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    ids.push(await startRun(client, { name: `run ${index + 1}`, experiment: 'twenty runs' }));
  }
  const points = quick ? POINTS / 10 : POINTS;
  await logCurves(
    client,
    ids.map((runId) => ({ runId, name: 'train/loss', points })),
  );
  for (const id of ids) {
    await client.query('mutation ($input: FinishRunInput!) { finishRun(input: $input) { run { id } } }', {
      input: { runId: id },
    });
  }
  return `${url}/compare?runs=${ids.join(',')}`;
}

async function openComparison(bench: WebBench): Promise<{ page: Page; seconds: number }> {
  const address = await compareAddress(bench);
  const context = await bench.browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(address, { waitUntil: 'commit' });
  const seconds = Number(await page.evaluate(DRAWN));
  return { page, seconds };
}

export const compareDrawn: WebRow = {
  id: 'compare-drawn',
  title: `compare ${RUNS} runs of 100,000 points: from the address to the curves`,
  target: 1,
  unit: 's',
  better: 'lower',
  async measure(bench, details) {
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const { page, seconds } = await openComparison(bench);
      times.push(seconds);
      await page.context().close();
    }
    details.times = times.map((time) => Number(time.toFixed(2)));
    return times.sort((a, b) => a - b)[2]!;
  },
};

/** Runs in the page: drags the chart aside a little in every frame for three seconds and counts the frames. */
const PAN = `(async () => {
  const over = document.querySelector('[data-chart="train/loss"] .u-over');
  const { left, top, width, height } = over.getBoundingClientRect();
  const at = (x) => ({ clientX: x, clientY: top + height / 2, bubbles: true, cancelable: true });
  const middle = left + width / 2;
  over.dispatchEvent(new MouseEvent('mousedown', { ...at(middle), button: 0, shiftKey: true }));
  const frame = () => new Promise((resume) => requestAnimationFrame(resume));
  await frame();
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < 3000) {
    const x = middle + (width / 4) * Math.sin((performance.now() - start) / 400);
    dispatchEvent(new PointerEvent('pointermove', at(x)));
    await frame();
    frames += 1;
  }
  const seconds = (performance.now() - start) / 1000;
  dispatchEvent(new PointerEvent('pointerup', at(middle)));
  return frames / seconds;
})()`;

export const comparePanned: WebRow = {
  id: 'compare-panned',
  title: `compare ${RUNS} runs of 100,000 points: panning the curves`,
  target: 50,
  unit: 'frames/s',
  better: 'higher',
  async measure(bench, details) {
    const { page } = await openComparison(bench);
    await page.keyboard.press('Tab');
    const chart = page.locator('[data-chart="train/loss"] [aria-roledescription="chart"]');
    await chart.focus();
    await page.keyboard.press('+');
    await page.waitForURL(/zoom=/);
    // The stretch that was zoomed into arrives and is drawn.
    await page.waitForLoadState('networkidle');
    const rates: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) rates.push(Number(await page.evaluate(PAN)));
    details.rates = rates;
    await page.context().close();
    return rates.sort((a, b) => a - b)[1]!;
  },
};
