// Implementations of Cognito's API that are not ours, on this machine: moto's server and cognito-local.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './server.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
const CODE = '482913';

/** moto's server. It sends no mail: the code of a reset stands in a header of its answer, which is read on the way. */
export async function moto() {
  const port = await freePort();
  const program = motoProgram();
  const { stop } = await runs(program, ['-H', '127.0.0.1', '-p', String(port)], {
    MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP: 'true',
  }, `http://127.0.0.1:${port}/moto-api/`);
  const codes = new Map();
  const tap = await tapped(port, (asked, answer) => {
    const code = answer.headers['x-moto-forgot-password-confirmation-code'];
    if (code && code !== 'None') codes.set(asked.Username, code);
  });
  return {
    endpoint: tap.endpoint,
    region: 'us-east-1', // where it looks for those whose call is not signed
    resetCode: (email) => codes.get(email) ?? assert.fail(`moto sent no code to ${email}`),
    async stop() {
      await tap.stop();
      await stop();
    },
  };
}

/** scripts/test installs it among the Python clients and puts it on the PATH. */
function motoProgram() {
  const folders = [...(process.env.PATH ?? '').split(':'), path.join(ROOT, '.venv/bin')];
  const found = folders.map((folder) => path.join(folder, 'moto_server')).find((program) => existsSync(program));
  return found ?? assert.fail('moto_server is missing: ./scripts/test installs it (tests/clients/requirements.txt)');
}

/** cognito-local. It writes its messages to its log, and every code is the one that it is told. */
export async function cognitoLocal() {
  const port = await freePort();
  const program = createRequire(import.meta.url).resolve('cognito-local/lib/bin/start.js');
  const endpoint = `http://127.0.0.1:${port}`;
  const { stop } = await runs(process.execPath, [program], { HOST: '127.0.0.1', PORT: String(port), CODE }, `${endpoint}/health`);
  return { endpoint, region: 'local', code: CODE, stop };
}

/** A program in a folder of its own, once it answers. */
async function runs(program, words, environment, health) {
  const folder = await mkdtemp(path.join(tmpdir(), 'counterpart-'));
  const child = spawn(program, words, { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
  const ended = once(child, 'close').catch((error) => error);
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) break;
    const answer = await fetch(health).catch(() => undefined);
    if (answer?.ok) return { stop };
    await pause(100);
  }
  await stop();
  return assert.fail(`${program} does not answer:\n${log}`);
}

/** A server that passes everything on to a port of this machine, and shows what was asked and answered. */
async function tapped(port, show) {
  const server = createServer((asked, answer) => {
    const body = [];
    asked.on('data', (chunk) => body.push(chunk));
    asked.on('end', () => {
      const { method, url, headers } = asked;
      const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, (came) => {
        if (method === 'POST') show(JSON.parse(Buffer.concat(body).toString('utf8')), came);
        answer.writeHead(came.statusCode, came.headers);
        came.pipe(answer);
      });
      passed.on('error', () => answer.destroy());
      passed.end(Buffer.concat(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
      return once(server, 'close');
    },
  };
}
