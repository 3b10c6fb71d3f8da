// AWS SDK for JavaScript v3, unmodified: pools, clients, the life of a user, paging, and errors as its classes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminUserGlobalSignOutCommand,
  CodeMismatchException,
  CognitoIdentityProviderServiceException,
  ConfirmSignUpCommand,
  CreateUserPoolCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  InvalidParameterException,
  InvalidPasswordException,
  NotAuthorizedException,
  RefreshTokenReuseException,
  ResourceNotFoundException,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
  UserNotConfirmedException,
  UserNotFoundException,
  UsernameExistsException,
  paginateListUserPoolClients,
  paginateListUserPools,
  paginateListUsers,
} from '@aws-sdk/client-cognito-identity-provider';
import { engine, start } from './lib/server.mjs';
import { PASSWORD, UUID, attribute, claims, code, fresh, makeApp, makePool, makeUser } from './lib/world.mjs';
import { message, sdk, secretHash, wrong } from './lib/world.mjs';

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

const signIn = (clientId, username, password = PASSWORD, more = {}) =>
  client.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password, ...more },
    }),
  );
const refresh = (clientId, token) =>
  client.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: clientId,
      AuthParameters: { REFRESH_TOKEN: token },
    }),
  );
const getUser = (token) => client.send(new GetUserCommand({ AccessToken: token }));

/** The error that the SDK makes of the answer: its class, its name, AWS's sentence, 400 and a request id. */
async function refused(promise, kind, sentence) {
  const error = await promise.then(
    () => assert.fail(`expected ${kind.name}`),
    (reason) => reason,
  );
  assert.ok(error instanceof kind, `expected ${kind.name}, got ${error.name}: ${error.message}`);
  assert.ok(error instanceof CognitoIdentityProviderServiceException);
  assert.equal(error.name, kind.name);
  assert.equal(error.message, sentence);
  assert.equal(error.$fault, 'client');
  assert.equal(error.$metadata.httpStatusCode, 400);
  assert.match(error.$metadata.requestId, UUID);
}

async function all(pages, member) {
  const items = [];
  for await (const page of pages) items.push(...(page[member] ?? []));
  return items;
}

test(`a pool is made, described, changed, listed and deleted (${engine})`, async () => {
  const { UserPool: made, $metadata } = await client.send(
    new CreateUserPoolCommand({
      PoolName: fresh('pool'),
      AutoVerifiedAttributes: ['email'],
      UserPoolTags: { team: 'blue' },
    }),
  );
  assert.equal($metadata.httpStatusCode, 200);
  assert.match($metadata.requestId, UUID);
  assert.match(made.Id, new RegExp(`^${server.region}_[A-Za-z0-9]{9}$`));
  assert.ok(made.CreationDate instanceof Date && Number.isFinite(made.CreationDate.getTime()));
  assert.ok(Math.abs(Date.now() - made.CreationDate.getTime()) < 3_600_000, 'the date is now, in the right unit');

  const { UserPool: seen } = await client.send(new DescribeUserPoolCommand({ UserPoolId: made.Id }));
  assert.deepEqual(seen, made);

  const policy = { PasswordPolicy: { MinimumLength: 12 } };
  const changed = { UserPoolId: made.Id, PoolName: fresh('renamed'), Policies: policy };
  await client.send(new UpdateUserPoolCommand(changed));
  const { UserPool: after } = await client.send(new DescribeUserPoolCommand({ UserPoolId: made.Id }));
  assert.equal(after.Name, changed.PoolName);
  assert.equal(after.Policies.PasswordPolicy.MinimumLength, 12);
  assert.equal(after.AutoVerifiedAttributes, undefined, 'what an update leaves out goes back to its default');
  assert.ok(after.LastModifiedDate >= made.LastModifiedDate);

  const pools = await all(paginateListUserPools({ client, pageSize: 1 }, {}), 'UserPools');
  assert.equal(pools.find((pool) => pool.Id === made.Id)?.Name, changed.PoolName);
  assert.equal(new Set(pools.map((pool) => pool.Id)).size, pools.length);

  await client.send(new DeleteUserPoolCommand({ UserPoolId: made.Id }));
  const gone = client.send(new DescribeUserPoolCommand({ UserPoolId: made.Id }));
  await refused(gone, ResourceNotFoundException, `User pool ${made.Id} does not exist.`);
});

