// Who stands behind `/v1` in the contract's suite. A target is
//
//   name     as the tests show it
//   start()  what runs: `api` (the address that /v1 is below), `provider` (as sessions name it), `stop()`, and what is done past the boundary:
//            `code(email, count)`          the code that an address got, once `count` messages went there
//            `wrong(code)`                 another one of the same form
//            `webhook`                     `{ secret, userPoolId }` of the provider's events
//            `letters(email)`              the texts that this server itself has written there
//            `invited(email)`              an account with a temporary password; the password
//            `ownSession(email, password)` tokens by the provider's own SDK: `{ refreshToken, sub }`
//            `administrator()`             the bearer of somebody who may do everything
//            `softwareToken(session)`      sets up an authenticator for whom the session belongs to; a function that gives its codes
//   lacks    what the far side cannot do, by the contract's fact: `why`, and `instead(world, kit)`, which asserts what happens in its place
//
// A fact that is lacked is still a test: it holds what the boundary makes of it.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import {
  AdminCreateUserCommand,
  AssociateSoftwareTokenCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { found } from './administration-facts.mjs';
import { contractKit } from './contract.mjs';
import { cognitoLocal, moto } from './counterparts.mjs';
import { mailServer } from './mails.mjs';
import { serve } from './serve.mjs';
import { command, start } from './server.mjs';
import { totp } from './totp.mjs';
import { PASSWORD, claims, code, sdk, wrong } from './world.mjs';

const TEMPORARY = 'Temporary-horse-3';
/** What providers sign their events with. */
const WEBHOOK_SECRET = 'what the provider signs its events with';

/** A pool of the server's own, in process. */
const ownPool = {
  name: 'cognate',
  async start() {
    const server = await start({ args: ['--auth-api-webhook-secret', WEBHOOK_SECRET], keeps: true });
    const webhook = { secret: WEBHOOK_SECRET, userPoolId: server.userPoolId };
    const world = { api: server.endpoint, provider: 'cognate', webhook, ...farSide(server), ...dev(server), stop: server.stop };
    return { ...world, administrator: administrator(world, server.store) };
  },
  lacks: withoutSoftwareTokens(),
};

/** Another server of ours, by its `POST /`. */
const ourselves = {
  name: 'cognito, which is ourselves',
  async start() {
    const back = await start();
    const front = await before(back);
    const world = { ...front, ...farSide(back), ...dev(back), letters: front.letters, stop: both(front.stop, back.stop) };
    return { ...world, administrator: administrator(world, ['--config', front.file]) };
  },
  lacks: withoutSoftwareTokens(),
};

/** moto's server (PyPI). */
const behindMoto = {
  name: 'cognito, which is moto',
  async start() {
    const far = await withPool(await moto());
    const front = await before({ ...far, issuer: `https://cognito-idp.${far.region}.amazonaws.com/${far.userPoolId}` });
    const wrongCode = (right) => (right.startsWith('moto') ? 'moto-confirmation-code:000000' : wrong(right));
    const world = {
      ...front,
      ...farSide(far),
      code: async (email, count = 1) => (count === 1 ? '123456' : far.resetCode(email)),
      wrong: wrongCode,
      stop: both(front.stop, far.stop),
    };
    return { ...world, administrator: administrator(world, ['--config', front.file]) };
  },
  lacks: {
    'confirm.wrong': {
      why: 'it takes any code for the one that it sent',
      async instead(world, { post, waiting, good }) {
        good(await post('/auth/sign-up/confirm', { identifier: await waiting(), code: '000000' }), 204);
      },
    },
    resend: {
      why: 'it has no ResendConfirmationCode, and fails without an error of Cognito’s',
      instead: (world, kit) => nothingIsSentAgain(kit, 502, 'provider_failed'),
    },
    'sign-out.one': {
      why: 'it has no RevokeToken, and fails without an error of Cognito’s',
      async instead(world, { post, person, session, refresh, problem, good }) {
        const { accessToken, refreshToken } = await session(await person());
        problem(await post('/auth/sign-out', { refreshToken }, accessToken), 502, 'provider_failed');
        good(await refresh(refreshToken));
      },
    },
    'reset.weak': {
      why: 'it asks nothing of a password that a code brings',
      instead: resetsToAnything,
    },
    'admin.reset': {
      why: 'a code that confirms an account proves no address to it, and it resets only those of proved ones',
      async instead(world, kit) {
        const { administrator, address, user } = await found(world, kit);
        kit.problem(await kit.post(`/admin/users/${user.id}/password-resets`, {}, administrator), 400, 'validation_failed');
        await kit.session(address);
      },
    },
  },
};

