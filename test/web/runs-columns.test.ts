import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { seedRuns } from '../support/seedRuns.js';
import { useServer } from '../support/server.js';
import { until } from '../support/until.js';

describe('the columns of the runs page and their headings, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let ids: string[];
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });

  before(async () => {
    ids = await seedRuns(server.database.pool, 150);
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  const rows = () => page.locator('[role="row"][data-run]');
  const row = (id: string) => page.locator(`[role="row"][data-run="${id}"]`);
  const cell = (id: string, column: string) => row(id).locator(`[data-column="${column}"]`);
  const open = async (search = '') => {
    await page.goto(`${server.url}/runs${search}`);
    await rows().first().waitFor();
  };
  const param = (name: string) => new URL(page.url()).searchParams.get(name);
  const heading = (name: RegExp) => page.getByRole('columnheader', { name });
  const edge = (name: string) => page.getByRole('separator', { name: `Width of ${name}`, exact: true });
  const widthOf = async (name: RegExp) => (await heading(name).boundingBox())!.width;
  /** Presses the mouse on a place and moves it by so many pixels, in steps, without letting it go. */
  const pull = async (x: number, y: number, by: number) => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by / 2, y, { steps: 4 });
    await page.mouse.move(x + by, y, { steps: 4 });
  };
  const pullEdge = async (name: string, by: number) => {
    await edge(name).scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await edge(name).boundingBox())!;
    await pull(x + width / 2, y + height / 2, by);
  };
  const order = () =>
    page
      .locator('[data-heading]')
      .evaluateAll((headings) => headings.map((each) => each.getAttribute('data-heading')));

  it('makes a column wider by the edge of its heading, every row with it, and keeps that in the URL', async () => {
    await open();
    const before = await widthOf(/^Loss/);
    const left = (await heading(/^Trainable/).boundingBox())!;
    await pullEdge('Loss', 60);
    assert.equal(await widthOf(/^Loss/), before + 60);
    assert.equal(await edge('Loss').getAttribute('aria-valuenow'), String(before + 60));
    assert.equal(param('widths'), null);
    await page.mouse.up();
    await page.waitForURL(({ searchParams }) => searchParams.has('widths'));
    assert.equal(await widthOf(/^Loss/), before + 60);
    assert.equal((await cell(ids.at(-1)!, 'loss').boundingBox())!.width, before + 60);
    assert.deepEqual(await heading(/^Trainable/).boundingBox(), left);
    assert.equal(await heading(/^Loss/).getAttribute('aria-sort'), 'none');
    await page.reload();
    await rows().first().waitFor();
    assert.equal(await widthOf(/^Loss/), before + 60);

    await edge('Loss').dblclick();
    await page.waitForURL(({ searchParams }) => !searchParams.has('widths'));
    assert.equal(await widthOf(/^Loss/), before);
  });

  it('makes a column wider and narrower by the arrows on its edge, which comes after its heading', async () => {
    await open('?cols=loss,seed');
    await heading(/^Seed/).getByRole('button').focus();
    await page.keyboard.press('Tab');
    assert.equal(await edge('Seed').evaluate((element) => element.matches(':focus')), true);
    const before = await widthOf(/^Seed/);
    const loss = (await heading(/^Loss/).boundingBox())!;
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForURL(
      ({ searchParams }) => searchParams.get('widths')?.endsWith(`${before - 60}:seed`) === true,
    );
    assert.equal(await widthOf(/^Seed/), before - 60);
    assert.deepEqual(await heading(/^Loss/).boundingBox(), loss);
    assert.equal(await edge('Seed').evaluate((element) => element.matches(':focus')), true);
    await page.keyboard.press('Enter');
    await page.waitForURL(({ searchParams }) => searchParams.get('widths')?.includes('seed') === false);
    assert.equal(await widthOf(/^Seed/), before);
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.locator('[role="row"]:focus-within').getAttribute('aria-rowindex'), '2');
    assert.equal(await page.locator('[role="grid"] [tabindex="0"]').count(), 1);
  });

  it('holds the pinned names, however wide they are made, and leaves out widths that cannot be', async () => {
    await open('?widths=300:name,9999:loss,12:seed,100:nonsense,90:compute,x');
    assert.equal(await widthOf(/^Name/), 300);
    assert.equal(await widthOf(/^Time/), 90);
    assert.notEqual(await widthOf(/^Seed/), 12);
    const name = () => cell(ids.at(-1)!, 'name').boundingBox();
    const { x } = (await name())!;
    await heading(/^Created/).scrollIntoViewIfNeeded();
    assert.equal((await name())!.x, x);
    await page.setViewportSize({ width: 360, height: 740 });
    await until(async () => (await widthOf(/^Name/)) <= 180);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('moves a column by its heading without sorting by it, keeps the order in the URL, and stops at Escape', async () => {
    await open('?cols=state,loss,seed,compute');
    const from = (await heading(/^Time/).boundingBox())!;
    const to = (await heading(/^State/).boundingBox())!;
    const by = to.x + to.width / 4 - (from.x + from.width / 2);
    await pull(from.x + from.width / 2, from.y + from.height / 2, by);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    assert.deepEqual(await order(), ['state', 'loss', 'seed', 'compute']);
    await pull(from.x + from.width / 2, from.y + from.height / 2, by);
    await page.mouse.up();
    await page.waitForURL(({ searchParams }) => searchParams.get('cols') === 'compute,state,loss,seed');
    assert.deepEqual(await order(), ['compute', 'state', 'loss', 'seed']);
    assert.equal(param('sort'), null);
    assert.deepEqual(
      await row(ids.at(-1)!)
        .locator('[data-column]')
        .evaluateAll((cells) => cells.map((each) => each.getAttribute('data-column'))),
      ['name', 'compute', 'state', 'loss', 'seed'],
    );
    await page.reload();
    await rows().first().waitFor();
    assert.deepEqual(await order(), ['compute', 'state', 'loss', 'seed']);
    await heading(/^Time/).getByRole('button').click();
    await page.waitForURL(({ searchParams }) => searchParams.get('sort') === 'compute');
  });

  it('has no violations that axe finds, in any theme and on a telephone, with columns of any width', async () => {
    assert.deepEqual(
      await violationsInAllLooks(page, `${server.url}/runs?widths=300:name,60:state,400:loss&group=regime`),
      [],
    );
  });

  it('sorts by name as by any other column, and no longer at the third click', async () => {
    await open();
    const name = heading(/^Name$/);
    for (const [sort, direction] of [
      ['name', 'ascending'],
      ['-name', 'descending'],
      [null, 'none'],
    ] as const) {
      await name.getByRole('button').click();
      await page.waitForURL(({ searchParams }) => searchParams.get('sort') === sort);
      assert.equal(await name.getAttribute('aria-sort'), direction);
      if (sort === null) continue;
      const { data } = await server.query<{ runs: { edges: { node: { id: string } }[] } }>(
        `{ runs(first: 1, orderBy: [{ field: NAME, direction: ${direction === 'ascending' ? 'ASC' : 'DESC'} }]) { edges { node { id } } } }`,
      );
      const first = data.runs.edges[0]!.node.id;
      await page.locator(`[role="row"][aria-rowindex="2"][data-run="${first}"]`).waitFor();
    }
  });

  it('selects all runs that were read by the box in the heading, and none again', async () => {
    await open();
    const box = page.getByRole('checkbox', { name: 'Select all runs that are loaded' });
    await rows().nth(1).getByRole('checkbox').click();
    await page.getByText('1 selected').waitFor();
    assert.equal(await box.evaluate((element) => element.matches(':indeterminate')), true);
    await box.click();
    await page.getByText('100 selected').waitFor();
    assert.equal(await box.isChecked(), true);
    await box.click();
    await page.getByText('100 selected').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('row', { selected: true }).count(), 0);
  });
});