test('an app client is made, described, changed, listed and deleted', async () => {
  const { userPoolId, clientId } = await makePool(client);
  const secretApp = await makeApp(client, userPoolId, { GenerateSecret: true });
  const ids = { UserPoolId: userPoolId, ClientId: secretApp.clientId };

  const { UserPoolClient: seen } = await client.send(new DescribeUserPoolClientCommand(ids));
  assert.equal(seen.ClientSecret, secretApp.clientSecret);
  assert.equal(seen.RefreshTokenValidity, 30);
  assert.ok(seen.CreationDate instanceof Date);

  const { UserPoolClient: changed } = await client.send(
    new UpdateUserPoolClientCommand({ ...ids, ClientName: 'renamed', RefreshTokenValidity: 7 }),
  );
  assert.equal(changed.ClientName, 'renamed');
  assert.equal(changed.RefreshTokenValidity, 7);
  assert.equal(changed.ExplicitAuthFlows, undefined, 'what an update leaves out goes back to its default');

  const pages = paginateListUserPoolClients({ client, pageSize: 1 }, { UserPoolId: userPoolId });
  const clients = await all(pages, 'UserPoolClients');
  assert.deepEqual(clients.map((app) => app.ClientId).sort(), [clientId, secretApp.clientId].sort());

  await client.send(new DeleteUserPoolClientCommand(ids));
  const gone = client.send(new DescribeUserPoolClientCommand(ids));
  await refused(gone, ResourceNotFoundException, `User pool client ${ids.ClientId} does not exist.`);
});

test('a user signs up, confirms, signs in with the password, refreshes and reads the own profile', async () => {
  const { userPoolId, clientId } = await makePool(client);
  const username = fresh('mia');
  const email = `${username}@example.com`;

  const signedUp = await client.send(
    new SignUpCommand({
      ClientId: clientId,
      Username: username,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );
  assert.equal(signedUp.UserConfirmed, false);
  assert.match(signedUp.UserSub, UUID);
  const sent = { Destination: 'm***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' };
  assert.deepEqual(signedUp.CodeDeliveryDetails, sent);
  await refused(signIn(clientId, username), UserNotConfirmedException, 'User is not confirmed.');

  const confirm = { ClientId: clientId, Username: username, ConfirmationCode: await code(server, email) };
  await client.send(new ConfirmSignUpCommand(confirm));

  const { AuthenticationResult: tokens, ChallengeParameters, ChallengeName } = await signIn(clientId, username);
  assert.deepEqual(ChallengeParameters, {});
  assert.equal(ChallengeName, undefined);
  assert.equal(tokens.TokenType, 'Bearer');
  assert.equal(tokens.ExpiresIn, 3600);
  assert.equal(tokens.RefreshToken.split('.').length, 5);

  const { AuthenticationResult: renewed } = await refresh(clientId, tokens.RefreshToken);
  assert.equal(renewed.RefreshToken, undefined);
  assert.notEqual(renewed.AccessToken, tokens.AccessToken);
  const [old, now] = [claims(tokens.AccessToken), claims(renewed.AccessToken)];
  assert.notEqual(now.jti, old.jti);
  assert.equal(now.origin_jti, old.origin_jti);
  assert.equal(now.auth_time, old.auth_time);

  const profile = await getUser(renewed.AccessToken);
  assert.equal(profile.Username, username);
  assert.equal(attribute(profile.UserAttributes, 'sub'), signedUp.UserSub);
  assert.equal(attribute(profile.UserAttributes, 'email_verified'), 'true');

  const seen = await client.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }));
  assert.equal(seen.UserStatus, 'CONFIRMED');
  assert.equal(seen.Enabled, true);
  assert.ok(seen.UserCreateDate instanceof Date && seen.UserLastModifiedDate >= seen.UserCreateDate);
});

test('a client with a secret wants its hash, and takes the right one', async () => {
  const { userPoolId } = await makePool(client);
  const app = await makeApp(client, userPoolId, { GenerateSecret: true });
  const { username } = await makeUser(client, userPoolId);

  const missing = `Client ${app.clientId} is configured with secret but SECRET_HASH was not received`;
  await refused(signIn(app.clientId, username), NotAuthorizedException, missing);
  const unlike = `Unable to verify secret hash for client ${app.clientId}`;
  const other = secretHash(`${username}x`, app);
  await refused(signIn(app.clientId, username, PASSWORD, { SECRET_HASH: other }), NotAuthorizedException, unlike);

  const right = secretHash(username, app);
  const { AuthenticationResult } = await signIn(app.clientId, username, PASSWORD, { SECRET_HASH: right });
  assert.equal(claims(AuthenticationResult.AccessToken).client_id, app.clientId);
});

