// openid-client, a certified client, unmodified: what a machine gets at a login domain, by discovery.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateResourceServerCommand,
  CreateUserPoolDomainCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import * as oidc from 'openid-client';
import { request } from 'node:http';
import { start } from './lib/server.mjs';
import { PASSWORD, fresh, makeApp, makePool, makeUser, sdk } from './lib/world.mjs';

let server;
let client;
let pool;
before(async () => {
  server = await start();
  client = sdk(server);
  pool = await makePool(client);
  const who = { UserPoolId: pool.userPoolId };
  await client.send(new CreateUserPoolDomainCommand({ ...who, Domain: fresh('shop').toLowerCase() }));
  const Scopes = ['read', 'write'].map((name) => ({ ScopeName: name, ScopeDescription: name }));
  await client.send(new CreateResourceServerCommand({ ...who, Identifier: 'orders', Name: 'orders', Scopes }));
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

/** Names below localhost, which not every resolver knows: the connection goes to the server, the Host stays. */
function local(url, { method, headers, body }) {
  const { hostname, port, pathname, search, host } = new URL(url);
  assert.match(hostname, /(^|\.)(localhost|127\.0\.0\.1)$/);
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: pathname + search, method, headers: { ...Object.fromEntries(new Headers(headers)), host } },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const empty = [204, 304].includes(answer.statusCode);
          resolve(new Response(empty ? null : Buffer.concat(parts), { status: answer.statusCode, headers: answer.headers }));
        });
      },
    );
    asked.on('error', reject);
    asked.end(body === undefined || body === null ? undefined : String(body));
  });
}

function discover(clientId, proof) {
  const issuer = new URL(`${server.endpoint}/${pool.userPoolId}`);
  const options = { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: local };
  return oidc.discovery(issuer, clientId, undefined, proof, options);
}

const MACHINE = {
  GenerateSecret: true,
  ExplicitAuthFlows: undefined,
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['client_credentials'],
  AllowedOAuthScopes: ['orders/read', 'orders/write'],
};

for (const [name, proof] of [['basic', oidc.ClientSecretBasic], ['post', oidc.ClientSecretPost]]) {
  test(`a machine proves its secret by client_secret_${name} and gets a token that verifies`, async () => {
    const machine = await makeApp(client, pool.userPoolId, MACHINE);
    const config = await discover(machine.clientId, proof(machine.clientSecret));

    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'orders/read' });

    assert.equal(tokens.token_type, 'bearer');
    assert.equal(tokens.expires_in, 3600);
    assert.equal(tokens.refresh_token, undefined);
    const { issuer, jwks_uri: jwksUri } = config.serverMetadata();
    const jwksCache = new SimpleJwksCache();
    jwksCache.addJwks(jwksUri, await (await fetch(jwksUri)).json());
    const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri }, { jwksCache });
    const claims = await verifier.verify(tokens.access_token);
    assert.deepEqual([claims.sub, claims.scope, claims.token_use], [machine.clientId, 'orders/read', 'access']);
  });
}

test('a wrong secret and a foreign scope are refused in words that the client understands', async () => {
  const machine = await makeApp(client, pool.userPoolId, MACHINE);
  const grant = async (secret, scope) =>
    oidc.clientCredentialsGrant(await discover(machine.clientId, oidc.ClientSecretBasic(secret)), { scope });
  const refused = (error) => ({ name: 'ResponseBodyError', error, status: 400 });
  await assert.rejects(grant('wrong', 'orders/read'), refused('invalid_client'));
  await assert.rejects(grant(machine.clientSecret, 'orders/delete'), refused('invalid_scope'));
});

test('a sign-in is refreshed and revoked', async () => {
  const app = await makeApp(client, pool.userPoolId, {
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: ['https://shop.example.com/cb'],
  });
  const { username } = await makeUser(client, pool.userPoolId);
  const AuthParameters = { USERNAME: username, PASSWORD };
  const signIn = { ClientId: app.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters };
  const { AuthenticationResult: first } = await client.send(new InitiateAuthCommand(signIn));
  const config = await discover(app.clientId, oidc.None());

  const tokens = await oidc.refreshTokenGrant(config, first.RefreshToken);

  assert.equal(tokens.claims()['cognito:username'], username);
  assert.equal(tokens.refresh_token, undefined);
  await oidc.tokenRevocation(config, first.RefreshToken);
  await assert.rejects(oidc.refreshTokenGrant(config, first.RefreshToken), { error: 'invalid_grant' });
});
