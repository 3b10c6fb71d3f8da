// examples/web-page in Chromium: the same page, built once, over each provider.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../../../examples/web-page/serve.mjs';
import { openChromium } from './lib/chromium.mjs';
import { checkAccessible, TARGETS, TEMPORARY, TOTP_CODE, watched } from './lib/examples.mjs';
import { engine } from './lib/server.mjs';
import { PASSWORD, code, fresh, wrong } from './lib/world.mjs';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../examples/web-page');
const JWT = /eyJ[\w-]{10,}\.[\w-]{10,}/;

let browser;
const servers = new Map();
before(async () => {
  // As anybody would build it: types of the API's document, checked, bundled.
  const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: FOLDER, encoding: 'utf8' });
  assert.equal(built.status, 0, `the page does not build:\n${built.stdout}${built.stderr}`);
  browser = await openChromium();
  for (const target of TARGETS) {
    const config = { authApi: 'http://127.0.0.1:1' };
    const site = await serve(config);
    servers.set(target.provider, { site, stop: site.stop });
    const server = await target.start([site.origin]);
    config.authApi = server.endpoint;
    const stop = () => (site.stop(), server.stop());
    servers.set(target.provider, { ...server, site, stop });
  }
});
after(async () => {
  await browser?.close();
  for (const server of servers.values()) await server.stop();
});

