// examples/server-rendered in Chromium, over https: whoever signs in there has no token in their browser.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import {
  AdminUserGlobalSignOutCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { makeApp } from '../../../examples/server-rendered/app.mjs';
import { openChromium } from './lib/chromium.mjs';
import { local } from './lib/domain.mjs';
import { checkAccessible, TARGETS, TEMPORARY, TOTP_CODE, watched } from './lib/examples.mjs';
import { engine } from './lib/server.mjs';
import { startProxy } from './lib/tls.mjs';
import { PASSWORD, code, fresh, makeUser, sdk } from './lib/world.mjs';

const HOUR = 3600_000;
const JWT = /eyJ[\w-]{10,}\.[\w-]{10,}/;

let browser;
const worlds = new Map();
before(async () => {
  browser = await openChromium();
  for (const target of TARGETS) worlds.set(target.provider, await startWorld(target));
  const { server } = worlds.get('cognate');
  await sdk(server).send(
    new UpdateUserPoolClientCommand({
      UserPoolId: server.userPoolId,
      ClientId: server.clientId,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      AccessTokenValidity: 5,
      TokenValidityUnits: { AccessToken: 'minutes' },
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 }, // each refresh token is good once
    }),
  );
});
after(async () => {
  await browser?.close();
  for (const { stop } of worlds.values()) await stop();
});

/** The API, the example before it, and https before that. */
async function startWorld(target) {
  const server = await target.start();
  const proxy = await startProxy(() => pages.server.address().port);
  const time = { ahead: 0 };
  const now = () => Date.now() + time.ahead;
  const pages = makeApp({ publicUrl: proxy.publicUrl, api: server.endpoint, now });
  const calls = [];
  const { call } = pages.sessions;
  pages.sessions.call = (method, path, options) => (calls.push(path), call(method, path, options));
  pages.server.listen(0, '127.0.0.1');
  await once(pages.server, 'listening');
  const stop = async () => {
    proxy.close();
    pages.server.close();
    pages.server.closeAllConnections();
    await server.stop();
  };
  return { server, url: proxy.publicUrl, sessions: pages.sessions, calls, time, stop };
}

