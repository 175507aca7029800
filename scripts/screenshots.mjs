// Pictures of the dashboard for the documentation: npm run screenshots [URL], against a server that is running.
// Pages come in both themes; the comparison, which says what the product is for, on a telephone too.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launchBrowser } from '../test/support/browser.ts';

const url = (process.argv[2] ?? 'http://localhost:4000').replace(/\/$/, '');
const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'docs', 'images');

async function ask(query) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  }).catch((error) => {
    console.error(
      `screenshots: nothing answers at ${url} (${error.cause?.code ?? error.message}); start it with \`npm start\``,
    );
    process.exit(2);
  });
  const { data } = await response.json();
  return data;
}

async function finishedRuns() {
  const data = await ask(
    '{ runs(first: 50, where: { state: [FINISHED] }) { edges { node { id experiment { name } } } } }',
  );
  const runs = data.runs.edges.map((edge) => edge.node);
  const newest = runs[0]?.experiment?.name;
  return runs
    .filter((run) => run.experiment?.name === newest)
    .reverse()
    .map((run) => run.id);
}

const ids = await finishedRuns();
if (ids.length === 0) {
  console.error(`screenshots: ${url} has no finished run to show; let the sample experiment finish first`);
  process.exit(2);
}

/** The newest dataset, registered model and experiment, by name; null where there is none. */
async function newestNames() {
  const data = await ask(
    '{ datasets(first: 1) { edges { node { name } } } models(first: 1) { edges { node { name } } } experiments(first: 1) { edges { node { name } } } }',
  );
  const nameOf = ({ edges }) => edges[0]?.node.name ?? null;
  return {
    dataset: nameOf(data.datasets),
    model: nameOf(data.models),
    experiment: nameOf(data.experiments),
  };
}

const names = await newestNames();
const compare = `/compare?runs=${ids.join(',')}`;
/** @type {{name: string, path: string, width?: number, height?: number, fullPage?: boolean, themes?: ('light' | 'dark')[]}[]} */
const pictures = [
  { name: 'compare', path: compare, height: 1000 },
  { name: 'overview', path: '/' },
  { name: 'runs', path: '/runs', height: 520, themes: ['light'] },
  { name: 'run', path: `/runs/${ids[0]}`, height: 1000 },
  { name: 'compare-phone', path: compare, width: 360, height: 740, themes: ['light'] },
  { name: 'datasets', path: '/datasets', height: 480, themes: ['light'] },
  ...(names.dataset === null
    ? []
    : [
        {
          name: 'dataset',
          path: `/datasets/${encodeURIComponent(names.dataset)}`,
          height: 760,
          themes: ['light'],
        },
      ]),
  ...(names.model === null
    ? []
    : [{ name: 'model', path: `/models/${encodeURIComponent(names.model)}`, themes: ['light'] }]),
  { name: 'freeze', path: '/freeze?freeze={"embeddings":true,"blocks":3}', themes: ['light'] },
  ...(names.experiment === null
    ? []
    : [
        {
          name: 'new-experiment',
          path: `/experiments/new?experiment=${encodeURIComponent(names.experiment)}`,
          height: 1000,
          themes: ['light'],
        },
      ]),
  {
    name: 'embeddings',
    path: `/embeddings?view=search&run=${ids[0]}&q=${encodeURIComponent('Phones with amazing features')}`,
    height: 700,
    themes: ['light'],
  },
];

mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
// What one browser keeps from page to page: runs have the colours in all pictures that the first one gives them.
let storageState;
try {
  for (const { name, path, width = 1280, height = 900, themes = ['light', 'dark'] } of pictures) {
    for (const theme of themes) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        deviceScaleFactor: 1.5,
        storageState,
      });
      const page = await context.newPage();
      await page.goto(url + path);
      await page.locator('main h1').first().waitFor();
      await page.locator('[role="status"][aria-label^="Loading"]').first().waitFor({ state: 'detached' });
      if (name === 'embeddings') {
        const compute = page.getByRole('button', { name: 'Compute the vectors' });
        const found = page.locator('section').filter({ has: page.locator('[data-hit]') });
        await compute.or(found).nth(1).waitFor();
        // Before and after training: a worker computes what has not been searched yet.
        for (let left = await compute.count(); left > 0; left -= 1) {
          await compute.first().click();
          await compute.nth(left - 1).waitFor({ state: 'detached' });
        }
        await found.nth(1).waitFor();
      }
      // Fonts and charts settle.
      await page.waitForTimeout(1000);
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
      storageState = await context.storageState();
      await context.close();
      console.log(`docs/images/${name}-${theme}.png`);
    }
  }
} finally {
  await browser.close();
}