/** cognito-local (npm). */
const behindCognitoLocal = {
  name: 'cognito, which is cognito-local',
  async start() {
    const far = await withPool(await cognitoLocal());
    const front = await before(far);
    const world = { ...front, ...farSide(far), code: async () => far.code, wrong, stop: both(front.stop, far.stop) };
    return { ...world, administrator: administrator(world, ['--config', front.file]) };
  },
  lacks: {
    'sign-up.weak': {
      why: 'it asks nothing of passwords',
      async instead(world, { post, email, good }) {
        good(await post('/auth/sign-up', { email: email(), password: 'weak' }), 201);
      },
    },
    'challenge.new-password.weak': {
      why: 'it asks nothing of passwords',
      async instead(world, { post, email, signIn, good }) {
        const address = email();
        const { challenge: { session } } = good(await signIn(address, await world.invited(address)));
        good(await post('/auth/challenges/new-password', { session, newPassword: 'weak' }));
      },
    },
    'reset.weak': { why: 'it asks nothing of passwords', instead: resetsToAnything },
    'change.weak': {
      why: 'it asks nothing of passwords',
      async instead(world, { patch, person, session, good }) {
        const { accessToken } = await session(await person());
        good(await patch('/auth/password', { currentPassword: PASSWORD, newPassword: 'weak' }, accessToken), 204);
      },
    },
    'change.wrong': {
      why: 'it says of a wrong password what others say of a weak one',
      async instead(world, { patch, person, session, problem }) {
        const address = await person();
        const { accessToken } = await session(address);
        const wrong = await patch('/auth/password', { currentPassword: 'Wrong-horse-99', newPassword: 'weak' }, accessToken);
        problem(wrong, 422, 'password_rejected');
        await session(address);
      },
    },
    resend: {
      why: 'it has no ResendConfirmationCode',
      instead: (world, kit) => nothingIsSentAgain(kit, 501, 'unsupported_by_provider'),
    },
    'sign-in.name': {
      why: 'its ID tokens do not tell it',
      async instead(world, { person, session }) {
        const { user } = await session(await person());
        assert.equal(user.name, undefined);
      },
    },
    'admin.invite': {
      why: 'it looks at no password where one has to be replaced',
      async instead(world, { post, email, signIn, good, problem }) {
        const [bearer, address] = [await world.administrator(), email()];
        good(await post('/admin/users', { email: address }, bearer), 201);
        problem(await post('/admin/users', { email: address }, bearer), 409, 'conflict');
        assert.equal(good(await signIn(address, 'Wrong-horse-99')).challenge.type, 'new_password');
      },
    },
    'admin.disable': {
      why: 'it lets in whom it has disabled; what they get opens nothing here',
      async instead(world, kit) {
        const { get, patch, session, good, problem } = kit;
        const { administrator, address, user } = await found(world, kit);
        good(await patch(`/admin/users/${user.id}`, { state: 'disabled' }, administrator));
        problem(await get('/me', (await session(address)).accessToken), 403, 'account_disabled');
      },
    },
    'admin.reset': {
      why: 'it has no AdminResetUserPassword',
      async instead(world, kit) {
        const { administrator, address, user } = await found(world, kit);
        const refused = await kit.post(`/admin/users/${user.id}/password-resets`, {}, administrator);
        kit.problem(refused, 501, 'unsupported_by_provider');
        await kit.session(address);
      },
    },
    'sign-out': {
      why: 'it has no GlobalSignOut',
      async instead(world, { post, person, session, refresh, problem, good }) {
        const { accessToken, refreshToken } = await session(await person());
        problem(await post('/auth/sign-out', {}, accessToken), 501, 'unsupported_by_provider');
        good(await refresh(refreshToken));
      },
    },
  },
};

