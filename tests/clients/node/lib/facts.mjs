// The contract of `/v1`, fact by fact: `[name, what it says, the test]`. A fact is as small as what a provider may lack.

import assert from 'node:assert/strict';
import { altered } from './contract.mjs';
import { administrationFacts } from './administration-facts.mjs';
import { directoryFacts } from './directory-facts.mjs';
import { workspaceFacts } from './workspace-facts.mjs';
import { PASSWORD, UUID, claims } from './world.mjs';

const SECOND = 'Second-horse-22';
const WRONG = 'Wrong-horse-99';
const WEAK = 'weak';
const MASKED = { channel: 'email', destination: 'a***@e***' };
const WAITING = { requiresConfirmation: true, canSignIn: false, delivery: MASKED };

const signingUp = [
  ['sign-up', 'an account is opened, and where the code went is told masked', async (_, { post, email, good }) => {
    const made = await post('/auth/sign-up', { email: email(), password: PASSWORD, name: 'Ann' });
    assert.deepEqual(good(made, 201), WAITING);
  }],
  ['sign-up.taken', 'an address that is taken gets the same answer', async (_, { post, person, session, same }) => {
    const taken = await person();
    const again = (email) => post('/auth/sign-up', { email, password: SECOND, name: 'Eve' });
    same(await again(taken), await again(`a${taken}`));
    await session(taken);
  }],
  ['sign-up.notice', 'and its owner a mail that says so', async (world, { post, person, good, letter }) => {
    const taken = await person();
    good(await post('/auth/sign-up', { email: taken, password: SECOND }), 201);
    assert.match(await letter(taken, 'has an account already'), /password/);
  }],
  ['sign-up.weak', 'a weak password opens nothing', async (_, { post, email, signIn, problem }) => {
    const address = email();
    problem(await post('/auth/sign-up', { email: address, password: WEAK }), 422, 'password_rejected');
    problem(await signIn(address, WEAK), 401, 'invalid_credentials');
  }],
  ['confirm', 'the code confirms, and the person signs in', async (_, { person, session }) => {
    await session(await person());
  }],
  ['confirm.wrong', 'a wrong code does not', async (world, { post, waiting, problem }) => {
    const address = await waiting();
    const code = world.wrong(await world.code(address));
    problem(await post('/auth/sign-up/confirm', { identifier: address, code }), 422, 'code_rejected');
  }],
  ['confirm.nobody', 'nobody is confirmed who is not there, and that is not told', async (_, { post, email, problem }) => {
    problem(await post('/auth/sign-up/confirm', { identifier: email(), code: '123456' }), 422, 'code_rejected');
  }],
  ['sign-in.unconfirmed', 'who is not confirmed is asked for that', async (_, { waiting, signIn, problem }) => {
    const address = await waiting();
    problem(await signIn(address), 403, 'confirmation_required');
    problem(await signIn(address, WRONG), 401, 'invalid_credentials');
  }],
  ['resend', 'the code is sent again, and nobody learns who waits for it', async (world, kit) => {
    const { post, waiting, person, email, good, same } = kit;
    const resend = (identifier) => post('/auth/sign-up/resend-confirmation', { identifier });
    const address = await waiting();
    const again = await resend(address);
    assert.deepEqual(good(again, 202), { delivery: MASKED });
    same(again, await resend(await person()));
    same(again, await resend(email()));
    good(await post('/auth/sign-up/confirm', { identifier: address, code: await world.code(address, 2) }), 204);
  }],
];

