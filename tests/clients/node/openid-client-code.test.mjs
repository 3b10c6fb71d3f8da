// openid-client, a certified client, unmodified: people sign in by the page, by the code flow with PKCE, and out again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { CALLBACK, SIGNED_OUT, local, makeLoginApp, makeLoginPool, verified } from './lib/domain.mjs';
import { Person } from './lib/person.mjs';
import { start } from './lib/server.mjs';
import { makeUser, sdk } from './lib/world.mjs';

let server;
let client;
let pool;
before(async () => {
  server = await start();
  client = sdk(server);
  pool = await makeLoginPool(client);
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

/** A website that people sign in to. */
class Website {
  static async open(more = {}, proof = oidc.None) {
    const app = await makeLoginApp(client, pool, more);
    const issuer = new URL(`${server.endpoint}/${pool.userPoolId}`);
    const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
    const options = { execute, [oidc.customFetch]: local };
    const config = await oidc.discovery(issuer, app.clientId, undefined, proof(app.clientSecret), options);
    return Object.assign(new Website(), { ...app, config, issuer: config.serverMetadata().issuer });
  }

  /** Begins a sign-in: where the person goes, and what the website checks afterwards. */
  async begin(more = {}) {
    assert.ok(this.config.serverMetadata().supportsPKCE('S256'));
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const expectedState = oidc.randomState();
    const expectedNonce = oidc.randomNonce();
    const address = oidc.buildAuthorizationUrl(this.config, {
      redirect_uri: CALLBACK,
      scope: 'openid email',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      ...more,
    });
    return { address, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
  }

  finish({ url }, checks) {
    assert.equal(url.origin + url.pathname, CALLBACK, `the person is at ${url}`);
    return oidc.authorizationCodeGrant(this.config, url, checks);
  }

  async signIn(person) {
    const { address, checks } = await this.begin();
    return this.finish(await person.signIn(address), checks);
  }

  /** Asks whether the person is signed in, without showing them anything. */
  async silently(person) {
    const { address, checks } = await this.begin({ prompt: 'none' });
    return this.finish(await person.open(address), checks);
  }
}

const somebody = async () => {
  const made = await makeUser(client, pool.userPoolId);
  return Object.assign(new Person(made.username), made);
};
const nobodySignedIn = { name: 'AuthorizationResponseError', error: 'login_required' };
const refused = (error) => ({ name: 'ResponseBodyError', error, status: 400 });

test('a person signs in by the page, and the website gets tokens that say who they are', async () => {
  const website = await Website.open();
  const person = await somebody();

  const tokens = await website.signIn(person);

  const claims = tokens.claims();
  assert.deepEqual(
    [claims.sub, claims['cognito:username'], claims.email, claims.email_verified],
    [person.sub, person.username, person.email, true],
  );
  assert.deepEqual([tokens.token_type, tokens.expires_in], ['bearer', 3600]);
  const id = await verified(tokens.id_token, website.issuer, website.clientId);
  const access = await verified(tokens.access_token, website.issuer, null);
  assert.deepEqual([id.sub, id.token_use], [person.sub, 'id']);
  assert.deepEqual([access.sub, access.client_id], [person.sub, website.clientId]);
  assert.deepEqual(access.scope.split(' ').sort(), ['email', 'openid']);
});

test('what the scopes allow is told at the userInfo endpoint', async () => {
  const website = await Website.open();
  const person = await somebody();
  const tokens = await website.signIn(person);

  const info = await oidc.fetchUserInfo(website.config, tokens.access_token, tokens.claims().sub);

  const { sub, username, email } = person;
  assert.deepEqual(info, { sub, username, email, email_verified: 'true' });
});

test('tokens are renewed until the refresh token is revoked', async () => {
  const website = await Website.open();
  const person = await somebody();
  const first = await website.signIn(person);

  const second = await oidc.refreshTokenGrant(website.config, first.refresh_token);

  assert.notEqual(second.access_token, first.access_token);
  assert.equal(second.refresh_token, undefined);
  const [before, after] = [first.claims(), second.claims()];
  assert.deepEqual([after.sub, after.auth_time, after.email], [person.sub, before.auth_time, person.email]);
  const info = await oidc.fetchUserInfo(website.config, second.access_token, person.sub);
  assert.equal(info.email, person.email);

  await oidc.tokenRevocation(website.config, first.refresh_token);
  await assert.rejects(oidc.refreshTokenGrant(website.config, first.refresh_token), refused('invalid_grant'));
  await assert.rejects(oidc.fetchUserInfo(website.config, second.access_token, person.sub), {
    name: 'WWWAuthenticateChallengeError',
    status: 401,
  });
});

test('where refresh tokens rotate, each is good once', async () => {
  const website = await Website.open({
    ExplicitAuthFlows: [],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  });
  const person = await somebody();
  const first = await website.signIn(person);
  const second = await oidc.refreshTokenGrant(website.config, first.refresh_token);
  const third = await oidc.refreshTokenGrant(website.config, second.refresh_token);

  assert.equal(third.claims().sub, person.sub);
  assert.equal(new Set([first, second, third].map((tokens) => tokens.refresh_token)).size, 3);
  await assert.rejects(oidc.refreshTokenGrant(website.config, first.refresh_token), refused('invalid_grant'));
});

for (const [name, proof] of [['basic', oidc.ClientSecretBasic], ['post', oidc.ClientSecretPost]]) {
  test(`a website with a secret proves it by client_secret_${name}`, async () => {
    const website = await Website.open({ GenerateSecret: true }, proof);
    const person = await somebody();
    const tokens = await website.signIn(person);
    assert.equal(tokens.claims().sub, person.sub);
    const renewed = await oidc.refreshTokenGrant(website.config, tokens.refresh_token);
    assert.equal(renewed.claims().sub, person.sub);
  });
}

test('a code is worth nothing without the secret, or with another one', async () => {
  const website = await Website.open({ GenerateSecret: true }, oidc.ClientSecretBasic);
  const person = await somebody();
  const { address, checks } = await website.begin();
  const callback = await person.signIn(address);
  for (const proof of [oidc.None(), oidc.ClientSecretBasic('wrong')]) {
    const thief = new oidc.Configuration(website.config.serverMetadata(), website.clientId, undefined, proof);
    oidc.allowInsecureRequests(thief);
    thief[oidc.customFetch] = local;
    await assert.rejects(oidc.authorizationCodeGrant(thief, callback.url, checks), refused('invalid_client'));
  }
  assert.equal((await website.finish(callback, checks)).claims().sub, person.sub);
});

test('a code is worth nothing without the verifier', async () => {
  const website = await Website.open();
  const { address, checks } = await website.begin();
  const callback = await (await somebody()).signIn(address);
  for (const pkceCodeVerifier of [oidc.randomPKCECodeVerifier(), undefined]) {
    await assert.rejects(website.finish(callback, { ...checks, pkceCodeVerifier }), refused('invalid_grant'));
  }
});

test('a code that comes a second time is refused, and ends the sign-in it was for', async () => {
  const website = await Website.open();
  const { address, checks } = await website.begin();
  const callback = await (await somebody()).signIn(address);
  const tokens = await website.finish(callback, checks);

  await assert.rejects(website.finish(callback, checks), refused('invalid_grant'));
  await assert.rejects(oidc.refreshTokenGrant(website.config, tokens.refresh_token), refused('invalid_grant'));
});

test('the website refuses an answer to a question that it did not ask', async () => {
  const website = await Website.open();
  const person = await somebody();
  const [one, other] = [await website.begin(), await website.begin()];
  const callback = await person.signIn(one.address);

  const because = (reason) => (error) => reason.test(error.cause.message);
  await assert.rejects(website.finish(callback, other.checks), because(/unexpected "state"/));
  const { expectedNonce } = other.checks;
  await assert.rejects(website.finish(callback, { ...one.checks, expectedNonce }), because(/"nonce"/));
});

test('whoever is signed in to one website is signed in to the next without being asked', async () => {
  const [shop, blog] = [await Website.open(), await Website.open()];
  const person = await somebody();
  const first = (await shop.signIn(person)).claims();

  const { address, checks } = await blog.begin();
  const second = (await blog.finish(await person.open(address), checks)).claims();

  assert.deepEqual([second.sub, second.aud, second.auth_time], [first.sub, blog.clientId, first.auth_time]);
  assert.equal((await blog.silently(person)).claims().sub, person.sub);
});

test('nobody is signed in where nobody has signed in', async () => {
  const website = await Website.open();
  const person = await somebody();
  await website.signIn(person);
  const elsewhere = new Person(person.username);
  await assert.rejects(website.silently(elsewhere), nobodySignedIn);
});

test('a website can have the person asked again', async () => {
  const website = await Website.open();
  const person = await somebody();
  await website.signIn(person);

  const { address, checks } = await website.begin({ prompt: 'login' });
  const tokens = await website.finish(await person.signIn(address), checks);

  assert.equal(tokens.claims().sub, person.sub);
});

test('a wrong password gets nowhere, and a right one after it does', async () => {
  const website = await Website.open();
  const person = await somebody();
  const { address, checks } = await website.begin();

  const again = await Object.assign(person, { password: 'Wrong-horse-1' }).signIn(address);
  assert.deepEqual([again.url.pathname, again.says], ['/login', 'Incorrect user name or password.']);
  await assert.rejects(website.silently(person), nobodySignedIn);

  const { username } = person;
  const arrived = await person.fill(again, 'cognitoSignInForm', { username, password: 'Correct-horse-1' });
  assert.equal((await website.finish(arrived, checks)).claims().sub, person.sub);
});

test('signing out of one website is signing out of all, and leaves them the tokens they have', async () => {
  const [shop, blog] = [await Website.open(), await Website.open()];
  const person = await somebody();
  const tokens = await shop.signIn(person);
  await blog.silently(person);

  const left = await person.open(oidc.buildEndSessionUrl(shop.config, { logout_uri: SIGNED_OUT }));

  assert.equal(left.url.href, SIGNED_OUT);
  for (const website of [shop, blog]) await assert.rejects(website.silently(person), nobodySignedIn);
  const { address, checks } = await blog.begin();
  assert.equal((await blog.finish(await person.signIn(address), checks)).claims().sub, person.sub);
  assert.equal((await oidc.refreshTokenGrant(shop.config, tokens.refresh_token)).claims().sub, person.sub);
});

test('an address that is not registered is neither answered nor signed out to', async () => {
  const website = await Website.open();
  const person = await somebody();
  await website.signIn(person);
  const elsewhere = 'https://evil.example.com/cb';

  const { address } = await website.begin({ redirect_uri: elsewhere });
  const logout = oidc.buildEndSessionUrl(website.config, { logout_uri: elsewhere });
  for (const asked of [address, logout]) {
    const { url, status } = await person.open(asked);
    assert.deepEqual([url.pathname, url.searchParams.get('error'), status], ['/error', 'redirect_mismatch', 400]);
  }
  assert.equal((await website.silently(person)).claims().sub, person.sub);
});
