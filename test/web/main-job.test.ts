import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { silentLogger } from '../../server/db/logger.js';
import { type RunningWorker, runWorker } from '../../server/worker/runWorker.js';
import { formatNumber, formatPercent, formatPoints } from '../../web/lib/format.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { sampleDefinition, sampleRowInputs } from '../support/factories.js';
import { useServer } from '../support/server.js';

const configurations = [
  { name: 'full', rules: { preset: 'full' } },
  { name: 'head-only', rules: { preset: 'head-only' } },
  { name: 'sentiment head frozen', rules: { heads: ['sentiment'] } },
  { name: 'lower layers frozen', rules: { embeddings: true, blocks: 1 } },
  { name: 'frozen', rules: { preset: 'frozen' } },
];

interface RunNumbers {
  id: string;
  name: string;
  state: string;
  freeze: { label: string; trainableShare: number };
  metrics: { name: string; last: number | null }[];
}

interface Comparison {
  settings: { path: string }[];
  metrics: { name: string; values: (number | null)[]; deltas: (number | null)[] }[];
}

const numbers = 'id name state freeze { label trainableShare } metrics { name last }';

describe('the dashboard, in Chromium, from the launch of five runs to their comparison', () => {
  let worker: RunningWorker;
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;

  // Registered before the server's own, so that nobody asks anything of a server that is gone.
  after(async () => {
    await browser?.close();
    await worker?.stop();
  });
  const server = useServer({}, { dashboard: true });

  async function send<Data>(query: string, variables: object = {}): Promise<Data> {
    const answer = await server.query<Data>(query, variables);
    assert.equal(answer.errors, undefined, server.logged.join('\n'));
    return answer.data;
  }

  async function apiRuns(): Promise<RunNumbers[]> {
    const data = await send<{ runs: { edges: { node: RunNumbers }[] } }>(
      `{ runs { edges { node { ${numbers} } } } }`,
    );
    return data.runs.edges.map(({ node }) => node);
  }

  const last = (run: RunNumbers, name: string) =>
    run.metrics.find((metric) => metric.name === name)?.last ?? null;
  const row = (id: string) => page.locator(`[role="grid"] [role="row"][data-run="${id}"]`);

  before(async function () {
    await send('mutation($input: CreateDatasetInput!) { createDataset(input: $input) { created } }', {
      input: { name: 'sample', rows: sampleRowInputs },
    });
    for (const input of configurations)
      await send(
        'mutation($input: CreateFreezeConfigInput!) { createFreezeConfig(input: $input) { freezeConfig { id } } }',
        {
          input,
        },
      );
    await send(
      'mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
      {
        input: {
          name: 'what to freeze',
          definition: sampleDefinition(),
          freezeConfigs: configurations.map(({ name }) => name),
        },
      },
    );
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });

  it('teaches how to get a first run while there is none', async () => {
    await page.goto(`${server.url}/runs`);
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
    await page.getByText('npx frostline launch my-experiment.json').waitFor();
  });

  it('shows five runs as they are launched and finish, without being reloaded', async () => {
    await send(
      'mutation($input: LaunchExperimentInput!) { launchExperiment(input: $input) { runs { id } } }',
      {
        input: { experiment: 'what to freeze' },
      },
    );
    await page.locator('[role="grid"] [role="row"][data-run]').nth(4).waitFor();
    worker = await runWorker(server.config.databaseUrl!, server.config, silentLogger);
    await page.locator('[role="grid"] [data-state="FINISHED"]').nth(4).waitFor({ timeout: 90_000 });
    assert.equal(await page.locator('[role="grid"] [role="row"][data-run]').count(), 5);
  });

  it('shows the numbers that the API tells', async () => {
    await page.reload();
    for (const run of await apiRuns()) {
      const cell = (column: string) => row(run.id).locator(`[data-column="${column}"]`).innerText();
      await row(run.id).waitFor();
      assert.equal(await cell('trainable'), formatPercent(run.freeze.trainableShare));
      assert.equal(await cell('loss'), formatNumber(last(run, 'epoch/loss')));
      assert.equal(await cell('accuracy:topic'), formatPercent(last(run, 'epoch/topic/accuracy')));
      assert.equal(await cell('accuracy:sentiment'), formatPercent(last(run, 'epoch/sentiment/accuracy')));
      assert.equal(await cell('regime'), run.freeze.label);
    }
  });

  it('selects all five by keyboard and opens their comparison', async () => {
    const runs = await apiRuns();
    const full = runs.find(({ name }) => name === 'full')!;
    await row(full.id).getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < runs.length; step += 1) {
      await page.keyboard.press('ArrowDown');
      const selected = await page.locator('[role="row"]:focus-within').getAttribute('aria-selected');
      if (selected !== 'true') await page.keyboard.press('Space');
    }
    await page.getByText('5 selected').waitFor();
    await page.getByRole('link', { name: 'Compare', exact: true }).last().click();
    await page.waitForURL(/\/compare\?runs=/);
    await page.locator('[data-verdict]').waitFor();
    assert.match(page.url(), new RegExp(`runs=${full.id},`), 'the first one selected is the baseline');
  });

  it('compares them with the numbers, differences and settings of the API, and says which regime to keep', async () => {
    const ids = new URL(page.url()).searchParams.get('runs')!.split(',');
    const { compareRuns } = await send<{ compareRuns: Comparison }>(
      'query($ids: [ID!]!) { compareRuns(ids: $ids) { settings { path } metrics { name values deltas } } }',
      { ids },
    );
    for (const name of ['epoch/loss', 'epoch/topic/accuracy', 'epoch/sentiment/accuracy']) {
      const metric = compareRuns.metrics.find((candidate) => candidate.name === name)!;
      const isShare = name.endsWith('accuracy');
      for (const [index, id] of ids.entries()) {
        const cell = page.locator(`[data-metric="${name}"] [data-run="${id}"]`);
        const shown = await cell.locator('[data-value]').innerText();
        assert.equal(shown, (isShare ? formatPercent : formatNumber)(metric.values[index]));
        if (index > 0 && isShare) {
          const delta = await cell.locator('[data-delta]').innerText();
          assert.ok(delta.includes(formatPoints(metric.deltas[index])), `${name} of run ${index}: ${delta}`);
        }
      }
    }
    const paths = await page
      .locator('[data-setting]')
      .evaluateAll((rows) => rows.map((each) => each.getAttribute('data-setting')));
    assert.deepEqual(
      paths,
      compareRuns.settings.map(({ path }) => path),
    );
    assert.equal(await page.locator('[data-regime]').count(), 5);
    assert.match(await page.locator('[data-verdict]').innerText(), /^Keep /);
    await page.locator('canvas').first().waitFor();
  });

  it('says of each of them what explains that it came out other than the baseline', async () => {
    const [baseline, ...others] = new URL(page.url()).searchParams.get('runs')!.split(',');
    interface Explanation {
      run: string;
      explained: string;
      summary: string;
      changes: { input: string; detail: string }[];
    }
    const { compareRuns } = await send<{ compareRuns: { explanations: Explanation[] } }>(
      'query($ids: [ID!]!) { compareRuns(ids: $ids) { explanations { run explained summary changes { input detail } } } }',
      { ids: [baseline, ...others] },
    );
    await page.locator('#explained').scrollIntoViewIfNeeded();
    for (const { run, explained, summary, changes } of compareRuns.explanations) {
      const told = page.locator(`#explained [data-run="${run}"]`);
      await told.waitFor();
      assert.equal(await told.getAttribute('data-explained'), explained);
      const text = await told.innerText();
      assert.ok(text.toLowerCase().includes(summary.toLowerCase()), text);
      assert.ok(changes.length > 0);
      for (const { detail } of changes.slice(0, 4)) assert.ok(text.includes(detail), text);
    }
    assert.equal(await page.locator('#explained [data-explained]').count(), others.length);
  });

  it('opens a run with its curves, log, definition and what is frozen', async () => {
    const run = (await apiRuns()).find(({ name }) => name === 'lower layers frozen')!;
    await page.goto(`${server.url}/runs/${run.id}`);
    await page.getByRole('heading', { level: 1, name: run.name }).waitFor();
    await page.locator('canvas').first().waitFor();
    const diagram = page.getByRole('group', { name: `What ${run.name} freezes` });
    await diagram.getByText('frozen').first().waitFor();
    const states = await diagram.getByRole('listitem').allInnerTexts();
    assert.deepEqual(
      states.map((text) => [text.split('\n')[0], /frozen/.test(text.split('\n')[1]!)]),
      [
        ['Embeddings', true],
        ['Block 1', true],
        ['Block 2', false],
        ['Head: topic', false],
        ['Head: sentiment', false],
      ],
    );
    await page.getByRole('button', { name: 'Loss: view as table', exact: true }).click();
    const logged = last(run, 'train/loss');
    assert.equal(
      await page
        .getByRole('region', { name: 'Loss as a table', exact: true })
        .locator('tbody td')
        .last()
        .innerText(),
      formatNumber(logged),
    );
    await page.getByRole('tab', { name: 'Logs' }).click();
    await page.getByRole('log', { name: 'Log lines' }).waitFor();
    await page.getByRole('tab', { name: 'Definition and provenance' }).click();
    await page.getByText('training.learningRate', { exact: true }).waitFor();
  });

  it('shows the answer of GraphiQL under the query on a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${server.url}/graphiql`);
    const query = await page.locator('.graphiql-editors').boundingBox();
    const answer = await page.locator('.graphiql-response').boundingBox();
    assert.ok(answer!.y >= query!.y + query!.height - 1, `${answer!.y} is not under ${query!.y}`);
    assert.ok(answer!.width > 250, `${answer!.width} pixels are too few`);
  });

  it('has one main landmark and one heading on every page, fits a telephone, and asks nothing of other machines', async () => {
    const [run] = await apiRuns();
    const paths = [
      '/',
      '/runs',
      `/runs/${run!.id}`,
      `/compare?runs=${run!.id}`,
      '/datasets',
      '/datasets/sample',
      '/freeze',
      '/embeddings',
      '/graphiql',
    ];
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of paths) {
      await page.goto(server.url + path);
      await page.locator('main h1').first().waitFor({ state: 'attached' });
      await page.locator('[role="status"][aria-label^="Loading"]').first().waitFor({ state: 'detached' });
      assert.deepEqual([path, await page.locator('main').count()], [path, 1]);
      assert.deepEqual([path, await page.locator('h1').count()], [path, 1]);
      const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
      assert.deepEqual([path, Math.max(0, overflow)], [path, 0]);
    }
    assert.deepEqual(visitor.complaints, []);
  });
});
