import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { createToken } from '../../server/auth/createToken.js';
import { violationsInAllLooks } from '../support/accessibility.js';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { useServer } from '../support/server.js';

const markup = '<img src=x onerror="document.title=1">';
const name = 'nightly, (CI)';

describe('tokens and settings, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let secret = '';
  after(() => browser?.close());
  const server = useServer({}, { dashboard: true });

  before(async () => {
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
  });

  const dialog = () => page.getByRole('dialog');
  const token = (name: string) => page.locator('[data-token]', { hasText: name });
  const status = async (bearer: string) => (await server.query('{ viewer { name } }', {}, bearer)).status;

  it('say that a server without tokens lets everybody in, and what it is', async () => {
    await page.goto(`${server.url}/settings`);
    await page.getByText('This server asks for no token').waitFor();
    await page.getByText(process.version, { exact: true }).waitFor();
    await page.getByText('4.0 GiB, 10.0M rows at most').waitFor();
    await page.getByText('Dark', { exact: true }).click();
    await page.locator('[data-theme="dark"]').waitFor();
    await page.reload();
    await page.locator('[data-theme="dark"]').waitFor();
    await page.getByText('As the system').click();
    await page.locator('[data-theme="light"]').waitFor();
  });

  it('sign the browser in that makes the first one, and show it', async () => {
    await page.goto(`${server.url}/tokens`);
    await page.getByRole('button', { name: 'Make the first token' }).click();
    assert.equal(await dialog().getByLabel('Role').inputValue(), 'ADMIN');
    await dialog().getByLabel('Name').fill('root');
    await dialog().getByRole('button', { name: 'Make the token' }).click();
    const shown = await dialog().locator('[data-secret]').innerText();
    assert.equal(await status(shown), 200);
    assert.equal((await server.query('{ viewer { name } }')).status, 401);
    await dialog().getByRole('button', { name: 'I have kept it' }).click();
    await token('root').getByText('this browser').waitFor();
    await page.getByRole('button', { name: 'Sign out root (admin)' }).waitFor();
  });

  it('refuse a name with markup in it, show a new one once and never again', async () => {
    await page.getByRole('button', { name: 'New token' }).click();
    await dialog().getByLabel('Name').fill(markup);
    await dialog().getByRole('button', { name: 'Make the token' }).click();
    const refused = await dialog().getByRole('alert').innerText();
    assert.ok(refused.includes(JSON.stringify(markup)), refused);
    await dialog().getByLabel('Name').fill(name);
    await dialog().getByLabel('Role').selectOption('EDITOR');
    await dialog().getByLabel('Expires').selectOption('30');
    await dialog().getByRole('button', { name: 'Make the token' }).click();
    secret = await dialog().locator('[data-secret]').innerText();
    assert.match(secret, /^frostline_/);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    assert.ok(!(await page.content()).includes(secret));
    assert.match(await token(name).innerText(), /editor\s+in force until/);
    await page.reload();
    await token(name).waitFor();
    assert.ok(!(await page.content()).includes(secret));
    const kept = await server.database.prisma.token.findFirstOrThrow({ where: { name } });
    assert.equal(kept.role, 'EDITOR');
  });

  it('open nothing from when they are revoked', async () => {
    assert.equal(await status(secret), 200);
    await page.getByRole('button', { name: `Revoke ${name}` }).click();
    await dialog().getByRole('button', { name: 'Revoke the token' }).click();
    await token(name).getByText('revoked').waitFor();
    assert.equal(await status(secret), 401);
    assert.equal(await page.getByRole('button', { name: `Revoke ${name}` }).count(), 0);
  });

  it('are accessible in both themes and on a telephone', async () => {
    for (const path of ['/tokens', '/settings'])
      assert.deepEqual(await violationsInAllLooks(page, server.url + path), []);
    assert.deepEqual(visitor.complaints, []);
  });

  it('are for admins: others learn who they are, and are offered nothing that they may not do', async () => {
    const { secret: reader } = await createToken(server.database, { name: 'reader', role: 'VIEWER' });
    await server.services.tokens.refresh();
    const other = await openPage(browser, server.url);
    await other.page.goto(`${server.url}/sign-in?next=/tokens`);
    await other.page.locator('input[name="token"]').fill(reader);
    await other.page.keyboard.press('Enter');
    await other.page.getByText('You are signed in as reader, viewer.').waitFor();
    assert.equal(await other.page.getByRole('button', { name: 'New token' }).count(), 0);
    await other.page.goto(`${server.url}/datasets`);
    await other.page.getByRole('heading', { name: 'No datasets yet' }).waitFor();
    await other.page.getByRole('button', { name: 'Choose a file' }).waitFor({ state: 'detached' });
    await other.page.goto(`${server.url}/settings`);
    await other.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await other.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });
});
