import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page, Request } from 'playwright-core';
import { appendMetrics } from '../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../server/metrics/columns.js';
import { accessibilityFaults } from '../support/axe.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertComparedRun, type RegimeName } from '../support/comparedRuns.js';
import { useServer } from '../support/server.js';

const regimes: RegimeName[] = ['full', 'lower layers frozen', 'head-only'];
const MARKUP = '<img src=x onerror="document.title=1"> & more';

describe('the comparison, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let nine: string[];
  let odd: string;

  after(async () => {
    await browser?.close();
  });
  const server = useServer({}, { dashboard: true });

  before(async () => {
    nine = [];
    for (const regime of regimes) {
      for (const seed of [1, 2, 3]) {
        const learningRate = seed === 3 ? 5e-5 : 2e-5;
        nine.push(await insertComparedRun(server.database, { regime, seed, learningRate, steps: 5000 }));
      }
    }
    const steps = Array.from({ length: 100 }, (_, index) => index + 1);
    odd = await insertComparedRun(server.database, {
      regime: 'full',
      seed: 9,
      name: MARKUP,
      curves: {
        'train/loss': { steps, values: steps.map((step) => (step > 60 ? NaN : step === 30 ? -1 : 1 / step)) },
        'epoch/topic/accuracy': null,
        'validation/topic/accuracy': null,
      },
    });
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    page = visitor.page;
  });

  const open = async (ids: readonly string[], more = ''): Promise<void> => {
    await page.goto(`${server.url}/compare?runs=${ids.join(',')}${more}`);
    await page.locator('main h1').waitFor();
  };
  const chart = (metric: string): Locator => page.locator(`[data-chart="${metric}"]`);
  const drawn = async (metric: string, lines: number): Promise<void> => {
    await chart(metric).scrollIntoViewIfNeeded();
    await chart(metric).locator(`[data-drawn="${lines}"]`).waitFor();
  };
  const param = (name: string): string | null => new URL(page.url()).searchParams.get(name);

  it('lays the curves of all runs over each other, and of one freeze configuration as one', async () => {
    await open(nine);
    await drawn('train/loss', 18);
    assert.match(await chart('train/loss').innerText(), /of 45\.0K points|of 45\.\dK points/);
    await page.getByLabel('Group by freeze configuration').check();
    await drawn('train/loss', 6);
    const legend = page.getByRole('list', { name: 'Freeze configurations' });
    assert.deepEqual(
      (await legend.getByRole('listitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()),
      regimes.map((regime) => `${regime} n = 3, mean ± sd`),
    );
    assert.equal(param('group'), '1');
  });

  it('reads the stretch that is zoomed into at full resolution, and a double click shows everything again', async () => {
    await open(nine.slice(0, 2));
    await drawn('train/loss', 4);
    const plot = chart('train/loss').locator('[aria-roledescription="chart"]');
    const asked = page.waitForRequest((request) => (request.postData() ?? '').includes('"fromStep":'));
    const box = (await plot.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const { variables } = JSON.parse((await asked).postData()!) as {
      variables: { fromStep: number; toStep: number };
    };
    assert.ok(variables.fromStep > 2300 && variables.toStep < 3200, JSON.stringify(variables));
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor();
    await page.locator('.u-over').first().dblclick();
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor({ state: 'detached' });
    assert.equal(param('zoom'), null);
  });

  it('is zoomed, panned and read by keyboard', async () => {
    await open(nine.slice(0, 2));
    await drawn('train/loss', 4);
    const plot = chart('train/loss').locator('[aria-roledescription="chart"]');
    await plot.focus();
    await page.keyboard.press('+');
    await page.waitForURL(/zoom=/);
    const zoomed = param('zoom')!;
    const before = zoomed.split('..').map(Number);
    await page.keyboard.press('Shift+ArrowRight');
    await page.waitForURL(({ search }) => !search.includes(zoomed));
    const after = param('zoom')!.split('..').map(Number);
    assert.ok(after[0]! > before[0]!, `${after} lies after ${before}`);
    assert.ok(
      Math.abs(after[1]! - after[0]! - (before[1]! - before[0]!)) < 1,
      `${after} is as wide as ${before}`,
    );
    await page.keyboard.press('ArrowRight');
    await plot
      .locator('[aria-live]', { hasText: /step [\d,]+: .*full · seed \d \((train|validation)\) 0\.\d+/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(({ search }) => !search.includes('zoom'));
  });

  it('shows a chart over the whole window, and steps to the next by an arrow key', async () => {
    await open(nine.slice(0, 2));
    await page.getByRole('button', { name: 'Loss: enlarge' }).click();
    const dialog = page.getByRole('dialog', { name: /^Loss/ });
    await dialog.locator('[data-drawn="4"]').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: /accuracy\s*chart 2 of 3/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(param('full'), null);
  });

  it('smooths, goes by epoch or time, and shows all that again to whoever gets the link', async () => {
    await open(nine.slice(0, 3));
    await drawn('train/loss', 6);
    await page.getByLabel('Smoothing').fill('0.9');
    await page.locator('label', { hasText: /^time$/ }).click();
    await page.getByRole('checkbox', { name: 'Log scale', exact: true }).check();
    await page
      .getByRole('button', { name: 'Show full · seed 2 in the charts' })
      .or(page.getByRole('button', { name: 'Show full in the charts' }))
      .nth(1)
      .click();
    await page.waitForURL(/hide=/);
    await drawn('train/loss', 4);
    const address = page.url();
    await page.goto('about:blank');
    await page.goto(address);
    await drawn('train/loss', 4);
    assert.equal(await page.getByLabel('Smoothing').inputValue(), '0.9');
    assert.ok(await page.getByRole('radio', { name: 'time' }).isChecked());
    assert.ok(await page.getByRole('checkbox', { name: 'Log scale', exact: true }).isChecked());
  });

  it('pins another baseline, and compares everything with that', async () => {
    await open([nine[0]!, nine[6]!]);
    await page.getByRole('button', { name: 'Make head-only the baseline' }).click();
    await page.waitForURL(new RegExp(`runs=${nine[6]},${nine[0]}`));
    await page.locator('[data-regime="head-only"]', { hasText: 'baseline' }).waitFor();
  });

  it('says which configurations are not beaten in accuracy and cost at once, and has a table behind it', async () => {
    await open(nine);
    const figure = page.getByRole('figure', { name: 'Mean validation accuracy against training seconds' });
    await figure
      .getByRole('img', {
        name: /no configuration is both better and cheaper than head-only, lower layers frozen/,
      })
      .waitFor();
    await figure.getByRole('button', { name: /view as table/ }).click();
    assert.equal(await figure.locator('tbody tr').count(), 9);
  });

  it('picks runs by bounds on the axes of parallel coordinates, by keyboard, and shows only those', async () => {
    await open(nine);
    const section = page.getByRole('region', { name: 'Parallel coordinates', exact: true });
    await section.scrollIntoViewIfNeeded();
    await section.getByRole('button', { name: 'Axes' }).click();
    await section.getByLabel('training seconds: to').fill('100');
    await section.getByLabel('training seconds: to').press('Enter');
    await section.getByText('3 of 9 runs within what is brushed').waitFor();
    await section.getByLabel('training seconds: flip').check();
    await section.getByRole('button', { name: 'Show only these' }).click();
    await page.getByRole('button', { name: '3 of 9 shown' }).waitFor();
    await drawn('train/loss', 6);
    assert.match(param('axes')!, /run:seconds;flip;-?[\d.e+]+\.\.100/);
  });

  it('sets any two settings or metrics against each other', async () => {
    await open(nine);
    const section = page.getByRole('region', { name: 'Scatter', exact: true });
    await section.scrollIntoViewIfNeeded();
    await section
      .getByLabel('Scatter, x axis', { exact: true })
      .selectOption('setting:training.learningRate');
    await section.getByLabel('Scatter, y axis', { exact: true }).selectOption('metric:epoch/loss');
    await section
      .getByRole('img', { name: 'Scatter: epoch/loss over training.learningRate for 9 runs.' })
      .waitFor();
    await page.reload();
    await section.scrollIntoViewIfNeeded();
    assert.equal(
      await section.getByLabel('Scatter, y axis', { exact: true }).inputValue(),
      'metric:epoch/loss',
    );
  });

  it('lists only settings that differ, finds one, turns round, and copies a cell by keyboard', async () => {
    await open([nine[0]!, nine[5]!]);
    const card = page.getByRole('region', { name: 'Settings that differ' });
    await card.scrollIntoViewIfNeeded();
    const grid = card.getByRole('grid', { name: 'Differing settings by run' });
    assert.equal(await card.getByText('sentence-transformers').count(), 0);
    await card.getByLabel('Find a setting').fill('learning');
    await card.locator('[data-setting="training.seed"]').waitFor({ state: 'detached' });
    await grid.locator('[data-setting="training.learningRate"] [data-copy]').last().focus();
    await page.keyboard.press('Enter');
    await card.getByText('Copied 0.00005').waitFor({ state: 'attached' });
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), '0.00005');
    await card.getByRole('button', { name: 'Transpose' }).click();
    await grid.getByRole('columnheader', { name: 'training.learningRate' }).waitFor();
    assert.equal(await grid.getByRole('row').count(), 3);
  });

  it('gives curves as PNG, SVG, CSV and JSON, and the comparison as CSV', async () => {
    await open([nine[0]!, odd]);
    await drawn('train/loss', 4);
    const take = async (button: string, item: string): Promise<Buffer> => {
      const arriving = page.waitForEvent('download');
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('menuitem', { name: item }).click();
      return readFileSync(await (await arriving).path());
    };
    const png = await take('Loss: export', 'PNG');
    assert.deepEqual([...png.subarray(1, 4)].map((code) => String.fromCharCode(code)).join(''), 'PNG');
    const svg = (await take('Loss: export', 'SVG')).toString();
    assert.match(svg, /^<svg/);
    assert.ok(svg.includes('&lt;img src=x') && !svg.includes('<img'), 'names are text in the picture too');
    const csv = (await take('Loss: export', 'CSV')).toString();
    assert.equal(csv.split('\r\n')[0], 'line,rows,step,value,raw,low,high,runs');
    assert.ok(csv.includes('"<img src=x onerror=""document.title=1""> & more",train,1,1,1,1,1,1'));
    const json = JSON.parse((await take('Loss: export', 'JSON')).toString()) as {
      line: string;
      step: number;
    }[];
    assert.equal(json.filter(({ line }) => line === MARKUP).length, 104);
    const table = (await take('Export', 'CSV: a row a run')).toString();
    assert.equal(table.trim().split('\r\n').length, 3);
  });

  it('draws a curve with NaN in it, marks where, and says NaN where it is the last value', async () => {
    await open([nine[0]!, odd]);
    await drawn('train/loss', 4);
    assert.match(await chart('train/loss').innerText(), /× 40 not finite/);
    await page.getByRole('checkbox', { name: 'Log scale', exact: true }).check();
    await chart('train/loss').getByText('× 41 not finite or not above zero').waitFor();
    await page.getByRole('button', { name: /^All \d+ metrics$/ }).click();
    const cell = page.locator(`[data-metric="train/loss"] [data-run="${odd}"] [data-value]`);
    assert.equal(await cell.innerText(), 'NaN');
  });

  it('says how many runs never logged a metric, and names the nearest ones', async () => {
    await open([nine[0]!, nine[1]!, odd]);
    await chart('epoch/topic/accuracy').scrollIntoViewIfNeeded();
    await chart('epoch/topic/accuracy')
      .getByText('1 of 3 runs never logged epoch/topic/accuracy or validation/topic/accuracy')
      .waitFor();
    await open([nine[0]!, odd], '&charts=validation/topics/accuracy');
    await page
      .getByText('2 of 2 runs never logged validation/topics/accuracy', { exact: false })
      .filter({ hasText: 'validation/topic/accuracy' })
      .waitFor();
  });

  it('takes markup in a name for text, in tables and under the pointer', async () => {
    await open([nine[0]!, odd]);
    await page.getByRole('link', { name: MARKUP }).first().waitFor();
    const figure = page.getByRole('figure', { name: /against trainable share/ });
    await figure.locator('canvas').first().waitFor();
    await figure.scrollIntoViewIfNeeded();
    const box = (await figure.locator('canvas').first().boundingBox())!;
    // Full runs lie on the right edge: the pointer goes down along it until it meets one.
    const tip = page.locator('table', { hasText: 'freeze' }).filter({ hasText: 'trainable share' });
    for (let y = 10; y < box.height && (await tip.count()) === 0; y += 4)
      await page.mouse.move(box.x + box.width - 32, box.y + y);
    await tip.first().waitFor();
    assert.equal(await page.locator('img').count(), 0);
    assert.match(await page.title(), /Compare/);
  });

  it('offers other regimes to a run that is alone', async () => {
    const lone = await server.database.prisma.experiment.create({
      data: { id: crypto.randomUUID(), name: 'twins', definition: {}, definitionDigest: '' },
    });
    const overrides = { experimentId: lone.id };
    const alone = await insertComparedRun(server.database, { regime: 'full', seed: 1, overrides });
    const twin = await insertComparedRun(server.database, { regime: 'head-only', seed: 1, overrides });
    await open([alone]);
    await page.getByRole('heading', { name: 'One run says little about freezing' }).waitFor();
    await page.getByRole('link', { name: 'head-only' }).click();
    await page.waitForURL(new RegExp(`runs=${alone},${twin}`));
    await page.locator('[data-verdict]').waitFor();
  });

  it('compares fifty runs, and says so when they are more', async () => {
    const fifty: string[] = [];
    for (let index = 0; index < 50; index += 1) {
      const regime = regimes[index % 3]!;
      fifty.push(await insertComparedRun(server.database, { regime, seed: 100 + index }));
    }
    const pages: string[] = [];
    const note = (request: Request) => {
      if (request.url().includes('_rsc=')) pages.push(new URL(request.url()).pathname);
    };
    page.on('request', note);
    await open(fifty);
    await page.getByRole('button', { name: '50 of 50 shown' }).waitFor();
    await drawn('train/loss', 100);
    page.off('request', note);
    assert.deepEqual(pages, [], 'no page is fetched before somebody goes there');
    assert.equal(await page.getByRole('grid', { name: 'Metrics by run' }).getByRole('row').count(), 51);
    await page.getByRole('button', { name: '50 of 50 shown' }).click();
    await page.getByRole('menuitem', { name: 'The first 5' }).click();
    await drawn('train/loss', 10);
    await open([...fifty, nine[0]!]);
    await page.getByText('ids: expected 1 to 50 runs, got 51').waitFor();
  });

  it('draws points of a run as they are logged', async () => {
    const running = await insertComparedRun(server.database, {
      regime: 'full',
      seed: 50,
      steps: 40,
      overrides: { state: 'RUNNING' },
    });
    await open([running, nine[0]!], '&charts=epoch/loss');
    const plot = chart('epoch/loss').getByRole('group', {
      name: /^Mean loss of an epoch: full · seed 50 ends at 0\.\d+/,
    });
    await chart('epoch/loss').scrollIntoViewIfNeeded();
    await plot.waitFor();
    await appendMetrics(server.database.pool, { runId: running, attempt: 1 }, [
      { name: 'epoch/loss', points: pointsOf([50], [0.125], [Date.now()]) },
    ]);
    await chart('epoch/loss')
      .getByRole('group', { name: /full · seed 50 ends at 0\.1250/ })
      .waitFor();
  });

  it('is accessible in both themes, fits a telephone, and asks nothing of other machines', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await open([nine[0]!, nine[6]!, odd], '&group=1');
      await page.getByRole('region', { name: 'Scatter', exact: true }).scrollIntoViewIfNeeded();
      await page.getByRole('button', { name: 'Axes' }).click();
      await drawn('train/loss', 8);
      assert.deepEqual([theme, await accessibilityFaults(page)], [theme, []]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await open([nine[0]!, nine[6]!, odd]);
    await drawn('train/loss', 6);
    const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    assert.equal(Math.max(0, overflow), 0);
    assert.deepEqual(visitor.complaints, []);
  });
});
