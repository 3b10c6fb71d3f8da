// oauth4webapi, unmodified: each request and each answer of the code flow by itself, checked by what it knows of the
// standards.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { CALLBACK, SIGNED_OUT, local, makeLoginApp, makeLoginPool } from './lib/domain.mjs';
import { Person } from './lib/person.mjs';
import { start } from './lib/server.mjs';
import { makeUser, sdk } from './lib/world.mjs';

const NEAR = { [oauth.customFetch]: local, [oauth.allowInsecureRequests]: true };

let server;
let client;
let pool;
let as;
before(async () => {
  server = await start();
  client = sdk(server);
  pool = await makeLoginPool(client);
  const issuer = new URL(`${server.endpoint}/${pool.userPoolId}`);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, NEAR));
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

async function somebody() {
  const made = await makeUser(client, pool.userPoolId);
  return Object.assign(new Person(made.username), made);
}

async function makeWebsite(more) {
  const { clientId, clientSecret } = await makeLoginApp(client, pool, more);
  const proof = clientSecret ? oauth.ClientSecretPost(clientSecret) : oauth.None();
  return { oauthClient: { client_id: clientId }, proof };
}

/** Where a website sends a person, and what it remembers of that. */
async function begin({ oauthClient }, more = {}) {
  const remembered = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  };
  const address = new URL(as.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: oauthClient.client_id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid email',
    state: remembered.state,
    nonce: remembered.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(remembered.verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { ...remembered, address };
}

/** What the website makes of a person who comes back: their tokens, whose signatures it has checked. */
async function exchange({ oauthClient, proof }, { url }, { verifier, state, nonce }) {
  const answer = oauth.validateAuthResponse(as, oauthClient, url, state);
  const response = await oauth.authorizationCodeGrantRequest(as, oauthClient, proof, answer, CALLBACK, verifier, NEAR);
  const checks = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(as, oauthClient, response, checks);
  await oauth.validateApplicationLevelSignature(as, response, NEAR);
  return tokens;
}

async function userInfo({ oauthClient }, { access_token: accessToken }, sub) {
  const response = await oauth.userInfoRequest(as, oauthClient, accessToken, NEAR);
  return oauth.processUserInfoResponse(as, oauthClient, sub, response);
}

async function refresh({ oauthClient, proof }, token) {
  const response = await oauth.refreshTokenGrantRequest(as, oauthClient, proof, token, NEAR);
  const tokens = await oauth.processRefreshTokenResponse(as, oauthClient, response);
  await oauth.validateApplicationLevelSignature(as, response, NEAR);
  return tokens;
}

test('discovery names all that a code flow needs, at the login domain', () => {
  const { origin, hostname } = new URL(as.authorization_endpoint);
  assert.equal(hostname, `${pool.prefix}.auth.localhost`);
  assert.deepEqual(
    [as.token_endpoint, as.userinfo_endpoint, as.revocation_endpoint, as.end_session_endpoint],
    ['/oauth2/token', '/oauth2/userInfo', '/oauth2/revoke', '/logout'].map((path) => origin + path),
  );
  assert.deepEqual(as.code_challenge_methods_supported, ['S256']);
});

for (const [kind, more] of [
  ['without a secret', {}],
  ['with a secret', { GenerateSecret: true }],
]) {
  test(`a website ${kind} signs a person in, asks who they are, renews and revokes their tokens`, async () => {
    const website = await makeWebsite(more);
    const person = await somebody();
    const begun = await begin(website);

    const tokens = await exchange(website, await person.signIn(begun.address), begun);

    const claims = oauth.getValidatedIdTokenClaims(tokens);
    assert.deepEqual([claims.sub, claims.email, claims.email_verified], [person.sub, person.email, true]);
    const info = await userInfo(website, tokens, claims.sub);
    assert.deepEqual([info.username, info.email], [person.username, person.email]);

    const renewed = await refresh(website, tokens.refresh_token);
    assert.equal(oauth.getValidatedIdTokenClaims(renewed).sub, person.sub);
    assert.equal((await userInfo(website, renewed, person.sub)).email, person.email);

    const { oauthClient, proof } = website;
    const revoked = await oauth.revocationRequest(as, oauthClient, proof, tokens.refresh_token, NEAR);
    await oauth.processRevocationResponse(revoked);
    await assert.rejects(refresh(website, tokens.refresh_token), { name: 'ResponseBodyError', error: 'invalid_grant' });
    await assert.rejects(userInfo(website, renewed, person.sub), (error) => {
      assert.equal(error.name, 'WWWAuthenticateChallengeError');
      const [{ scheme, parameters }] = error.cause;
      assert.deepEqual([error.status, scheme, parameters.error], [401, 'bearer', 'invalid_token']);
      return true;
    });
  });
}

test('a state or a nonce of another visit is refused by the website', async () => {
  const website = await makeWebsite();
  const person = await somebody();
  const [one, other] = [await begin(website), await begin(website)];
  const callback = await person.signIn(one.address);

  const { state, nonce } = other;
  await assert.rejects(exchange(website, callback, { ...one, state }), /unexpected "state" response parameter value/);
  await assert.rejects(exchange(website, callback, { ...one, nonce }), /unexpected ID Token "nonce" claim value/);
});

test('a state comes back as it went, whatever it is made of', async () => {
  const website = await makeWebsite();
  const person = await somebody();
  const state = `{"to":"/a b?c=d&e=%2F#f","é":"+%20=="}`;
  const begun = { ...(await begin(website, { state })), state };
  for (const come of [person.signIn.bind(person), person.open.bind(person)]) {
    const answer = oauth.validateAuthResponse(as, website.oauthClient, (await come(begun.address)).url, state);
    assert.ok(answer.get('code'));
  }
});

test('what is asked wrongly is told to the website, with its state', async () => {
  const website = await makeWebsite();
  const person = await somebody();
  for (const [wrong, error] of [
    [{ scope: 'openid orders/read' }, 'invalid_scope'],
    [{ response_type: 'token' }, 'unauthorized_client'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ prompt: 'none' }, 'login_required'],
  ]) {
    const { address, state } = await begin(website, wrong);
    const { url } = await person.open(address);
    // An answer to `token` stands in the fragment.
    const answer = wrong.response_type ? new URLSearchParams(url.hash.slice(1)) : url;
    assert.throws(() => oauth.validateAuthResponse(as, website.oauthClient, answer, state), {
      name: 'AuthorizationResponseError',
      error,
    });
  }
});

test('two websites share a sign-in until one of them signs the person out', async () => {
  const [shop, blog] = [await makeWebsite(), await makeWebsite({ GenerateSecret: true })];
  const person = await somebody();
  const first = await begin(shop);
  await exchange(shop, await person.signIn(first.address), first);

  const second = await begin(blog);
  const tokens = await exchange(blog, await person.open(second.address), second);
  assert.equal(oauth.getValidatedIdTokenClaims(tokens).sub, person.sub);

  const logout = new URL(as.end_session_endpoint);
  logout.search = new URLSearchParams({ client_id: blog.oauthClient.client_id, logout_uri: SIGNED_OUT });
  assert.equal((await person.open(logout)).url.href, SIGNED_OUT);
  for (const website of [shop, blog]) {
    const begun = await begin(website, { prompt: 'none' });
    const { url } = await person.open(begun.address);
    assert.throws(() => oauth.validateAuthResponse(as, website.oauthClient, url, begun.state), {
      error: 'login_required',
    });
  }
});