const signingIn = [
  ['sign-in', 'a session says whose it is', async (world, { person, session }) => {
    const address = await person();
    const began = Date.now();
    const { user, accessToken, idToken, refreshToken, tokenType, expiresIn, expiresAt } = await session(address);
    assert.deepEqual([user.provider, user.email, tokenType], [world.provider, address, 'Bearer']);
    assert.match(user.sub, UUID);
    for (const [token, use] of [[accessToken, 'access'], [idToken, 'id']]) {
      assert.deepEqual([claims(token).sub, claims(token).token_use], [user.sub, use]);
    }
    assert.ok(refreshToken && expiresIn > 0);
    assert.ok(Math.abs(Date.parse(expiresAt) - began - expiresIn * 1000) < 10_000);
  }],
  ['sign-in.name', 'and by what name', async (_, { person, session }) => {
    const { user } = await session(await person());
    assert.equal(user.name, 'Ann');
  }],
  ['sign-in.wrong', 'a wrong password and nobody are the same', async (_, { person, email, signIn, problem, same }) => {
    const [wrong, nobody] = [await signIn(await person(), WRONG), await signIn(email(), WRONG)];
    problem(wrong, 401, 'invalid_credentials');
    same(wrong, nobody);
  }],
  ['challenge.new-password', 'a temporary password is replaced before there is a session', async (world, kit) => {
    const { post, email, signIn, session, good } = kit;
    const address = email();
    const { challenge } = good(await signIn(address, await world.invited(address)));
    assert.equal(challenge.type, 'new_password');
    assert.ok(Date.parse(challenge.expiresAt) > Date.now());
    assert.deepEqual(challenge.parameters, { requiredAttributes: [] });
    const answered = await post('/auth/challenges/new-password', { session: challenge.session, newPassword: SECOND });
    assert.match(good(answered).user.sub, UUID);
    assert.equal((await session(address, SECOND)).user.sub, answered.body.user.sub);
  }],
  ['challenge.new-password.weak', 'not by a weak one', async (world, { post, email, signIn, good, problem }) => {
    const address = email();
    const { challenge } = good(await signIn(address, await world.invited(address)));
    const answered = await post('/auth/challenges/new-password', { session: challenge.session, newPassword: WEAK });
    problem(answered, 422, 'password_rejected');
  }],
  ['challenge.session', 'a session of one challenge, or an altered one, answers no other', async (world, kit) => {
    const { post, email, signIn, good, problem } = kit;
    const address = email();
    const { challenge: { session } } = good(await signIn(address, await world.invited(address)));
    for (const kind of ['software-token', 'sms-code', 'email-code', 'select', 'custom']) {
      problem(await post(`/auth/challenges/${kind}`, { session, code: '123456' }), 401, 'challenge_failed');
    }
    const wrong = `${session.slice(0, -4)}${session.at(-4) === 'A' ? 'B' : 'A'}${session.slice(-3)}`;
    const answered = await post('/auth/challenges/new-password', { session: wrong, newPassword: SECOND });
    problem(answered, 401, 'challenge_failed');
  }],
  ['challenge.software-token', 'whoever has an authenticator is asked for its code', async (world, kit) => {
    const { post, person, signIn, session, good } = kit;
    const address = await person();
    const own = await session(address);
    const next = await world.softwareToken(own);
    const { challenge } = good(await signIn(address));
    assert.equal(challenge.type, 'software_token');
    const answered = await post('/auth/challenges/software-token', { session: challenge.session, code: await next() });
    assert.equal(good(answered).user.sub, own.user.sub);
    const verified = await post('/auth/password-verifications', { password: PASSWORD }, answered.body.accessToken);
    assert.deepEqual(good(verified), { verified: true }, 'a challenge that would follow means that it is right');
  }],
  ['challenge.software-token.wrong', 'a wrong code is none', async (world, kit) => {
    const { post, person, signIn, session, good, problem } = kit;
    const address = await person();
    await world.softwareToken(await session(address));
    const { challenge } = good(await signIn(address));
    const answered = await post('/auth/challenges/software-token', { session: challenge.session, code: '000000' });
    problem(answered, 401, 'challenge_failed');
  }],
];