/** A test for each provider, at a page that was never here. Nothing may go wrong on it, and nothing may move. */
function journey(name, steps, { targets = TARGETS, ...more } = {}) {
  for (const target of targets) {
    test(`${name}: ${target.provider} (${engine})`, async () => {
      const server = servers.get(target.provider);
      const { context, page, seen, wrong: faults } = await watched(browser, more);
      await page.addInitScript(() => {
        window.moved = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries()) {
            window.moved.push({ value, of: sources.map(({ node }) => node?.outerHTML?.slice(0, 80)) });
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(server.site.origin);
      await title(page, /^(Sign in|Anmelden)$/);
      await steps({ page, server, target, seen, faults });
      assert.deepEqual(faults, [], 'what went wrong on the page');
      const moved = await page.evaluate(() => window.moved);
      assert.ok(moved.reduce((sum, { value }) => sum + value, 0) < 0.01, `things moved: ${JSON.stringify(moved)}`);
      await context.close();
    });
  }
}

const title = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const says = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();
const warns = (page, text) => page.getByRole('alert').filter({ hasText: text }).waitFor();

async function fill(page, values) {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
}

/** What stands beside a field that does not do; the keyboard is there. */
async function complaint(page, label) {
  const field = page.getByLabel(label, { exact: true });
  await page.locator('[aria-invalid=true]').first().waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.ok(await field.evaluate((node) => node === document.activeElement), `the keyboard is not at ${label}`);
  return field.evaluate((node) => document.getElementById(node.getAttribute('aria-describedby')).textContent);
}

async function signIn(page, identifier, password = PASSWORD) {
  await fill(page, { 'E-mail address or user name': identifier, Password: password });
  await press(page, 'Sign in');
}

async function signUp(page, server, name = 'Ann Example') {
  const email = `${fresh('ann')}@example.com`;
  await page.getByRole('link', { name: 'Create an account' }).click();
  await title(page, 'Create an account');
  await fill(page, { 'E-mail address': email, 'Name (optional)': name, Password: PASSWORD });
  await press(page, 'Create the account');
  await title(page, 'Confirm your account');
  await fill(page, { Code: await code(server, email) });
  await press(page, 'Confirm');
  await says(page, 'Your account is confirmed');
  return email;
}

/** What scripts of the page can reach. */
const kept = (page) =>
  page.evaluate(() => ({
    cookie: document.cookie,
    local: { ...localStorage },
    session: { ...sessionStorage },
    html: document.documentElement.outerHTML,
  }));

journey('somebody signs up, in and out, and is at home in between', async ({ page, server, seen }) => {
  await checkAccessible(page);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await title(page, 'Create an account');
  await checkAccessible(page);
  await press(page, 'Create the account');
  assert.equal(await complaint(page, 'E-mail address'), 'This is needed.');
  await fill(page, { 'E-mail address': 'nothing', Password: PASSWORD });
  await press(page, 'Create the account');
  await page.getByText('This is needed.').waitFor({ state: 'detached' });
  assert.match(await complaint(page, 'E-mail address'), /address/); // the API's own words
  const email = `${fresh('ann')}@example.com`;
  await fill(page, { 'E-mail address': email, 'Name (optional)': 'Ann Example', Password: 'short' });
  await press(page, 'Create the account');
  await page.locator('[aria-invalid=true][type=password]').waitFor();
  assert.match(await complaint(page, 'Password'), /^Password did not conform/);
  await fill(page, { Password: PASSWORD });
  await press(page, 'Create the account');

  await title(page, 'Confirm your account');
  await page.getByText('We sent a code to a***@e***.').waitFor();
  await checkAccessible(page);
  await fill(page, { Code: wrong(await code(server, email)) });
  await press(page, 'Confirm');
  assert.equal(await complaint(page, 'Code'), 'The code is wrong or too old.');
  await press(page, 'Send another code');
  await says(page, 'Another code is on its way.');
  await fill(page, { Code: await code(server, email, 2) });
  await press(page, 'Confirm');

  await title(page, 'Sign in');
  await says(page, 'Your account is confirmed.');
  assert.equal(await page.getByLabel('E-mail address or user name').inputValue(), email);
  await signIn(page, email, 'Wrong-horse-1');
  await warns(page, 'The identifier or the password is wrong.');
  await signIn(page, email);
  await title(page, 'Hello, Ann Example');
  await checkAccessible(page);
  assert.equal(await page.getByRole('definition').nth(1).textContent(), email);

  await fill(page, { 'Display name (optional)': 'Annie' });
  await press(page, 'Save');
  await title(page, 'Hello, Annie');
  await says(page, 'Saved.');

  await fill(page, { 'Name of a new workspace': 'Works' });
  await press(page, 'Create it');
  await says(page, 'Works is created.');
  await press(page, 'Members of Works');
  const members = page.getByRole('table', { name: 'Members of Works' });
  await members.getByRole('row', { name: 'Annie (you) owner' }).waitFor();
  await checkAccessible(page);

  const before = await kept(page);
  assert.deepEqual(Object.keys(before.session), ['refresh-token']);
  assert.deepEqual([before.cookie, before.local], ['', {}]);
  assert.doesNotMatch(before.html, JWT, 'the access token is in the page');
  await page.reload(); // the refresh token outlives it
  await title(page, 'Hello, Annie');
  await press(page, 'Renew it now');
  await says(page, 'Renewed.');
  const refreshes = (await Promise.all(seen)).filter(({ url, method }) => method === 'POST' && url.endsWith('/token/refresh'));
  assert.deepEqual(refreshes.map(({ status }) => status), [200, 200]);

  const { session } = await kept(page);
  await press(page, 'Sign out');
  await title(page, 'Sign in');
  await says(page, 'You are signed out.');
  assert.deepEqual((await kept(page)).session, {});
  const again = await fetch(`${server.endpoint}/v1/auth/token/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refreshToken: session['refresh-token'] }),
  });
  assert.equal((await again.json()).code, 'refresh_rejected', 'signing out did not end the session');
});

journey('a temporary password is replaced', async ({ page, server, target }) => {
  const who = await target.newcomer(server);
  await signIn(page, who, TEMPORARY);
  await title(page, 'Choose a password of your own');
  await checkAccessible(page);
  await fill(page, { 'New password': 'short' });
  await press(page, 'Continue');
  assert.match(await complaint(page, 'New password'), /^Password did not conform/);
  await fill(page, { 'New password': PASSWORD });
  await press(page, 'Continue');
  await title(page, 'Hello, Nina New');
  await press(page, 'Sign out everywhere');
  await signIn(page, who);
  await title(page, 'Hello, Nina New');
});

const MOCK = { targets: TARGETS.filter(({ provider }) => provider === 'mock') };

journey('a choice, then a code', async ({ page, server }) => {
  await signIn(page, 'careful@example.com', TEMPORARY);
  await title(page, 'How do you want to go on?');
  await checkAccessible(page);
  await page.getByLabel('An e-mail').check();
  await press(page, 'Continue');
  await title(page, 'Enter the code of the e-mail');
  await page.getByText('We sent a code to c***@e***.').waitFor();
  await fill(page, { Code: wrong(await code(server, 'careful@example.com')) });
  await press(page, 'Continue');
  assert.equal(await complaint(page, 'Code'), 'That was not the answer.');
  await fill(page, { Code: await code(server, 'careful@example.com') });
  await press(page, 'Continue');
  await title(page, 'Hello, Cara Careful');
}, MOCK);

journey('an authenticator, then a question', async ({ page }) => {
  await signIn(page, 'asked@example.com', TEMPORARY);
  await title(page, 'Enter the code of your authenticator');
  await fill(page, { Code: TOTP_CODE });
  await press(page, 'Continue');
  await title(page, 'One more question');
  await page.getByText('What is the name of the ship?').waitFor();
  await fill(page, { Answer: 'Beagle' });
  await press(page, 'Continue');
  await title(page, 'Hello, Ash Asked');
}, MOCK);

journey('a forgotten password, in the dark, on a phone', async ({ page, server }) => {
  const email = await signUp(page, server);
  await page.getByRole('link', { name: 'Forgotten the password?' }).click();
  await title(page, 'Reset your password');
  await checkAccessible(page);
  await press(page, 'Send a code');
  await title(page, 'Set a new password');
  await checkAccessible(page);
  await fill(page, { Code: await code(server, email, 2), 'New password': 'Another-horse-8' });
  await press(page, 'Set the password');
  await says(page, 'Your password is set.');
  await signIn(page, email, 'Another-horse-8');
  await title(page, 'Hello, Ann Example');
  await checkAccessible(page);
}, { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true, colorScheme: 'dark' });

journey('by the keyboard alone', async ({ page, server }) => {
  const email = await signUp(page, server);
  await page.reload();
  await title(page, 'Sign in');
  const type = async (text) => {
    await page.keyboard.press('Tab');
    const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(ring, 'solid', 'nothing shows where the keyboard is');
    await page.keyboard.type(text);
  };
  await type(email);
  await type(PASSWORD);
  await page.keyboard.press('Enter');
  await title(page, 'Hello, Ann Example');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'a new page is where the keyboard is');
  for (const _ of [1, 2]) await page.keyboard.press('Tab'); // past "Renew it now"
  await page.keyboard.press('Enter');
  await title(page, 'Sign in');
});

journey('what ended elsewhere, a server that is gone, an origin that is not allowed', async ({ page, server, faults }) => {
  const email = await signUp(page, server);
  await signIn(page, email);
  await title(page, 'Hello, Ann Example');

  await page.route(`${server.endpoint}/**`, (route) => route.abort());
  await press(page, 'Save');
  await warns(page, 'The server cannot be reached.');
  await page.reload();
  await warns(page, 'The server cannot be reached.');
  await page.unroute(`${server.endpoint}/**`);
  await press(page, 'Try again');
  await title(page, 'Hello, Ann Example'); // nothing was thrown away

  const post = async (at, body, bearer) => {
    const headers = { 'content-type': 'application/json', ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) };
    return fetch(`${server.endpoint}/v1/auth${at}`, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  const { accessToken } = await (await post('/sign-in', { identifier: email, password: PASSWORD })).json();
  assert.equal((await post('/sign-out', {}, accessToken)).status, 204); // everywhere
  await press(page, 'Save');
  await title(page, 'Sign in');
  await says(page, 'Your session is over.');

  await page.goto(server.site.origin.replace('localhost', '127.0.0.1'));
  await title(page, 'Sign in');
  await signIn(page, email);
  await warns(page, 'The server cannot be reached.'); // the browser keeps the answer to itself
  for (const said of faults.splice(0)) assert.match(said, /net::ERR_FAILED|has been blocked by CORS policy/);
});

journey('in another language', async ({ page, server }) => {
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await page.getByLabel('E-Mail-Adresse oder Benutzername').fill('nobody@example.com');
  await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD);
  await press(page, 'Anmelden');
  await warns(page, 'Name oder Passwort ist falsch.');
  await checkAccessible(page);
  assert.ok(server);
}, { locale: 'de-AT', targets: TARGETS.slice(0, 1) });
