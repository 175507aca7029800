import { type WebBench, type WebRow } from '../row.js';
import { seededRuns } from '../seededRuns.js';

/** Compressed bytes of the scripts that a page fetches until it shows what it has, in KB. */
async function scriptSize({ browser, url }: WebBench, path: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  const scripts = new Set<string>();
  let bytes = 0;
  network.on('Network.responseReceived', ({ type, requestId }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await network.send('Network.enable');
  await page.goto(url + path);
  await page.locator('main h1').first().waitFor();
  await page.locator('[role="status"][aria-label^="Loading"]').first().waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle');
  await context.close();
  return bytes / 1000;
}

function routeRow(id: string, name: string, path: (bench: WebBench) => Promise<string> | string): WebRow {
  return {
    id: `script-${id}`,
    title: `script of ${name}, compressed, at first load`,
    target: 300,
    unit: 'KB',
    better: 'lower',
    measure: async (bench) => scriptSize(bench, await path(bench)),
  };
}

const firstRun = async (bench: WebBench): Promise<string> => `/runs/${(await seededRuns(bench))[0]!}`;

/** Pages that need no charts to be read. */
export const routeScripts: readonly WebRow[] = [
  routeRow('overview', 'the overview', () => '/'),
  routeRow('runs', 'the runs page', () => '/runs'),
  routeRow('evaluation', "a run's evaluation", async (bench) => `${await firstRun(bench)}?tab=evaluation`),
  routeRow('logs', "a run's log", async (bench) => `${await firstRun(bench)}?tab=logs`),
  routeRow('datasets', 'the datasets', () => '/datasets'),
  routeRow('models', 'the models', () => '/models'),
  routeRow('settings', 'the settings', () => '/settings'),
  routeRow('freeze', 'the freeze page', () => '/freeze'),
];
