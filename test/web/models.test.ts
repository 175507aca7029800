import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { makeDataset } from '../../experiments/data/dataset.js';
import { createDataset } from '../../server/datasets/createDataset.js';
import { silentLogger } from '../../server/db/logger.js';
import { type RunningWorker, runWorker } from '../../server/worker/runWorker.js';
import { programUses } from '../../web/lib/model-usage.js';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { sampleDefinition, sampleRows } from '../support/factories.js';
import { launchRuns, waitForRun } from '../support/runs.js';
import { useServer } from '../support/server.js';

const markup = '<img src=x onerror="document.title=1">';

describe('the programs that asked a model', () => {
  it('are counted over days, and listed by who asked last', () => {
    const use = (client: string, day: string, requests: number) => ({
      client,
      day,
      lastUsedAt: `${day}T12:00:00.000Z`,
      requests,
      sentences: requests * 2,
    });
    const uses = programUses([
      { version: 2, uses: [use('shop', '2026-02-02', 5)] },
      { version: 1, uses: [use('shop', '2026-01-02', 1), use('shop', '2026-01-01', 2)] },
    ]);
    assert.deepEqual(
      uses.map(({ version, requests, sentences, days, lastUsedAt }) => [
        version,
        requests,
        sentences,
        days,
        lastUsedAt.slice(0, 10),
      ]),
      [
        [2, 5, 10, 1, '2026-02-02'],
        [1, 3, 6, 2, '2026-01-02'],
      ],
    );
  });
});