test('a revoked refresh token takes its own access tokens along and no other sign-in', async () => {
  const { userPoolId, clientId } = await makePool(client);
  const { username } = await makeUser(client, userPoolId);
  const { AuthenticationResult: one } = await signIn(clientId, username);
  const { AuthenticationResult: other } = await signIn(clientId, username);

  await client.send(new RevokeTokenCommand({ ClientId: clientId, Token: one.RefreshToken }));

  await refused(getUser(one.AccessToken), NotAuthorizedException, 'Access Token has been revoked');
  await refused(refresh(clientId, one.RefreshToken), NotAuthorizedException, 'Refresh Token has been revoked');
  assert.equal((await getUser(other.AccessToken)).Username, username);
  assert.ok((await refresh(clientId, other.RefreshToken)).AuthenticationResult.AccessToken);
});

test('a global sign-out ends every sign-in so far and none that follows', async () => {
  const { userPoolId, clientId } = await makePool(client);
  const { username } = await makeUser(client, userPoolId);
  const { AuthenticationResult: one } = await signIn(clientId, username);
  const { AuthenticationResult: other } = await signIn(clientId, username);

  await client.send(new GlobalSignOutCommand({ AccessToken: one.AccessToken }));

  for (const tokens of [one, other]) {
    await refused(getUser(tokens.AccessToken), NotAuthorizedException, 'Access Token has been revoked');
    await refused(refresh(clientId, tokens.RefreshToken), NotAuthorizedException, 'Refresh Token has been revoked');
  }
  const { AuthenticationResult: later } = await signIn(clientId, username);
  assert.equal((await getUser(later.AccessToken)).Username, username);
});

test('a rotating refresh token is exchanged once, and takes its sign-in along when it comes back', async () => {
  const rotating = {
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  };
  const { userPoolId, clientId } = await makePool(client, { app: rotating });
  const { username } = await makeUser(client, userPoolId);
  const { AuthenticationResult: first } = await signIn(clientId, username);
  const exchange = (RefreshToken) =>
    client.send(new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken }));

  const { AuthenticationResult: second } = await exchange(first.RefreshToken);
  assert.notEqual(second.RefreshToken, first.RefreshToken);
  assert.equal(claims(second.AccessToken).origin_jti, claims(first.AccessToken).origin_jti);
  await refused(exchange(first.RefreshToken), RefreshTokenReuseException, 'Refresh token has already been used');
  await refused(exchange(second.RefreshToken), NotAuthorizedException, 'Refresh Token has been revoked');
  await refused(getUser(second.AccessToken), NotAuthorizedException, 'Access Token has been revoked');
});

test('a server signs a user in, out, and shuts the user out', async () => {
  const flows = { ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] };
  const { userPoolId, clientId } = await makePool(client, { app: flows });
  const { username } = await makeUser(client, userPoolId);
  const who = { UserPoolId: userPoolId, Username: username };
  const start = (user, PASSWORD) =>
    client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: userPoolId,
        ClientId: clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: user, PASSWORD },
      }),
    );

  const { AuthenticationResult: tokens } = await start(username, PASSWORD);
  assert.equal((await getUser(tokens.AccessToken)).Username, username);
  await client.send(new AdminUserGlobalSignOutCommand(who));
  await refused(getUser(tokens.AccessToken), NotAuthorizedException, 'Access Token has been revoked');
  await client.send(new AdminDisableUserCommand(who));
  await refused(start(username, PASSWORD), NotAuthorizedException, 'Incorrect username or password.'); // veiled
  await client.send(new AdminEnableUserCommand(who));
  assert.ok((await start(username, PASSWORD)).AuthenticationResult);

  const invited = { UserPoolId: userPoolId, Username: fresh('eve'), TemporaryPassword: 'Temporary-1' };
  await client.send(new AdminCreateUserCommand({ ...invited, MessageAction: 'SUPPRESS' }));
  const asked = await start(invited.Username, 'Temporary-1');
  assert.equal(asked.ChallengeName, 'NEW_PASSWORD_REQUIRED');
  const { AuthenticationResult } = await client.send(
    new AdminRespondToAuthChallengeCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      ChallengeName: asked.ChallengeName,
      Session: asked.Session,
      ChallengeResponses: { USERNAME: invited.Username, NEW_PASSWORD: PASSWORD },
    }),
  );
  assert.equal((await getUser(AuthenticationResult.AccessToken)).Username, invited.Username);
});

