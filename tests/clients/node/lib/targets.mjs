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
//            `softwareToken(session)`      sets up an authenticator for whom the session belongs to; a function that gives its codes
//   lacks    what the far side cannot do, by the contract's fact: `why`, and `instead(world, kit)`, which asserts what happens in its place
//
// A fact that is lacked is still a test: it holds what the boundary makes of it.

import { AdminCreateUserCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { start } from './server.mjs';
import { claims, code, sdk, wrong } from './world.mjs';

const TEMPORARY = 'Temporary-horse-3';
/** What providers sign their events with. */
const WEBHOOK_SECRET = 'what the provider signs its events with';

/** A pool of the server's own, in process. */
const ownPool = {
  name: 'cognate',
  async start() {
    const server = await start({ args: ['--webhook-secret', WEBHOOK_SECRET] });
    const webhook = { secret: WEBHOOK_SECRET, userPoolId: server.userPoolId };
    return { api: server.endpoint, provider: 'cognate', webhook, ...farSide(server), ...dev(server), stop: server.stop };
  },
  lacks: withoutSoftwareTokens(),
};

export const targets = [ownPool];

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
  };
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
