import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { silentLogger } from '../../server/db/logger.js';
import { type RunningWorker, runWorker } from '../../server/worker/runWorker.js';
import { formatPercent } from '../../web/lib/format.js';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { sampleDefinition } from '../support/factories.js';
import { finishedRun } from '../support/runs.js';
import { useServer } from '../support/server.js';

/** Advice holds some rows out, and wants a few to hold out of. */
const rows = Array.from({ length: 36 }, (_, index) => ({
  sentence: `Sentence ${index} is about ${index % 2 ? 'science' : 'weather'}.`,
  labels: [
    { task: 'topic', label: index % 2 ? 'Science' : 'Other' },
    { task: 'sentiment', label: ['Positive', 'Negative', 'Neutral'][index % 3]! },
  ],
}));
const tasks = [{ name: 'topic' }, { name: 'sentiment' }];

describe('the freeze designer, in Chromium', () => {
  let worker: RunningWorker | undefined;
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;

  // Registered before the server's own, so that nobody asks anything of a server that is gone.
  after(async () => {
    await browser?.close();
    await worker?.stop();
  });
  const server = useServer({}, { dashboard: true });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  before(async () => {
    await server.query(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { created } }',
      {
        input: { name: 'sample', rows },
      },
    );
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url, { viewport: { width: 1280, height: 1600 } });
    page = visitor.page;
    page.setDefaultTimeout(8000);
  });

  const open = async () => {
    await page.goto(`${server.url}/freeze?model=bert-tiny&dataset=sample`);
    await part('Embeddings').waitFor();
    await page.locator('[data-figure="share"]', { hasText: '100.00 %' }).waitFor();
  };
  const part = (name: string) =>
    page.getByRole('toolbar').getByRole('button', { name: new RegExp(`^${name}\\b`) });
  const isFrozen = (name: string) => part(name).getAttribute('aria-pressed');
  const inUrl = () => JSON.parse(new URL(page.url()).searchParams.get('freeze') ?? 'null') as unknown;
  const share = () => page.locator('[data-figure="share"]');

  /** The trainable share of a design as the API counts it. */
  async function shareOf(freeze: unknown): Promise<string> {
    const definition = { model: 'bert-tiny', dataset: 'sample', tasks, freeze };
    const { data } = await server.query<{
      planExperiment: { errors: unknown[]; runs: { freeze: { trainableShare: number } }[] };
    }>(
      'query ($input: PlanExperimentInput!) { planExperiment(input: $input) { errors { message } runs { freeze { trainableShare } } } }',
      { input: { definition } },
    );
    assert.deepEqual(data.planExperiment.errors, []);
    return formatPercent(data.planExperiment.runs[0]!.freeze.trainableShare);
  }

  it('freezes by click and by dragging over parts, and takes it back', async () => {
    await open();
    await part('Embeddings').click();
    assert.equal(await isFrozen('Embeddings'), 'true');
    assert.deepEqual(inUrl(), { embeddings: true, blocks: 0 });
    assert.equal(await share().innerText(), await shareOf({ embeddings: true }));
    await part('Embeddings').click();
    await part('Embeddings').hover();
    await page.mouse.down();
    await part('Block 1').hover();
    await part('Block 2').hover();
    await page.mouse.up();
    assert.deepEqual(inUrl(), { preset: 'head-only' });
    assert.equal(await share().innerText(), await shareOf({ preset: 'head-only' }));
    await page.keyboard.press('Control+z');
    await page.locator('[data-figure="share"]', { hasText: '100.00 %' }).waitFor();
    assert.equal(await isFrozen('Block 1'), 'false');
  });

  it('freezes by keyboard, at one tab stop, and names by pattern what has a gap below it', async () => {
    await open();
    await part('Head: sentiment').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    assert.equal(await isFrozen('Block 2'), 'true');
    const freeze = inUrl() as { blocks: number; parameters: string[] };
    assert.equal(freeze.blocks, 0);
    assert.equal(freeze.parameters.length, 1);
    assert.equal(await share().innerText(), await shareOf(freeze));
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    assert.deepEqual(inUrl(), { preset: 'head-only' });
    assert.equal(await page.getByRole('toolbar').locator('[tabindex="0"]').count(), 1);
  });

  it('takes a preset and says when each fits, by what the dataset has', async () => {
    await open();
    const frozen = page.locator('[data-preset="frozen"]');
    await frozen.getByText('Fits sample: from 12 examples a class.').waitFor();
    assert.equal(await page.getByText('Fits sample').count(), 1);
    await page.getByRole('button', { name: 'Use: preset Head sentiment frozen' }).click();
    assert.equal(await isFrozen('Head: sentiment'), 'true');
    assert.equal(await share().innerText(), await shareOf({ heads: ['sentiment'] }));
  });

  it('saves a design with its stages under a name, and changes of it as the next version', async () => {
    await open();
    await page.getByRole('button', { name: 'Unfreeze block by block' }).click();
    await page.getByRole('radio', { name: 'Draw stage 2' }).check();
    assert.equal(await isFrozen('Block 2'), 'false');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('<b>');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog
      .getByRole('alert')
      .getByText(/^name: expected letters/)
      .waitFor();
    await dialog.getByLabel('Name').fill('gradual');
    await dialog.getByLabel('What it is for').fill('<b>From the top</b>');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('[data-freeze-config="gradual"]').getByText('<b>From the top</b>').waitFor();
    const read = async () => {
      const { data } = await server.query<{
        freezeConfig: { version: number; rules: { schedule: object[] } };
      }>(
        `{ freezeConfig(name: "gradual") {
             version rules { preset schedule { epoch embeddings blocks } } } }`,
      );
      return data.freezeConfig;
    };
    const schedule = [
      { epoch: 2, embeddings: true, blocks: 1 },
      { epoch: 3, embeddings: true, blocks: 0 },
    ];
    assert.deepEqual(await read(), { version: 1, rules: { preset: 'head-only', schedule } });
    await page.getByRole('button', { name: 'Remove stage 3' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByRole('button', { name: 'Save as version 2' }).click();
    await page.locator('[data-freeze-config]', { hasText: 'version 2' }).waitFor();
    assert.deepEqual(await read(), {
      version: 2,
      rules: { preset: 'head-only', schedule: schedule.slice(0, 1) },
    });
  });

  it('estimates a step as soon as something is frozen, as its share of a full one while nothing has run', async () => {
    await open();
    const step = page.locator('[data-figure="step"]');
    const note = page.getByLabel('What the design costs');
    await step.getByText('×1.00').waitFor();
    await note.getByText('no run has finished to tell seconds by').waitFor();
    await page.getByRole('button', { name: 'Use: preset Head-only' }).click();
    await step.getByText(/^×0\.[0-4]\d$/).waitFor();
    await page.locator('[data-figure="memory"]').getByText(/^≈ /).waitFor();
  });

  it('measures every boundary on the dataset when asked, live, and takes over one of them', async () => {
    await open();
    worker = await runWorker(server.config.databaseUrl!, server.config, silentLogger);
    await page.getByRole('button', { name: 'Measure on this dataset' }).click();
    await page.locator('[data-boundary]').first().waitFor({ timeout: 60_000 });
    const { data } = await server.query<{
      newestAdvice: {
        recommendation: { reason: string };
        boundaries: { trainableShare: number; stepSeconds: number }[];
      };
    }>(
      'query ($definition: JSON!) { newestAdvice(definition: $definition) { recommendation { reason } boundaries { trainableShare stepSeconds } } }',
      { definition: { model: 'bert-tiny', dataset: 'sample', tasks } },
    );
    const { boundaries, recommendation } = data.newestAdvice;
    await page.getByText(recommendation.reason).waitFor();
    assert.equal(await page.locator('[data-boundary]').count(), boundaries.length);
    await page.locator('[data-boundary="2"]').getByRole('button').click();
    assert.deepEqual(inUrl(), { embeddings: true, blocks: 1 });
    assert.equal(await share().innerText(), formatPercent(boundaries[2]!.trainableShare));
    await page.getByText('measured with embeddings + 1 of 2 blocks frozen').first().waitFor();
    assert.match(await page.locator('[data-figure="step"]').innerText(), /^\d/);
  });

  it('estimates a step in seconds once a run has finished, where nothing was measured', async () => {
    const step = page.locator('[data-figure="step"]');
    const note = page.getByLabel('What the design costs');
    await finishedRun(server, 'done', sampleDefinition());
    await open();
    await step.getByText(/^≈ [\d.]+ /).waitFor();
    await note
      .getByText('estimate: ×1.00 of a full step, by 1 finished run of this model on this data')
      .waitFor();
  });

  it('is in order by axe in both themes and on a telephone', async () => {
    const address = `${server.url}/freeze?model=bert-tiny&dataset=sample&freeze=${encodeURIComponent('{"embeddings":true,"blocks":1}')}`;
    assert.deepEqual(await violationsInAllLooks(page, address), []);
  });
});