/** Nobody but a file, and whoever comes while it runs. */
const theMock = {
  name: 'mock',
  async start() {
    const server = await start({ args: ['--auth-api-provider', 'mock', '--auth-api-mock-file', EXAMPLE, '--auth-api-webhook-secret', WEBHOOK_SECRET] });
    const webhook = { secret: WEBHOOK_SECRET, userPoolId: 'mock' };
    const world = { api: server.endpoint, provider: 'mock', webhook, ...dev(server), ...cast(server), stop: server.stop };
    // The file says who may do everything.
    const once = async () => (await contractKit(world).session('ann@example.com', 'Correct-Horse-9')).accessToken;
    return { ...world, administrator: remembered(once) };
  },
  lacks: {
    'refresh.sdk': {
      why: 'the mock has no SDK of its own',
      async instead(_, { refresh, problem }) {
        problem(await refresh('of-an-sdk'), 401, 'refresh_rejected');
      },
    },
    'admin.disable': {
      why: 'its tokens end with the account, and are nobody’s then',
      async instead(world, kit) {
        const { get, patch, session, signIn, good, problem } = kit;
        const { administrator, address, own, user } = await found(world, kit);
        const turn = async (state) => good(await patch(`/admin/users/${user.id}`, { state }, administrator)).providerAccount;
        assert.equal(await turn('disabled'), 'changed');
        problem(await get('/me', own.accessToken), 401, 'unauthenticated');
        assert.notEqual((await signIn(address)).status, 200);
        assert.equal(await turn('active'), 'changed');
        good(await get('/me', (await session(address)).accessToken));
      },
    },
  },
};

export const targets = [ownPool, ourselves, behindMoto, behindCognitoLocal, theMock];

const EXAMPLE = fileURLToPath(new URL('../../../../docs/examples/mock.toml', import.meta.url));
const AUTHENTICATOR = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** What is done past the boundary of the mock. */
function cast(server) {
  const user = async (lines) => {
    const written = Object.entries(lines).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    const body = ['[[users]]', ...written].join('\n');
    const answered = await fetch(`${server.endpoint}/dev/mock/users`, { method: 'POST', body });
    assert.equal(answered.status, 204, await answered.text());
  };
  return {
    async invited(email) {
      await user({ email, password: TEMPORARY, name: 'Ann', status: 'new_password_required' });
      return TEMPORARY;
    },
    async softwareToken({ idToken }) {
      const { email } = claims(idToken);
      await user({ email, password: PASSWORD, challenges: ['software_token'], totp_secret: AUTHENTICATOR });
      return () => totp(AUTHENTICATOR);
    },
  };
}

/** Somebody whom the operator has named on the server's store, which these words lead to. */
function administrator(world, store) {
  return remembered(async () => {
    const { person, session } = contractKit(world);
    const { accessToken, user } = await session(await person());
    await command(['auth-api', 'admins', 'add', '--sub', user.sub, '--known-by', world.provider, ...store]);
    return accessToken;
  });
}

/** What `make` gives, made by the first who asks. */
function remembered(make) {
  let made;
  return () => (made ??= make());
}

