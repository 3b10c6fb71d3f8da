// Amplify 6, unmodified, in pages that Chromium shows: signInWithRedirect, the session and its renewal, signOut.
// Amplify knows login domains over https only.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { newPage, openChromium, serveApplication, signInAt } from './lib/chromium.mjs';
import { SCOPES, makeLoginApp, makeLoginPool, verified } from './lib/domain.mjs';
import { startBehindTls } from './lib/tls.mjs';
import { makeUser, sdk } from './lib/world.mjs';

const SOURCE = `
  import { Amplify } from 'aws-amplify';
  import * as auth from 'aws-amplify/auth';
  import { Hub } from 'aws-amplify/utils';
  const heard = [];
  Hub.listen('auth', ({ payload: { event, data } }) => heard.push({ event, told: data?.error?.message ?? data }));
  window.amplify = { auth, heard };
  Amplify.configure(window.configuration);
`;

let server;
let client;
let pool;
let browser;
let bundle;
const running = [];
before(async () => {
  server = await startBehindTls();
  client = sdk(server);
  pool = await makeLoginPool(client);
  browser = await openChromium();
  const resolveDir = path.dirname(fileURLToPath(import.meta.url));
  const stdin = { contents: SOURCE, resolveDir };
  const built = await build({ stdin, bundle: true, write: false, platform: 'browser', logLevel: 'silent' });
  bundle = built.outputFiles[0].text;
});
after(async () => {
  await browser?.close();
  for (const application of running) application.close();
  client?.destroy();
  await server?.stop();
});

/** An application with an origin and an app client of its own. */
async function makeApplication() {
  const application = await serveApplication();
  running.push(application);
  const home = `${application.origin}/`;
  const app = await makeLoginApp(client, pool, { CallbackURLs: [home], LogoutURLs: [home] });
  const { host } = new URL(server.publicUrl);
  const domain = `${pool.prefix}.auth.${host}`;
  const oauth = { domain, scopes: SCOPES, redirectSignIn: [home], redirectSignOut: [home], responseType: 'code' };
  const Cognito = {
    userPoolId: pool.userPoolId,
    userPoolClientId: app.clientId,
    userPoolEndpoint: server.publicUrl,
    loginWith: { oauth },
  };
  const configuration = `window.configuration = ${JSON.stringify({ Auth: { Cognito } })};`;
  application.scripts.push(configuration, bundle);
  return { ...app, home, domain, issuer: `${server.publicUrl}/${pool.userPoolId}` };
}

/** The application in a browser, and what Amplify does there. */
class Visit {
  static async to(application, page) {
    const visit = Object.assign(new Visit(), { application, page: page ?? (await newPage(browser)) });
    await visit.page.goto(application.home);
    await visit.page.waitForFunction(() => window.amplify);
    return visit;
  }

  /** Calls a function of `aws-amplify/auth`. */
  call(name, input) {
    return this.page.evaluate(([called, given]) => window.amplify.auth[called](given), [name, input]);
  }

  /** What leaves the page takes the call with it. */
  async leaveBy(name, input) {
    const left = this.page.waitForEvent('framenavigated');
    await this.page.evaluate(([called, given]) => void window.amplify.auth[called](given), [name, input]);
    await left;
  }

  /** Once Amplify says that the redirection came to its end, what it says. */
  async outcome() {
    const ends = (heard) => heard.find(({ event }) => event.startsWith('signInWithRedirect'));
    await this.page.waitForFunction(`window.amplify && (${ends})(window.amplify.heard)`);
    return this.page.evaluate(() => window.amplify.heard);
  }

  async signIn(person, input) {
    await this.leaveBy('signInWithRedirect', input);
    await signInAt(this.page, person);
    const heard = await this.outcome();
    assert.ok(heard.some(({ event }) => event === 'signedIn'), JSON.stringify(heard));
    return heard;
  }

  /** Asks whether the person is signed in, without showing them anything. */
  async silently() {
    await this.leaveBy('signInWithRedirect', { options: { prompt: 'NONE' } });
    const heard = await this.outcome();
    return heard.find(({ event }) => event.startsWith('signInWithRedirect'));
  }

  async tokens(options) {
    return this.page.evaluate(async (given) => {
      const { tokens } = await window.amplify.auth.fetchAuthSession(given);
      return tokens && { id: tokens.idToken.toString(), access: tokens.accessToken.toString() };
    }, options);
  }
}

