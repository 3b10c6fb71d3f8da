// amazon-cognito-auth-js, Amplify's forerunner, unmodified, in pages that Chromium shows: the code flow and the
// implicit flow, renewal, signing out. It knows no PKCE and no prompt, and leaves the check of `state` to the
// application.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { newPage, openChromium, serveApplication, signInAt } from './lib/chromium.mjs';
import { makeLoginApp, makeLoginPool, verified } from './lib/domain.mjs';
import { startBehindTls } from './lib/tls.mjs';
import { makeUser, sdk } from './lib/world.mjs';

const LIBRARY = createRequire(import.meta.url).resolve('amazon-cognito-auth-js/dist/amazon-cognito-auth.min.js');
const APPLICATION = `
  const { CognitoAuth } = window.AmazonCognitoIdentity;
  const auth = new CognitoAuth(window.configuration);
  const told = [];
  const tokensOf = (session) => ({
    id: session.getIdToken().getJwtToken(),
    access: session.getAccessToken().getJwtToken(),
    refresh: session.getRefreshToken().getToken(),
    state: session.getState(),
  });
  auth.userhandler = {
    onSuccess: (session) => told.push(tokensOf(session)),
    onFailure: (failure) => told.push({ failure }),
  };
  if (window.configuration.flow === 'code') auth.useCodeGrantFlow();
  window.application = { auth, told };
  auth.parseCognitoWebResponse(window.location.href);
`;

let server;
let client;
let pool;
let browser;
let library;
const running = [];
before(async () => {
  server = await startBehindTls();
  client = sdk(server);
  pool = await makeLoginPool(client);
  browser = await openChromium();
  library = await readFile(LIBRARY, 'utf8');
});
after(async () => {
  await browser?.close();
  for (const application of running) application.close();
  client?.destroy();
  await server?.stop();
});

async function makeApplication(flow = 'code') {
  const application = await serveApplication();
  running.push(application);
  const home = `${application.origin}/`;
  const app = await makeLoginApp(client, pool, { AllowedOAuthFlows: [flow], CallbackURLs: [home], LogoutURLs: [home] });
  const domain = `${pool.prefix}.auth.${new URL(server.publicUrl).host}`;
  const configuration = {
    ClientId: app.clientId,
    AppWebDomain: domain,
    TokenScopesArray: ['openid', 'email'],
    RedirectUriSignIn: home,
    RedirectUriSignOut: home,
    UserPoolId: pool.userPoolId,
    flow,
  };
  application.scripts.push(library, `window.configuration = ${JSON.stringify(configuration)};`, APPLICATION);
  return { ...app, home, domain, issuer: `${server.publicUrl}/${pool.userPoolId}` };
}

async function visit({ home }, page) {
  const shown = page ?? (await newPage(browser));
  await shown.goto(home);
  return shown;
}

/** What the library has told the application, once that is this much. */
async function told(page, count = 1) {
  await page.waitForFunction((least) => window.application?.told.length >= least, count);
  return page.evaluate((at) => window.application.told[at - 1], count);
}

/** Asks for a session, which takes the page away where there is none; the state that was sent along. */
async function leaveForSession(page) {
  const asked = page.waitForRequest((one) => new URL(one.url()).pathname === '/oauth2/authorize');
  const left = page.waitForEvent('framenavigated');
  await page.evaluate(() => void window.application.auth.getSession());
  await left;
  return new URL((await asked).url()).searchParams.get('state');
}

async function signIn(page, person) {
  const state = await leaveForSession(page);
  await signInAt(page, person);
  return { state, tokens: await told(page) };
}

const somebody = () => makeUser(client, pool.userPoolId);

for (const flow of ['code', 'implicit']) {
  test(`a person signs in by the page, and the application gets their tokens by the ${flow} flow`, async () => {
    const application = await makeApplication(flow);
    const person = await somebody();
    const page = await visit(application);

    const { state, tokens } = await signIn(page, person);

    assert.equal(tokens.state, state);
    const id = await verified(tokens.id, application.issuer, application.clientId);
    const access = await verified(tokens.access, application.issuer, null);
    assert.deepEqual([id.sub, id.email, access.username], [person.sub, person.email, person.username]);
    assert.equal(Boolean(tokens.refresh), flow === 'code');
    assert.equal(await page.evaluate(() => window.application.auth.getCurrentUser()), person.username);
  });
}

test('tokens are renewed, and tell who the person is at the userInfo endpoint', async () => {
  const application = await makeApplication();
  const person = await somebody();
  const page = await visit(application);
  const { tokens } = await signIn(page, person);

  await page.evaluate((token) => window.application.auth.refreshSession(token), tokens.refresh);
  const renewed = await told(page, 2);

  assert.notEqual(renewed.access, tokens.access);
  assert.equal((await verified(renewed.id, application.issuer, application.clientId)).sub, person.sub);
  const info = await page.evaluate(
    async ([url, token]) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json(),
    [`https://${application.domain}/oauth2/userInfo`, renewed.access],
  );
  assert.deepEqual([info.sub, info.email], [person.sub, person.email]);
});

test('a refresh token that is none is refused in words that the library hands on', async () => {
  const page = await visit(await makeApplication());
  await page.evaluate(() => window.application.auth.refreshSession('nothing'));
  const { failure } = await told(page);
  assert.equal(JSON.parse(failure).error, 'invalid_grant');
});

test('the next application signs the person in without asking, until they sign out', async () => {
  const [shop, blog] = [await makeApplication(), await makeApplication('implicit')];
  const person = await somebody();
  const page = await visit(shop);
  await signIn(page, person);

  await visit(blog, page);
  await leaveForSession(page);
  const { id } = await told(page);
  assert.equal((await verified(id, blog.issuer, blog.clientId)).sub, person.sub);

  const gone = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/logout');
  await page.evaluate(() => void window.application.auth.signOut());
  assert.equal((await gone).headers().location, blog.home);
  await page.waitForURL(blog.home);
  for (const application of [shop, blog]) {
    await visit(application, page);
    // The first application still has its tokens: nobody has told it.
    await page.evaluate(() => window.application.auth.clearCachedTokensScopes());
    await visit(application, page);
    await leaveForSession(page);
    assert.equal(new URL(page.url()).pathname, '/login');
  }
  await signInAt(page, person);
  assert.ok((await told(page)).id);
});
