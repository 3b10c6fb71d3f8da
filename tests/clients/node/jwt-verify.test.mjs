// aws-jwt-verify, unmodified: what it accepts of ours, and that it refuses everything else.
//
// CognitoJwtVerifier knows Amazon's issuers only. So it gets tokens of a server whose public address is Amazon's, with
// our keys put into its cache, as its manual describes for machines without internet. For a server under its own
// address there is JwtVerifier with Cognito's own checks (validateCognitoJwtFields) on top.

import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, mock, test } from 'node:test';
import {
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoJwtVerifier, JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  KidNotFoundInJwksError,
  ParameterValidationError,
} from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { engine, freePort, start } from './lib/server.mjs';
import { PASSWORD, claims, makePool, makeUser, sdk } from './lib/world.mjs';

let server;
let client;
let pool;
let tokens;
before(async () => {
  server = await start();
  client = sdk(server);
  pool = await signedIn(server, client);
  tokens = pool.tokens;
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

async function signedIn(at, through) {
  const made = await makePool(through);
  const user = await makeUser(through, made.userPoolId);
  const { AuthenticationResult } = await through.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: made.clientId,
      AuthParameters: { USERNAME: user.username, PASSWORD },
    }),
  );
  const jwksUri = `${at.endpoint}/${made.userPoolId}/.well-known/jwks.json`;
  const { IdToken: id, AccessToken: access, RefreshToken: refresh } = AuthenticationResult;
  return { ...made, user, jwksUri, refresh, tokens: { id, access } };
}

/** Takes the keys over http, as a development server has no certificate. */
function overHttp() {
  const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };
  return { jwksCache: new SimpleJwksCache({ fetcher }) };
}

function verifier({ tokenUse, clientId = pool.clientId, of = pool, issuer = `${server.endpoint}/${of.userPoolId}` }) {
  const customJwtCheck = ({ payload }) => validateCognitoJwtFields(payload, { tokenUse, clientId });
  return JwtVerifier.create({ issuer, jwksUri: of.jwksUri, audience: null, customJwtCheck }, overHttp());
}

const refuses = (tokenUse, token, kind, options = {}) =>
  assert.rejects(verifier({ tokenUse, ...options }).verify(token), (error) => {
    assert.ok(error instanceof kind, `expected ${kind.name}, got ${error.name}: ${error.message}`);
    return true;
  });

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString('utf8'));

test(`ID and access token are accepted with the keys the issuer publishes (${engine})`, async () => {
  for (const tokenUse of ['id', 'access']) {
    const payload = await verifier({ tokenUse }).verify(tokens[tokenUse]);
    assert.equal(payload.sub, pool.user.sub);
    assert.equal(payload.token_use, tokenUse);
    assert.equal(payload.iss, `${server.endpoint}/${pool.userPoolId}`);
    assert.equal(header(tokens[tokenUse]).alg, 'RS256');
  }
  assert.notEqual(header(tokens.id).kid, header(tokens.access).kid, 'each kind of token has a key of its own');
});

test('tokens of a refresh, rotated or not, are accepted like the first ones', async () => {
  const { userPoolId, clientId, user, jwksUri, refresh } = await signedIn(server, client);
  const own = { of: { userPoolId, jwksUri }, clientId };
  const exchange = async (RefreshToken) =>
    (await client.send(new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken }))).AuthenticationResult;

  const plain = await exchange(refresh);
  const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 };
  const ids = { UserPoolId: userPoolId, ClientId: clientId };
  const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH'];
  await client.send(new UpdateUserPoolClientCommand({ ...ids, ExplicitAuthFlows, RefreshTokenRotation }));
  const rotated = await exchange((await exchange(refresh)).RefreshToken);

  for (const { IdToken, AccessToken } of [plain, rotated]) {
    assert.equal((await verifier({ tokenUse: 'id', ...own }).verify(IdToken)).sub, user.sub);
    assert.equal((await verifier({ tokenUse: 'access', ...own }).verify(AccessToken)).sub, user.sub);
    await refuses('access', IdToken, CognitoJwtInvalidTokenUseError, own);
  }
});

test('the discovery document names the same issuer and keys', async () => {
  const issuer = `${server.endpoint}/${pool.userPoolId}`;
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
  assert.equal(answer.status, 200);
  const document = await answer.json();
  assert.equal(document.issuer, issuer);
  assert.equal(document.jwks_uri, pool.jwksUri);
});

test('a token with an altered payload is refused', async () => {
  for (const tokenUse of ['id', 'access']) {
    const [head, , signature] = tokens[tokenUse].split('.');
    const altered = { ...claims(tokens[tokenUse]), 'cognito:groups': ['admin'] };
    await refuses(tokenUse, `${head}.${encode(altered)}.${signature}`, JwtInvalidSignatureError);
  }
});

