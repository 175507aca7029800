import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { notify } from '../../server/db/notifications.js';
import { registerWorker } from '../../server/runs/workers.js';
import { formatPercent } from '../../web/lib/format.js';
import { accessibilityViolations, settled, violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertRun } from '../support/factories.js';
import { seedRuns } from '../support/seedRuns.js';
import { useServer } from '../support/server.js';

describe('the overview and the frame of every page, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let ids: string[];
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });

  before(async () => {
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });
  afterEach(() => {
    assert.deepEqual(visitor.complaints, []);
  });

  const figure = (name: string) =>
    page
      .locator('dl > div')
      .filter({ has: page.locator('dt', { hasText: name }) })
      .locator('dd')
      .first();

  it('teaches how to begin while the database is empty, and is in order by axe there', async () => {
    for (const path of ['/', '/runs']) {
      await page.goto(server.url + path);
      await settled(page);
      await page.getByText('npx frostline launch my-experiment.json').waitFor();
      assert.deepEqual([path, await accessibilityViolations(page)], [path, []]);
    }
    await page.goto(server.url);
    await page.getByText('No worker is connected').waitFor();
  });

  it('shows a worker as it comes and a run as it is queued, trained and finished', async () => {
    const { database } = server;
    await registerWorker(database, { name: 'a worker', device: 'cpu', concurrency: 1 });
    await page.getByText('a worker').waitFor();
    const run = await insertRun(database, { name: 'first', state: 'QUEUED' });
    const change = async (data: object) => {
      await database.prisma.run.update({ where: { id: run.id }, data });
      await notify(database.pool, { type: 'run', runId: run.id, experimentId: null });
    };
    await change({});
    const inCard = (card: string) =>
      page.getByRole('region', { name: card }).getByRole('link', { name: 'first' });
    await inCard('Queue').waitFor();
    await change({ state: 'RUNNING', step: 1, totalSteps: 4, startedAt: new Date() });
    await inCard('Running now').waitFor();
    await page.getByRole('region', { name: 'Running now' }).getByText(formatPercent(0.25)).waitFor();
    await change({ state: 'FINISHED', step: 4, finishedAt: new Date() });
    await inCard('Newest results').waitFor();
    assert.equal(await figure('Finished').innerText(), '1');
    await database.prisma.run.delete({ where: { id: run.id } });
  });

  it('tells the best run of each dataset and task, over all runs there are', async () => {
    ids = await seedRuns(server.database.pool, 300);
    await page.goto(server.url);
    await settled(page);
    const { data } = await server.query<{
      bestRuns: { dataset: string; task: string; value: number; run: { name: string } }[];
    }>('{ bestRuns { dataset task value run { name } } }');
    assert.equal(data.bestRuns.length, 4);
    for (const { dataset, task, value, run } of data.bestRuns) {
      const row = page.locator(`[data-best="${dataset} ${task}"]`);
      await row.getByRole('link', { name: run.name }).waitFor();
      await row.getByText(formatPercent(value), { exact: true }).waitFor();
    }
    assert.equal(await figure('Runs in all').innerText(), '300');
  });

  it('is in order by axe on overview, runs and run, in both themes and on a telephone', async () => {
    const run = `/runs/${ids[4]!}`;
    const paths = [
      ...['/', '/runs', '/runs?group=regime&rows=compact', '/runs?q=seed+%3E+99'],
      ...['', '?tab=evaluation', '?tab=logs', '?tab=history', '?tab=origin'].map((tab) => run + tab),
    ];
    for (const path of paths) assert.deepEqual(await violationsInAllLooks(page, server.url + path), []);
  });

  it('is in order by axe with each dialog and panel open', async () => {
    const opened: [string, () => Promise<void>][] = [
      ['/', () => page.keyboard.press('Control+k')],
      ['/', () => page.keyboard.press('?')],
      ['/runs', () => page.getByRole('button', { name: 'Columns' }).click()],
      ['/runs', () => page.getByRole('button', { name: 'All runs' }).click()],
      ['/runs', () => page.getByRole('combobox', { name: 'Query' }).pressSequentially('st')],
    ];
    for (const [path, act] of opened) {
      await page.goto(server.url + path);
      await settled(page);
      await act();
      await page.locator('[role="dialog"], [role="menu"], [role="listbox"]').first().waitFor();
      assert.deepEqual([path, String(act), await accessibilityViolations(page)], [path, String(act), []]);
      await page.keyboard.press('Escape');
    }
  });

  it('finds runs, experiments, pages and models from anywhere by Ctrl+K', async () => {
    await page.goto(`${server.url}/freeze`);
    await settled(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.keyboard.type('study 2');
    await page.getByRole('option', { name: 'study 2', exact: true }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('head-only, 0.0001, seed 2');
    const option = page.getByRole('option', { name: /^head-only, 0\.0001, seed 2/ }).first();
    await option.waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'head-only, 0.0001, seed 2' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.keyboard.type('compare');
    await page.getByRole('option', { name: 'Compare', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/compare`);
    await server.database.prisma.registeredModel.create({ data: { id: randomUUID(), name: 'Newsroom' } });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.keyboard.type('newsr');
    await page.getByRole('option', { name: 'Newsroom', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Newsroom' }).waitFor();
  });

  it('goes to pages by "g" and a letter, lists the shortcuts by "?", and leaves keys alone while one types', async () => {
    await page.goto(server.url);
    await settled(page);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(`${server.url}/runs`);
    await settled(page);
    await page.getByRole('combobox', { name: 'Query' }).focus();
    await page.keyboard.type('g?');
    assert.equal(await page.getByRole('dialog').count(), 0);
    await page.getByRole('combobox', { name: 'Query' }).fill('');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('says what is wrong when the server fails, and works again when it does', async () => {
    const failing = await openPage(browser, server.url);
    const answer = {
      errors: [
        {
          message: 'the database is not available at the moment: try again',
          extensions: { code: 'UNAVAILABLE' },
        },
      ],
    };
    const run = `/runs/${ids[0]!}`;
    const pages = ['/freeze', '/experiments', '/experiments/new', '/queue'];
    for (const path of ['/', '/runs', run, `${run}?tab=evaluation`, ...pages]) {
      await failing.page.route('**/graphql', (route) => route.fulfill({ json: answer }));
      await failing.page.goto(server.url + path);
      const alert = failing.page
        .getByRole('alert')
        .filter({ hasText: 'the database is not available' })
        .first();
      await alert.waitFor();
      await failing.page.unroute('**/graphql');
      await alert.getByRole('button', { name: 'Try again' }).click();
      await alert.waitFor({ state: 'detached' });
      await settled(failing.page);
    }
    await failing.page.route('**/graphql', (route) => route.abort());
    await failing.page.goto(`${server.url}/runs`);
    await failing.page.getByText('The server cannot be reached. Is it still running?').waitFor();
    await failing.page.context().close();
  });
});
