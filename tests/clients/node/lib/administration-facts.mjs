// The contract of support's tools: whoever has a role of the platform's finds people, invites, disables and resets, and each change is in the log.

import assert from 'node:assert/strict';
import { UUID } from './world.mjs';

const SECOND = 'Second-horse-22';

/** Somebody as support sees them. */
export async function found(world, { get, person, session, good }) {
  const administrator = await world.administrator();
  const address = await person();
  const own = await session(address);
  good(await get('/me', own.accessToken)); // the first call
  const { items } = good(await get(`/admin/users?sub=${own.user.sub}`, administrator));
  assert.equal(items.length, 1);
  return { administrator, address, own, user: items[0] };
}

export const administrationFacts = [
  ['admin.forbidden', 'support’s tools are for those with a role of the platform’s', async (_, { get, post, member, problem }) => {
    const bearer = await member();
    for (const path of ['/admin/users?name=A', '/admin/roles', '/admin/grants', '/admin/policies', '/admin/audit']) {
      problem(await get(path, bearer), 403, 'forbidden');
      problem(await get(path), 401, 'unauthenticated');
    }
    problem(await post('/admin/users', { email: 'eve@example.com' }, bearer), 403, 'forbidden');
  }],
  ['admin.find', 'people are found by sub and by address', async (world, kit) => {
    const { administrator, address, own, user } = await found(world, kit);
    assert.deepEqual([user.provider, user.providerSubject, user.email], [world.provider, own.user.sub, address]);
    const { items } = kit.good(await kit.get(`/admin/users?email=${encodeURIComponent(address)}`, administrator));
    assert.deepEqual(items.map(({ id }) => id), [user.id]);
    const { recentSignIns, signIns } = kit.good(await kit.get(`/admin/users/${user.id}`, administrator));
    assert.equal((recentSignIns ?? signIns).length, 1);
  }],
  ['admin.invite', 'somebody is invited, once', async (world, { get, post, email, signIn, good, problem }) => {
    const administrator = await world.administrator();
    const address = email();
    const invited = good(await post('/admin/users', { email: address, name: 'Ben', plan: 'pro' }, administrator), 201);
    assert.match(invited.id, UUID);
    assert.deepEqual([invited.email, invited.plan, invited.provider], [address, 'pro', world.provider]);
    problem(await post('/admin/users', { email: address }, administrator), 409, 'conflict');
    problem(await signIn(address, 'Wrong-horse-99'), 401, 'invalid_credentials');
    const { items } = good(await get(`/admin/audit?kind=subject&target=${invited.id}`, administrator));
    assert.deepEqual(items.map(({ action }) => action).sort(), ['subject.create', 'subject.invite']);
  }],
  ['admin.disable', 'who is disabled may do nothing, with no token, until they are enabled', async (world, kit) => {
    const { administrator, address, own, user } = await found(world, kit);
    const { get, patch, session, signIn, good, problem } = kit;
    const turn = async (state) => good(await patch(`/admin/users/${user.id}`, { state }, administrator));
    const off = await turn('disabled');
    assert.deepEqual([off.state, off.providerAccount], ['disabled', 'changed']);
    problem(await get('/me', own.accessToken), 403, 'account_disabled');
    assert.notEqual((await signIn(address)).status, 200);
    const on = await turn('active');
    assert.deepEqual([on.state, on.providerAccount], ['active', 'changed']);
    good(await get('/me', (await session(address)).accessToken));
  }],
  ['admin.reset', 'a password is made useless, and a code brings the next one', async (world, kit) => {
    const { administrator, address, user } = await found(world, kit);
    const { post, session, signIn, good } = kit;
    good(await post(`/admin/users/${user.id}/password-resets`, {}, administrator), 204);
    assert.notEqual((await signIn(address)).status, 200);
    const code = await world.code(address, 2);
    const next = { identifier: address, code, newPassword: SECOND };
    good(await post('/auth/password-resets/confirm', next), 204);
    await session(address, SECOND);
  }],
  ['admin.plan', 'plans are given, the directory’s own way, and noted', async (world, kit) => {
    const { administrator, own, user } = await found(world, kit);
    const { get, patch, good, problem } = kit;
    good(await patch(`/admin/users/${user.id}`, { plan: 'gold', entitlements: ['reports'] }, administrator));
    const me = good(await get('/me', own.accessToken));
    assert.deepEqual([me.plan, me.entitlements], ['gold', ['reports']]);
    problem(await patch(`/admin/users/${user.id}`, { platformRole: 'nobody_knows' }, administrator), 400, 'validation_failed');
    const { items } = good(await get(`/admin/audit?kind=subject&target=${user.id}`, administrator));
    assert.deepEqual(items.map(({ action }) => action), ['subject.update']);
  }],
];
