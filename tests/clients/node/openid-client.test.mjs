// openid-client, a certified client, unmodified: what a machine gets at a login domain, by discovery.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateResourceServerCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import * as oidc from 'openid-client';
import { local, makeLoginPool, verified } from './lib/domain.mjs';
import { start } from './lib/server.mjs';
import { PASSWORD, makeApp, makeUser, sdk } from './lib/world.mjs';

let server;
let client;
let pool;
before(async () => {
  server = await start();
  client = sdk(server);
  pool = await makeLoginPool(client);
  const Scopes = ['read', 'write'].map((name) => ({ ScopeName: name, ScopeDescription: name }));
  const UserPoolId = pool.userPoolId;
  await client.send(new CreateResourceServerCommand({ UserPoolId, Identifier: 'orders', Name: 'orders', Scopes }));
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

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
    const claims = await verified(tokens.access_token, config.serverMetadata().issuer, null);
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
