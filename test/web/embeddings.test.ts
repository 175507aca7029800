import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { silentLogger } from '../../server/db/logger.js';
import { type RunningWorker, runWorker } from '../../server/worker/runWorker.js';
import { nearestRows } from '../../web/lib/projection/neighbours.js';
import { accessibilityFaults } from '../support/axe.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { sampleDefinition } from '../support/factories.js';
import { finishedRun } from '../support/runs.js';
import { useServer } from '../support/server.js';

const subjects = ['phones', 'planets', 'weather', 'music', 'rivers', 'trains', 'history', 'chess'];
const rows = subjects.flatMap((subject, index) => [
  { sentence: `I like ${subject} very much.`, labels: [{ task: 'sentiment', label: 'Positive' }] },
  { sentence: `I cannot stand ${subject} at all.`, labels: [{ task: 'sentiment', label: 'Negative' }] },
  {
    sentence: `There is news about ${subject}, item ${index}.`,
    labels: [{ task: 'sentiment', label: 'Neutral' }],
  },
]);

describe('embeddings in the dashboard, in Chromium', () => {
  let worker: RunningWorker;
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let run: string;

  // Registered before the server's own, so that nobody asks anything of a server that is gone.
  after(async () => {
    await browser?.close();
    await worker?.stop();
  });
  const server = useServer({}, { dashboard: true });

  before(async () => {
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });

  it('says what the map would show while nothing is trained', async () => {
    await page.goto(`${server.url}/embeddings?view=map`);
    await page.getByRole('heading', { name: 'Nothing trained yet' }).waitFor();
  });

  it('embeds sentences and shows how alike they are', async () => {
    await server.query(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { created } }',
      {
        input: { name: 'feelings', rows },
      },
    );
    worker = await runWorker(server.config.databaseUrl!, server.config, silentLogger);
    const tasks = [{ name: 'sentiment', hidden: 16 }];
    run = await finishedRun(server, 'feelings', sampleDefinition({ dataset: 'feelings', tasks }));
    await page.goto(`${server.url}/embeddings`);
    await page.getByLabel('Weights').selectOption(`run ${run}`);
    await page
      .getByRole('textbox', { name: 'Sentences, one a line' })
      .fill('One sentence.\nAnother <b>one</b>.');
    await page.getByRole('button', { name: 'Embed', exact: true }).click();
    await page.locator('[data-cosine]').nth(3).waitFor();
    assert.deepEqual(
      (await page.locator('[data-cosine]').allInnerTexts()).filter((_, index) => index % 3 === 0),
      ['1.000', '1.000'],
    );
    await page.getByRole('rowheader', { name: /Another <b>one<\/b>\./ }).waitFor();
  });

  it('draws the rows of a dataset before and after training, and says what was sampled how', async () => {
    await page.goto(`${server.url}/embeddings`);
    await page.getByRole('tab', { name: 'Map' }).click();
    await page.getByRole('button', { name: 'Draw the map' }).click();
    const said = page.locator('[data-sample]');
    await said.waitFor();
    assert.match(
      await said.innerText(),
      /^24 of 24 rows of feelings@1, drawn at random, stratified by sentiment, sample 0\. One PCA over both halves, which keeps [\d.]+ % \+ [\d.]+ % of the variance\./,
    );
    for (const half of ['Before: bert-tiny', 'After: feelings']) {
      const figure = page.getByRole('figure', { name: half });
      await figure.locator('canvas').first().waitFor();
      await figure.getByRole('button', { name: `${half}: view as table` }).click();
      assert.equal(await figure.locator('tbody tr').count(), 24);
      await figure.getByRole('button', { name: `${half}: view as chart` }).click();
    }
  });

  it('finds a sentence by keyboard and lists what lies nearest to it before and after', async () => {
    await page.getByLabel('Find a sentence of the sample').fill('stand planets');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const nearestBy = async (weights: object): Promise<string> => {
      const { data } = await server.query<{ embed: { embeddings: number[][]; dimensions: number } }>(
        'query ($input: EmbedInput!) { embed(input: $input) { embeddings dimensions } }',
        { input: { sentences: rows.map(({ sentence }) => sentence), ...weights } },
      );
      const row = rows.findIndex(({ sentence }) => sentence.includes('stand planets'));
      const vectors = Float32Array.from(data.embed.embeddings.flat());
      return rows[nearestRows(vectors, data.embed.dimensions, row, 1)[0]!.row]!.sentence;
    };
    const first = (list: string) =>
      page
        .getByRole('region', { name: `Nearest: ${list}` })
        .getByRole('listitem')
        .first()
        .innerText();
    assert.ok((await first('before training')).includes(await nearestBy({ model: 'bert-tiny' })));
    assert.ok((await first('after training')).includes(await nearestBy({ run })));
  });

  it('colours by prediction and by mistake, projects by UMAP, and shows all that again to whoever gets the link', async () => {
    const legend = page.getByRole('list', { name: 'Colours' });
    await page.getByLabel('Colour by').selectOption('prediction');
    await page.getByLabel('Colour by').selectOption('mistake');
    await legend
      .getByText(/^(right|mistake)$/)
      .first()
      .waitFor();
    const { data } = await server.query<{ predict: { predictions: { tasks: { label: string }[] }[] } }>(
      'query ($input: PredictInput!) { predict(input: $input) { predictions { tasks { label } } } }',
      { input: { sentences: rows.map(({ sentence }) => sentence), run } },
    );
    const wrong = rows.filter(
      ({ labels }, index) => labels[0]!.label !== data.predict.predictions[index]!.tasks[0]!.label,
    ).length;
    const kinds = [wrong < rows.length && 'right', wrong > 0 && 'mistake'].filter(Boolean);
    assert.deepEqual(await legend.getByRole('listitem').allInnerTexts(), kinds);
    await page.getByLabel('Projection').selectOption('umap');
    await page.locator('[data-sample]', { hasText: 'One UMAP over both halves' }).waitFor();
    await page.reload();
    await page.locator('[data-sample]', { hasText: 'One UMAP over both halves' }).waitFor();
    assert.equal(await page.getByLabel('Colour by').inputValue(), 'mistake');
  });

  it('searches a dataset by a sentence before and after training, once a worker has computed the vectors', async () => {
    await page.goto(`${server.url}/embeddings`);
    await page.getByRole('tab', { name: 'Search' }).click();
    await page.getByRole('searchbox', { name: 'Sentence' }).fill('I like rivers very much.');
    await page.getByRole('main').getByRole('button', { name: 'Search', exact: true }).click();
    for (const [title, weights] of [
      ['Before: bert-tiny', { model: 'bert-tiny' }],
      ['After: feelings', { run }],
    ] as const) {
      const list = page.getByRole('region', { name: title });
      await list.getByRole('button', { name: 'Compute the vectors' }).click();
      await list.locator('[data-hit]').nth(9).waitFor();
      const { data } = await server.query<{ similar: { index: number }[] }>(
        'query ($input: SimilarInput!) { similar(input: $input) { index } }',
        { input: { sentence: 'I like rivers very much.', dataset: 'feelings', ...weights } },
      );
      const shown = await list
        .locator('[data-hit]')
        .evaluateAll((hits) => hits.map((hit) => Number(hit.getAttribute('data-hit'))));
      assert.deepEqual(
        shown,
        data.similar.map(({ index }) => index),
      );
      assert.equal(rows[shown[0]!]!.sentence, 'I like rivers very much.');
    }
    await page.reload();
    await page.getByRole('region', { name: 'After: feelings' }).locator('[data-hit]').first().waitFor();
  });

  it('says what the server says when it cannot embed, and tries again', async () => {
    await page.goto(`${server.url}/embeddings?view=map&drawn=1&run=${run}&dataset=nothing@7`);
    const alert = page
      .getByRole('alert')
      .filter({ hasText: 'name: expected a stored dataset, got "nothing@7"' });
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor();
  });

  it('is accessible in both themes, fits a telephone, and asks nothing of other machines', async () => {
    const address = `${server.url}/embeddings?view=map&drawn=1&run=${run}&dataset=feelings@1`;
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(address);
      await page.locator('[data-sample]').waitFor();
      await page.locator('[data-map] canvas').first().waitFor();
      assert.deepEqual([theme, await accessibilityFaults(page)], [theme, []]);
      await page.goto(`${server.url}/embeddings?view=search&q=planets&run=${run}&dataset=feelings@1`);
      await page.locator('[data-hit]').first().waitFor();
      assert.deepEqual([theme, await accessibilityFaults(page)], [theme, []]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(address);
    await page.locator('[data-sample]').waitFor();
    const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    assert.equal(Math.max(0, overflow), 0);
    assert.deepEqual(visitor.complaints, []);
  });
});
