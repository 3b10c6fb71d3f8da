// amazon-cognito-identity-js, unmodified: what a web page of the last ten years does with Cognito.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from 'amazon-cognito-identity-js';
import { AdminCreateUserCommand, AdminResetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider';
import { engine, start } from './lib/server.mjs';
import { LocalStorage, PASSWORD, UUID, attribute, call, claims, code, fresh } from './lib/world.mjs';
import { makePool, makeUser, sdk, wrong } from './lib/world.mjs';

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

function browser({ userPoolId, clientId }) {
  const pool = new CognitoUserPool({
    UserPoolId: userPoolId,
    ClientId: clientId,
    endpoint: server.endpoint,
    Storage: new LocalStorage(),
  });
  return { pool, user: (Username) => new CognitoUser({ Username, Pool: pool, Storage: pool.storage }) };
}

/** Answers what the library calls back: `{ session }` or `{ newPassword: [userAttributes, requiredAttributes] }`. */
function signIn(user, password, flow = 'USER_SRP_AUTH') {
  user.setAuthenticationFlowType(flow);
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password });
  return answer((callbacks) => user.authenticateUser(details, callbacks));
}

function answer(work) {
  return new Promise((resolve, reject) =>
    work({
      onSuccess: (session) => resolve({ session }),
      onFailure: reject,
      newPasswordRequired: (...asked) => resolve({ newPassword: asked }),
      mfaRequired: () => reject(new Error('asked for a code')),
      totpRequired: () => reject(new Error('asked for a code')),
      customChallenge: () => reject(new Error('asked for an answer')),
    }),
  );
}

/** Asks for a code: `{ asked }` is what the library hands to `inputVerificationCode`. */
function forgot(user) {
  return new Promise((resolve, reject) =>
    user.forgotPassword({
      onSuccess: () => reject(new Error('asked for no code')),
      onFailure: reject,
      inputVerificationCode: (asked) => resolve({ asked }),
    }),
  );
}

function confirm(user, digits, password) {
  return new Promise((onSuccess, onFailure) => user.confirmPassword(digits, password, { onSuccess, onFailure }));
}

const CHANGED = 'Changed-horse-1';
const INCORRECT = {
  name: 'NotAuthorizedException',
  code: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
};

test(`a person signs up, asks for the code again, confirms and signs in with SRP (${engine})`, async () => {
  const { pool, user } = browser(await makePool(client));
  const name = fresh('ada');
  const email = `${name}@example.com`;
  const attributes = [new CognitoUserAttribute({ Name: 'email', Value: email })];

  const signedUp = await call((done) => pool.signUp(name, PASSWORD, attributes, null, done));
  assert.equal(signedUp.userConfirmed, false);
  assert.match(signedUp.userSub, UUID);
  assert.equal(signedUp.codeDeliveryDetails.Destination, 'a***@e***');
  const first = await code(server, email);

  await call((done) => user(name).resendConfirmationCode(done));
  const second = await code(server, email, 2);
  if (first !== second) {
    const old = call((done) => user(name).confirmRegistration(first, false, done));
    await assert.rejects(old, { name: 'CodeMismatchException' });
  }
  const mistyped = call((done) => user(name).confirmRegistration(wrong(second), false, done));
  await assert.rejects(mistyped, { message: 'Invalid verification code provided, please try again.' });
  assert.equal(await call((done) => user(name).confirmRegistration(second, false, done)), 'SUCCESS');

  const ada = user(name);
  const { session } = await signIn(ada, PASSWORD);
  assert.ok(session.isValid());
  assert.equal(session.getIdToken().payload['cognito:username'], name);
  assert.equal(session.getIdToken().payload.email_verified, true);
  assert.equal(session.getAccessToken().payload.scope, 'aws.cognito.signin.user.admin');

  const list = await call((done) => ada.getUserAttributes(done));
  assert.equal(attribute(list, 'email'), email);
  assert.equal(attribute(list, 'sub'), signedUp.userSub);
  const data = await call((done) => ada.getUserData(done, { bypassCache: true }));
  assert.equal(data.Username, name);
});

