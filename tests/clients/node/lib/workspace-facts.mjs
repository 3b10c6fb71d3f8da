// The contract of workspaces: who makes one owns it, others come by invitation, and nobody else learns of it.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { UUID } from './world.mjs';

export const workspaceFacts = [
  ['workspace', 'whoever makes one is its owner, and it is nobody else’s', async (_, kit) => {
    const { get, post, patch, good, problem, member } = kit;
    const [ann, eve] = [await member(), await member()];
    const { id, ...made } = good(await post('/workspaces', { name: 'Works' }, ann), 201);
    assert.match(id, UUID);
    assert.deepEqual([made.name, made.state, made.role], ['Works', 'active', 'owner']);
    const { workspaces } = good(await get('/me', ann));
    assert.deepEqual(workspaces.map((one) => [one.id, one.role]), [[id, 'owner']]);
    assert.deepEqual(good(await get('/workspaces', eve)), { items: [] });

    const strangers = [await get(`/workspaces/${id}`, eve), await get(`/workspaces/${randomUUID()}`, eve)];
    for (const answer of strangers) problem(answer, 403, 'tenant_forbidden');
    problem(await patch(`/workspaces/${id}`, { name: 'Eve’s' }, eve), 403, 'tenant_forbidden');
    assert.equal(good(await patch(`/workspaces/${id}`, { name: 'Mill' }, ann)).name, 'Mill');
  }],
  ['workspace.invitation', 'whoever brings the token of an invitation is a member, once', async (_, kit) => {
    const { get, post, call, good, problem, member, person, letter, session } = kit;
    const [ann, eve] = [await member(), await member()];
    const { id } = good(await post('/workspaces', { name: 'Works' }, ann), 201);
    const address = await person();
    const { accessToken: ben } = await session(address);
    good(await post(`/workspaces/${id}/invitations`, { email: address, role: 'member' }, ann), 201);
    const [token] = (await letter(address, 'Works')).match(/[A-Za-z0-9_-]{40,}/);
    good(await post('/invitations/accept', { token }, ben), 201);
    problem(await post('/invitations/accept', { token }, eve), 422, 'code_rejected');

    const { items } = good(await get(`/workspaces/${id}/members`, ben));
    assert.deepEqual(items.map(({ role }) => role).sort(), ['member', 'owner']);
    problem(await post(`/workspaces/${id}/invitations`, { email: address, role: 'owner' }, ben), 403, 'forbidden');
    const [owner] = items.filter(({ role }) => role === 'owner');
    const mine = good(await get('/me', ann)).id;
    assert.equal(owner.subjectId ?? owner.id, mine);
    problem(await call('DELETE', `/workspaces/${id}/members/${mine}`, undefined, ann), 409, 'last_owner');
    const his = good(await get('/me', ben)).id;
    good(await call('DELETE', `/workspaces/${id}/members/${his}`, undefined, ben), 204);
    problem(await get(`/workspaces/${id}`, ben), 403, 'tenant_forbidden');
  }],
  ['workspace.decision', 'what roles allow there is decided for the application', async (_, kit) => {
    const { post, good, member } = kit;
    const [ann, eve] = [await member(), await member()];
    const { id: tenant } = good(await post('/workspaces', { name: 'Works' }, ann), 201);
    const question = { action: 'documents:write', resource: 'projects/a1', tenant };
    const asked = async (bearer) => good(await post('/authorization/decisions', question, bearer));
    assert.deepEqual([(await asked(ann)).allowed, (await asked(eve)).reason], [true, 'not_a_member']);
  }],
];
