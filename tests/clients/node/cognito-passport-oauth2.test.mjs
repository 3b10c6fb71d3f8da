// cognito-passport-oauth2, unmodified, in an Express application with sessions: the code flow with PKCE, the profile by
// GetUser.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { localAgent, makeLoginApp, makeLoginPool, verified } from './lib/domain.mjs';
import { Person } from './lib/person.mjs';
import { start } from './lib/server.mjs';
import { attribute, makeUser, sdk } from './lib/world.mjs';

const CognitoStrategy = createRequire(import.meta.url)('cognito-passport-oauth2');

let server;
let client;
let pool;
const running = [];
before(async () => {
  server = await start();
  client = sdk(server);
  pool = await makeLoginPool(client);
  // The strategy makes Amazon's client by itself, which reads where to call.
  process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = server.endpoint;
});
after(async () => {
  for (const website of running) {
    website.close();
    website.closeAllConnections();
  }
  client?.destroy();
  await server?.stop();
});

/** A website at a port of its own; `/` says who is signed in, `/enter` signs them in. */
async function openWebsite(more = {}) {
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  running.push(listening);
  const { port } = listening.address();
  const url = `http://localhost:${port}`;
  const callbackURL = `${url}/auth/callback`;
  const app = await makeLoginApp(client, pool, { CallbackURLs: [callbackURL], LogoutURLs: [`${url}/bye`], ...more });
  const clientDomain = `http://${pool.prefix}.auth.localhost:${new URL(server.endpoint).port}`;
  const options = {
    callbackURL,
    clientDomain,
    clientID: app.clientId,
    clientSecret: app.clientSecret,
    region: server.region,
    passReqToCallback: true,
    scope: ['openid', 'email', 'aws.cognito.signin.user.admin'],
    state: true,
    pkce: true,
  };
  const seen = [];
  const welcome = (_, accessToken, refreshToken, { id_token: idToken }, profile, done) => {
    seen.push({ accessToken, refreshToken, idToken, profile });
    done(null, { username: profile.Username, email: attribute(profile.UserAttributes, 'email') });
  };
  const strategy = new CognitoStrategy(options, welcome);
  strategy._oauth2.setAgent(localAgent());

  const passport = new Passport();
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user, done) => done(null, user));
  passport.use('cognito', strategy);
  const site = express();
  // One browser meets several of them at localhost, and cookies know no ports.
  site.use(session({ secret: 'only a test', resave: false, saveUninitialized: false, name: `website-${port}` }));
  site.use(passport.initialize(), passport.session());
  site.get('/', (request, response) => response.json(request.user ?? null));
  site.get('/bye', (_, response) => response.send('Goodbye.'));
  site.get('/enter', passport.authenticate('cognito'));
  site.get('/auth/callback', passport.authenticate('cognito', { successRedirect: '/' }));
  site.get('/silently', passport.authenticate('cognito', { prompt: 'none' }));
  site.get('/leave', (request, response, next) => {
    const query = new URLSearchParams({ client_id: app.clientId, logout_uri: `${url}/bye` });
    request.logout((error) => (error ? next(error) : response.redirect(`${clientDomain}/logout?${query}`)));
  });
  site.use((error, _request, response, _next) => response.status(500).json({ code: error.code, name: error.name }));
  listening.on('request', site);
  return { url, app, seen, strategy };
}

async function somebody() {
  const made = await makeUser(client, pool.userPoolId);
  return Object.assign(new Person(made.username), made);
}

for (const [kind, more] of [
  ['without a secret', {}],
  ['with a secret', { GenerateSecret: true }],
]) {
  test(`a website ${kind} signs a person in and knows their profile`, async () => {
    const website = await openWebsite(more);
    const person = await somebody();

    const { url, html } = await person.signIn(`${website.url}/enter`);

    assert.equal(url.href, `${website.url}/`);
    assert.deepEqual(JSON.parse(html), { username: person.username, email: person.email });
    const [{ idToken, accessToken, profile }] = website.seen;
    assert.equal(attribute(profile.UserAttributes, 'sub'), person.sub);
    const issuer = `${server.endpoint}/${pool.userPoolId}`;
    assert.equal((await verified(idToken, issuer, website.app.clientId)).sub, person.sub);
    assert.equal((await verified(accessToken, issuer, null)).username, person.username);
  });
}

/** The strategy's own way to the token endpoint and to what a token opens. */
const ask = (strategy, method, ...given) =>
  new Promise((resolve, reject) => {
    strategy._oauth2[method](...given, (error, ...answer) => (error ? reject(error) : resolve(answer)));
  });

test('tokens are renewed, and tell who the person is at the userInfo endpoint', async () => {
  const website = await openWebsite();
  const person = await somebody();
  await person.signIn(`${website.url}/enter`);
  const [{ refreshToken, accessToken }] = website.seen;

  const renewal = { grant_type: 'refresh_token' };
  const [renewed] = await ask(website.strategy, 'getOAuthAccessToken', refreshToken, renewal);
  assert.notEqual(renewed, accessToken);

  website.strategy._oauth2.useAuthorizationHeaderforGET(true);
  const userInfo = website.strategy._oauth2._authorizeUrl.replace('authorize', 'userInfo');
  const [body] = await ask(website.strategy, 'get', userInfo, renewed);
  assert.deepEqual([JSON.parse(body).sub, JSON.parse(body).email], [person.sub, person.email]);
});

test('the next website signs the person in without asking, until they leave', async () => {
  const [shop, blog] = [await openWebsite(), await openWebsite({ GenerateSecret: true })];
  const person = await somebody();
  await person.signIn(`${shop.url}/enter`);

  const { url, html } = await person.open(`${blog.url}/enter`);
  assert.equal(url.href, `${blog.url}/`);
  assert.equal(JSON.parse(html).username, person.username);

  const left = await person.open(`${shop.url}/leave`);
  assert.deepEqual([left.url.href, left.html], [`${shop.url}/bye`, 'Goodbye.']);
  const asked = await person.open(`${shop.url}/enter`);
  assert.equal(asked.url.pathname, '/login');
  const refused = await person.open(`${blog.url}/silently`);
  assert.deepEqual(JSON.parse(refused.html), { name: 'AuthorizationError', code: 'login_required' });
});

test('a callback that answers another visit is refused', async () => {
  const website = await openWebsite();
  const [person, other] = [await somebody(), await somebody()];
  const page = await person.open(`${website.url}/enter`);
  await other.open(`${website.url}/enter`);

  // What an attacker would have a victim open: a code of the attacker's, a state that the victim does not know.
  const stolen = new URL(page.url);
  stolen.pathname = '/oauth2/authorize';
  const elsewhere = new Person(person.username);
  const callback = await elsewhere.signIn(stolen);
  assert.equal(callback.status, 403);
  const forged = await other.open(callback.url);

  assert.equal(forged.status, 403);
  assert.deepEqual(website.seen, []);
});
