// openid-client, a certified client, unmodified, on a device without a keyboard (RFC 8628): it shows a code and asks until a person has let
// it in, or refused.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { local, makeLoginApp, makeLoginPool, verified } from './lib/domain.mjs';
import { Person } from './lib/person.mjs';
import { start } from './lib/server.mjs';
import { makeUser, sdk } from './lib/world.mjs';

let server;
let client;
let pool;
before(async () => {
  server = await start();
  client = sdk(server);
  pool = await makeLoginPool(client, { UserPoolTags: { 'cognate:extensions': 'device' } });
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

async function television(more = {}, proof = oidc.None) {
  const app = await makeLoginApp(client, pool, more);
  const issuer = new URL(`${server.endpoint}/${pool.userPoolId}`);
  const options = { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: local };
  const config = await oidc.discovery(issuer, app.clientId, undefined, proof(app.clientSecret), options);
  return { ...app, config };
}

const somebody = async () => {
  const made = await makeUser(client, pool.userPoolId);
  return Object.assign(new Person(made.username), made);
};

/** By the address that the device shows as a picture to be scanned. */
async function decide(person, shown, decision) {
  const page = await person.signIn(shown.verification_uri_complete);
  const question = await person.fill(page, undefined, {});
  assert.ok(question.html.includes(shown.user_code), 'the code is to be compared');
  assert.ok(question.html.includes(`name="decision" value="${decision}"`));
  return person.fill(question, undefined, {}, { decision });
}

for (const [kind, more, proof] of [
  ['a public client', {}, oidc.None],
  ['a client with a secret', { GenerateSecret: true }, oidc.ClientSecretBasic],
]) {
  test(`${kind} on a device gets the tokens of whoever lets it in`, async () => {
    const { config, clientId } = await television(more, proof);
    const person = await somebody();
    const shown = await oidc.initiateDeviceAuthorization(config, { scope: 'openid email' });
    assert.match(shown.user_code, /^[B-Z]{4}-[B-Z]{4}$/);
    const polled = oidc.pollDeviceAuthorizationGrant(config, shown); // it asks while nobody has decided yet
    await new Promise((done) => setTimeout(done, 6_000));
    const page = await decide(person, shown, 'allow');
    assert.match(page.html, /Your device is connected/);

    const tokens = await polled;
    assert.equal(tokens.claims().sub, person.sub);
    const access = await verified(tokens.access_token, config.serverMetadata().issuer, null);
    assert.deepEqual([access.sub, access.scope, access.client_id], [person.sub, 'openid email', clientId]);
    const about = await oidc.fetchUserInfo(config, tokens.access_token, person.sub);
    assert.equal(about.email, person.email);
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(next.claims().sub, person.sub);
  });
}

test('a device that a person refuses learns it', async () => {
  const { config } = await television();
  const shown = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
  const polled = assert.rejects(oidc.pollDeviceAuthorizationGrant(config, shown), {
    name: 'ResponseBodyError',
    error: 'access_denied',
  });
  const page = await decide(await somebody(), shown, 'refuse');
  assert.match(page.html, /The device was refused/);
  await polled;
});
