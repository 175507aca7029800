import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { makeDataset } from '../../experiments/data/dataset.js';
import { createDataset } from '../../server/datasets/createDataset.js';
import { silentLogger } from '../../server/db/logger.js';
import { notify } from '../../server/db/notifications.js';
import { appendMetrics } from '../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../server/metrics/columns.js';
import { appendLogs } from '../../server/runs/logs.js';
import { type RunningWorker, runWorker } from '../../server/worker/runWorker.js';
import { formatCount, formatPercent } from '../../web/lib/format.js';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { insertRun, insertRunningAttempt, sampleDefinition, sampleRows } from '../support/factories.js';
import { finishedRun, launchRuns, waitForRun } from '../support/runs.js';
import { useServer } from '../support/server.js';

const markup = '<b onclick="document.title=1">bold</b>';
const validation = sampleRows.map((row, index) => ({
  ...row,
  sentence: index === 0 ? `${markup} ${row.sentence}` : row.sentence,
  split: 'validation' as const,
}));

interface Evaluation {
  name: string;
  labelled: number;
  accuracy: number;
  confusion: number[][];
  classes: { label: string; f1: number | null }[];
}

describe('the run page, in Chromium', () => {
  let worker: RunningWorker;
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let id: string;
  after(async () => {
    await browser?.close();
    await worker?.stop();
  });
  const server = useServer({}, { dashboard: true });

  before(async () => {
    const dataset = makeDataset([...sampleRows, ...validation], ['topic', 'sentiment']);
    await createDataset(server.database, 'sample', dataset);
    worker = await runWorker(server.database.url, server.config, silentLogger);
    id = await finishedRun(server, 'finished', sampleDefinition());
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });
  afterEach(() => assert.deepEqual(visitor.complaints, []));

  const open = async (run: string, search = '') => {
    await page.goto(`${server.url}/runs/${run}${search}`);
    await page.getByRole('tablist').waitFor();
  };
  const tab = (name: string) => page.getByRole('tab', { name });
  const bodyRows = (name: string) => page.getByRole('table', { name }).locator('tbody tr');

  async function tasksOf(run: string): Promise<Evaluation[]> {
    const { data, errors } = await server.query<{ run: { evaluation: { tasks: Evaluation[] } } }>(
      'query ($id: ID!) { run(id: $id) { evaluation { tasks { name labelled accuracy confusion classes { label f1 } } } } }',
      { id: run },
    );
    assert.equal(errors, undefined);
    return data.run.evaluation.tasks;
  }

  it('changes its parts by the number keys and keeps the part in the URL', async () => {
    await open(id);
    for (const [key, name, param] of [
      ['3', 'Logs', 'logs'],
      ['6', 'Definition and provenance', 'origin'],
      ['2', 'Evaluation', 'evaluation'],
      ['1', 'Overview', null],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByRole('tab', { name, selected: true }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('tab'), param);
    }
    await tab('Overview').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Evaluation', selected: true }).waitFor();
  });

  it('shows confusion and scores of each task as the API tells them', async () => {
    await open(id, '?tab=evaluation');
    for (const { name, labelled, accuracy, confusion, classes } of await tasksOf(id)) {
      await page.getByText(name, { exact: true }).first().click();
      const matrix = page.getByRole('table', { name: `Confusion matrix of ${name}` });
      await matrix.waitFor();
      await page.getByText(formatPercent(accuracy), { exact: true }).first().waitFor();
      await page.getByText(`of ${labelled} labelled rows`).waitFor();
      const counts = await matrix
        .getByRole('button')
        .evaluateAll((cells) => cells.map((cell) => Number(cell.querySelector('span')?.textContent)));
      assert.deepEqual(counts, confusion.flat());
      const scores = await bodyRows(`Classes of ${name}`).evaluateAll((rows) =>
        rows.map((row) => row.lastElementChild?.textContent),
      );
      assert.deepEqual(
        scores,
        classes.map(({ f1 }) => (f1 === null ? '—' : formatPercent(f1))),
      );
    }
  });

  it('lists the worst mistakes with their sentences as text, and the rows of a chosen cell', async () => {
    await open(id, '?tab=evaluation&task=topic');
    const [topic] = await tasksOf(id);
    const wrong = topic!.confusion.flatMap((row, actual) => row.filter((_, said) => said !== actual));
    const mistakes = wrong.reduce((sum, count) => sum + count);
    assert.ok(mistakes > 0, 'a run of two epochs makes some');
    const card = page.getByRole('region', { name: 'Worst mistakes' });
    await card.getByText(`${mistakes} row`).waitFor();
    assert.equal(await card.getByRole('listitem').count(), mistakes);
    const losses = (await card.getByRole('listitem').allInnerTexts()).map((text) =>
      Number(text.split('\n').at(-1)),
    );
    assert.deepEqual(
      losses,
      losses.toSorted((a, b) => b - a),
    );

    await card.getByRole('checkbox', { name: 'Mistakes only' }).uncheck();
    const all = page.getByRole('region', { name: 'Predictions' });
    await all.getByText('6 rows').waitFor();
    await all.getByText(`${markup} ${sampleRows[0]!.sentence}`, { exact: true }).waitFor();

    const actual = topic!.confusion.findIndex((row) => row.some((count) => count > 0));
    const said = topic!.confusion[actual]!.findIndex((count) => count > 0);
    const [label, predicted] = [topic!.classes[actual]!.label, topic!.classes[said]!.label];
    const cell = page.getByRole('button', { name: new RegExp(`labelled ${label} taken for ${predicted},`) });
    await cell.focus();
    await page.keyboard.press('Enter');
    const count = topic!.confusion[actual]![said]!;
    await all.getByText(count === 1 ? '1 row' : `${count} rows`, { exact: true }).waitFor();
    assert.equal(await cell.getAttribute('aria-pressed'), 'true');
    await page
      .getByRole('button', { name: `${label} taken for ${predicted}` })
      .last()
      .click();
    await all.getByText('6 rows').waitFor();
  });

  it('is in order by axe where there is something to see, in both themes and on a telephone', async () => {
    for (const tab of ['', '?tab=evaluation', '?tab=logs', '?tab=history'])
      assert.deepEqual(await violationsInAllLooks(page, `${server.url}/runs/${id}${tab}`), []);
  });

  it('follows a log of thousands of lines to its end, finds text in it, and takes in what is written next', async () => {
    const { run, key } = await insertRunningAttempt(server.database, { name: 'talkative' });
    const { pool } = server.database;
    const write = async (from: number, to: number, level = 'info', text = 'line') => {
      const lines = Array.from({ length: to - from + 1 }, (_, index) => ({
        sequence: from + index,
        time: new Date(),
        level,
        message: `${text} ${from + index}`,
      }));
      await appendLogs(pool, key, lines);
      await notify(pool, { type: 'log', runId: run.id });
    };
    await write(1, 2400);
    await write(2401, 2401, 'warn', `${markup} warning`);
    await open(run.id, '?tab=logs');
    await page.getByText('2,401 lines').waitFor();
    await page
      .getByText(`warning: ${markup}`)
      .or(page.getByText(`${markup} warning 2401`))
      .first()
      .waitFor();
    assert.ok((await page.getByRole('log').getByRole('listitem').count()) < 120);
    await write(2402, 2405);
    await page.getByText('line 2405', { exact: true }).waitFor();

    await page.getByRole('searchbox', { name: 'Search the log' }).fill('LINE 240');
    await page.getByText('6 of 2,405 lines').waitFor();
    assert.equal(await page.locator('mark').first().innerText(), 'line 240');
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('');
    await page.getByText('Warnings and errors').click();
    await page.getByText('1 of 2,405 lines').waitFor();
    await page.getByText('All lines').click();

    const box = page.getByRole('log');
    await box.evaluate((element) => element.scrollTo(0, 0));
    await page.getByText('line 1', { exact: true }).waitFor();
    await write(2406, 2406);
    await page.getByText('2,406 lines').waitFor();
    assert.equal(
      await page.getByText('line 2406', { exact: true }).count(),
      0,
      'who reads above is left there',
    );
    await page.getByRole('button', { name: 'Follow' }).click();
    await page.getByText('line 2406', { exact: true }).waitFor();
  });

  it('keeps tags and a note in Markdown, and runs nothing that is written there', async () => {
    await open(id);
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    await page.getByLabel('New tags, by commas').fill(`best, ${markup}`);
    await page.keyboard.press('Enter');
    await page.getByRole('listitem').filter({ hasText: markup }).waitFor();
    await page.getByRole('button', { name: 'Remove the tag best' }).click();
    await page.getByRole('button', { name: 'Remove the tag best' }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Write a note' }).click();
    await page
      .getByLabel('Note, in Markdown')
      .fill(
        `**Kept** for [later](https://example.org) ${markup}\n\n[bad](javascript:document.title=1)\n\n![p](https://example.org/x.png)`,
      );
    await page.keyboard.press('Control+Enter');
    await page.locator('strong', { hasText: 'Kept' }).waitFor();
    const note = page.locator('.markdown');
    assert.ok((await note.innerText()).includes(markup));
    assert.equal(await note.locator('img, b').count(), 0);
    const links = await note
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    assert.deepEqual(links, ['https://example.org', 'https://example.org/x.png']);
    const stored = await server.database.prisma.run.findUniqueOrThrow({ where: { id } });
    assert.deepEqual(stored.tags, [markup]);
    assert.ok(stored.note!.startsWith('**Kept**'));
  });

  it('verifies a run and reports on it', async () => {
    await open(id);
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    const badge = page.locator('[data-verification="PASSED"]');
    await badge.waitFor({ timeout: 90_000 });
    await badge.click();
    await page.getByRole('dialog', { name: 'Verification report' }).getByText('6 of 6 compared').waitFor();
    await page.keyboard.press('Escape');
  });

  it('forks a run with a setting changed, and says what the server refuses', async () => {
    await open(id);
    await page.getByRole('button', { name: 'Fork', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('a fork');
    await dialog.getByLabel('Value of setting 1').fill('-1');
    await dialog.getByRole('button', { name: 'Fork and queue' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/training\.learningRate: expected a number/)
      .waitFor();
    await dialog.getByLabel('Value of setting 1').fill('5e-4');
    await dialog.getByRole('button', { name: 'Fork and queue' }).click();
    await page.getByRole('heading', { level: 1, name: 'a fork' }).waitFor();
    await page.getByText('Forked from').waitFor();
    const fork = await server.database.prisma.run.findFirstOrThrow({ where: { name: 'a fork' } });
    assert.equal((fork.definition as { training: { learningRate: number } }).training.learningRate, 5e-4);
    await waitForRun(server, fork.id, 'FINISHED');
  });

  it('cancels a run that trains and resumes it: two attempts on the timeline', async () => {
    const training = { epochs: 3000, batchSize: 2, learningRate: 1e-5, dropout: 0, maxLength: 32 };
    const [long] = await launchRuns(server, 'long', sampleDefinition({ training }));
    await open(long!);
    await page.locator('[data-state="RUNNING"]').first().waitFor();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await tab('Attempts').click();
    await page.locator('tbody [data-state="RUNNING"]').waitFor();
    await page.getByText('Attempt 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    const [first, second] = await server.database.prisma.attempt.findMany({
      where: { runId: long! },
      orderBy: { number: 'asc' },
    });
    await page
      .getByRole('cell', { name: `${formatCount(second!.firstStep)}–` })
      .or(page.getByText(`${formatCount(second!.firstStep)}–`))
      .first()
      .waitFor();
    assert.ok(second!.firstStep > 0 && second!.firstStep <= first!.lastStep!);
  });

  it('draws a metric with NaN and says so, for a run that another program trains', async () => {
    const { run, key } = await insertRunningAttempt(server.database, { name: markup, external: true });
    const steps = Array.from({ length: 100 }, (_, step) => step + 1);
    const values = steps.map((step) => (step > 90 ? NaN : 1 / step));
    await appendMetrics(server.database.pool, key, [
      { name: 'train/loss', points: pointsOf(steps, values, steps) },
    ]);
    await open(run.id);
    await page.getByRole('heading', { level: 1, name: markup }).waitFor();
    await page.getByText('10 not finite').waitFor();
    await page.locator('canvas').first().waitFor();
    assert.equal(await page.title(), `${markup} · Frostline`);
    for (const name of ['Verify', 'Fork', 'Cancel run'])
      assert.equal(await page.getByRole('button', { name }).count(), 0);
  });

  it('says that there is no such run, and why a run failed', async () => {
    await page.goto(`${server.url}/runs/00000000-0000-4000-8000-000000000000`);
    await page.getByRole('heading', { name: 'No such run' }).waitFor();
    const failed = await insertRun(server.database, {
      state: 'FAILED',
      errorCode: 'BAD_USER_INPUT',
      errorMessage: 'the loss is NaN at step 12',
    });
    await open(failed.id);
    await page.getByRole('alert').getByText('the loss is NaN at step 12').waitFor();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
  });
});