test('SRP works where the e-mail address is the user name and the real name is the sub', async () => {
  const made = await makePool(client, { pool: { UsernameAttributes: ['email'] } });
  const { email, sub } = await makeUser(client, made.userPoolId, { username: `${fresh('grace')}@example.com` });
  const { user } = browser(made);

  const { session } = await signIn(user(email), PASSWORD);

  assert.equal(session.getIdToken().payload['cognito:username'], sub);
  assert.equal(session.getIdToken().payload.email, email);
});

test('SRP takes a password that is not ASCII', async () => {
  const made = await makePool(client);
  const { user } = browser(made);
  const name = fresh('zoe');
  const temporary = 'Grüße-1-Καλημέρα';
  await client.send(
    new AdminCreateUserCommand({
      UserPoolId: made.userPoolId,
      Username: name,
      TemporaryPassword: temporary,
      MessageAction: 'SUPPRESS',
    }),
  );

  const { newPassword } = await signIn(user(name), temporary);
  assert.ok(newPassword);
  await assert.rejects(signIn(user(name), 'Grusse-1-Καλημέρα'), INCORRECT);
});

test('a user signs in with the plain password', async () => {
  const made = await makePool(client);
  const { username } = await makeUser(client, made.userPoolId);

  const { session } = await signIn(browser(made).user(username), PASSWORD, 'USER_PASSWORD_AUTH');

  assert.equal(session.getAccessToken().payload.username, username);
});

test('a wrong password and an unknown user are refused alike in both flows', async () => {
  const made = await makePool(client);
  const { username } = await makeUser(client, made.userPoolId);
  const { user } = browser(made);

  for (const flow of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']) {
    await assert.rejects(signIn(user(username), 'Wrong-horse-1', flow), INCORRECT);
    await assert.rejects(signIn(user(fresh('nobody')), PASSWORD, flow), INCORRECT);
  }
  assert.ok((await signIn(user(username), PASSWORD)).session);
});

test('a session is refreshed and keeps its origin', async () => {
  const made = await makePool(client);
  const { username } = await makeUser(client, made.userPoolId);
  const user = browser(made).user(username);
  const { session: old } = await signIn(user, PASSWORD);

  const now = await call((done) => user.refreshSession(old.getRefreshToken(), done));

  const [before_, after_] = [old, now].map((session) => claims(session.getAccessToken().getJwtToken()));
  assert.ok(now.isValid());
  assert.equal(now.getRefreshToken().getToken(), old.getRefreshToken().getToken());
  assert.notEqual(after_.jti, before_.jti);
  assert.equal(after_.origin_jti, before_.origin_jti);
  assert.equal(after_.auth_time, before_.auth_time);
  const list = await call((done) => user.getUserAttributes(done));
  assert.ok(attribute(list, 'sub'));
});

test('after a global sign-out the access token is refused', async () => {
  const made = await makePool(client);
  const { username } = await makeUser(client, made.userPoolId);
  const { user } = browser(made);
  const [here, elsewhere] = [user(username), browser(made).user(username)];
  await signIn(here, PASSWORD);
  await signIn(elsewhere, PASSWORD);

  const said = await new Promise((onSuccess, onFailure) => here.globalSignOut({ onSuccess, onFailure }));

  assert.equal(said, 'SUCCESS');
  const revoked = { name: 'NotAuthorizedException', message: 'Access Token has been revoked' };
  await assert.rejects(call((done) => here.getUserAttributes(done)), revoked);
  await assert.rejects(call((done) => elsewhere.getUserAttributes(done)), revoked);
  assert.ok((await signIn(user(username), PASSWORD)).session);
});

test('signing out revokes the refresh token and forgets the session', async () => {
  const made = await makePool(client);
  const { username } = await makeUser(client, made.userPoolId);
  const { pool, user } = browser(made);
  const here = user(username);
  const { session } = await signIn(here, PASSWORD);

  await call((done) => here.signOut(done));

  assert.equal(pool.getCurrentUser(), null);
  const old = user(username);
  old.setSignInUserSession(session);
  const revoked = { name: 'NotAuthorizedException', message: 'Access Token has been revoked' };
  await assert.rejects(call((done) => old.getUserAttributes(done)), revoked);
});