async function listening(t, server) {
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

const title = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

async function signIn(page, identifier, password = PASSWORD) {
  await page.getByLabel('E-mail address or user name').fill(identifier);
  await page.getByLabel('Password').fill(password);
  await press(page, 'Sign in');
}

/** Somebody of the pool's, at home. */
async function someone(world, page) {
  const { email } = await makeUser(sdk(world.server), world.server.userPoolId, {
    username: `${fresh('ann')}@example.com`,
    attributes: { name: 'Ann Example' },
  });
  await page.goto(world.url);
  await signIn(page, email);
  await title(page, 'Hello, Ann Example');
  return email;
}

const sessionOf = ({ sessions }) => [...sessions.kept.values()].at(-1);
const refreshes = ({ calls }) => calls.filter((path) => path === '/v1/auth/token/refresh').length;

const post = (world, path, cookie, form, headers = {}) =>
  local(`${world.url}${path}`, {
    method: 'POST',
    headers: { cookie, origin: world.url, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form),
  });

/** As a browser would send it. */
async function cookieOf(context) {
  const [cookie, ...others] = await context.cookies();
  assert.deepEqual(others, []);
  return cookie;
}

for (const target of TARGETS) {
  test(`the browser never sees a token: ${target.provider} (${engine})`, async () => {
    const world = worlds.get(target.provider);
    const { context, page, seen, wrong } = await watched(browser);
    const secrets = [];
    const learn = () => secrets.push(...Object.values(sessionOf(world).tokens).filter((one) => typeof one === 'string'));

    await page.goto(world.url);
    await title(page, 'Sign in');
    await checkAccessible(page);
    const first = await cookieOf(context);
    const who = await target.newcomer(world.server);
    await signIn(page, who, 'Wrong-horse-1');
    await page.getByRole('alert').filter({ hasText: 'The identifier or the password is wrong.' }).waitFor();
    await signIn(page, who, TEMPORARY);
    await title(page, 'Choose a password of your own');
    await checkAccessible(page);
    secrets.push(sessionOf(world).challenge.session);
    await page.getByLabel('New password').fill('short');
    await press(page, 'Continue');
    await page.getByRole('alert').filter({ hasText: /^Password did not conform/ }).waitFor();
    await page.getByLabel('New password').fill(PASSWORD);
    await press(page, 'Continue');
    await title(page, 'Hello, Nina New');
    await checkAccessible(page);
    learn();

    const cookie = await cookieOf(context);
    const { name, httpOnly, secure, sameSite, path } = cookie;
    assert.deepEqual({ name, httpOnly, secure, sameSite, path }, {
      name: '__Host-session', httpOnly: true, secure: true, sameSite: 'Lax', path: '/',
    });
    assert.notEqual(cookie.value, first.value, 'a name that was there before signing in is good for nothing after it');

    await page.getByLabel('Display name').fill('<b>Nina</b>');
    await press(page, 'Save');
    await title(page, 'Hello, <b>Nina</b>');
    const before = refreshes(world);
    world.time.ahead += HOUR; // past the access token's end
    await page.reload();
    await title(page, 'Hello, <b>Nina</b>');
    assert.equal(refreshes(world), before + 1);
    learn();
    assert.ok(secrets.length >= 5);

    const scripts = await page.evaluate(async () => ({
      cookie: document.cookie,
      storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      scripts: document.scripts.length,
    }));
    assert.deepEqual(scripts, { cookie: '', storage: [], databases: [], caches: [], workers: 0, scripts: 0 });

    const { refreshToken } = sessionOf(world).tokens;
    await press(page, 'Sign out');
    await title(page, 'Sign in');
    const again = await fetch(`${world.server.endpoint}/v1/auth/token/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken }),
    });
    assert.equal((await again.json()).code, 'refresh_rejected', 'signing out did not end the session');
    const old = await local(world.url, { headers: { cookie: `${name}=${cookie.value}` } });
    assert.equal(old.headers.get('location'), '/sign-in', 'the old cookie opens nothing');

    for (const answer of await Promise.all(seen)) {
      const all = `${answer.url} ${answer.headers} ${answer.body}`;
      assert.doesNotMatch(all, JWT, answer.url);
      for (const secret of secrets) assert.ok(!all.includes(secret), `${answer.url} told a token`);
      assert.doesNotMatch(answer.body, /<script/);
    }
    assert.deepEqual(wrong, []);
    world.time.ahead = 0;
    await context.close();
  });
}

test(`requests that come together refresh once, though a refresh token is good once (${engine})`, async () => {
  const world = worlds.get('cognate');
  const { context, page } = await watched(browser);
  await someone(world, page);
  const { name, value } = await cookieOf(context);
  const ask = async () => (await local(world.url, { headers: { cookie: `${name}=${value}` } })).text();
  const session = sessionOf(world);

  const before = { count: refreshes(world), ...session.tokens };
  world.time.ahead = 5 * 60_000 - 30_000; // half a minute before its end
  const answers = await Promise.all(Array.from({ length: 8 }, ask));
  for (const answer of answers) assert.match(answer, /<h1>Hello, Ann Example<\/h1>/);
  assert.equal(refreshes(world), before.count + 1);
  assert.notEqual(session.tokens.accessToken, before.accessToken);
  assert.notEqual(session.tokens.refreshToken, before.refreshToken);

  // One that is refused before its time is renewed, too.
  session.tokens.accessToken = before.accessToken.slice(0, -8);
  assert.match(await ask(), /<h1>Hello, Ann Example<\/h1>/);
  assert.equal(refreshes(world), before.count + 2);
  world.time.ahead = 0;
  await context.close();
});

test(`a session that ended elsewhere is over here (${engine})`, async () => {
  const world = worlds.get('cognate');
  const { context, page } = await watched(browser);
  const Username = await someone(world, page);
  await sdk(world.server).send(new AdminUserGlobalSignOutCommand({ UserPoolId: world.server.userPoolId, Username }));
  const kept = world.sessions.kept.size;
  await page.reload();
  await title(page, 'Sign in');
  await page.getByRole('status').filter({ hasText: 'Your session is over.' }).waitFor();
  assert.equal(world.sessions.kept.size, kept - 1);
  await context.close();
});

test(`what comes from elsewhere is refused (${engine})`, async (t) => {
  const world = worlds.get('cognate');
  const { context, page } = await watched(browser);
  await someone(world, page);
  const { name, value } = await cookieOf(context);
  const cookie = `${name}=${value}`;
  const token = await page.locator('form[action="/sign-out"] [name=form_token]').inputValue();
  const form = { form_token: token, displayName: 'Mallory' };

  for (const [why, headers, sent] of [
    ['another origin', { origin: 'https://evil.example' }, form],
    ['the same site by http', { origin: world.url.replace('https', 'http') }, form],
    ['no origin that can be told', { origin: 'null' }, form],
    ['no token', {}, { ...form, form_token: '' }],
    ['the token of another visitor', {}, { ...form, form_token: world.sessions.formToken('another') }],
  ]) {
    const answer = await post(world, '/display-name', cookie, sent, headers);
    assert.equal(answer.status, 403, why);
  }

  // By a browser, as another site would try it: a form that sends itself.
  const evil = createServer((_, answered) => {
    answered.setHeader('content-type', 'text/html');
    answered.end(`<form method="post" action="${world.url}/display-name"><input name="displayName" value="Mallory">
      <input name="form_token" value="${token}"></form><script>document.forms[0].submit()</script>`);
  });
  await listening(t, evil);
  const refused = page.waitForResponse(`${world.url}/display-name`);
  await page.goto(`http://127.0.0.1:${evil.address().port}/`);
  assert.equal((await refused).status(), 403);

  await page.goto(world.url);
  await title(page, 'Hello, Ann Example');
  assert.equal((await post(world, '/display-name', cookie, form)).status, 303);
  await page.reload();
  await title(page, 'Hello, Mallory'); // the same, from where it should come
  await context.close();
});

test(`a choice, a code, a question: mock (${engine})`, async () => {
  const world = worlds.get('mock');
  const { context, page, wrong } = await watched(browser, { colorScheme: 'dark', viewport: { width: 320, height: 640 } });
  await page.goto(world.url);
  await signIn(page, 'careful@example.com', TEMPORARY);
  await title(page, 'How do you want to go on?');
  await checkAccessible(page);
  await page.getByLabel('An e-mail').check();
  await press(page, 'Continue');
  await title(page, 'Enter the code of the e-mail');
  await page.getByLabel('Code').fill('000000');
  await press(page, 'Continue');
  await page.getByRole('alert').filter({ hasText: 'That was not the answer.' }).waitFor();
  await page.getByLabel('Code').fill(await code(world.server, 'careful@example.com'));
  await press(page, 'Continue');
  await title(page, 'Hello, Cara Careful');
  await checkAccessible(page);
  await press(page, 'Sign out');

  await signIn(page, 'asked@example.com', TEMPORARY);
  await page.getByLabel('Code').fill(TOTP_CODE);
  await press(page, 'Continue');
  await page.getByLabel('Answer').fill('Beagle');
  await press(page, 'Continue');
  await title(page, 'Hello, Ash Asked');
  assert.deepEqual(wrong, []);
  await context.close();
});

test('by http only this machine is served, and the cookie says so', async (t) => {
  const { server } = worlds.get('cognate');
  assert.throws(() => makeApp({ publicUrl: 'http://shop.example.com', api: server.endpoint }), /https/);
  const pages = makeApp({ publicUrl: 'http://localhost:1', api: server.endpoint });
  await listening(t, pages.server);
  const answer = await local(`http://localhost:${pages.server.address().port}/sign-in`);
  assert.match(answer.headers.get('set-cookie'), /^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
});
