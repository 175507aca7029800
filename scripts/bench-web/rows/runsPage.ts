import { type Page } from 'playwright-core';
import { median } from '../../bench/statistics.js';
import { type WebBench, type WebRow } from '../row.js';
import { seededRuns } from '../seededRuns.js';

const TURNS = 5;
const ROW = '[role="row"][data-run]';

async function openRuns(bench: WebBench, search = ''): Promise<Page> {
  await seededRuns(bench);
  const context = await bench.browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${bench.url}/runs${search}`, { waitUntil: 'commit' });
  return page;
}

/** In the page: selects the first run as soon as it is there, and tells when the page has said so. */
const SELECT = `new Promise((resolve) => {
  const look = () => {
    const box = document.querySelector('${ROW} input');
    if (box === null) return requestAnimationFrame(look);
    box.click();
    const said = () => document.body.innerText.includes('1 selected')
      ? requestAnimationFrame(() => resolve(performance.now() / 1000))
      : requestAnimationFrame(said);
    said();
  };
  look();
})`;

async function measureInteractive(
  bench: WebBench,
  details: Record<string, unknown>,
  search: string,
): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const page = await openRuns(bench, search);
    times.push(Number(await page.evaluate(SELECT)));
    await page.context().close();
  }
  details.times = times.map((time) => Number(time.toFixed(2)));
  return median(times);
}

export const runsInteractive: WebRow = {
  id: 'runs-interactive',
  title: 'runs page with 10,000 runs: from the address to a row that can be selected',
  target: 1.5,
  unit: 's',
  better: 'lower',
  measure: (bench, details) => measureInteractive(bench, details, ''),
};

export const runsSorted: WebRow = {
  id: 'runs-sorted',
  title: 'the same, filtered and sorted by a metric',
  target: 1.5,
  unit: 's',
  better: 'lower',
  measure: (bench, details) =>
    measureInteractive(
      bench,
      details,
      '?q=metric.validation%2Ftopic%2Faccuracy+%3E+0.5&sort=-accuracy:topic',
    ),
};

/** In the page: scrolls three rows a frame for three seconds and counts the frames. */
const SCROLL = `(async () => {
  const box = document.querySelector('[role="grid"]').parentElement;
  const frame = () => new Promise((resume) => requestAnimationFrame(resume));
  await frame();
  const start = performance.now();
  let frames = 0;
  let slowest = 0;
  for (let last = start; performance.now() - start < 3000; frames += 1) {
    box.scrollTop += 120;
    await frame();
    slowest = Math.max(slowest, performance.now() - last);
    last = performance.now();
  }
  return { rate: frames / ((performance.now() - start) / 1000), slowest };
})()`;

export const runsScrolled: WebRow = {
  id: 'runs-scrolled',
  title: 'runs page with 10,000 runs: scrolling',
  target: 50,
  unit: 'frames/s',
  better: 'higher',
  async measure(bench, details) {
    const page = await openRuns(bench);
    await page.waitForSelector(ROW);
    await page.waitForLoadState('networkidle');
    const rates: number[] = [];
    const slowest: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const told = await page.evaluate<{ rate: number; slowest: number }>(SCROLL);
      rates.push(told.rate);
      slowest.push(Math.round(told.slowest));
    }
    details.slowestFrames = slowest;
    await page.context().close();
    return median(rates);
  },
};