test('a user with a temporary password chooses a new one and gives what is required', async () => {
  const name = { Name: 'name', AttributeDataType: 'String', Required: true, Mutable: true };
  const made = await makePool(client, { pool: { Schema: [name] } });
  const username = fresh('eve');
  await client.send(
    new AdminCreateUserCommand({
      UserPoolId: made.userPoolId,
      Username: username,
      TemporaryPassword: 'Temporary-1',
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: `${username}@example.com` },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  );
  const { user } = browser(made);
  const complete = (who, values) =>
    answer((callbacks) => who.completeNewPasswordChallenge(PASSWORD, values, callbacks));

  const hasty = user(username);
  const { newPassword: asked } = await signIn(hasty, 'Temporary-1');
  assert.deepEqual(asked[1], ['name']);
  assert.deepEqual(asked[0], { email: `${username}@example.com`, email_verified: 'true' });
  const missing = { name: 'InvalidParameterException', message: 'Invalid attributes given, name is missing' };
  await assert.rejects(complete(hasty, {}), missing);

  const eve = user(username);
  await signIn(eve, 'Temporary-1');
  const { session } = await complete(eve, { name: 'Eve' });
  assert.equal(session.getIdToken().payload.name, 'Eve');
  await assert.rejects(signIn(user(username), 'Temporary-1'), INCORRECT);
  assert.ok((await signIn(user(username), PASSWORD)).session);
});

test(`a person changes the password (${engine})`, async () => {
  const made = await makePool(client);
  const { username } = await makeUser(client, made.userPoolId);
  const { user } = browser(made);
  const here = user(username);
  await signIn(here, PASSWORD);

  await assert.rejects(call((done) => here.changePassword('Wrong-horse-1', CHANGED, done)), INCORRECT);
  const short = { name: 'InvalidPasswordException', message: /Password not long enough$/ };
  await assert.rejects(call((done) => here.changePassword(PASSWORD, 'Short-1', done)), short);
  assert.equal(await call((done) => here.changePassword(PASSWORD, CHANGED, done)), 'SUCCESS');

  assert.ok(await call((done) => here.getUserAttributes(done))); // its tokens stay good
  await assert.rejects(signIn(user(username), PASSWORD), INCORRECT);
  assert.ok((await signIn(user(username), CHANGED)).session);
});

test(`a person who forgot the password gets a code and sets another (${engine})`, async () => {
  const made = await makePool(client);
  const { username, email } = await makeUser(client, made.userPoolId);
  const { user } = browser(made);
  const forgetful = user(username);

  const { asked } = await forgot(forgetful);
  assert.deepEqual(asked.CodeDeliveryDetails, {
    AttributeName: 'email',
    DeliveryMedium: 'EMAIL',
    Destination: 'u***@e***',
  });
  const digits = await code(server, email);
  const mistyped = { name: 'CodeMismatchException', message: 'Invalid verification code provided, please try again.' };
  await assert.rejects(confirm(forgetful, wrong(digits), CHANGED), mistyped);
  assert.equal(await confirm(forgetful, digits, CHANGED), 'SUCCESS');

  const used = { name: 'ExpiredCodeException', message: 'Invalid code provided, please request a code again.' };
  await assert.rejects(confirm(forgetful, digits, PASSWORD), used);
  await assert.rejects(signIn(user(username), PASSWORD), INCORRECT);
  assert.ok((await signIn(user(username), CHANGED)).session);
});

test('behind the veil nobody forgets a password like somebody', async () => {
  const { user } = browser(await makePool(client));
  const nobody = user(fresh('nobody'));

  const { asked } = await forgot(nobody);

  assert.equal(asked.CodeDeliveryDetails.DeliveryMedium, 'EMAIL');
  await assert.rejects(confirm(nobody, '123456', CHANGED), { name: 'CodeMismatchException' });
});

test('a person whose password was reset sets another and signs in', async () => {
  const made = await makePool(client, { app: { PreventUserExistenceErrors: 'LEGACY' } });
  const { username, email } = await makeUser(client, made.userPoolId);
  const { user } = browser(made);
  await client.send(new AdminResetUserPasswordCommand({ UserPoolId: made.userPoolId, Username: username }));

  const required = { name: 'PasswordResetRequiredException', message: 'Password reset required for the user' };
  await assert.rejects(signIn(user(username), PASSWORD), required);
  assert.equal(await confirm(user(username), await code(server, email), CHANGED), 'SUCCESS');

  assert.ok((await signIn(user(username), CHANGED)).session);
});
