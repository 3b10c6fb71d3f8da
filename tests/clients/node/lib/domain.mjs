// A pool with a login domain, the app clients that sign people in there, and the way to it for programs whose resolver
// does not know names below localhost.

import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { CreateUserPoolDomainCommand } from '@aws-sdk/client-cognito-identity-provider';
import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { fresh, makeApp, makePool } from './world.mjs';

export const CALLBACK = 'https://shop.example.com/cb';
export const SIGNED_OUT = 'https://shop.example.com/bye';
export const SCOPES = ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'];

/** A pool with a login domain. `prefix` is its first name. */
export async function makeLoginPool(client, more = {}) {
  const pool = await makePool(client, { pool: more });
  const prefix = fresh('shop').toLowerCase();
  await client.send(new CreateUserPoolDomainCommand({ UserPoolId: pool.userPoolId, Domain: prefix }));
  return { ...pool, prefix };
}

/** An app client for the code flow. */
export function makeLoginApp(client, { userPoolId }, more = {}) {
  return makeApp(client, userPoolId, {
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: SCOPES,
    CallbackURLs: [CALLBACK],
    LogoutURLs: [SIGNED_OUT],
    SupportedIdentityProviders: ['COGNITO'],
    ...more,
  });
}

const NEAR = /(^|\.)localhost$|^127\.0\.0\.1$/;

/** Whether a server of a test can be meant. */
export function isNear(url) {
  return NEAR.test(new URL(url).hostname);
}

/** `fetch` for names below localhost: the connection goes to this machine, the Host stays. It follows no redirect. */
export function local(url, { method, headers, body } = {}) {
  assert.ok(isNear(url), `${url} is no address of a test`);
  const { protocol, port, pathname, search, host } = new URL(url);
  const sent = { ...Object.fromEntries(new Headers(headers)), host };
  // The certificate of a test is nobody's.
  const to = { host: '127.0.0.1', port, path: pathname + search, rejectUnauthorized: false };
  const { request } = protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request({ ...to, method, headers: sent }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const empty = [204, 304].includes(answer.statusCode);
        const all = new Headers();
        for (let at = 0; at < answer.rawHeaders.length; at += 2) {
          all.append(answer.rawHeaders[at], answer.rawHeaders[at + 1]);
        }
        resolve(new Response(empty ? null : Buffer.concat(parts), { status: answer.statusCode, headers: all }));
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined || body === null ? undefined : String(body));
  });
}

/** The same for libraries that take an agent. */
export function localAgent() {
  const lookup = (_, options, done) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
  return new http.Agent({ lookup });
}

/** The claims of a token, proved by what the issuer publishes alone. `audience` is null for access tokens. */
export async function verified(token, issuer, audience) {
  const { jwks_uri: jwksUri } = await (await local(`${issuer}/.well-known/openid-configuration`)).json();
  const jwksCache = new SimpleJwksCache();
  jwksCache.addJwks(jwksUri, await (await local(jwksUri)).json());
  return JwtVerifier.create({ issuer, audience, jwksUri }, { jwksCache }).verify(token);
}
