// Calls of the Auth API with nothing but fetch, and what every answer of it has to be.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { PASSWORD, fresh } from './world.mjs';

/** The calls of one target's world. */
export function contractKit(world) {
  /** `{ status, headers, body }`; no body is undefined. */
  async function call(method, path, body, bearer) {
    const headers = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (bearer) headers.authorization = `Bearer ${bearer}`;
    const answer = await fetch(`${world.api}/v1${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    const kept = answer.headers.get('etag') ? 'private, no-cache' : 'no-store';
    if (path !== '/openapi.json') assert.equal(answer.headers.get('cache-control'), kept, path);
    if (text) assert.match(type, answer.ok ? /^application\/json$/ : /^application\/problem\+json$/, `${method} ${path}`);
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
  }
  const post = (path, body, bearer) => call('POST', path, body, bearer);
  const get = (path, bearer) => call('GET', path, undefined, bearer);
  const patch = (path, body, bearer) => call('PATCH', path, body, bearer);

  /** A good answer's body. */
  function good(answer, status = 200) {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    return answer.body;
  }

  /** Asserts that it is a problem document of RFC 9457 with this status and code. */
  function problem(answer, status, code) {
    const { body } = answer;
    assert.deepEqual([answer.status, body?.code], [status, code], JSON.stringify(body));
    assert.equal(body.status, status);
    assert.equal(body.type, `urn:cognate:problem:${code}`);
    assert.ok(body.title && body.detail, 'a sentence for people');
    assert.match(body.traceId, /^[0-9a-f]{32}$/);
    assert.ok(answer.headers.get('traceparent').includes(body.traceId));
    if (status === 429) assert.ok(Number(answer.headers.get('retry-after')) >= 1);
    return body;
  }

  /** Asserts that two answers cannot be told apart. */
  function same(one, other) {
    const told = ({ status, body }) => ({ status, body: body && { ...body, traceId: undefined } });
    assert.deepEqual(told(one), told(other));
  }

  const email = (name = 'ann') => `${fresh(name)}@example.com`;

  /** Signed up, and not yet confirmed. */
  async function waiting() {
    const address = email();
    good(await post('/auth/sign-up', { email: address, password: PASSWORD, name: 'Ann' }), 201);
    return address;
  }

  async function person() {
    const address = await waiting();
    good(await post('/auth/sign-up/confirm', { identifier: address, code: await world.code(address) }), 204);
    return address;
  }

  /** The mail of this server to an address that says this; it may still be on its way. */
  async function letter(address, says) {
    for (let tries = 0; tries < 500; tries += 1) {
      const found = (await world.letters(address)).find((text) => text.includes(says));
      if (found) return found;
      await pause(20);
    }
    return assert.fail(`waited in vain for a mail to ${address} that says ${says}`);
  }

  const signIn = (identifier, password = PASSWORD) => post('/auth/sign-in', { identifier, password });
  const refresh = (refreshToken) => post('/auth/token/refresh', { refreshToken });

  async function session(identifier, password = PASSWORD) {
    return good(await signIn(identifier, password));
  }

  /** The bearer of somebody who is signed in. */
  async function member() {
    const { accessToken } = await session(await person());
    return accessToken;
  }

  return { call, member, post, get, patch, good, problem, same, email, waiting, person, letter, signIn, refresh, session };
}

/** A token whose signature belongs to another one. */
export function altered(token) {
  const [head, claims, signature] = token.split('.');
  return `${head}.${claims}.${[...signature].reverse().join('')}`;
}