/** A server that shows the Auth API alone, in front of a pool elsewhere. It has none of its own, and carries its mails away. */
async function before({ endpoint, region, userPoolId, clientId, issuer }) {
  const mails = await mailServer();
  const credentials = { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'an-example' };
  const named = { endpoint, region, user_pool_id: userPoolId, client_id: clientId, ...(issuer && { issuer }), ...credentials };
  const front = await serve({
    server: { faces: ['auth-api'] },
    auth_api: { provider: 'cognito', webhook_secret: WEBHOOK_SECRET, calls_per_address: 100_000 }, // all of them come from here
    'auth_api.cognito': named,
    messages: { smtp_host: '127.0.0.1', smtp_port: mails.port, smtp_security: 'none', smtp_from: 'shop@example.com' },
  });
  return {
    api: front.endpoint,
    provider: 'cognito',
    webhook: { secret: WEBHOOK_SECRET, userPoolId },
    letters: async (email) => mails.to(email),
    file: front.file,
    stop: both(front.stop, mails.stop),
  };
}

/** A pool where people are called by their address, made with Amazon's client. */
async function withPool(server) {
  const client = sdk(server);
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({
      PoolName: 'shop',
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'verified_email' }] },
    }),
  );
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: UserPool.Id,
      ClientName: 'shop',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      ReadAttributes: ['email', 'email_verified', 'name'],
    }),
  );
  await client.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId: UserPool.Id, MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true },
    }),
  );
  return { ...server, userPoolId: UserPool.Id, clientId: UserPoolClient.ClientId };
}

/** A development server keeps what it would send. */
function dev(server) {
  const kept = async (email) => (await fetch(`${server.endpoint}/dev/messages?to=${encodeURIComponent(email)}`)).json();
  return {
    code: (email, count) => code(server, email, count),
    wrong,
    letters: async (email) => (await kept(email)).map(({ body }) => body),
  };
}

/** What is done past the boundary, through Amazon's own client. */
function farSide(server) {
  const client = sdk(server);
  const { userPoolId, clientId } = server;
  return {
    async invited(email) {
      const UserAttributes = [{ Name: 'email', Value: email }, { Name: 'email_verified', Value: 'true' }];
      await client.send(
        new AdminCreateUserCommand({
          UserPoolId: userPoolId, Username: email, UserAttributes, TemporaryPassword: TEMPORARY, MessageAction: 'SUPPRESS',
        }),
      );
      return TEMPORARY;
    },
    async ownSession(email, password) {
      const { AuthenticationResult: got } = await client.send(
        new InitiateAuthCommand({
          ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: email, PASSWORD: password },
        }),
      );
      return { refreshToken: got.RefreshToken, sub: claims(got.AccessToken).sub };
    },
    async softwareToken({ accessToken: AccessToken }) {
      const { SecretCode } = await client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
      const next = () => totp(SecretCode);
      await client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: await next() }));
      const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
      await client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
      return next;
    },
  };
}

function both(...stops) {
  return async () => {
    for (const stop of stops) await stop();
  };
}

/** Whoever asks, for whomever: the same. */
async function nothingIsSentAgain({ post, waiting, person, email, problem }, status, code) {
  for (const identifier of [await waiting(), await person(), email()]) {
    problem(await post('/auth/sign-up/resend-confirmation', { identifier }), status, code);
  }
}

async function resetsToAnything(world, { post, person, good }) {
  const identifier = await person();
  good(await post('/auth/password-resets', { identifier }), 202);
  const code = await world.code(identifier, 2);
  good(await post('/auth/password-resets/confirm', { identifier, code, newPassword: 'weak' }), 204);
}

function withoutSoftwareTokens() {
  const lack = {
    why: 'a pool of this server raises no MFA challenge yet',
    async instead(world, { post, problem }) {
      const answered = await post('/auth/challenges/software-token', { session: 'made-up', code: '123456' });
      problem(answered, 401, 'challenge_failed');
    },
  };
  return { 'challenge.software-token': lack, 'challenge.software-token.wrong': lack };
}
