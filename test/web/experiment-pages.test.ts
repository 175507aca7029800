import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { notify } from '../../server/db/notifications.js';
import { enqueueRun } from '../../server/queue/runQueue.js';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertRun, sampleDefinition, sampleRowInputs } from '../support/factories.js';
import { launchRuns } from '../support/runs.js';
import { useServer } from '../support/server.js';

describe('experiments and their queue, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  before(async () => {
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url, { viewport: { width: 1280, height: 1600 } });
    page = visitor.page;
    page.setDefaultTimeout(8000);
  });

  const main = () => page.getByRole('main');
  const json = () => page.getByRole('textbox', { name: 'Definition as JSON' });
  const definition = async () => JSON.parse(await json().inputValue()) as Record<string, unknown>;
  const planned = (count: number) => page.locator(`[data-plan-count="${count}"]`);
  const launchButton = () => page.getByRole('button', { name: /^Create and launch/ });
  const entry = (name: string) => page.locator('[data-entry]', { hasText: name });
  const positions = () =>
    page
      .locator('[data-status="WAITING"]')
      .evaluateAll((rows) => rows.map((row) => row.querySelector('a')?.textContent));

  it('teaches what an experiment needs while there is nothing', async () => {
    await page.goto(`${server.url}/experiments`);
    await page.getByRole('heading', { name: 'No experiments yet' }).waitFor();
    await page.goto(`${server.url}/queue`);
    await page.getByRole('heading', { name: 'Nothing waits' }).waitFor();
    await page.goto(`${server.url}/experiments/new`);
    await page.getByRole('heading', { name: 'An experiment needs a dataset' }).waitFor();
    await server.query(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { created } }',
      {
        input: { name: 'sample', rows: sampleRowInputs },
      },
    );
  });

  it('is one definition as a form and as JSON, edited from either side', async () => {
    await page.goto(`${server.url}/experiments/new`);
    await main().getByLabel('Name', { exact: true }).fill('what to freeze');
    await main().getByLabel('Model', { exact: true }).fill('bert-tiny');
    await main().getByLabel('Learning rate', { exact: true }).fill('1e-3');
    await main().getByLabel('Epochs', { exact: true }).fill('2');
    await main().getByLabel('Hidden of topic').fill('16');
    await main().getByLabel('What is frozen').selectOption('parts');
    await main().getByLabel('First blocks').fill('1');
    await main().getByRole('checkbox', { name: 'Head: sentiment' }).check();
    assert.deepEqual(await definition(), {
      name: 'what to freeze',
      model: 'bert-tiny',
      dataset: 'sample',
      tasks: [{ name: 'topic', hidden: 16 }, { name: 'sentiment' }],
      freeze: { embeddings: true, blocks: 1, heads: ['sentiment'] },
      training: { epochs: 2, batchSize: 16, learningRate: 1e-3, seed: 42 },
    });
    assert.equal(await main().getByLabel('Learning rate', { exact: true }).inputValue(), '1e-3');
    await planned(1).waitFor();
    const other = {
      ...(await definition()),
      freeze: { preset: 'full' },
      training: { epochs: 3, batchSize: 2 },
    };
    await json().fill(JSON.stringify(other));
    assert.equal(await main().getByLabel('Epochs', { exact: true }).inputValue(), '3');
    assert.equal(await main().getByLabel('Learning rate', { exact: true }).inputValue(), '');
    assert.equal(await main().getByLabel('What is frozen').inputValue(), 'full');
    await json().fill('{ "name": ');
    await page.getByText(/^No JSON yet/).waitFor();
    assert.equal(await main().getByLabel('Epochs', { exact: true }).isDisabled(), true);
    await json().fill(JSON.stringify(other));
    assert.equal(await main().getByLabel('Epochs', { exact: true }).isEnabled(), true);
  });

  it('names the field that is wrong, beside it and in the list, which leads there', async () => {
    await main().getByLabel('Learning rate', { exact: true }).fill('fast');
    await main().getByLabel('Epochs', { exact: true }).fill('0');
    const problems = page.getByRole('status', { name: 'Validation' });
    await problems.getByText(/^training\.learningRate: expected a number, got "fast"/).waitFor();
    await problems.getByRole('button', { name: /^training\.epochs/ }).click();
    assert.equal(
      await main()
        .getByLabel('Epochs', { exact: true })
        .evaluate((field) => field.matches(':focus')),
      true,
    );
    assert.equal(await main().getByLabel('Epochs', { exact: true }).getAttribute('aria-invalid'), 'true');
    assert.equal(await launchButton().isDisabled(), true);
    await main().getByLabel('Learning rate', { exact: true }).fill('0.001');
    await main().getByLabel('Epochs', { exact: true }).fill('1');
    await planned(1).waitFor();
  });

  it('counts the runs of a sweep, drawn or every combination, as the server would make them', async () => {
    await page.getByText('Random', { exact: true }).click();
    await main().getByLabel('How training.seed is drawn').selectOption('integer');
    await main().getByLabel('Greatest of training.seed').fill('100');
    await main().getByLabel('Draws', { exact: true }).fill('7');
    await planned(7).waitFor();
    await page.getByRole('checkbox', { name: /ASHA/ }).check();
    await main().getByLabel('First rung').fill('1');
    await page
      .getByRole('status', { name: 'Validation' })
      .getByText(/^sweep\.pruning\.first/)
      .waitFor();
    await page.getByRole('checkbox', { name: /ASHA/ }).uncheck();
    await page.getByText('Grid', { exact: true }).click();
    await main().getByLabel('Values of training.seed').fill('1, 2, 3');
    await main().getByLabel('Setting to vary').fill('freeze');
    await page.getByRole('button', { name: 'Vary it' }).click();
    await planned(6).waitFor();
    await page.locator('[data-sweep-count="6"]').waitFor();
    assert.deepEqual((await definition()).sweep, {
      method: 'grid',
      settings: { 'training.seed': [1, 2, 3], freeze: [{ preset: 'full' }, { preset: 'head-only' }] },
    });
  });

  it('creates and launches, and leads to the runs', async () => {
    await main().getByLabel('Priority', { exact: true }).fill('5');
    await page.getByRole('button', { name: 'Create and launch 6 runs' }).click();
    await page.waitForURL(`${server.url}/runs?experiment=what%20to%20freeze`);
    await page.locator('[role="row"][data-run]').nth(5).waitFor();
    const runs = await server.database.prisma.run.findMany();
    assert.deepEqual(
      runs.map(({ priority, state }) => [priority, state]),
      Array.from({ length: 6 }, () => [5, 'QUEUED']),
    );
    await page.goto(`${server.url}/experiments`);
    const row = page.locator('[data-experiment="what to freeze"]');
    await row.getByText('6 runs').waitFor();
    await row.getByText(/grid over freeze, training\.seed/).waitFor();
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('No experiment’s name contains “nothing like it”.').waitFor();
  });

  it('begins with the definition of a run when that is cloned', async () => {
    const run = await server.database.prisma.run.findFirstOrThrow();
    await page.goto(`${server.url}/runs/${run.id}`);
    await page.getByRole('link', { name: 'Clone' }).click();
    await main().getByLabel('Name', { exact: true }).waitFor();
    assert.equal(await main().getByLabel('Name', { exact: true }).inputValue(), `${run.name}, cloned`);
    const { name: _name, initialWeights: _weights, ...stored } = run.definition as Record<string, unknown>;
    const { name: _other, ...shown } = await definition();
    assert.deepEqual(shown, stored);
    await page.getByText('1 ran before or are on their way').waitFor();
  });

  it('begins with the freeze configurations of an experiment when that is cloned, each once', async () => {
    const created = await server.query(
      `mutation ($config: CreateFreezeConfigInput!, $experiment: CreateExperimentInput!) {
         createFreezeConfig(input: $config) { freezeConfig { id } }
         createExperiment(input: $experiment) { experiment { id } }
       }`,
      {
        config: { name: 'lower', rules: { embeddings: true, blocks: 1 } },
        experiment: { name: 'stored', definition: sampleDefinition(), freezeConfigs: ['lower'] },
      },
    );
    assert.equal(created.errors, undefined);
    await page.goto(`${server.url}/experiments/new?experiment=stored`);
    const choices = page.getByRole('group', { name: /^One run for each/ }).getByRole('checkbox');
    await choices.first().waitFor();
    assert.deepEqual([await choices.count(), await choices.first().isChecked()], [1, true]);
    await planned(1).waitFor();
  });

  it('lists the queue in its order, live, and moves, holds and cancels what is in it', async () => {
    await page.goto(`${server.url}/queue`);
    await page.locator('[data-status="WAITING"]').nth(5).waitFor();
    await launchRuns(server, 'late', sampleDefinition());
    await entry('late').first().waitFor();
    const last = page.locator('[data-status="WAITING"]').nth(6);
    await last.getByRole('link', { name: 'late' }).waitFor();
    await page.getByRole('spinbutton', { name: 'Priority of late' }).fill('9');
    await page.keyboard.press('Enter');
    await page.locator('[data-status="WAITING"]').first().getByRole('link', { name: 'late' }).waitFor();
    const second = (await positions())[1]!;
    await page.getByRole('button', { name: `Actions for ${second}` }).click();
    await page.getByRole('menuitem', { name: 'Move to the front' }).click();
    await page.locator('[data-status="WAITING"]').first().getByRole('link', { name: second }).waitFor();
    await page.getByRole('button', { name: 'Actions for late' }).click();
    await page.getByRole('menuitem', { name: 'Pause' }).click();
    await page.locator('[data-status="PAUSED"]').getByRole('link', { name: 'late' }).waitFor();
    await page.getByRole('button', { name: 'Actions for late' }).click();
    await page.getByRole('menuitem', { name: 'Resume' }).click();
    await page.locator('[data-status="WAITING"]').nth(1).getByRole('link', { name: 'late' }).waitFor();
    await page.getByRole('button', { name: 'Actions for late' }).click();
    await page.getByRole('menuitem', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await entry('late').waitFor({ state: 'detached' });
    const late = await server.database.prisma.run.findFirstOrThrow({
      where: { experiment: { name: 'late' } },
    });
    assert.deepEqual([late.state, late.priority], ['CANCELLED', 9]);
  });

  it('shows a long queue page by page, with figures of all of it', async () => {
    const runs = await Promise.all(
      Array.from({ length: 210 }, (_, index) =>
        insertRun(server.database, { name: `long ${index}`, state: 'QUEUED', priority: -50 }),
      ),
    );
    for (const { id } of runs) await enqueueRun(server.database.pool, id);
    await page.goto(`${server.url}/queue`);
    const { data } = await server.query<{ queue: { totalCount: number; counts: { waiting: number } } }>(
      '{ queue(first: 1) { totalCount counts { waiting } } }',
    );
    const { totalCount, counts } = data.queue;
    assert.ok(totalCount > 210 && counts.waiting > 210);
    const range = (text: string) => page.getByText(text, { exact: true });
    await range(`1 to 100 of ${totalCount}`).waitFor();
    await page.getByText(String(counts.waiting), { exact: true }).first().waitFor();
    const turn = (name: string) => page.getByRole('button', { name, exact: true });
    assert.ok(await turn('Previous').isDisabled());
    await turn('Next').click();
    await range(`101 to 200 of ${totalCount}`).waitFor();
    assert.equal(await page.locator('[data-entry]').count(), 100);
    await turn('Next').click();
    await range(`201 to ${totalCount} of ${totalCount}`).waitFor();
    assert.ok(await turn('Next').isDisabled());
    const last = (await page.locator('[data-entry]').last().getByRole('link').innerText()).trim();
    await page.getByRole('button', { name: `Actions for ${last}` }).click();
    await page.getByRole('menuitem', { name: 'Move to the front' }).click();
    await turn('Previous').click();
    await turn('Previous').click();
    await page
      .locator('[data-status="WAITING"]')
      .first()
      .getByRole('link', { name: last, exact: true })
      .waitFor();
    await turn('Next').click();
    await turn('Next').click();
    await range(`201 to ${totalCount} of ${totalCount}`).waitFor();
    // What is on the last page leaves the queue: the page before it is shown.
    await server.database.prisma.run.deleteMany({ where: { id: { in: runs.map(({ id }) => id) } } });
    await notify(server.database.pool, { type: 'run', runId: runs[0]!.id, experimentId: null });
    await page.getByText(/ to \d+ of /).waitFor({ state: 'detached' });
    await page.locator('[data-entry]').first().waitFor();
  });

  it('is in order by axe in both themes and on a telephone', async () => {
    for (const path of ['/experiments', '/queue', '/experiments/new?experiment=what%20to%20freeze'])
      assert.deepEqual(await violationsInAllLooks(page, server.url + path), []);
  });
});
