// The contract of what the directory says of whoever calls: the application's own users, made by their first call or by a provider's event.

import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { UUID } from './world.mjs';

const callers = [
  ['me', 'the first call makes the app user, and all later ones find it', async (world, kit) => {
    const { get, patch, person, session, good, problem } = kit;
    const address = await person();
    const { accessToken, user } = await session(address);
    const firsts = await Promise.all(Array.from({ length: 10 }, () => get('/me', accessToken)));
    const [me] = firsts.map((answer) => good(answer));
    assert.equal(new Set(firsts.map(({ body }) => body.id)).size, 1);
    assert.match(me.id, UUID);
    assert.deepEqual(
      [me.kind, me.provider, me.providerSubject, me.email, me.plan, me.onboarding],
      ['user', world.provider, user.sub, address, 'free', 'new'],
    );
    const changed = good(await patch('/me', { displayName: 'Ann A.', onboarding: 'done' }, accessToken));
    assert.deepEqual([changed.id, changed.displayName, changed.onboarding], [me.id, 'Ann A.', 'done']);
    problem(await patch('/me', { plan: 'gold' }, accessToken), 400, 'validation_failed');
    const again = await session(address);
    assert.equal(good(await get('/me', again.accessToken)).displayName, 'Ann A.');
  }],
  ['me.name', 'by the name that the provider tells', async (_, { get, person, session, good }) => {
    const { accessToken } = await session(await person());
    assert.equal(good(await get('/me', accessToken)).name, 'Ann');
  }],
  ['subject', 'who calls, without a word of the provider’s states', async (world, { get, person, session, good }) => {
    const address = await person();
    const { accessToken, user } = await session(address);
    const { id, name, ...rest } = good(await get('/auth/subject', accessToken));
    assert.match(id, UUID);
    assert.deepEqual(rest, {
      kind: 'user', provider: world.provider, providerSubject: user.sub, email: address, tenants: [], onboarding: 'new',
    });
  }],
  ['catalogue', 'roles and what they allow have a version', async (world, { get, person, session, good }) => {
    const { accessToken } = await session(await person());
    const first = await get('/auth/authorization-catalog', accessToken);
    assert.ok(good(first).roles.some(({ key }) => key === 'owner'));
    const headers = { authorization: `Bearer ${accessToken}`, 'if-none-match': first.headers.get('etag') };
    const again = await fetch(`${world.api}/v1/auth/authorization-catalog`, { headers });
    assert.equal(again.status, 304);
  }],
  ['decision', 'who belongs nowhere may do nothing, and is told why', async (_, { post, person, session, good }) => {
    const { accessToken } = await session(await person());
    const asked = await post('/authorization/decisions', { action: 'documents:read', resource: 'projects/a1' }, accessToken);
    assert.deepEqual([good(asked).allowed, asked.body.reason], [false, 'no_grant']);
  }],
  ['directory.bearer', 'nobody is known without an access token', async (_, { get, person, session, problem }) => {
    const { idToken } = await session(await person());
    for (const path of ['/me', '/auth/subject', '/auth/authorization-catalog']) {
      for (const token of [idToken, 'made-up', undefined]) problem(await get(path, token), 401, 'unauthenticated');
    }
  }],
  ['webhook', 'a provider’s event makes the app user before they call', async (world, kit) => {
    const { get, person, session, good, problem } = kit;
    const address = await person();
    const { accessToken, user } = await session(address);
    const event = (userPoolId) => ({
      triggerSource: 'PostConfirmation_ConfirmSignUp',
      userPoolId,
      userName: user.sub,
      request: { userAttributes: { sub: user.sub, email: address, name: 'Ann of the event' } },
      response: {},
    });
    problem(await told(world, event('eu-central-1_Another')), 400, 'validation_failed');
    problem(await told(world, event(world.webhook.userPoolId), 'another secret of thirty bytes'), 401, 'unauthenticated');
    for (let times = 0; times < 2; times += 1) {
      assert.equal((await told(world, event(world.webhook.userPoolId))).status, 204);
    }
    assert.equal(good(await get('/me', accessToken)).name, 'Ann of the event');
  }],
];

/** An event as Standard Webhooks sign it. */
async function told(world, event, secret = world.webhook.secret) {
  const [id, at, body] = [randomUUID(), String(Math.floor(Date.now() / 1000)), JSON.stringify(event)];
  const signature = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}`,
  };
  const answer = await fetch(`${world.api}/v1/auth/webhook`, { method: 'POST', headers, body });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

export const directoryFacts = callers;
