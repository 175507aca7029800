import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { notify } from '../../server/db/notifications.js';
import { formatNumber, formatPercent } from '../../web/lib/format.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertRun } from '../support/factories.js';
import { seedRuns } from '../support/seedRuns.js';
import { useServer } from '../support/server.js';

const COUNT = 1200;
const markup = '<img src=x onerror="document.title=1"> & "quotes"';

describe('the runs page, in Chromium, over many runs', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let ids: string[];
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });

  before(async () => {
    ids = await seedRuns(server.database.pool, COUNT);
    await server.database.prisma.run.update({ where: { id: ids[COUNT - 2]! }, data: { name: markup } });
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  const rows = () => page.locator('[role="row"][data-run]');
  const row = (id: string) => page.locator(`[role="row"][data-run="${id}"]`);
  const cell = (id: string, column: string) => row(id).locator(`[data-column="${column}"]`);
  const focusedRow = async () =>
    Number(await page.locator('[role="row"]:focus-within').getAttribute('aria-rowindex'));
  const open = async (search = '') => {
    await page.goto(`${server.url}/runs${search}`);
    await rows().first().waitFor();
  };
  const param = (name: string) => new URL(page.url()).searchParams.get(name);
  const query = () => page.getByRole('combobox', { name: 'Query' });

  async function listed(args: string): Promise<string[]> {
    const { data, errors } = await server.query<{ runs: { edges: { node: { id: string } }[] } }>(
      `{ runs(${args}) { edges { node { id } } } }`,
    );
    assert.equal(errors, undefined);
    return data.runs.edges.map(({ node }) => node.id);
  }
  const shown = () =>
    rows().evaluateAll((elements) => elements.map((element) => element.getAttribute('data-run')));

  it('draws the rows in view and no others, and says how many there are', async () => {
    await open();
    await page.getByText(`${COUNT.toLocaleString('en-US')} runs`, { exact: true }).waitFor();
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), String(COUNT + 1));
    assert.ok((await rows().count()) < 60);
    const newest = ids.toReversed();
    assert.deepEqual((await shown()).slice(0, 10), newest.slice(0, 10));
  });

  it('reaches the last run and any other by keyboard, one tab stop for the whole grid', async () => {
    await row(ids.at(-1)!).getByRole('checkbox').focus();
    await page.keyboard.press('Control+End');
    await row(ids[0]!).waitFor();
    assert.equal(await focusedRow(), COUNT + 1);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const place = await focusedRow();
    assert.ok(place < COUNT - 5);
    const link = row(ids[COUNT - place + 1]!).getByRole('link');
    await link.waitFor();
    assert.equal(await link.evaluate((element) => element.matches(':focus')), true);
    assert.equal(await page.locator('[role="grid"] [tabindex="0"]').count(), 1);
    await page.keyboard.press('Control+Home');
    assert.equal(await focusedRow(), 1);
  });

  it('opens a run by Enter on its row', async () => {
    await open();
    await cell(ids.at(-1)!, 'name').getByRole('link').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/runs/${ids.at(-2)!}`);
  });

  it('shows names with markup as text, and NaN as NaN', async () => {
    await open();
    assert.equal(
      await cell(ids[COUNT - 2]!, 'name')
        .getByRole('link')
        .innerText(),
      markup,
    );
    const failed = ids[COUNT - 1]!;
    assert.equal(await cell(failed, 'state').innerText(), 'Failed');
    assert.equal(await cell(failed, 'loss').innerText(), formatNumber(NaN));
  });

  it('sorts all runs by a metric on the server, keeps the order in the URL, and puts NaN last', async () => {
    await open();
    const heading = page.getByRole('columnheader', { name: /^topic/ });
    await heading.getByRole('button').click();
    await page.waitForURL(({ searchParams }) => searchParams.has('sort'));
    assert.equal(param('sort'), '-accuracy:topic');
    const best = await listed(
      'first: 8, orderBy: [{ metric: { name: "validation/topic/accuracy" }, direction: DESC }]',
    );
    await row(best[0]!).waitFor();
    assert.deepEqual((await shown()).slice(0, 8), best);
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    await page.getByRole('columnheader', { name: /^Loss/ }).getByRole('button').click();
    await page.keyboard.press('Control+End');
    await page.getByRole('gridcell', { name: 'NaN', exact: true }).first().waitFor();
    await page.reload();
    await rows().first().waitFor();
    const least = await listed('first: 3, orderBy: [{ metric: { name: "validation/loss" } }]');
    assert.deepEqual((await shown()).slice(0, 3), least);
  });

  it('completes a query by keyboard and applies it', async () => {
    await open();
    await query().pressSequentially('metric.validation/topic/acc');
    await page.getByRole('option', { name: 'metric.validation/topic/accuracy' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await query().pressSequentially('> 0.93 and freeze.regime = ');
    await page.getByRole('option', { name: '"partial"' }).waitFor();
    await page.keyboard.press('Escape');
    await query().pressSequentially('full');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const found = await listed(
      'first: 500, query: "metric.validation/topic/accuracy > 0.93 and freeze.regime = full"',
    );
    await page.getByText(`${found.length} runs`, { exact: true }).waitFor();
    await row(found[0]!).waitFor();
    assert.equal(param('q'), 'metric.validation/topic/accuracy > 0.93 and freeze.regime = full');
    assert.deepEqual((await shown()).slice(0, 5), found.slice(0, 5));
  });

  it('points at the column of a mistake and leaves the runs as they were', async () => {
    await open('?q=tag+%3D+best');
    const before = await shown();
    await query().fill('tag = best and seed > many');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .getByText(/^Column 23: expected a number/)
      .waitFor();
    assert.equal(await page.locator('[data-column="23"]').count(), 1);
    assert.equal(await query().getAttribute('aria-invalid'), 'true');
    assert.deepEqual(await shown(), before);
    assert.equal(param('q'), 'tag = best');
  });

  it('offers to look for a name when plain words are typed', async () => {
    await open();
    await query().fill('onerror');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Search for name ~ "onerror"' }).click();
    await page.getByText('1 run', { exact: true }).waitFor();
    await row(ids[COUNT - 2]!).waitFor();
    assert.deepEqual(await shown(), [ids[COUNT - 2]]);
  });

  it('names what leaves every run out; one click removes it', async () => {
    await page.goto(`${server.url}/runs?q=seed+%3E+99&state=FAILED`);
    await page.getByRole('heading', { name: 'No run passes the filter' }).waitFor();
    await page.getByRole('button', { name: 'Remove seed > 99' }).click();
    await rows().first().waitFor();
    assert.equal(param('q'), null);
    const failed = await listed('first: 500, where: { state: [FAILED] }');
    await page.getByText(`${failed.length} runs`, { exact: true }).waitFor();
  });

  it('filters by regime and state with chips', async () => {
    await open();
    await page.getByRole('button', { name: 'Head-only' }).click();
    await page.getByRole('button', { name: 'Finished' }).click();
    const found = await listed('first: 500, query: "freeze.regime = head-only and state = FINISHED"');
    await page.getByText(`${found.length} runs`, { exact: true }).waitFor();
    await row(found[0]!).waitFor();
    assert.deepEqual((await shown()).slice(0, 5), found.slice(0, 5));
  });

  it('gathers runs by regime with the mean and spread of each metric, and opens a group', async () => {
    await open('?sort=-accuracy:topic');
    await page.getByLabel('Group by').selectOption('regime');
    const group = page.locator('[data-group="full"]');
    await group.waitFor();
    const { data } = await server.query<{
      runGroups: { groups: { value: string; count: number; metrics: { mean: number }[] }[] };
    }>(
      '{ runGroups(by: REGIME, metrics: [{ name: "validation/topic/accuracy" }]) { groups { value count metrics { mean } } } }',
    );
    const full = data.runGroups.groups.find(({ value }) => value === 'full')!;
    assert.ok((await group.innerText()).includes(formatPercent(full.metrics[0]!.mean)));
    const button = group.getByRole('button');
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.focus();
    await page.keyboard.press('Enter');
    const best = await listed(
      'first: 4, query: "freeze.regime = full", orderBy: [{ metric: { name: "validation/topic/accuracy" }, direction: DESC }]',
    );
    await row(best[0]!).waitFor();
    assert.deepEqual((await shown()).slice(0, 4), best);
    assert.equal(param('group'), 'regime');
  });

  it('shows any metric and setting as a column, in the order chosen, kept in the URL', async () => {
    await open();
    await page.getByRole('button', { name: 'Columns' }).click();
    const panel = page.getByRole('dialog', { name: 'Columns' });
    await panel.getByRole('searchbox').fill('learningRate');
    await panel.getByRole('button', { name: 'training.learningRate', exact: true }).click();
    await panel.getByRole('searchbox').fill('macroF1');
    await panel.getByRole('button', { name: 'validation/topic/macroF1, max' }).click();
    await panel.getByRole('button', { name: 'Hide Seed' }).click();
    await panel.getByRole('button', { name: 'Move validation/topic/macroF1, max left' }).click();
    await page.keyboard.press('Escape');
    const id = ids.at(-3)!;
    const { data } = await server.query<{ run: { settings: unknown[]; metrics: { max: number }[] } }>(
      'query ($id: ID!) { run(id: $id) { settings(paths: ["training.learningRate"]) metrics(names: ["validation/topic/macroF1"]) { max } } }',
      { id },
    );
    await cell(id, 'setting:training.learningRate').getByText(String(data.run.settings[0])).waitFor();
    assert.equal(
      await cell(id, 'max:validation/topic/macroF1').innerText(),
      formatPercent(data.run.metrics[0]!.max),
    );
    const columns = await row(id)
      .locator('[data-column]')
      .evaluateAll((cells) => cells.map((each) => each.getAttribute('data-column')));
    assert.deepEqual(columns.slice(-2), ['max:validation/topic/macroF1', 'setting:training.learningRate']);
    assert.ok(!columns.includes('seed'));
    await page.reload();
    await cell(id, 'setting:training.learningRate').getByText(String(data.run.settings[0])).waitFor();
    assert.match(param('cols')!, /setting:training.learningRate$/);
  });

  it('saves a view under a name and opens it again', async () => {
    await open('?q=seed+%3D+3&sort=-created');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('third seed');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'third seed' }).click();
    await page.getByRole('menuitem', { name: 'Failed, newest first' }).click();
    await page.waitForURL(/state=FAILED/);
    await page.getByRole('button', { name: 'Failed, newest first' }).click();
    await page.getByRole('menuitem', { name: 'third seed' }).click();
    await page.waitForURL(/q=seed/);
    assert.equal(param('sort'), '-created');
  });

  it('tags a range of selected runs at once, and everything that a filter takes', async () => {
    await open();
    const [first, , third] = ids.toReversed();
    await row(first!).getByRole('checkbox').click();
    await row(third!)
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    await page.getByLabel('Add').fill('by hand, second');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.deepEqual(
      await listed('query: "tag = \\"by hand\\" and tag = second"'),
      ids.toReversed().slice(0, 3),
    );

    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await query().fill('seed = 2');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.waitForURL(({ searchParams }) => searchParams.has('q'));
    const found = await listed('first: 500, query: "seed = 2"');
    await page.getByText(`${found.length} runs`, { exact: true }).waitFor();
    await rows().first().getByRole('checkbox').click();
    await page.getByRole('button', { name: `Select all ${found.length}` }).click();
    await page.getByText(`${found.length} selected`).waitFor();
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    await page.getByLabel('Add').fill('all of two');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.deepEqual(await listed('first: 500, query: "tag = \\"all of two\\""'), found);
  });

  it('shows runs as they are launched, go on and end, without being reloaded, and cancels those that wait', async () => {
    await open('?sort=-created');
    const waiting = await insertRun(server.database, { name: 'waiting', state: 'QUEUED' });
    const trained = await insertRun(server.database, {
      name: 'trained',
      state: 'RUNNING',
      step: 1,
      totalSteps: 4,
    });
    const { pool, prisma } = server.database;
    const tell = (runId: string) => notify(pool, { type: 'run', runId, experimentId: null });
    await tell(waiting.id);
    await tell(trained.id);
    await row(waiting.id).waitFor();
    await row(trained.id).getByRole('progressbar').and(page.locator('[aria-valuenow="25"]')).waitFor();
    await prisma.run.update({ where: { id: trained.id }, data: { step: 3 } });
    await tell(trained.id);
    await row(trained.id).locator('[aria-valuenow="75"]').waitFor();
    await prisma.run.update({
      where: { id: trained.id },
      data: { state: 'FINISHED', finishedAt: new Date() },
    });
    await tell(trained.id);
    await cell(trained.id, 'state').getByText('Finished').waitFor();

    await row(waiting.id).getByRole('checkbox').click();
    await row(trained.id).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByText('1 selected run already ended and stays as it is.').waitFor();
    await page.getByRole('button', { name: 'Cancel 1 run' }).click();
    await cell(waiting.id, 'state').getByText('Cancelled').waitFor();
    await page.getByText(`${(COUNT + 2).toLocaleString('en-US')} runs`, { exact: true }).waitFor();
  });

  it('deletes selected runs for good once that is confirmed, and spares those that are under way', async () => {
    const { pool, prisma } = server.database;
    const gone = [
      await insertRun(server.database, { name: 'deleted 1', state: 'FINISHED' }),
      await insertRun(server.database, { name: 'deleted 2', state: 'FAILED' }),
    ];
    const going = await insertRun(server.database, { name: 'deleted never', state: 'RUNNING' });
    await open(`?q=${encodeURIComponent('name ~ "deleted"')}`);
    await page.getByText('3 runs', { exact: true }).waitFor();
    for (const { id } of [...gone, going]) await row(id).getByRole('checkbox').click();
    const remove = page.getByRole('button', { name: 'Delete', exact: true });
    await remove.click();
    const dialog = page.getByRole('dialog', { name: 'Delete 2 runs for good?' });
    await dialog.getByText('1 selected run is under way and stays.').waitFor();
    await dialog.getByRole('button', { name: 'Keep them' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await prisma.run.count({ where: { name: { startsWith: 'deleted' } } }), 3);

    await remove.click();
    await dialog.getByRole('button', { name: 'Delete 2 runs' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('1 run', { exact: true }).waitFor();
    await page.getByText('1 selected').waitFor();
    assert.deepEqual(await shown(), [going.id]);
    const left = await prisma.run.findMany({ where: { name: { startsWith: 'deleted' } } });
    assert.deepEqual(
      left.map(({ id }) => id),
      [going.id],
    );

    // What the list cannot know is the server's to refuse: the run is over, and a worker is at it nevertheless.
    await prisma.run.update({ where: { id: going.id }, data: { state: 'FINISHED' } });
    await prisma.workerTask.create({
      data: {
        id: crypto.randomUUID(),
        kind: 'verification',
        runId: going.id,
        input: {},
        state: 'RUNNING',
        attempt: 1,
      },
    });
    await notify(pool, { type: 'run', runId: going.id, experimentId: null });
    await cell(going.id, 'state').getByText('Finished').waitFor();
    await remove.click();
    await page.getByRole('button', { name: 'Delete 1 run' }).click();
    await page
      .getByRole('dialog')
      .getByText(/is being verified; wait until that is over/)
      .waitFor();
    await page.getByRole('button', { name: 'Keep them' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await prisma.run.delete({ where: { id: going.id } });
  });

  it('draws a small curve of the training loss in every row in view', async () => {
    await open();
    const curve = cell(ids.at(-1)!, 'curve:train/loss').getByRole('img');
    await curve.waitFor();
    assert.match((await curve.getAttribute('aria-label'))!, /^train\/loss: from \d.* to \d/);
  });
});