test('a token with an altered signature is refused', async () => {
  for (const tokenUse of ['id', 'access']) {
    const [head, body, signature] = tokens[tokenUse].split('.');
    const bytes = Buffer.from(signature, 'base64url');
    bytes[bytes.length >> 1] ^= 1;
    await refuses(tokenUse, `${head}.${body}.${bytes.toString('base64url')}`, JwtInvalidSignatureError);
  }
});

test("a token signed with the other kind's key, a stranger's key or none is refused", async () => {
  const [, body, signature] = tokens.access.split('.');
  const crossed = encode({ ...header(tokens.access), kid: header(tokens.id).kid });
  await refuses('access', `${crossed}.${body}.${signature}`, JwtInvalidSignatureError);

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const forge = (head) => {
    const content = `${encode(head)}.${body}`;
    return `${content}.${sign('RSA-SHA256', Buffer.from(content), privateKey).toString('base64url')}`;
  };
  await refuses('access', forge(header(tokens.access)), JwtInvalidSignatureError);
  await refuses('access', forge({ alg: 'RS256', kid: 'mine' }), KidNotFoundInJwksError);
  await refuses('access', forge({ ...header(tokens.access), alg: 'none' }), JwtInvalidSignatureAlgorithmError);
});

test('a token is good until its last second and refused after it', async (t) => {
  t.after(() => mock.timers.reset());
  for (const tokenUse of ['id', 'access']) {
    const { exp, iat } = claims(tokens[tokenUse]);
    assert.equal(exp - iat, 3600);
    const strict = verifier({ tokenUse });
    await strict.hydrate();

    // The verifier reads the clock of this process: it is set, the token is a real one.
    mock.timers.enable({ apis: ['Date'], now: (exp - 1) * 1000 });
    assert.equal(strict.verifySync(tokens[tokenUse]).sub, pool.user.sub);
    mock.timers.setTime((exp + 1) * 1000);
    assert.throws(() => strict.verifySync(tokens[tokenUse]), JwtExpiredError);
    mock.timers.reset();
  }
});

test('a token of another pool is refused', async () => {
  const other = await signedIn(server, client);
  for (const tokenUse of ['id', 'access']) {
    const foreign = other.tokens[tokenUse];
    await refuses(tokenUse, foreign, KidNotFoundInJwksError, { clientId: other.clientId });
    // Even with that pool's keys the issuer gives it away.
    const issuer = `${server.endpoint}/${pool.userPoolId}`;
    await refuses(tokenUse, foreign, JwtInvalidIssuerError, { of: other, clientId: other.clientId, issuer });
  }
});

test('a token for another app client is refused', async () => {
  await refuses('id', tokens.id, CognitoJwtInvalidClientIdError, { clientId: server.clientId });
  await refuses('access', tokens.access, CognitoJwtInvalidClientIdError, { clientId: server.clientId });
});

test('an ID token is no access token, nor the other way round', async () => {
  await refuses('access', tokens.id, CognitoJwtInvalidTokenUseError);
  await refuses('id', tokens.access, CognitoJwtInvalidTokenUseError);
});

test('CognitoJwtVerifier takes the tokens of a server that stands under the address of Amazon', async () => {
  const port = await freePort();
  const behind = await start({
    listen: `127.0.0.1:${port}`,
    args: ['--public-url', 'https://cognito-idp.us-east-1.amazonaws.com'],
  });
  const direct = { endpoint: `http://127.0.0.1:${port}`, region: behind.region };
  const through = sdk(direct);
  try {
    const made = await signedIn(direct, through);
    const jwks = await (await fetch(made.jwksUri)).json();
    const cognito = (tokenUse, clientId = made.clientId, userPoolId = made.userPoolId) => {
      const create = CognitoJwtVerifier.create({ userPoolId, tokenUse, clientId });
      create.cacheJwks(jwks);
      return create;
    };

    for (const tokenUse of ['id', 'access']) {
      const payload = cognito(tokenUse).verifySync(made.tokens[tokenUse]);
      assert.equal(payload.iss, `https://cognito-idp.us-east-1.amazonaws.com/${made.userPoolId}`);
      const otherClient = cognito(tokenUse, 'another');
      assert.throws(() => otherClient.verifySync(made.tokens[tokenUse]), CognitoJwtInvalidClientIdError);
      // It looks the issuer up among those it was made for, and says it has not been told of this one.
      const otherPool = cognito(tokenUse, made.clientId, 'us-east-1_Another01');
      assert.throws(() => otherPool.verifySync(made.tokens[tokenUse]), ParameterValidationError);
    }
    assert.throws(() => cognito('access').verifySync(made.tokens.id), CognitoJwtInvalidTokenUseError);
    assert.throws(() => cognito('id').verifySync(tokens.id), ParameterValidationError, 'of our other server');
  } finally {
    through.destroy();
    await behind.stop();
  }
});