describe('models in the dashboard, in Chromium', () => {
  let worker: RunningWorker;
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let trained: string;
  let untrained: string;

  // Registered before the server's own, so that nobody asks anything of a server that is gone.
  after(async () => {
    await browser?.close();
    await worker?.stop();
  });
  const server = useServer({}, { dashboard: true });

  before(async () => {
    const rows = [...sampleRows, ...sampleRows.map((row) => ({ ...row, split: 'test' as const }))];
    await createDataset(server.database, 'sample', makeDataset(rows, ['topic', 'sentiment']));
    worker = await runWorker(server.config.databaseUrl!, server.config, silentLogger);
    const training = { epochs: 20, batchSize: 6, learningRate: 5e-3, dropout: 0, maxLength: 32, seed: 7 };
    [trained] = (await launchRuns(server, 'trained', sampleDefinition({ training }))) as [string];
    [untrained] = (await launchRuns(
      server,
      'untrained',
      sampleDefinition({ freeze: { preset: 'frozen' } }),
    )) as [string];
    for (const id of [trained, untrained]) await waitForRun(server, id, 'FINISHED');
    await server.database.prisma.run.update({ where: { id: untrained }, data: { name: markup } });
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  const dialog = () => page.getByRole('dialog');
  const alias = (name: string) => page.locator(`[data-alias="${name}"]`);
  const register = async (run: string, name: string, to: string) => {
    await page.goto(`${server.url}/runs/${run}`);
    await page.getByRole('button', { name: 'Register' }).click();
    await dialog().getByLabel('Model').fill(name);
    await dialog().getByLabel('Alias').fill(to);
    await dialog().getByRole('button', { name: 'Register' }).click();
  };

  it('say how to get the first one, which the page of a finished run does', async () => {
    await page.goto(`${server.url}/models`);
    await page.getByRole('heading', { name: 'No models yet' }).waitFor();
    await register(trained, 'no such/name', '');
    await dialog()
      .getByText(/^name: expected up to 100 letters/)
      .waitFor();
    await dialog().getByLabel('Model').fill('news');
    await dialog().getByLabel('Alias').fill('production');
    await dialog().getByRole('button', { name: 'Register' }).click();
    await dialog()
      .getByText(/is news@1 from now on/)
      .waitFor();
    await dialog().getByRole('link', { name: 'Open news' }).click();
    await alias('production').getByText('version 1').waitFor();
  });

  it('show versions by the run behind them, its name as text, and lead there and back', async () => {
    await register(untrained, 'news', '');
    await dialog().getByRole('link', { name: 'Open news' }).click();
    const version = page.locator('[data-version="2"]');
    assert.equal(await version.getByRole('link').innerText(), markup);
    await version.getByRole('link').click();
    await page.getByRole('link', { name: 'news@2' }).click();
    await page.getByRole('heading', { level: 1, name: 'news' }).waitFor();
    await page.goto(`${server.url}/models`);
    await page
      .locator('[data-model="news"]')
      .getByText(/production\s*1/)
      .waitFor();
  });

  it('move an alias, refuse what the gate refuses, and keep the reason of who moves it all the same', async () => {
    await page.goto(`${server.url}/models/news`);
    await page.getByRole('button', { name: 'Set a gate' }).click();
    await dialog().getByLabel('Dataset').fill('sample@1');
    await dialog().getByLabel('Metric').fill('topic/accuracy');
    await dialog().getByRole('button', { name: 'Set the gate' }).click();
    await page.getByText('test rows of sample@1').waitFor();

    await page.getByRole('button', { name: 'Move production', exact: true }).click();
    await dialog().getByRole('button', { name: 'Move', exact: true }).click();
    await dialog()
      .getByText(/^version: news@production stays where it is: topic\/accuracy is 0\.\d+/)
      .waitFor();
    await dialog().getByLabel('Move it against the gate').check();
    await dialog()
      .getByLabel(/^Why, kept with the move/)
      .fill(`the old one is ${markup}`);
    await dialog().getByRole('button', { name: 'Move', exact: true }).click();
    await alias('production').getByText('version 2').waitFor();
    const move = page.locator('[data-move="production"]').first();
    assert.match(await move.innerText(), /moved from version 1 to 2/);
    assert.match(await move.innerText(), /against the gate/);
    assert.ok((await move.innerText()).includes(`“the old one is ${markup}”`));
    const { versionId } = await server.database.prisma.modelAlias.findFirstOrThrow();
    const moved = await server.database.prisma.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
    assert.equal(moved.runId, untrained);
  });

  it('keep a version that an alias points to, and let go of it when none does', async () => {
    const remove = async () => {
      await page.getByRole('button', { name: 'Delete version 2' }).click();
      await dialog().getByRole('button', { name: 'Delete the version' }).click();
    };
    await remove();
    await dialog()
      .getByText(/^version: expected one without an alias, production of news points to 2/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Remove production' }).click();
    await dialog().getByRole('button', { name: 'Take it away' }).click();
    await page.getByText('production taken away from version 2').waitFor();
    await remove();
    await page.locator('[data-version="2"]').waitFor({ state: 'detached' });
  });

  it('tell which program asked which version', async () => {
    await fetch(`${server.url}/v1/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-client-name': markup },
      body: JSON.stringify({ model: 'news', input: ['Phones.', 'Stars.'] }),
    });
    await server.services.usage.flush();
    await page.reload();
    const program = page.locator('[data-program]');
    await program.waitFor();
    const cells = await program.locator('th, td').allInnerTexts();
    assert.deepEqual(cells.slice(0, 5), [markup, '1', '1', '2', '1']);
  });

  it('show versions and aliases that another client makes, without being reloaded', async () => {
    const ask = async (query: string) => assert.equal((await server.query(query)).errors, undefined);
    await page.evaluate('window.unloaded = false');
    await ask(
      `mutation { registerModel(input: { name: "news", runId: "${untrained}" }) { version { version } } }`,
    );
    await page.locator('[data-version="3"]').waitFor();
    await ask('mutation { moveAlias(input: { model: "news", alias: "live", version: 3 }) { model { id } } }');
    await alias('live').getByText('version 3').waitFor();
    await ask('mutation { moveAlias(input: { model: "news", alias: "live", version: 1 }) { model { id } } }');
    await alias('live').getByText('version 1').waitFor();
    assert.equal(await page.evaluate('window.unloaded'), false);
    await page.goto(`${server.url}/models`);
    const listed = page.locator('[data-model="news"]');
    await listed.getByText(/live\s*1/).waitFor();
    await ask('mutation { removeAlias(input: { model: "news", alias: "live" }) { model { id } } }');
    await listed.getByText(/live\s*1/).waitFor({ state: 'detached' });
    await ask('mutation { deleteModelVersion(input: { model: "news", version: 3 }) { model { id } } }');
    await page.goto(`${server.url}/models/news`);
  });

  it('come as an archive that is named after the run', async () => {
    await page.getByRole('button', { name: 'Download version 1' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Hugging Face', exact: true }).click(),
    ]);
    assert.match(file.suggestedFilename(), /^trained-[0-9a-f]{8}\.zip$/);
  });

  it('are accessible in both themes and on a telephone', async () => {
    for (const path of ['/models', '/models/news'])
      assert.deepEqual(await violationsInAllLooks(page, server.url + path), []);
  });
});