const somebody = () => makeUser(client, pool.userPoolId);
const notSignedIn = { event: 'signInWithRedirect_failure', told: 'login_required' };

test('a person signs in by the page, and the application knows them and what it wanted to remember', async () => {
  const application = await makeApplication();
  const person = await somebody();
  const visit = await Visit.to(application);

  const heard = await visit.signIn(person, { customState: 'basket=7&back=/pay' });

  assert.deepEqual(heard.find(({ event }) => event === 'customOAuthState').told, 'basket=7&back=/pay');
  assert.equal(visit.page.url(), application.home);
  const user = await visit.call('getCurrentUser');
  assert.deepEqual([user.username, user.userId], [person.username, person.sub]);
  assert.equal((await visit.call('fetchUserAttributes')).email, person.email);
  const { id, access } = await visit.tokens();
  assert.equal((await verified(id, application.issuer, application.clientId)).sub, person.sub);
  assert.equal((await verified(access, application.issuer, null)).client_id, application.clientId);
});

test('the session is renewed, and the page may ask the userInfo endpoint', async () => {
  const application = await makeApplication();
  const person = await somebody();
  const visit = await Visit.to(application);
  await visit.signIn(person);
  const first = await visit.tokens();

  const second = await visit.tokens({ forceRefresh: true });

  assert.notEqual(second.access, first.access);
  assert.equal((await verified(second.id, application.issuer, application.clientId)).sub, person.sub);
  const info = await visit.page.evaluate(
    async ([url, token]) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json(),
    [`https://${application.domain}/oauth2/userInfo`, second.access],
  );
  assert.deepEqual([info.sub, info.email], [person.sub, person.email]);
});

test('the next application signs the person in without asking', async () => {
  const [shop, blog] = [await makeApplication(), await makeApplication()];
  const person = await somebody();
  const visit = await Visit.to(shop);
  await visit.signIn(person);

  const next = await Visit.to(blog, visit.page);
  assert.equal(await next.tokens(), undefined);
  await next.leaveBy('signInWithRedirect');
  await next.outcome();

  assert.equal((await next.call('getCurrentUser')).userId, person.sub);
  const { id } = await next.tokens();
  assert.equal((await verified(id, blog.issuer, blog.clientId)).sub, person.sub);
});

test('an application learns whether somebody is signed in without showing them anything', async () => {
  const [shop, blog] = [await makeApplication(), await makeApplication()];
  const person = await somebody();
  const before = await Visit.to(blog);
  assert.deepEqual(await before.silently(), notSignedIn);

  const visit = await Visit.to(shop, before.page);
  await visit.signIn(person);
  const again = await Visit.to(blog, before.page);
  assert.equal((await again.silently()).event, 'signInWithRedirect');
  assert.equal((await again.call('getCurrentUser')).userId, person.sub);
});

test('signing out of one application ends what both share', async () => {
  const [shop, blog] = [await makeApplication(), await makeApplication()];
  const person = await somebody();
  const visit = await Visit.to(shop);
  await visit.signIn(person);

  const gone = visit.page.waitForResponse((answer) => new URL(answer.url()).pathname === '/logout');
  await visit.leaveBy('signOut');
  assert.equal((await gone).status(), 302);
  await visit.page.waitForURL(shop.home);
  await visit.page.waitForFunction(() => window.amplify);

  assert.equal(await visit.tokens(), undefined);
  assert.deepEqual(await visit.silently(), notSignedIn);
  const next = await Visit.to(blog, visit.page);
  assert.deepEqual(await next.silently(), notSignedIn);
  await next.signIn(person);
});

test('an answer to a question that was not asked signs nobody in', async () => {
  const application = await makeApplication();
  const person = await somebody();
  const visit = await Visit.to(application);
  await visit.leaveBy('signInWithRedirect');

  await visit.page.waitForURL(/\/login\?/);
  const forged = new URL(visit.page.url());
  forged.pathname = '/oauth2/authorize';
  forged.searchParams.set('state', 'another');
  await visit.page.goto(forged.href);
  await signInAt(visit.page, person);

  const [{ event, told }] = await visit.outcome();
  assert.deepEqual([event, told], ['signInWithRedirect_failure', 'An error occurred while validating the state.']);
  assert.equal(await visit.tokens(), undefined);
});
