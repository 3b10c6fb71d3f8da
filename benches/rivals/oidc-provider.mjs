// oidc-provider with its own HTTP server and everything in its memory, in so many processes. Its access tokens are JWTs (RS256, 2048
// bits), as Cognate's are, and refresh tokens stay good, so that each answer asks both servers for the same signatures. Tokens are
// made before the processes part: each of them knows them all.

import cluster from 'node:cluster';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const { LIBRARY, PORT, PROCESSES, TOKENS } = process.env;
const { default: Provider } = await import(LIBRARY);

const RESOURCE = 'urn:orders';
const SCOPE = 'orders/read';
const WORLD = 'world.json'; // what the processes share
const READY = 'ready.json'; // what the harness has to know

// The library's own adapter forgets all but the last thousand entries. This one looks up and keeps, and no more.
const kept = new Map();
class Memory {
  constructor(model) {
    this.model = model;
  }
  async find(id) {
    return kept.get(`${this.model}:${id}`);
  }
  async upsert(id, payload) {
    kept.set(`${this.model}:${id}`, payload);
  }
  async destroy(id) {
    kept.delete(`${this.model}:${id}`);
  }
}

function provider({ jwk, secret }) {
  return new Provider(`http://127.0.0.1:${PORT}`, {
    adapter: Memory,
    jwks: { keys: [jwk] },
    clients: [
      {
        client_id: 'machine',
        client_secret: secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope: SCOPE,
        token_endpoint_auth_method: 'client_secret_basic',
      },
      {
        client_id: 'page',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['https://shop.example.com/cb'],
        token_endpoint_auth_method: 'none',
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience: RESOURCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.com` }) }),
    rotateRefreshToken: false,
    scopes: ['openid', 'email', 'offline_access', SCOPE],
    ttl: { AccessToken: 3600, ClientCredentials: 3600, Grant: 86400, IdToken: 3600, RefreshToken: 86400 },
  });
}

function serve(world) {
  for (const [id, payload] of world.entries) kept.set(id, payload);
  const server = provider(world).listen(Number(PORT), '127.0.0.1');
  server.keepAliveTimeout = 0; // connections wait while other servers are asked
}

/** A key, a secret, and people who have signed in. */
async function makeWorld() {
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const world = { jwk: { ...jwk, use: 'sig', alg: 'RS256', kid: 'one' }, secret: randomBytes(32).toString('hex') };
  const made = provider(world);
  const client = await made.Client.find('page');
  const tokens = [];
  for (let number = 0; number < Number(TOKENS); number += 1) {
    const accountId = `person-${number}`;
    const grant = new made.Grant({ accountId, clientId: 'page' });
    grant.addOIDCScope('openid email offline_access');
    grant.addResourceScope(RESOURCE, SCOPE);
    const token = new made.RefreshToken({
      accountId,
      authTime: Math.floor(Date.now() / 1000),
      client,
      grantId: await grant.save(),
      gty: 'authorization_code',
      resource: RESOURCE,
      scope: `openid email offline_access ${SCOPE}`,
    });
    tokens.push(await token.save());
  }
  return [{ ...world, entries: [...kept] }, { secret: world.secret, tokens }];
}

if (cluster.isPrimary) {
  const [world, ready] = await makeWorld();
  const say = () => {
    writeFileSync(`${READY}.new`, JSON.stringify(ready));
    renameSync(`${READY}.new`, READY); // whoever finds it finds all of it
  };
  if (Number(PROCESSES) === 1) {
    serve(world);
    say();
  } else {
    writeFileSync(WORLD, JSON.stringify(world));
    let listening = 0;
    cluster.on('listening', () => {
      listening += 1;
      if (listening === Number(PROCESSES)) say();
    });
    for (let number = 0; number < Number(PROCESSES); number += 1) cluster.fork();
  }
} else {
  serve(JSON.parse(readFileSync(WORLD, 'utf8')));
}
