// amazon-cognito-identity-js, unmodified: what a signed-in person does with their own account.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from 'amazon-cognito-identity-js';
import { engine, start } from './lib/server.mjs';
import { LocalStorage, PASSWORD, attribute, call, code, fresh, makePool, makeUser, sdk, wrong } from './lib/world.mjs';

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

/** A signed-in user of a fresh pool, and how anybody of that pool signs in. */
async function account({ pool = {}, username } = {}) {
  const made = await makePool(client, { pool });
  const person = await makeUser(client, made.userPoolId, { username });
  const signIn = async (Username) => {
    const Pool = new CognitoUserPool({
      UserPoolId: made.userPoolId,
      ClientId: made.clientId,
      endpoint: server.endpoint,
      Storage: new LocalStorage(),
    });
    const user = new CognitoUser({ Username, Pool, Storage: Pool.storage });
    const details = new AuthenticationDetails({ Username, Password: PASSWORD });
    await new Promise((onSuccess, onFailure) => user.authenticateUser(details, { onSuccess, onFailure }));
    return user;
  };
  return { ...person, signIn, user: await signIn(person.username) };
}

/** Answers what the library passes beside the error: the word and what the service said. */
function update(user, values) {
  const list = Object.entries(values).map(([Name, Value]) => new CognitoUserAttribute({ Name, Value }));
  return new Promise((resolve, reject) =>
    user.updateAttributes(list, (error, word, said) => (error ? reject(error) : resolve({ word, said }))),
  );
}

function ask(user, name) {
  return new Promise((resolve, onFailure) =>
    user.getAttributeVerificationCode(name, {
      onSuccess: () => onFailure(new Error('no code was sent')),
      onFailure,
      inputVerificationCode: (data) => resolve(data.CodeDeliveryDetails),
    }),
  );
}

function verify(user, name, digits) {
  return new Promise((onSuccess, onFailure) => user.verifyAttribute(name, digits, { onSuccess, onFailure }));
}

async function known(user) {
  const list = await call((done) => user.getUserAttributes(done));
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

const NOBODY = { name: 'UserNotFoundException', message: 'User does not exist.' };

test(`a person changes the address, is sent a code, and proves it once (${engine})`, async () => {
  const { user } = await account();
  const email = `${fresh('new')}@example.com`;

  const { word, said } = await update(user, { email, nickname: 'Ada' });
  assert.equal(word, 'SUCCESS');
  const details = { Destination: 'n***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' };
  assert.deepEqual(said.CodeDeliveryDetailsList, [details]);
  const changed = await known(user);
  assert.deepEqual([changed.email, changed.email_verified, changed.nickname], [email, 'false', 'Ada']);
  const data = await call((done) => user.getUserData(done));
  assert.equal(attribute(data.UserAttributes, 'email'), email);

  const digits = await code(server, email);
  await assert.rejects(verify(user, 'email', wrong(digits)), { name: 'CodeMismatchException' });
  assert.equal(await verify(user, 'email', digits), 'SUCCESS');
  assert.equal((await known(user)).email_verified, 'true');
  const spent = { name: 'ExpiredCodeException', message: 'Invalid code provided, please request a code again.' };
  await assert.rejects(verify(user, 'email', digits), spent);
});

test('a code is asked for and goes to the contact that is named', async () => {
  const { user, email } = await account();
  await update(user, { phone_number: '+12065550142' });

  assert.equal((await ask(user, 'phone_number')).Destination, '+*******0142');
  assert.equal((await ask(user, 'email')).DeliveryMedium, 'EMAIL');
  await verify(user, 'phone_number', await code(server, '+12065550142'));
  await verify(user, 'email', await code(server, email));
  const { phone_number_verified: phone, email_verified: mail } = await known(user);
  assert.deepEqual([phone, mail], ['true', 'true']);

  await assert.rejects(ask(user, 'nickname'), {
    name: 'InvalidParameterException',
    message: 'Invalid attribute name. Only phone_number and email can be verified.',
  });
});

test('the old address signs in until the new one is proved, where the pool wants that', async () => {
  const pool = {
    UsernameAttributes: ['email'],
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  };
  const { user, email: old, signIn } = await account({ pool, username: `${fresh('old')}@example.com` });
  const email = `${fresh('new')}@example.com`;

  await update(user, { email });
  assert.deepEqual([(await known(user)).email, (await known(user)).email_verified], [old, 'true']);
  assert.ok(await signIn(old));
  await assert.rejects(signIn(email), { name: 'NotAuthorizedException' });

  await verify(user, 'email', await code(server, email));
  assert.equal((await known(user)).email, email);
  assert.ok(await signIn(email));
  await assert.rejects(signIn(old), { name: 'NotAuthorizedException' });
});

test('attributes are removed, and those that may not be are named', async () => {
  const { user } = await account();
  await update(user, { nickname: 'Ada' });

  assert.equal(await call((done) => user.deleteAttributes(['nickname', 'email'], done)), 'SUCCESS');
  assert.deepEqual(Object.keys(await known(user)), ['sub']);
  const refused = call((done) => user.deleteAttributes(['custom:none', 'sub'], done));
  await assert.rejects(refused, {
    name: 'InvalidParameterException',
    message:
      'Invalid user attributes: user.custom:none: Attribute does not exist in the schema.\n' +
      'user.sub: Required attribute cannot be deleted.\n',
  });
  const flag = { name: 'NotAuthorizedException', message: 'A client attempted to write unauthorized attribute' };
  await assert.rejects(update(user, { email_verified: 'true' }), flag);
});

test('who deletes the account is gone', async () => {
  const { user, username, signIn } = await account();
  const other = await signIn(username);

  assert.equal(await call((done) => user.deleteUser(done)), 'SUCCESS');
  await assert.rejects(call((done) => other.getUserAttributes(done)), NOBODY);
  await assert.rejects(call((done) => other.deleteUser(done)), NOBODY);
  await assert.rejects(signIn(username), { name: 'NotAuthorizedException' });
});
