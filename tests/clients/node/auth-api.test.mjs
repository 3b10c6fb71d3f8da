// The Auth API as a product's own client calls it, with nothing but fetch; and a client that moves to it from amazon-cognito-identity-js.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { engine, start } from './lib/server.mjs';
import { LocalStorage, PASSWORD, claims, code, fresh } from './lib/world.mjs';

let server;
before(async () => {
  server = await start();
});
after(async () => {
  await server?.stop();
});

/** `{ status, body }`; no body is undefined. */
async function call(method, path, body, bearer) {
  const headers = { 'content-type': 'application/json' };
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  const answer = await fetch(`${server.endpoint}/v1/auth${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : undefined };
}

const post = (path, body, bearer) => call('POST', path, body, bearer);

async function person() {
  const email = `${fresh('ann')}@example.com`;
  const made = await post('/sign-up', { email, password: PASSWORD, name: 'Ann' });
  assert.equal(made.status, 201);
  assert.deepEqual(made.body, { requiresConfirmation: true, canSignIn: false, delivery: { channel: 'email', destination: 'a***@e***' } });
  const confirmed = await post('/sign-up/confirm', { identifier: email, code: await code(server, email) });
  assert.equal(confirmed.status, 204);
  return email;
}

test(`a product signs a person up, in, on and out (${engine})`, async () => {
  const email = await person();
  const early = await post('/sign-in', { identifier: email, password: 'Wrong-horse-1' });
  assert.deepEqual([early.status, early.body.code], [401, 'invalid_credentials']);

  const { status, body: session } = await post('/sign-in', { identifier: email, password: PASSWORD });
  assert.equal(status, 200);
  assert.deepEqual({ ...session.user, sub: undefined, username: undefined }, {
    provider: 'cognate', name: 'Ann', email, sub: undefined, username: undefined,
  });
  assert.equal(claims(session.accessToken).sub, session.user.sub);

  const changed = await call('PATCH', '/password', { currentPassword: PASSWORD, newPassword: 'Another-horse-8' }, session.accessToken);
  assert.equal(changed.status, 204);
  const checked = await post('/password-verifications', { password: 'Another-horse-8' }, session.accessToken);
  assert.deepEqual(checked.body, { verified: true });

  const next = await post('/token/refresh', { refreshToken: session.refreshToken });
  assert.equal(next.status, 200);
  assert.equal((await post('/sign-out', {}, next.body.accessToken)).status, 204);
  for (const refused of [
    await post('/token/refresh', { refreshToken: session.refreshToken }),
    await post('/sign-out', {}, next.body.accessToken),
  ]) {
    assert.equal(refused.status, 401);
    assert.match(refused.body.code, /^(refresh_rejected|unauthenticated)$/);
  }
});

test(`a forgotten password is replaced (${engine})`, async () => {
  const email = await person();
  assert.equal((await post('/password-resets', { identifier: email })).status, 202);
  const digits = await code(server, email, 2);
  const done = await post('/password-resets/confirm', { identifier: email, code: digits, newPassword: 'Third-horse-77' });
  assert.equal(done.status, 204);
  assert.equal((await post('/sign-in', { identifier: email, password: 'Third-horse-77' })).status, 200);
});

test(`a client of amazon-cognito-identity-js hands over its refresh token and goes on (${engine})`, async () => {
  const email = await person();
  const { userPoolId, clientId, endpoint } = server;
  const Storage = new LocalStorage();
  const Pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint, Storage });
  const user = new CognitoUser({ Username: email, Pool, Storage });
  const details = new AuthenticationDetails({ Username: email, Password: PASSWORD });
  const old = await new Promise((onSuccess, onFailure) => user.authenticateUser(details, { onSuccess, onFailure }));

  const { status, body } = await post('/token/refresh', { refreshToken: old.getRefreshToken().getToken() });
  assert.equal(status, 200);
  assert.equal(body.user.email, email);
  assert.equal(body.user.sub, old.getIdToken().payload.sub);
  assert.equal(claims(body.accessToken).origin_jti, old.getAccessToken().payload.origin_jti, 'the same session');
});

test(`the document describes what answers (${engine})`, async () => {
  const document = await (await fetch(`${server.endpoint}/v1/openapi.json`)).json();
  assert.equal(document.openapi, '3.1.0');
  assert.ok(document.paths['/v1/auth/sign-in'].post.responses['200']);
});
