import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { notify } from '../../server/db/notifications.js';
import { columnsOf, datasetNameOf } from '../../web/lib/datasets/file-columns.js';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertRun } from '../support/factories.js';
import { createRows } from '../support/rows.js';
import { useServer } from '../support/server.js';

const COUNT = 1000;
const many = 'many rows (1,000)';
/** Names of tasks and labels are whatever a file has. */
const markup = '<img src=x onerror="document.title=1"> & "quotes"';

const good = ['sentence,topic,split', 'Phones sell well.,Technology,train', 'Stars are far.,Science,test'];
const broken = [...good, ',Science,train', 'No such split.,Science,somewhere'].join('\n');

describe('the columns that a file names', () => {
  it('are found in its first line, whatever separates and quotes them', () => {
    assert.deepEqual(columnsOf('sentence,topic\r\na,b', 'csv'), ['sentence', 'topic']);
    assert.deepEqual(columnsOf('sentence;"a ""b"";c"\n', 'csv'), ['sentence', 'a b;c']);
    assert.deepEqual(columnsOf('sentence\ttopic, fine\n', 'tsv'), ['sentence', 'topic, fine']);
    assert.deepEqual(columnsOf('\n{"sentence":"a","topic":"b"}\n{', 'jsonl'), ['sentence', 'topic']);
    assert.deepEqual(columnsOf('[1]', 'jsonl'), []);
    assert.deepEqual(columnsOf('{"sentence":"cut sho', 'jsonl'), []);
  });

  it('come with a name for the dataset that the server takes', () => {
    assert.equal(datasetNameOf('reviews.2026.csv'), 'reviews.2026');
    assert.equal(datasetNameOf('<my> "data".csv'), 'my- -data');
    assert.equal(datasetNameOf('.csv'), '');
  });
});

