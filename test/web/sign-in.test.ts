import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { createToken } from '../../server/auth/createToken.js';
import { revokeToken } from '../../server/auth/revokeToken.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { useServer } from '../support/server.js';

describe('signing in, in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let secret = '';
  let id = '';

  after(async () => {
    await browser?.close();
  });
  const server = useServer({}, { dashboard: true });

  before(async () => {
    const { database, services } = server;
    await createToken(database, { name: 'root', role: 'ADMIN' });
    const made = await createToken(database, { name: 'reader', role: 'VIEWER' });
    secret = made.secret;
    id = made.token.id;
    await services.tokens.refresh();
    browser = await launchBrowser();
    ({ page } = await openPage(browser, server.url));
  });

  it('is asked for before any page is shown, and says when a token is wrong', async () => {
    await page.goto(`${server.url}/runs?tag=best`);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    assert.equal(await page.locator('main').count(), 1);
    await page.locator('input[name="token"]').fill('frostline_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not know this token' }).waitFor();
  });

  it('leads to the page that was asked for, with its live connection', async () => {
    await page.locator('input[name="token"]').fill(secret);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/runs?tag=best`);
    await page.getByRole('button', { name: 'Sign out reader (viewer)' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const cookies = await page.context().cookies();
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: 'frostline_token', httpOnly: true, sameSite: 'Strict' }],
    );
    assert.equal(await page.evaluate('document.cookie'), '');
    assert.ok(!(await page.content()).includes(secret));
  });

  it('never leads to another site', async () => {
    for (const next of [
      '//evil.example/',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      await page.goto(`${server.url}/sign-in?next=${encodeURIComponent(next)}`);
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      assert.equal(new URL(page.url()).origin, server.url);
    }
  });

  it('is undone by signing out', async () => {
    await page.goto(`${server.url}/runs`);
    await page.getByRole('button', { name: 'Sign out reader (viewer)' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    await page.goto(`${server.url}/datasets`);
    await page.waitForURL(/\/sign-in\?next=%2Fdatasets$/);
  });

  it('is asked for again, without reloading, when the token is revoked', async () => {
    await page.locator('input[name="token"]').fill(secret);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/datasets`);
    await page.goto(`${server.url}/runs`);
    await page.getByText('Live', { exact: true }).waitFor();
    await revokeToken(server.database, id);
    await page.waitForURL(/\/sign-in\?next=%2Fruns/);
  });
});