const goingOn = [
  ['refresh', 'a refresh token gives the next session', async (_, { post, person, session, refresh, good }) => {
    const first = await session(await person());
    const next = good(await refresh(first.refreshToken));
    assert.deepEqual([next.user.sub, next.user.provider], [first.user.sub, first.user.provider]);
    good(await post('/auth/password-verifications', { password: PASSWORD }, next.accessToken));
  }],
  ['refresh.sdk', 'so does one that the provider gave to its own SDK', async (world, { person, refresh, good }) => {
    const address = await person();
    const own = await world.ownSession(address, PASSWORD);
    assert.equal(good(await refresh(own.refreshToken)).user.sub, own.sub);
  }],
  ['refresh.rejected', 'nothing else does', async (_, { person, session, refresh, problem }) => {
    const { accessToken, idToken, refreshToken } = await session(await person());
    for (const token of ['made-up', accessToken, idToken, `${refreshToken}x`]) {
      problem(await refresh(token), 401, 'refresh_rejected');
    }
  }],
  ['sign-out', 'signing out ends all sessions of a person', async (_, { post, person, session, refresh, good, problem }) => {
    const address = await person();
    const [phone, laptop] = [await session(address), await session(address)];
    good(await post('/auth/sign-out', {}, laptop.accessToken), 204);
    for (const ended of [phone, laptop]) problem(await refresh(ended.refreshToken), 401, 'refresh_rejected');
    problem(await post('/auth/sign-out', {}, phone.accessToken), 401, 'unauthenticated');
  }],
  ['sign-out.one', 'or the one of a refresh token', async (_, { post, person, session, refresh, good, problem }) => {
    const address = await person();
    const [phone, laptop] = [await session(address), await session(address)];
    good(await post('/auth/sign-out', { refreshToken: phone.refreshToken }, laptop.accessToken), 204);
    problem(await refresh(phone.refreshToken), 401, 'refresh_rejected');
    good(await refresh(laptop.refreshToken));
  }],
  ['sign-out.foreign', 'which has to be the caller’s own', async (_, { post, person, session, refresh, good, problem }) => {
    const [ann, eve] = [await session(await person()), await session(await person())];
    problem(await post('/auth/sign-out', { refreshToken: ann.refreshToken }, eve.accessToken), 401, 'refresh_rejected');
    good(await refresh(ann.refreshToken));
  }],
  ['bearer', 'a bearer is an access token that nobody altered', async (_, { post, person, session, problem }) => {
    const { accessToken, idToken, refreshToken } = await session(await person());
    for (const token of [altered(accessToken), idToken, refreshToken, 'made-up', undefined]) {
      const asked = await post('/auth/password-verifications', { password: PASSWORD }, token);
      problem(asked, 401, 'unauthenticated');
      assert.equal(asked.headers.get('www-authenticate'), 'Bearer');
    }
  }],
];

const passwords = [
  ['reset', 'a code replaces a forgotten password, once', async (world, kit) => {
    const { post, person, session, signIn, good, problem } = kit;
    const address = await person();
    assert.deepEqual(good(await post('/auth/password-resets', { identifier: address }), 202), { delivery: MASKED });
    const code = await world.code(address, 2);
    const finish = (newPassword) => post('/auth/password-resets/confirm', { identifier: address, code, newPassword });
    good(await finish(SECOND), 204);
    await session(address, SECOND);
    problem(await signIn(address), 401, 'invalid_credentials');
    problem(await finish(PASSWORD), 422, 'code_rejected');
  }],
  ['reset.nobody', 'whether somebody is there is not told', async (_, { post, person, email, same, problem }) => {
    const begin = (identifier) => post('/auth/password-resets', { identifier });
    same(await begin(await person()), await begin(email()));
    const finish = { identifier: email(), code: '123456', newPassword: SECOND };
    problem(await post('/auth/password-resets/confirm', finish), 422, 'code_rejected');
  }],
  ['reset.wrong', 'a wrong code replaces nothing', async (world, { post, person, session, good, problem }) => {
    const address = await person();
    good(await post('/auth/password-resets', { identifier: address }), 202);
    const code = world.wrong(await world.code(address, 2));
    const wrong = await post('/auth/password-resets/confirm', { identifier: address, code, newPassword: SECOND });
    problem(wrong, 422, 'code_rejected');
    await session(address);
  }],
  ['reset.weak', 'nor does a weak password', async (world, { post, person, session, good, problem }) => {
    const address = await person();
    good(await post('/auth/password-resets', { identifier: address }), 202);
    const code = await world.code(address, 2);
    const weak = await post('/auth/password-resets/confirm', { identifier: address, code, newPassword: WEAK });
    problem(weak, 422, 'password_rejected');
    await session(address);
  }],
  ['verify', 'a password is checked again', async (_, { post, person, session, good }) => {
    const { accessToken } = await session(await person());
    const verify = (password) => post('/auth/password-verifications', { password }, accessToken);
    assert.deepEqual(good(await verify(PASSWORD)), { verified: true });
    assert.deepEqual(good(await verify(WRONG)), { verified: false });
  }],
  ['change', 'a password is changed', async (_, { patch, person, session, signIn, good, problem }) => {
    const address = await person();
    const { accessToken } = await session(address);
    good(await patch('/auth/password', { currentPassword: PASSWORD, newPassword: SECOND }, accessToken), 204);
    await session(address, SECOND);
    problem(await signIn(address), 401, 'invalid_credentials');
  }],
  ['change.wrong', 'by whoever knows it', async (_, { patch, person, session, problem }) => {
    const address = await person();
    const { accessToken } = await session(address);
    const wrong = await patch('/auth/password', { currentPassword: WRONG, newPassword: SECOND }, accessToken);
    problem(wrong, 403, 'forbidden');
    await session(address);
  }],
  ['change.weak', 'to a good one', async (_, { patch, person, session, problem }) => {
    const address = await person();
    const { accessToken } = await session(address);
    const weak = await patch('/auth/password', { currentPassword: PASSWORD, newPassword: WEAK }, accessToken);
    problem(weak, 422, 'password_rejected');
    await session(address);
  }],
  ['reminder', 'a reminder says the same whether an address is known or not', async (_, { post, person, email, good, same }) => {
    const remind = (address) => post('/auth/identifier-reminders', { email: address });
    const known = await remind(await person());
    assert.deepEqual(good(known, 202), {});
    same(known, await remind(email()));
  }],
  ['reminder.mail', 'and is a mail to its owner alone', async (world, { post, person, email, good, letter }) => {
    const [address, nobody] = [await person(), email()];
    for (const one of [nobody, address]) good(await post('/auth/identifier-reminders', { email: one }), 202);
    assert.ok(await letter(address, `You sign in as ${address}`));
    assert.deepEqual(await world.letters(nobody), []);
  }],
];

