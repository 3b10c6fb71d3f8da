// Amplify 6, unmodified: sign-up, both password flows, the session and its renewal (by GetTokensFromRefreshToken alone),
// signing out. Amplify keeps one configuration and one signed-in user per process, so each test starts from a
// configuration and a storage of its own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Amplify } from 'aws-amplify';
import {
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resendSignUpCode,
  signIn,
  signOut,
  signUp,
} from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { ConsoleLogger } from 'aws-amplify/utils';
import { engine, start } from './lib/server.mjs';
import { LocalStorage, PASSWORD, UUID, code, fresh, makePool, makeUser, sdk, wrong } from './lib/world.mjs';

ConsoleLogger.LOG_LEVEL = 'ERROR'; // it warns of every endpoint that is not Amazon's

let server;
let client;
before(async () => {
  server = await start();
  client = sdk(server);
});
after(async () => {
  client?.destroy();
  await server?.stop();
});

/** A page of an application that uses this pool, opened in a browser where nobody has signed in yet. Its storage. */
function open({ userPoolId, clientId }) {
  const Cognito = { userPoolId, userPoolClientId: clientId, userPoolEndpoint: server.endpoint };
  Amplify.configure({ Auth: { Cognito } });
  const storage = new LocalStorage();
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  return storage;
}

const FLOWS = ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH'];
const withFlow = (username, password, authFlowType) => signIn({ username, password, options: { authFlowType } });

test(`a person signs up, asks for the code again, confirms and signs in (${engine})`, async () => {
  open(await makePool(client));
  const username = fresh('lin');
  const email = `${username}@example.com`;

  const signedUp = await signUp({ username, password: PASSWORD, options: { userAttributes: { email } } });
  assert.equal(signedUp.isSignUpComplete, false);
  assert.match(signedUp.userId, UUID);
  assert.equal(signedUp.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
  const sent = { destination: 'l***@e***', deliveryMedium: 'EMAIL', attributeName: 'email' };
  assert.deepEqual(signedUp.nextStep.codeDeliveryDetails, sent);
  await code(server, email);

  const early = await signIn({ username, password: PASSWORD });
  assert.equal(early.nextStep.signInStep, 'CONFIRM_SIGN_UP');

  assert.equal((await resendSignUpCode({ username })).attributeName, 'email');
  const digits = await code(server, email, 2);
  await assert.rejects(confirmSignUp({ username, confirmationCode: wrong(digits) }), { name: 'CodeMismatchException' });
  assert.equal((await confirmSignUp({ username, confirmationCode: digits })).isSignUpComplete, true);

  const { isSignedIn, nextStep } = await signIn({ username, password: PASSWORD });
  assert.equal(isSignedIn, true);
  assert.equal(nextStep.signInStep, 'DONE');
  const user = await getCurrentUser();
  assert.deepEqual([user.username, user.userId], [username, signedUp.userId]);
  assert.equal((await fetchUserAttributes()).email, email);
  await signOut();
});

test('the session of either flow holds tokens of this user and client', async () => {
  const pool = await makePool(client);
  const { username, sub, email } = await makeUser(client, pool.userPoolId);
  for (const flow of FLOWS) {
    open(pool);
    assert.equal((await withFlow(username, PASSWORD, flow)).isSignedIn, true, flow);

    const { tokens, userSub, credentials } = await fetchAuthSession();
    assert.equal(userSub, sub);
    assert.equal(credentials, undefined);
    assert.equal(tokens.idToken.payload.aud, pool.clientId);
    assert.equal(tokens.idToken.payload.email, email);
    assert.equal(tokens.accessToken.payload.client_id, pool.clientId);
    assert.equal(tokens.accessToken.payload.iss, `${server.endpoint}/${pool.userPoolId}`);
    await signOut();
  }
});

test('either flow signs in where the e-mail address is the user name', async () => {
  const pool = await makePool(client, { pool: { UsernameAttributes: ['email'] } });
  const { email, sub } = await makeUser(client, pool.userPoolId, { username: `${fresh('grace')}@example.com` });
  for (const flow of FLOWS) {
    open(pool);
    assert.equal((await withFlow(email, PASSWORD, flow)).isSignedIn, true, flow);
    assert.equal((await getCurrentUser()).userId, sub);
    await signOut();
  }
});

test('a wrong password and an unknown user are refused alike in either flow', async () => {
  const pool = await makePool(client);
  const { username } = await makeUser(client, pool.userPoolId);
  open(pool);
  const incorrect = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
  for (const flow of FLOWS) {
    await assert.rejects(withFlow(username, 'Wrong-horse-1', flow), incorrect);
    await assert.rejects(withFlow(fresh('nobody'), PASSWORD, flow), incorrect);
  }
  await assert.rejects(getCurrentUser(), { name: 'UserUnAuthenticatedException' });
});

test('signing out, here or everywhere, ends the access token and forgets the session', async () => {
  const pool = await makePool(client);
  const { username } = await makeUser(client, pool.userPoolId);
  for (const global of [false, true]) {
    open(pool);
    await signIn({ username, password: PASSWORD });
    const { tokens } = await fetchAuthSession();
    const getUser = () => client.send(new GetUserCommand({ AccessToken: tokens.accessToken.toString() }));
    assert.equal((await getUser()).Username, username);

    await signOut({ global });

    await assert.rejects(getUser(), { name: 'NotAuthorizedException', message: 'Access Token has been revoked' });
    assert.equal((await fetchAuthSession()).tokens, undefined);
  }
});

test('a user with a temporary password chooses a new one in either flow', async () => {
  const pool = await makePool(client);
  for (const flow of FLOWS) {
    const username = fresh('eve');
    const invited = { UserPoolId: pool.userPoolId, Username: username, TemporaryPassword: 'Temporary-1' };
    await client.send(new AdminCreateUserCommand({ ...invited, MessageAction: 'SUPPRESS' }));
    open(pool);

    const asked = await withFlow(username, 'Temporary-1', flow);
    assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
    const done = await confirmSignIn({ challengeResponse: PASSWORD });

    assert.equal(done.isSignedIn, true, flow);
    assert.equal((await getCurrentUser()).username, username);
    await signOut();
  }
});

/** The session of a user who has just signed in, and the refresh token that Amplify keeps. */
async function signedIn(pool, username, flow) {
  const storage = open(pool);
  assert.equal((await withFlow(username, PASSWORD, flow)).isSignedIn, true, flow);
  const kept = () => storage.getItem(`CognitoIdentityServiceProvider.${pool.clientId}.${username}.refreshToken`);
  return { kept, renew: () => fetchAuthSession({ forceRefresh: true }), first: await fetchAuthSession() };
}

const rotation = (seconds) => ({
  ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: seconds },
});

