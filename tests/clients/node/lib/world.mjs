// What the suites do over and over: make a pool, make a user, read the message a user got, expect an AWS error.

import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';

export const PASSWORD = 'Correct-horse-1';
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Amazon's client with invented credentials, which `dev` admits. It never retries: an error is seen as it came. */
export function sdk({ endpoint, region }) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an-example' };
  return new CognitoIdentityProviderClient({ endpoint, region, credentials, maxAttempts: 1 });
}

/** A pool that confirms e-mail addresses, and a public client for all sign-in flows of the suites. */
export async function makePool(client, { pool = {}, app = {} } = {}) {
  const made = await client.send(
    new CreateUserPoolCommand({ PoolName: fresh('pool'), AutoVerifiedAttributes: ['email'], ...pool }),
  );
  const userPoolId = made.UserPool.Id;
  return { userPoolId, ...(await makeApp(client, userPoolId, app)) };
}

export async function makeApp(client, userPoolId, app = {}) {
  const { UserPoolClient: made } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: fresh('app'),
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      ...app,
    }),
  );
  return { clientId: made.ClientId, clientSecret: made.ClientSecret };
}

/** A confirmed user with PASSWORD, made by the administrator. */
export async function makeUser(client, userPoolId, { username = fresh('user'), attributes = {} } = {}) {
  const email = attributes.email ?? (username.includes('@') ? username : `${username}@example.com`);
  const all = { email, email_verified: 'true', ...attributes };
  const { User } = await client.send(
    new AdminCreateUserCommand({
      UserPoolId: userPoolId,
      Username: username,
      MessageAction: 'SUPPRESS',
      UserAttributes: Object.entries(all).map(([Name, Value]) => ({ Name, Value })),
    }),
  );
  const who = { UserPoolId: userPoolId, Username: username };
  await client.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }));
  return { username, email, sub: attribute(User.Attributes, 'sub') };
}

/** The newest message to an address, once there are at least `count`. */
export async function message({ endpoint }, to, count = 1) {
  for (let tries = 0; tries < 1500; tries += 1) {
    const answer = await fetch(`${endpoint}/dev/messages?to=${encodeURIComponent(to)}`);
    assert.equal(answer.status, 200);
    const messages = await answer.json();
    if (messages.length >= count) return messages[0];
    await pause(20); // sending may finish after the answer
  }
  assert.fail(`waited in vain for message ${count} to ${to}`);
}

export async function code(server, to, count = 1) {
  const { code: digits } = await message(server, to, count);
  assert.match(digits, /^\d{6}$/);
  return digits;
}

/** Another code of six digits. */
export function wrong(digits) {
  return digits === '000000' ? '000001' : '000000';
}

export function fresh(what) {
  return `${what}-${randomBytes(6).toString('hex')}`;
}

export function attribute(list, name) {
  return list.find((entry) => entry.Name === name)?.Value;
}

export function claims(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));
}

export function secretHash(username, { clientId, clientSecret }) {
  return createHmac('sha256', clientSecret).update(username + clientId).digest('base64');
}

/** Turns a callback of the older library into a promise: `await call((done) => user.getUserAttributes(done))`. */
export function call(work) {
  return new Promise((resolve, reject) => work((error, value) => (error ? reject(error) : resolve(value))));
}

/** localStorage's behaviour, which the libraries are written for: what is not there is null. */
export class LocalStorage {
  #items = new Map();
  setItem(key, value) {
    this.#items.set(key, String(value));
  }
  getItem(key) {
    return this.#items.get(key) ?? null;
  }
  removeItem(key) {
    this.#items.delete(key);
  }
  clear() {
    this.#items.clear();
  }
}