describe('datasets in the dashboard, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });

  before(async () => {
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });

  const dialog = () => page.getByRole('dialog');
  const rows = () => page.locator('[role="row"][data-row]');
  const status = (text: string) => page.getByRole('status').getByText(text, { exact: true });

  /** Drops a file on the page, as a file manager would. */
  async function drop(name: string, content: string): Promise<void> {
    const transfer = await page.evaluateHandle(
      `(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([${JSON.stringify(content)}], ${JSON.stringify(name)}));
        return transfer;
      })()`,
    );
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
    await page.getByText(/^Drop to/).waitFor();
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  }

  async function versions(name: string): Promise<number[]> {
    const found = await server.database.prisma.dataset.findMany({ where: { name } });
    return found.map(({ version }) => version).sort((a, b) => a - b);
  }

  it('say on an empty database what a file looks like, and take one that is dropped', async () => {
    await page.goto(`${server.url}/datasets`);
    await page.getByRole('heading', { name: 'No datasets yet' }).waitFor();
    await drop('reviews.csv', broken);
    assert.equal(await dialog().getByLabel('Name').inputValue(), 'reviews');
    await dialog().getByText('Tasks: topic · with splits').waitFor();
  });

  it('tell every bad row of a file by its line, and store nothing of it', async () => {
    await dialog().getByRole('button', { name: 'Upload' }).click();
    await dialog()
      .getByText(/^2 rows cannot be read, so nothing was stored/)
      .waitFor();
    const told = dialog().locator('[data-fault]');
    assert.deepEqual(
      await told.evaluateAll((faults) => faults.map((fault) => fault.getAttribute('data-fault'))),
      ['4', '5'],
    );
    assert.match(await told.last().innerText(), /somewhere/);
    assert.deepEqual(await versions('reviews'), []);
    // The browser itself logs a refused request.
    visitor.complaints.splice(0);
  });

  it('store the file once it is right, with splits drawn as was asked for', async () => {
    const more = Array.from({ length: 20 }, (_, index) => `Sentence ${index}.,Science`);
    await dialog()
      .getByLabel('File of rows')
      .setInputFiles({
        name: 'reviews.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(['sentence,topic', ...more].join('\n')),
      });
    await dialog().getByText('Tasks: topic', { exact: true }).waitFor();
    await dialog().getByText('Draw them').click();
    await dialog().getByLabel('Validation, %').fill('20');
    await dialog().getByLabel('Spread evenly').selectOption('topic');
    await dialog().getByRole('button', { name: 'Upload' }).click();
    await dialog()
      .getByRole('status')
      .getByText(/^Stored as reviews@1: 20 rows\.$/)
      .waitFor();
    const stored = await server.database.prisma.dataset.findFirstOrThrow({ where: { name: 'reviews' } });
    assert.deepEqual(stored.splitting, { validation: 0.2, test: 0.1, seed: 42, stratifyBy: 'topic' });
    await dialog().getByRole('link', { name: 'Open reviews@1' }).click();
    await page.getByRole('heading', { level: 1, name: 'reviews' }).waitFor();
    await page.getByText(/^drawn for rows that named none: 20\.00 % validation/).waitFor();
    assert.deepEqual(visitor.complaints, []);
  });

  it('make dropped rows the next version, and know rows that they have', async () => {
    await drop('other.jsonl', '{"sentence":"One more.","topic":"Other"}\n');
    await dialog().getByRole('heading', { name: 'A new version of reviews' }).waitFor();
    await dialog().getByRole('button', { name: 'Upload' }).click();
    await dialog().getByText('Stored as reviews@2: 1 row.').waitFor();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await page
      .getByLabel('Version')
      .locator('option', { hasText: '2 (newest)' })
      .waitFor({ state: 'attached' });
    await drop('again.jsonl', '{"sentence":"One more.","topic":"Other"}\n');
    await dialog().getByRole('button', { name: 'Upload' }).click();
    await dialog()
      .getByText(/^These very rows are reviews@2 already/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    assert.deepEqual(await versions('reviews'), [1, 2]);
  });

  it('show how much of a file has been sent, and store nothing of one that is stopped', async () => {
    const network = await page.context().newCDPSession(page);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: 200_000 });
    await drop('slow.csv', `sentence,topic\n${'A sentence of no great length.,Science\n'.repeat(60_000)}`);
    await dialog().getByRole('button', { name: 'Upload' }).click();
    const progress = dialog().getByRole('progressbar', { name: 'Sending the file' });
    await progress.and(page.locator(':not([aria-valuenow="0"])')).waitFor();
    assert.ok(Number(await progress.getAttribute('aria-valuenow')) < 100);
    await dialog().getByRole('button', { name: 'Stop' }).click();
    await dialog().getByText('slow.csv').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: -1 });
    await network.detach();
    assert.deepEqual(await versions('reviews'), [1, 2]);
  });

  it('show any of many rows without reading them all, and find them by text, split and label', async () => {
    await createRows(
      server,
      many,
      Array.from({ length: COUNT }, (_, index) => ({
        sentence: `Row ${index} ${index % 2 === 0 ? 'about phones' : 'about <b>stars</b>'}`,
        split: index % 10 === 0 ? 'TEST' : 'TRAIN',
        labels: index % 4 === 3 ? [] : [{ task: markup, label: index % 2 === 0 ? markup : 'Science' }],
      })),
    );
    await page.goto(`${server.url}/datasets/${encodeURIComponent(many)}?tab=rows`);
    await rows().first().waitFor();
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), many);
    assert.equal(await page.getByRole('columnheader').last().innerText(), markup);
    assert.equal(await rows().first().getByRole('gridcell').last().innerText(), markup);
    assert.equal(await rows().first().getByRole('button').innerText(), 'Row 0 about phones');
    const grid = page.getByRole('grid', { name: 'Rows' });
    assert.equal(await grid.getAttribute('aria-rowcount'), String(COUNT + 1));
    assert.ok((await rows().count()) < 60);
    await rows().first().getByRole('button').focus();
    await page.keyboard.press('Control+End');
    await page.locator(`[data-row="${COUNT - 1}"]`).waitFor();
    assert.equal(await grid.locator('[tabindex="0"]').count(), 1);

    await page.getByLabel('Search sentences').fill('ABOUT <b>stars');
    await status('500 of 1,000 rows').waitFor();
    await page.getByLabel('Label').selectOption({ label: `${markup}: not labelled (250)` });
    await status('250 of 1,000 rows').waitFor();
    assert.equal(await rows().first().getAttribute('data-row'), '3');
    assert.equal(await rows().first().locator('mark').innerText(), 'about <b>stars');
    await page.reload();
    await status('250 of 1,000 rows').waitFor();
    await page.getByLabel('Label').selectOption('');
    await page.getByLabel('Search sentences').fill('');
    await page.getByLabel('Split').selectOption('TEST');
    await status('100 of 1,000 rows').waitFor();
    await rows().nth(1).getByRole('button').click();
    await dialog().getByRole('heading', { name: 'Row 10' }).waitFor();
    await dialog().getByText('Row 10 about phones').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Search sentences').fill('nothing of the kind');
    await page.getByRole('button', { name: 'Show all rows' }).click();
    await status('1,000 rows').waitFor();
  });

  it('tell how labels are spread over splits, what leaks and what contradicts itself', async () => {
    const row = (sentence: string, split: string, label: string) => ({
      sentence,
      split,
      labels: [{ task: 'topic', label }],
    });
    await createRows(server, 'leaky', [
      row('Only here', 'TRAIN', 'Science'),
      row('Trained and tested', 'TRAIN', 'Science'),
      row('trained  and TESTED', 'TEST', 'Science'),
      row('Both ways', 'TRAIN', 'Science'),
      row('both ways', 'TRAIN', 'Sports'),
    ]);
    await page.goto(`${server.url}/datasets/leaky`);
    const counts = (label: string) =>
      page.locator(`[data-task="topic"] [data-label="${label}"] td .font-medium`).allInnerTexts();
    await page.locator('[data-label="Science"]').waitFor();
    assert.deepEqual(await counts('Science'), ['3', '1', '4']);
    assert.deepEqual(await counts('Sports'), ['1', '0', '1']);
    await page.getByText('test never has Sports.').waitFor();
    await page.getByRole('tab', { name: 'Repetitions (2)' }).click();
    await page.getByText('1 row of validation and test is trained on as well.').waitFor();
    await page.locator('[data-repeated]').nth(1).waitFor();
    assert.equal(await page.locator('[data-repeated]').count(), 2);
    await page.getByText('Across splits 1').click();
    const leaking = page.locator('[data-repeated]', { hasText: 'Trained and tested' });
    await leaking.getByText('2 rows: 1 in train, 1 in test').click();
    await leaking.getByRole('cell', { name: 'trained and TESTED', exact: true }).waitFor();
    await page.getByText('Labels contradict 1').click();
    await page.locator('[data-repeated]', { hasText: 'Both ways' }).waitFor();
    await page.locator('[data-repeated]').nth(1).waitFor({ state: 'detached' });
  });

  it('are kept as long as runs refer to them, say which, and go when none does', async () => {
    const { prisma } = server.database;
    const dataset = await prisma.dataset.findFirstOrThrow({ where: { name: 'leaky' } });
    const definition = { name: markup, dataset: 'leaky@1' };
    const run = await insertRun(server.database, {
      name: markup,
      datasetId: dataset.id,
      definition,
      state: 'FINISHED',
    });
    await page.goto(`${server.url}/datasets/leaky?tab=lineage`);
    const used = page.locator(`[data-run="${run.id}"]`);
    assert.equal(await used.getByRole('link').first().innerText(), markup);
    const remove = async () => {
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('menuitem', { name: 'Version 1' }).click();
      await dialog().getByRole('button', { name: 'Delete' }).click();
    };
    await remove();
    await dialog()
      .getByRole('alert')
      .getByText('name: 1 run refers to leaky@1: delete the runs first')
      .waitFor();
    await dialog().getByRole('link', { name: '1 run of version 1' }).click();
    await page.locator(`[role="row"][data-run="${run.id}"]`).waitFor();
    await prisma.run.delete({ where: { id: run.id } });
    await page.goto(`${server.url}/datasets/leaky`);
    await remove();
    await page.waitForURL(`${server.url}/datasets`);
    await page.locator('[data-dataset="reviews"]').waitFor();
    assert.equal(await page.locator('[data-dataset="leaky"]').count(), 0);
    assert.deepEqual(await versions('leaky'), []);
  });

  it('can be had as a file, and be looked for by name', async () => {
    await page.goto(`${server.url}/datasets`);
    await page.getByLabel('Search datasets by name').fill('ROWS (');
    await status('1 dataset').waitFor();
    assert.equal(await page.locator('[data-dataset]').getAttribute('data-dataset'), many);
    await page.goto(`${server.url}/datasets/reviews?version=1`);
    await page.getByRole('button', { name: 'Download' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Rows with splits, JSONL' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'reviews-v1.jsonl');
  });

  it('show a version that another client stores, and that one is gone, without being reloaded', async () => {
    const row = (sentence: string) => ({ sentence, labels: [{ task: 'topic', label: 'Other' }] });
    await page.goto(`${server.url}/datasets`);
    await page.locator('[data-dataset="reviews"]').waitFor();
    await createRows(server, 'elsewhere', [row('Stored by somebody else.')]);
    await page.locator('[data-dataset="elsewhere"]').getByRole('link').first().click();
    await page.getByText('rows inline, through the API').waitFor();
    await page.evaluate('window.unloaded = false');
    await createRows(server, 'elsewhere', [row('Another one.'), row('And another.')]);
    const option = (text: string) => page.getByLabel('Version').locator('option', { hasText: text });
    await option('2 (newest) · 2 rows').waitFor({ state: 'attached' });
    assert.equal(await page.getByLabel('Version').inputValue(), '2');
    await server.query('mutation { deleteDataset(input: { name: "elsewhere", version: 1 }) { deleted } }');
    await option('1 · 1 row').waitFor({ state: 'detached' });
    await server.query('mutation { deleteDataset(input: { name: "elsewhere" }) { deleted } }');
    await page.getByRole('heading', { name: 'There is no dataset elsewhere' }).waitFor();
    assert.equal(await page.evaluate('window.unloaded'), false);
  });

  it('list a run of theirs as it is launched, goes on and ends, without being reloaded', async () => {
    const { pool, prisma } = server.database;
    const tell = (runId: string) => notify(pool, { type: 'run', runId, experimentId: null });
    const dataset = await prisma.dataset.findFirstOrThrow({ where: { name: 'reviews', version: 1 } });
    await page.goto(`${server.url}/datasets/reviews?version=1&tab=lineage`);
    await page.getByRole('heading', { name: 'No run has used reviews@1 yet' }).waitFor();
    await page.evaluate('window.unloaded = false');
    const definition = { name: 'live', dataset: 'reviews@1' };
    const run = await insertRun(server.database, {
      name: 'live',
      datasetId: dataset.id,
      definition,
      state: 'QUEUED',
    });
    await tell(run.id);
    const listed = page.locator(`[data-run="${run.id}"]`);
    await listed.getByText('Queued').waitFor();
    const count = page.locator('[data-version="1"] td').nth(1);
    assert.equal(await count.innerText(), '1');
    for (const [state, said] of [
      ['RUNNING', 'Running'],
      ['FINISHED', 'Finished'],
    ] as const) {
      await prisma.run.update({ where: { id: run.id }, data: { state } });
      await tell(run.id);
      await listed.getByText(said).waitFor();
    }
    assert.equal(await page.evaluate('window.unloaded'), false);
    await prisma.run.delete({ where: { id: run.id } });
  });

  it('say when the server cannot be reached, and try again', async () => {
    await page.route('**/graphql', (route) => route.abort());
    for (const path of ['/datasets', '/models', '/datasets/reviews']) {
      await page.goto(server.url + path);
      await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
    }
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Version').waitFor();
    // The browser itself logs requests that fail.
    visitor.complaints.splice(0);
  });

  it('are accessible in both themes and on a telephone', async () => {
    const paths = [
      '/datasets',
      ...['', 'rows', 'lineage', 'similar'].map((tab) => `/datasets/reviews?version=1&tab=${tab}`),
    ];
    for (const path of paths) assert.deepEqual(await violationsInAllLooks(page, server.url + path), []);
    assert.deepEqual(visitor.complaints, []);
  });
});
