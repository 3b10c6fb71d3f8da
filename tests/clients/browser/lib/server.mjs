// Starts the running binary for a suite and stops it again, and talks to it as an administrator. `dev` admits calls without a
// signature.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? path.resolve(HERE, '../../../../target');
const BINARY = process.env.COGNATE_BIN ?? path.join(TARGET, 'debug/cognate');
// A folder of pages to try, without building them in.
const PAGES = process.env.COGNATE_BROWSER_PAGES;

export const PASSWORD = 'Correct-horse-1';

/** The server's own first line (endpoint, userPoolId, clientId, loginUrl, ..), `stop`, and what an administrator does. */
export async function startServer() {
  const folder = await mkdtemp(path.join(tmpdir(), 'cognate-browser-'));
  const args = ['dev', '--ephemeral', '--json', '--listen', '127.0.0.1:0', ...(PAGES ? ['--pages', PAGES] : [])];
  const child = spawn(BINARY, args, {
    cwd: folder,
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COGNATE_'))),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line').then(([line]) => line), ended]);
  if (typeof first !== 'string') {
    await rm(folder, { recursive: true, force: true });
    throw first.error ?? new Error(`${BINARY} ended (${first.code ?? first.signal}) before it was ready:\n${log}`);
  }
  lines.on('line', () => {}); // what follows is read, so that the pipe never fills

  const stop = async () => {
    child.kill('SIGTERM');
    const end = await ended;
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(end, { code: 0, signal: null }, `the server did not end well on SIGTERM:\n${log}`);
    assert.doesNotMatch(log, /ERROR|panicked/, 'the server logged a fault of its own');
  };
  const said = JSON.parse(first);
  return { ...said, port: new URL(said.endpoint).port, stop, call: (operation, input) => call(said, operation, input) };
}

async function call({ endpoint }, operation, input) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${operation}: ${text}`);
  return text ? JSON.parse(text) : {};
}

let domains = 0;

/** A pool with a login domain of its own, and one public client whose only callback is `callback`. */
export async function makePool(server, { callback, pool = {}, client = {} }) {
  const { UserPool } = await server.call('CreateUserPool', {
    PoolName: 'browser',
    AutoVerifiedAttributes: ['email'],
    ...pool,
  });
  const userPoolId = UserPool.Id;
  const domain = `browser-${(domains += 1)}`;
  await server.call('CreateUserPoolDomain', { UserPoolId: userPoolId, Domain: domain });
  const made = await server.call('CreateUserPoolClient', {
    UserPoolId: userPoolId,
    ClientName: 'Example shop',
    CallbackURLs: [callback],
    LogoutURLs: [`${callback}/bye`],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile'],
    SupportedIdentityProviders: ['COGNITO'],
    PreventUserExistenceErrors: 'ENABLED',
    ...client,
  });
  const origin = `http://${domain}.auth.localhost:${server.port}`;
  const clientId = made.UserPoolClient.ClientId;
  const asked = { client_id: clientId, response_type: 'code', scope: 'openid email', redirect_uri: callback };
  return {
    origin,
    userPoolId,
    clientId,
    callback,
    /** A page with the authorization request, and whatever else is asked for; `undefined` takes a parameter away. */
    url(page, more = {}) {
      const all = Object.entries({ ...asked, state: 'st-1', ...more }).filter(([, value]) => value !== undefined);
      return `${origin}${page}?${new URLSearchParams(all)}`;
    },
  };
}

/** A confirmed user with PASSWORD; with `temporary`, somebody who must choose another. */
export async function makeUser(server, { userPoolId }, username, { attributes = {}, temporary = false } = {}) {
  const all = { email: `${username}@example.com`, email_verified: 'true', ...attributes };
  await server.call('AdminCreateUser', {
    UserPoolId: userPoolId,
    Username: username,
    MessageAction: 'SUPPRESS',
    TemporaryPassword: PASSWORD,
    UserAttributes: Object.entries(all).map(([Name, Value]) => ({ Name, Value })),
  });
  if (temporary) return;
  const password = { UserPoolId: userPoolId, Username: username, Password: PASSWORD, Permanent: true };
  await server.call('AdminSetUserPassword', password);
}

export async function messagesTo({ endpoint }, to) {
  const answer = await fetch(`${endpoint}/dev/messages?to=${encodeURIComponent(to)}`);
  assert.equal(answer.status, 200);
  return answer.json();
}

/** The code of the newest message to an address, once there are `count` of them. */
export async function codeTo(server, to, count = 1) {
  for (let tries = 0; tries < 500; tries += 1) {
    const messages = await messagesTo(server, to);
    if (messages.length >= count) return messages[0].code;
    await pause(20); // sending may finish after the answer
  }
  return assert.fail(`waited in vain for message ${count} to ${to}`);
}

/** What applications do with a code, by whatever name the login domain has on this machine. */
export function redeem(server, pool, code) {
  const form = { grant_type: 'authorization_code', code, client_id: pool.clientId, redirect_uri: pool.callback };
  return post(server, pool, '/oauth2/token', form);
}

/** What a device is given to begin with. */
export async function beginDevice(server, pool) {
  const form = { client_id: pool.clientId, scope: 'openid email' };
  const answer = await post(server, pool, '/oauth2/device_authorization', form);
  assert.equal(answer.status, 200);
  return answer.json();
}

/** It asks whether somebody has let it in. */
export function askForDevice(server, pool, { device_code }) {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  return post(server, pool, '/oauth2/token', { grant_type, device_code, client_id: pool.clientId });
}

function post(server, pool, path, form) {
  const domain = new URL(pool.origin).host.split('.')[0];
  return fetch(`${server.endpoint}/domains/${domain}${path}`, { method: 'POST', body: new URLSearchParams(form) });
}
