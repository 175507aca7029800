import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { createDataset } from '../../server/datasets/createDataset.js';
import { inTransaction } from '../../server/db/database.js';
import { type Run } from '../../server/db/generated/client.js';
import { addTask } from '../../server/runs/workerTasks.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertRun, sampleDataset } from '../support/factories.js';
import { useServer } from '../support/server.js';

describe('deletions in one browser, seen in another', () => {
  let browser: Browser;
  let visitors: [watching: TestPage, deleting: TestPage];
  let page: Page;
  let experimentId: string;
  let datasetId: string;
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });

  before(async () => {
    const { prisma } = server.database;
    datasetId = (await createDataset(server.database, 'sample', sampleDataset())).dataset.id;
    experimentId = randomUUID();
    await prisma.experiment.create({
      data: {
        id: experimentId,
        name: 'watched',
        definition: { model: 'bert-tiny', dataset: 'sample' },
        definitionDigest: '',
      },
    });
    await finished('stays');
    browser = await launchBrowser();
    visitors = [await openPage(browser, server.url), await openPage(browser, server.url)];
    page = visitors[0].page;
  });
  afterEach(() =>
    assert.deepEqual(
      visitors.flatMap(({ complaints }) => complaints),
      [],
    ),
  );

  function finished(name: string): Promise<Run> {
    return insertRun(server.database, {
      name,
      state: 'FINISHED',
      finishedAt: new Date(),
      experimentId,
      datasetId,
      definition: { name, dataset: 'sample' },
    });
  }

  /** The first browser shows a page and is not to load it again by itself. */
  async function watch(path: string): Promise<void> {
    await page.goto(server.url + path);
    await page.evaluate('window.unloaded = false');
  }
  const wasNotLoadedAgain = async () => assert.equal(await page.evaluate('window.unloaded'), false);

  /** The second browser selects a run and deletes it. */
  async function deleteElsewhere(run: Run): Promise<void> {
    const { page: other } = visitors[1];
    await other.goto(`${server.url}/runs?q=${encodeURIComponent(`name = "${run.name}"`)}`);
    await other.locator(`[role="row"][data-run="${run.id}"]`).getByRole('checkbox').click();
    await other.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = other.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete 1 run' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  it('takes the run out of the list of runs', async () => {
    const run = await finished('listed');
    await watch('/runs');
    await page.getByText('2 runs', { exact: true }).waitFor();
    await deleteElsewhere(run);
    await page.locator(`[role="row"][data-run="${run.id}"]`).waitFor({ state: 'detached' });
    await page.getByText('1 run', { exact: true }).waitFor();
    await wasNotLoadedAgain();
  });

  it('takes the run out of the newest results of the overview', async () => {
    const run = await finished('newest');
    await watch('/');
    const link = page.getByRole('region', { name: 'Newest results' }).getByRole('link', { name: 'newest' });
    await link.waitFor();
    await deleteElsewhere(run);
    await link.waitFor({ state: 'detached' });
    await wasNotLoadedAgain();
  });

  it('takes the run out of its dataset’s lineage, and out of what its version and its experiment count', async () => {
    const run = await finished('used the data');
    await watch('/datasets/sample?tab=lineage');
    const listed = page.locator(`[data-run="${run.id}"]`);
    await listed.waitFor();
    const counts = (count: number) =>
      page
        .locator('[data-version="1"]')
        .getByRole('cell', { name: String(count), exact: true })
        .first();
    await counts(2).waitFor();
    await deleteElsewhere(run);
    await listed.waitFor({ state: 'detached' });
    await counts(1).waitFor();
    await wasNotLoadedAgain();

    const second = await finished('of the experiment');
    await watch('/experiments');
    const experiment = page.locator('[data-experiment="watched"]');
    await experiment.getByText('2 runs').waitFor();
    await deleteElsewhere(second);
    await experiment.getByText('1 run', { exact: true }).waitFor();
    await wasNotLoadedAgain();
  });

  it('takes what waited for the run out of the queue', async () => {
    const run = await finished('to be verified');
    await inTransaction(server.database.pool, (client) =>
      addTask(client, { kind: 'verification', runId: run.id }),
    );
    await watch('/queue');
    await page.locator('[data-entry]', { hasText: 'to be verified' }).waitFor();
    await deleteElsewhere(run);
    await page.getByRole('heading', { name: 'Nothing waits' }).waitFor();
    await wasNotLoadedAgain();
  });

  it('says on the open page of a run that it was deleted, and leads back to the others', async () => {
    const run = await finished('looked at');
    await watch(`/runs/${run.id}?tab=origin`);
    await page.getByRole('heading', { level: 1, name: 'looked at' }).waitFor();
    await deleteElsewhere(run);
    await page.getByRole('heading', { level: 1, name: 'Run deleted' }).waitFor();
    const notice = page.getByRole('status').filter({ hasText: 'looked at was deleted' });
    await notice.getByRole('link', { name: 'All runs' }).click();
    await page.getByText('1 run', { exact: true }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/runs');
    await wasNotLoadedAgain();
    await page.goto(`${server.url}/runs/${run.id}`);
    await page.getByRole('heading', { level: 1, name: 'No such run' }).waitFor();
  });

  it('leaves the run out of a comparison that is open, and out of one that is opened later, and says so', async () => {
    const { prisma } = server.database;
    const stays = await prisma.run.findFirstOrThrow({ where: { name: 'stays' } });
    const [second, third] = [await finished('compared'), await finished('compared too')];
    const path = `/compare?runs=${[stays, second, third].map(({ id }) => id).join(',')}`;
    await watch(path);
    const chips = page.getByRole('list', { name: 'Compared runs' }).getByRole('listitem');
    await chips.nth(2).waitFor();
    await deleteElsewhere(second);
    const notice = page.getByRole('status').filter({ hasText: `Run ${second.id.slice(0, 8)} was deleted` });
    await notice.waitFor();
    await chips.nth(2).waitFor({ state: 'detached' });
    assert.equal(await chips.count(), 2);
    await wasNotLoadedAgain();

    await page.goto(server.url + path);
    await notice.waitFor();
    await chips.nth(1).waitFor();
    await notice.getByRole('button', { name: 'Take out of the link' }).click();
    await notice.waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('runs'), `${stays.id},${third.id}`);
  });
});
