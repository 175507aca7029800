import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { createRows } from '../support/rows.js';
import { useServer } from '../support/server.js';
import { startWorker } from '../support/workerProcess.js';

const markup = '<img src=x onerror="document.title=1"> & "quotes"';

describe('rows of a dataset, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  before(async () => {
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });

  it('are compared by a worker when asked, and show near-duplicates and labels in doubt', async () => {
    const worker = await startWorker(server.config, server.database);
    const row = (sentence: string, split: string, label: string) => ({
      sentence,
      split,
      labels: [{ task: 'topic', label }],
    });
    const animals = ['the cat', 'my cat', 'a dog', 'cats', 'dogs'];
    const sums = ['2 + 2 = 4', '3 + 4 = 7', '12 - 5 = 7', '9 * 9 = 81', '6 / 3 = 2'];
    await createRows(server, 'topics', [
      ...animals.map((sentence) => row(sentence, 'TRAIN', 'animals')),
      ...sums.map((sentence) => row(sentence, 'TRAIN', 'sums')),
      row(`the cat `, 'TEST', 'sums'),
      row(markup, 'TEST', markup),
    ]);
    await page.goto(`${server.url}/datasets/topics?tab=similar&weights=model%20bert-tiny`);
    await page.getByRole('heading', { name: 'The rows have not been compared yet' }).waitFor();
    await page.getByRole('button', { name: 'Compare the rows' }).click();
    const pair = page.locator('[data-pair="0 10"]');
    await pair.waitFor();
    await pair.getByText('across splits').waitFor();
    await pair.getByText('labels of topic contradict').click();
    await pair.getByRole('cell', { name: 'test', exact: true }).waitFor();
    const strange = page.locator('[data-doubt="11"]');
    assert.ok((await strange.locator('summary').innerText()).includes(markup));
    await strange.getByText('of the similar rows').click();
    await strange.getByRole('columnheader', { name: 'Cosine' }).waitFor();
    await page.getByLabel('Cosine of at least').selectOption('0.99');
    await page.waitForURL(/cosine=0\.99/);
    await pair.waitFor();
    await worker.kill('SIGTERM');
    await page.goto(`${server.url}/datasets/topics?tab=similar`);
    await pair.waitFor();
    assert.equal(await page.getByLabel('Compared by').inputValue(), 'model bert-tiny');
  });

  it('show how far the comparing of rows is, also to who comes later', async () => {
    await createRows(server, 'leaky', [
      { sentence: 'Only here', labels: [{ task: 'topic', label: 'Science' }] },
    ]);
    const { data } = await server.query<{ buildVectors: { vectorSet: { id: string } } }>(
      `mutation { buildVectors(input: { dataset: "leaky", model: "bert-tiny" }) { vectorSet { id } } }`,
    );
    await page.goto(`${server.url}/datasets/leaky?tab=similar`);
    const progress = page
      .getByRole('status')
      .filter({ hasText: 'Waits for a worker to compute the vectors' });
    await progress.waitFor();
    assert.equal((await progress.locator('.bg-accent').boundingBox())?.width ?? 0, 0);
    await server.query('mutation ($id: ID!) { deleteVectors(input: { id: $id }) { id } }', {
      id: data.buildVectors.vectorSet.id,
    });
  });

  it('are in order by axe in both themes and on a telephone, compared or not', async () => {
    for (const name of ['topics', 'leaky'])
      assert.deepEqual(await violationsInAllLooks(page, `${server.url}/datasets/${name}?tab=similar`), []);
  });
});