test('a user made by the administrator gets an invitation and must choose a password', async () => {
  const { userPoolId, clientId } = await makePool(client);
  const username = fresh('ida');
  const email = `${username}@example.com`;
  const { User: made } = await client.send(
    new AdminCreateUserCommand({
      UserPoolId: userPoolId,
      Username: username,
      TemporaryPassword: 'Temporary-1',
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );
  assert.equal(made.UserStatus, 'FORCE_CHANGE_PASSWORD');
  assert.ok(made.UserCreateDate instanceof Date);
  const invitation = await message(server, email);
  assert.ok(invitation.body.includes(username) && invitation.body.includes('Temporary-1'), invitation.body);

  const asked = await signIn(clientId, username, 'Temporary-1');
  assert.equal(asked.ChallengeName, 'NEW_PASSWORD_REQUIRED');
  assert.equal(asked.AuthenticationResult, undefined);
  assert.equal(asked.ChallengeParameters.USER_ID_FOR_SRP, username);
  assert.deepEqual(JSON.parse(asked.ChallengeParameters.requiredAttributes), []);
  assert.equal(JSON.parse(asked.ChallengeParameters.userAttributes).email, email);

  const { AuthenticationResult: tokens } = await client.send(
    new RespondToAuthChallengeCommand({
      ChallengeName: asked.ChallengeName,
      ClientId: clientId,
      Session: asked.Session,
      ChallengeResponses: { USERNAME: username, NEW_PASSWORD: PASSWORD },
    }),
  );
  assert.equal((await getUser(tokens.AccessToken)).Username, username);
  assert.ok((await signIn(clientId, username)).AuthenticationResult);
  await refused(signIn(clientId, username, 'Temporary-1'), NotAuthorizedException, 'Incorrect username or password.');
});

test('ListUsers pages through all users once, and finds one by a filter', async () => {
  const { userPoolId } = await makePool(client);
  const names = [];
  for (let n = 0; n < 7; n += 1) names.push((await makeUser(client, userPoolId)).username);

  const sizes = [];
  const seen = [];
  for await (const page of paginateListUsers({ client, pageSize: 3 }, { UserPoolId: userPoolId })) {
    sizes.push(page.Users.length);
    seen.push(...page.Users);
  }
  assert.ok(sizes.every((size) => size <= 3) && sizes.length >= 3, `pages of ${sizes}`);
  assert.deepEqual(seen.map((user) => user.Username).sort(), [...names].sort());
  assert.ok(seen.every((user) => user.UserCreateDate instanceof Date && user.UserStatus === 'CONFIRMED'));

  const filter = { UserPoolId: userPoolId, Filter: `username = "${names[3]}"` };
  const found = await all(paginateListUsers({ client }, filter), 'Users');
  assert.deepEqual(found.map((user) => user.Username), [names[3]]);
});

test('every refusal is an error class of the SDK with the sentence of AWS', async () => {
  const { userPoolId, clientId } = await makePool(client);
  const { username } = await makeUser(client, userPoolId);
  const pending = fresh('pending');
  const email = `${pending}@example.com`;
  const signUp = (Username, Password = PASSWORD, ClientId = clientId) =>
    client.send(new SignUpCommand({ ClientId, Username, Password, UserAttributes: [{ Name: 'email', Value: email }] }));
  await signUp(pending);
  const bad = { ClientId: clientId, Username: pending, ConfirmationCode: wrong(await code(server, email)) };

  const policy = 'Password did not conform with policy: Password not long enough';
  const nobody = { UserPoolId: userPoolId, Username: fresh('nobody') };
  await refused(signUp(username), UsernameExistsException, 'User already exists');
  await refused(signUp(fresh('short'), 'Ab1-'), InvalidPasswordException, policy);
  const noClient = 'User pool client nosuchclient does not exist.';
  await refused(signUp('x', PASSWORD, 'nosuchclient'), ResourceNotFoundException, noClient);
  const mismatch = 'Invalid verification code provided, please try again.';
  await refused(client.send(new ConfirmSignUpCommand(bad)), CodeMismatchException, mismatch);
  await refused(signIn(clientId, username, 'Wrong-horse-1'), NotAuthorizedException, 'Incorrect username or password.');
  await refused(signIn(clientId, fresh('nobody')), NotAuthorizedException, 'Incorrect username or password.');
  await refused(client.send(new AdminGetUserCommand(nobody)), UserNotFoundException, 'User does not exist.');
  await refused(getUser('not-a-token'), NotAuthorizedException, 'Invalid Access Token');
  await refused(refresh(clientId, 'not-a-token'), NotAuthorizedException, 'Invalid Refresh Token');

  const withoutA = { AuthFlow: 'USER_SRP_AUTH', ClientId: clientId, AuthParameters: { USERNAME: username } };
  const started = client.send(new InitiateAuthCommand(withoutA));
  await refused(started, InvalidParameterException, 'Missing required parameter SRP_A');
  const unnamed = client.send(new CreateUserPoolCommand({}));
  const missing = "Value at 'poolName' failed to satisfy constraint: Member must not be null";
  await refused(unnamed, InvalidParameterException, `1 validation error detected: ${missing}`);
});