function renewedFrom(before, after) {
  for (const token of ['accessToken', 'idToken']) {
    const [old, now] = [before.tokens[token].payload, after.tokens[token].payload];
    assert.notEqual(now.jti, old.jti);
    for (const same of ['sub', 'origin_jti', 'auth_time', 'event_id']) assert.equal(now[same], old[same], same);
  }
}

test('a session is renewed without rotation, and keeps its refresh token', async () => {
  const pool = await makePool(client);
  const { username } = await makeUser(client, pool.userPoolId);
  for (const flow of FLOWS) {
    const { kept, renew, first } = await signedIn(pool, username, flow);
    const token = kept();
    assert.equal(token.split('.').length, 5);

    const second = await renew();
    const third = await renew();

    renewedFrom(first, second);
    renewedFrom(second, third);
    assert.equal(kept(), token);
    assert.equal((await fetchUserAttributes()).sub, third.userSub);
    await signOut();
  }
});

test('a session is renewed with rotation, each time with another refresh token', async () => {
  const pool = await makePool(client, { app: rotation(0) });
  const { username } = await makeUser(client, pool.userPoolId);
  for (const flow of FLOWS) {
    const { kept, renew, first } = await signedIn(pool, username, flow);
    const seen = [kept()];
    let last = first;
    for (let n = 0; n < 3; n += 1) {
      const next = await renew();
      renewedFrom(last, next);
      assert.ok(!seen.includes(kept()));
      seen.push(kept());
      last = next;
    }
    assert.equal((await fetchUserAttributes()).sub, last.userSub);
    await signOut({ global: true });
  }
});

test('a page that renews its session many times at once stays signed in', async () => {
  const pool = await makePool(client, { app: rotation(0) });
  const { username } = await makeUser(client, pool.userPoolId);
  const { renew } = await signedIn(pool, username, 'USER_SRP_AUTH');

  const sessions = await Promise.all(Array.from({ length: 10 }, renew));

  assert.ok(sessions.every((session) => session.userSub === sessions[0].userSub));
  assert.ok((await renew()).tokens);
  await signOut();
});

test('who exchanges a stolen refresh token that its owner has exchanged ends the session of both', async () => {
  const pool = await makePool(client, { app: rotation(0) });
  const { username } = await makeUser(client, pool.userPoolId);
  const { kept, renew } = await signedIn(pool, username, 'USER_SRP_AUTH');
  const stolen = kept();
  await renew();

  const exchange = new GetTokensFromRefreshTokenCommand({ ClientId: pool.clientId, RefreshToken: stolen });
  await assert.rejects(client.send(exchange), { name: 'RefreshTokenReuseException' });

  await assert.rejects(fetchUserAttributes(), { message: 'Access Token has been revoked' });
  assert.equal((await renew()).tokens, undefined);
  await assert.rejects(getCurrentUser(), { name: 'UserUnAuthenticatedException' });
});

test('the session of a user who was disabled is not renewed', async () => {
  const pool = await makePool(client);
  const { username } = await makeUser(client, pool.userPoolId);
  const { renew } = await signedIn(pool, username, 'USER_PASSWORD_AUTH');
  await client.send(new AdminDisableUserCommand({ UserPoolId: pool.userPoolId, Username: username }));

  await assert.rejects(fetchUserAttributes(), { message: 'User is disabled.' });
  assert.equal((await renew()).tokens, undefined);
});
