import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { silentLogger } from '../../server/db/logger.js';
import { type RunningWorker, runWorker } from '../../server/worker/runWorker.js';
import { formatPercent } from '../../web/lib/format.js';
import { accessibilityFaults } from '../support/axe.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { sampleDefinition, sampleRowInputs } from '../support/factories.js';
import { launchRuns, waitForRun } from '../support/runs.js';
import { useServer } from '../support/server.js';

const rows = ['TRAIN', 'VALIDATION'].flatMap((split) =>
  sampleRowInputs.map((row) => ({
    ...row,
    split,
    sentence: split === 'TRAIN' ? row.sentence : `${row.sentence} So it is.`,
  })),
);

describe('what compared runs say of validation rows, in Chromium', () => {
  let worker: RunningWorker;
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let full: string;
  let frozen: string;

  // Registered before the server's own, so that nobody asks anything of a server that is gone.
  after(async () => {
    await browser?.close();
    await worker?.stop();
  });
  const server = useServer({}, { dashboard: true });

  before(async () => {
    await server.query(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { created } }',
      {
        input: { name: 'sample', rows },
      },
    );
    worker = await runWorker(server.config.databaseUrl!, server.config, silentLogger);
    const sweep = { freeze: [{ preset: 'full' }, { preset: 'frozen' }] };
    const training = { epochs: 30, batchSize: 2, learningRate: 2e-3, dropout: 0, maxLength: 32, seed: 7 };
    [full = '', frozen = ''] = await launchRuns(server, 'two', sampleDefinition({ training, sweep }));
    for (const id of [full, frozen]) await waitForRun(server, id, 'FINISHED');
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });

  it('shows F1, precision and recall of every class side by side, with differences to the baseline', async () => {
    await page.goto(`${server.url}/compare?runs=${full},${frozen}`);
    const card = page.getByRole('region', { name: 'Classes', exact: true });
    await card.scrollIntoViewIfNeeded();
    await card.locator('[data-class]').first().waitFor();
    const { data } = await server.query<{
      compareRuns: {
        runs: {
          evaluation: {
            tasks: { name: string; classes: { label: string; f1: number | null; recall: number | null }[] }[];
          };
        }[];
      };
    }>(
      'query ($ids: [ID!]!) { compareRuns(ids: $ids) { runs { evaluation { tasks { name classes { label f1 recall } } } } } }',
      { ids: [full, frozen] },
    );
    const check = async (task: string, measure: 'f1' | 'recall'): Promise<void> => {
      for (const [index, { evaluation }] of data.compareRuns.runs.entries()) {
        for (const each of evaluation.tasks.find(({ name }) => name === task)!.classes) {
          const cell = card.locator(`[data-class="${each.label}"] [data-run="${[full, frozen][index]}"]`);
          assert.equal((await cell.innerText()).split('\n')[0], formatPercent(each[measure]), each.label);
        }
      }
    };
    await check('topic', 'f1');
    await card.getByLabel('Task of the classes').selectOption('sentiment');
    await card.getByLabel('Measure of the classes').selectOption('recall');
    await card.locator('[data-class="Positive"]').waitFor();
    await check('sentiment', 'recall');
  });

  it('lists the rows that changed from one run to the other, and counts what became right or wrong', async () => {
    const { data } = await server.query<{
      changedPredictions: { fixed: number; broken: number; rows: { totalCount: number } };
    }>(
      'query ($a: ID!, $b: ID!) { changedPredictions(baseline: $a, run: $b, task: "topic") { fixed broken rows { totalCount } } }',
      { a: full, b: frozen },
    );
    const { fixed, broken, rows: changed } = data.changedPredictions;
    assert.ok(changed.totalCount > 0, 'the two runs differ somewhere');
    const card = page.getByRole('region', { name: 'Predictions that changed' });
    await card.scrollIntoViewIfNeeded();
    await card.getByLabel('Task of the predictions').selectOption('topic');
    await card.getByText(`${fixed} became right`).waitFor();
    await card.getByText(`${broken} became wrong`).first().waitFor();
    assert.equal(await card.locator('tbody tr[data-row]').count(), changed.totalCount);
    await card.getByLabel('Which changes').selectOption('BROKEN');
    await page.waitForURL(/change=BROKEN/);
    await card.locator('tbody').filter({ hasNotText: 'became right' }).waitFor();
    assert.equal(await card.locator('tbody tr[data-row]').count(), broken);
  });

  it('is accessible in both themes', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.reload();
      await page.getByRole('region', { name: 'Predictions that changed' }).scrollIntoViewIfNeeded();
      await page.locator('tr[data-row]').first().waitFor();
      assert.deepEqual([theme, await accessibilityFaults(page)], [theme, []]);
    }
    assert.deepEqual(visitor.complaints, []);
  });
});
