import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { createDataset } from '../../server/datasets/createDataset.js';
import { silentLogger } from '../../server/db/logger.js';
import { notify } from '../../server/db/notifications.js';
import { appendMetrics } from '../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../server/metrics/columns.js';
import { type RunningWorker, runWorker } from '../../server/worker/runWorker.js';
import { divergenceRemedies, divergenceTitle, lastGoodCheckpoint } from '../../web/lib/divergence.js';
import { formatNumber } from '../../web/lib/format.js';
import { accessibilityViolations, violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertRunningAttempt, sampleDataset, sampleDefinition } from '../support/factories.js';
import { finishedRun } from '../support/runs.js';
import { useServer } from '../support/server.js';

describe('a run that diverged, in words', () => {
  const at = { step: 1240, value: 'NaN', lastFiniteStep: 1239, recovered: false };

  it('names the step, and does not say so of a loss that is a number again', () => {
    assert.equal(divergenceTitle(at), 'Diverged at step 1,240');
    assert.equal(divergenceTitle({ ...at, recovered: true }), 'The loss was NaN at step 1,240');
  });

  it('goes back to the newest checkpoint whose weights gave a finite loss', () => {
    const checkpoints = [1000, 1238, 1239, 1240, 2000].map((step) => ({ step }));
    assert.equal(lastGoodCheckpoint(checkpoints, at), 1238);
    assert.equal(lastGoodCheckpoint(checkpoints, { ...at, lastFiniteStep: 900 }), null);
    assert.equal(lastGoodCheckpoint(checkpoints, { ...at, lastFiniteStep: null }), null);
  });

  it('advises by the settings that the run had', () => {
    assert.deepEqual(
      divergenceRemedies({ training: { learningRate: 0.5, clipNorm: null, warmupSteps: 0 } }),
      [
        'a lower learning rate (learningRate is 0.5)',
        'clipping gradients (clipNorm is not set; 1 is usual)',
        'a warmup (warmupSteps is 0)',
      ],
    );
    const [, clip, warmup] = divergenceRemedies({ training: { clipNorm: 5, warmupSteps: 10 } });
    assert.deepEqual([clip, warmup], ['a smaller clipNorm (it is 5)', 'a longer warmup (warmupSteps is 10)']);
    assert.equal(divergenceRemedies(null)[0], 'a lower learning rate');
  });
});

describe('a run that diverged, in Chromium', () => {
  let worker: RunningWorker;
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let diverged: string;
  let sound: string;
  after(async () => {
    await browser?.close();
    await worker?.stop();
  });
  const server = useServer({}, { dashboard: true });

  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    worker = await runWorker(server.database.url, server.config, silentLogger);
    const training = { epochs: 2, batchSize: 2, maxLength: 32, seed: 7 };
    sound = await finishedRun(server, 'sound', sampleDefinition());
    // Adam moves every weight by about this much: the next pass forward leaves the range of 32 bits.
    diverged = await finishedRun(
      server,
      'far too fast',
      sampleDefinition({ training: { ...training, learningRate: 1e30 } }),
    );
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  const banner = () => page.getByRole('alert');

  it('says at the top of its page where its loss became NaN, what it was before and what helps', async () => {
    const { data } = await server.query<{
      run: { history: { buckets: { step: number; last: number | null }[] }[] };
    }>(
      'query ($id: ID!) { run(id: $id) { history(names: ["train/loss"], maxPoints: 100) { buckets { step last } } } }',
      { id: diverged },
    );
    const { buckets } = data.run.history[0]!;
    const first = buckets.findIndex(({ last }) => last === null);
    assert.ok(first > 0, 'the run diverges, and not at once');
    await page.goto(`${server.url}/runs/${diverged}?tab=logs`);
    await banner().getByText(`Diverged at step ${buckets[first]!.step}`, { exact: true }).waitFor();
    const before = buckets[first - 1]!;
    await banner()
      .getByText(`before, at step ${before.step}, it was ${formatNumber(before.last)}`)
      .waitFor();
    await banner()
      .getByText(/learningRate is 1e\+30.*clipNorm is not set.*warmupSteps is 0/)
      .waitFor();
    await banner().getByRole('link', { name: 'Try other settings' }).click();
    await page.waitForURL(`${server.url}/experiments/new?run=${diverged}`);
    await page.goto(`${server.url}/runs/${sound}`);
    await page.getByRole('tablist').waitFor();
    assert.equal(await banner().filter({ hasText: 'Diverged' }).count(), 0);
  });

  it('appears on an open page when the loss that another program logs becomes infinite', async () => {
    const { run, key } = await insertRunningAttempt(server.database, { name: 'elsewhere', external: true });
    const { pool } = server.database;
    const log = async (step: number, value: number) => {
      await appendMetrics(pool, key, [{ name: 'loss', points: pointsOf([step], [value], [step]) }]);
      await notify(pool, { type: 'run', runId: run.id, experimentId: null });
    };
    await log(1239, 7.25);
    await page.goto(`${server.url}/runs/${run.id}`);
    await page.getByRole('tablist').waitFor();
    assert.equal(await banner().filter({ hasText: 'Diverged' }).count(), 0);
    await log(1240, Infinity);
    await banner().getByText('Diverged at step 1,240').waitFor();
    await banner()
      .getByText(`loss became Infinity; before, at step 1,239, it was ${formatNumber(7.25)}.`)
      .waitFor();
    await banner()
      .getByText(/What usually helps: a lower learning rate, /)
      .waitFor();
    await log(1241, 3);
    await banner().getByText('The loss was Infinity at step 1,240').waitFor();
  });

  it('is marked wherever a comparison names it, and the others are not', async () => {
    await page.goto(`${server.url}/compare?runs=${sound},${diverged}`);
    const chips = page.getByRole('list', { name: 'Compared runs' });
    await chips.getByText(/^Diverged at step \d+$/).waitFor();
    const marked = chips.locator('li').filter({ has: page.locator('[data-diverged]') });
    assert.equal(await marked.count(), 1);
    await marked.getByRole('link', { name: 'far too fast' }).waitFor();
    const heads = page.getByRole('grid', { name: 'Metrics by run' }).getByRole('columnheader');
    const marks = heads.filter({ has: page.locator('[data-diverged]') });
    await marks.first().waitFor();
    assert.deepEqual([await marks.count(), await marks.getByText('far too fast').count()], [1, 1]);
  });

  it('is in order by axe, in both themes and on a telephone', async () => {
    assert.deepEqual(await violationsInAllLooks(page, `${server.url}/runs/${diverged}?tab=logs`), []);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${server.url}/compare?runs=${sound},${diverged}`);
      await page.locator('[data-diverged]').first().waitFor();
      assert.deepEqual([colorScheme, await accessibilityViolations(page)], [colorScheme, []]);
    }
  });
});