/** Every address with a body that fits it. */
const BODIES = {
  '/auth/sign-in': { identifier: 'ann@example.com', password: PASSWORD },
  '/auth/challenges/new-password': { session: 'x', newPassword: SECOND },
  '/auth/challenges/software-token': { session: 'x', code: '123456' },
  '/auth/challenges/sms-code': { session: 'x', code: '123456' },
  '/auth/challenges/email-code': { session: 'x', code: '123456' },
  '/auth/challenges/select': { session: 'x', code: 'x' },
  '/auth/challenges/custom': { session: 'x', code: 'x' },
  '/auth/token/refresh': { refreshToken: 'x' },
  '/auth/sign-out': { refreshToken: 'x' },
  '/auth/sign-up': { email: 'ann@example.com', password: PASSWORD },
  '/auth/sign-up/confirm': { identifier: 'ann@example.com', code: '123456' },
  '/auth/sign-up/resend-confirmation': { identifier: 'ann@example.com' },
  '/auth/password-resets': { identifier: 'ann@example.com' },
  '/auth/password-resets/confirm': { identifier: 'ann@example.com', code: '123456', newPassword: SECOND },
  '/auth/password-verifications': { password: PASSWORD },
  '/auth/identifier-reminders': { email: 'ann@example.com' },
};

const bodies = [
  ['bodies', 'a body that does not fit is refused by its field, before the provider is asked', async (_, { post, problem }) => {
    for (const [path, body] of Object.entries(BODIES)) {
      const unknown = problem(await post(path, { ...body, userId: '7' }), 400, 'validation_failed');
      assert.deepEqual(unknown.errors.map(({ field }) => field), ['/userId'], path);
      const [field] = Object.keys(body);
      const typed = problem(await post(path, { ...body, [field]: 7 }), 400, 'validation_failed');
      assert.deepEqual(typed.errors.map((error) => error.field), [`/${field}`], path);
    }
  }],
  ['openapi', 'the document describes what answers', async (_, { get, good }) => {
    const { openapi, paths } = good(await get('/openapi.json'));
    assert.equal(openapi, '3.1.0');
    for (const path of Object.keys(BODIES)) {
      const { responses } = paths[`/v1${path}`].post;
      assert.ok(Object.keys(responses).some((status) => status.startsWith('2')), path);
    }
  }],
];

const people = [...signingUp, ...signingIn, ...goingOn, ...passwords];

export const facts = [...people, ...directoryFacts, ...workspaceFacts, ...administrationFacts, ...bodies];
