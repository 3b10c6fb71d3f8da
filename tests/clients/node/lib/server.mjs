// Starts the running binary for a suite and stops it again. SQLite unless COGNATE_TEST_DATABASE_URL names a PostgreSQL
// server whose user may create databases: then each server gets a fresh database there.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? path.resolve(HERE, '../../../../target');
const BINARY = process.env.COGNATE_BIN ?? path.join(TARGET, 'debug/cognate');
const POSTGRES = process.env.COGNATE_TEST_DATABASE_URL;

export const engine = POSTGRES ? 'postgres' : 'sqlite';

/**
 * The server's own first line (endpoint, userPoolId, clientId, issuer, jwksUri, ..) and `stop`. With `keeps` its store is one that commands can
 * work on beside it: `store` are the words that name it.
 */
export async function start({ args = [], listen = '127.0.0.1:0', keeps = false } = {}) {
  const { first, stop, store } = await run(async (folder, database) => {
    const kept = ['--data', path.join(folder, 'data')];
    const named = database ? ['--database', database, ...kept] : kept;
    const words = ['dev', '--json', '--listen', listen, ...(database || keeps ? named : ['--ephemeral']), ...args];
    return { words, store: named };
  });
  return { ...JSON.parse(first), stop, store };
}

/** Runs a command of the binary to its end; what it says. */
export async function command(words) {
  const { stdout } = await promisify(execFile)(BINARY, words);
  return stdout;
}

/**
 * Runs the binary in a folder of its own with the words that `prepare(folder, database)` gives, until it has said its first line: `first`,
 * `stop()`, and what else `prepare` gave. `database` is that of PostgreSQL, where the suite runs on it.
 */
export async function run(prepare) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cognate-node-'));
  const database = POSTGRES ? await freshDatabase() : undefined;
  const { words, ...prepared } = await prepare(folder, database?.url);
  const child = spawn(BINARY, words, {
    cwd: folder,
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COGNATE_'))),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

  const stop = async () => {
    child.kill('SIGTERM');
    const end = await ended;
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(end, { code: 0, signal: null }, `the server did not end well on SIGTERM:\n${log}`);
  };

  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line').then(([line]) => line), ended]);
  if (typeof first !== 'string') {
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
    throw first.error ?? new Error(`${BINARY} ended (${first.code ?? first.signal}) before it was ready:\n${log}`);
  }
  lines.on('line', () => {}); // what follows is read, so that the pipe never fills
  return { ...prepared, first, stop, log: () => log };
}

/** A port that was free a moment ago, for the rare server whose address must be known before it starts. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function freshDatabase() {
  const name = `node_${randomUUID().replaceAll('-', '')}`;
  await asAdministrator(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function asAdministrator(statement) {
  const client = new pg.Client({ connectionString: POSTGRES });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
