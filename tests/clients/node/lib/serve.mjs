// `cognate serve` as an operator runs it: a configuration file, a master key, a store of its own. It ends as `dev` does.

import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort, run } from './server.mjs';

/** `tables` are added to a sound configuration, as `{ section: { key: value } }`; a section may have a dot. */
export async function serve(tables = {}) {
  const [port, adminPort] = [await freePort(), await freePort()];
  const endpoint = `http://127.0.0.1:${port}`;
  const { stop, file } = await run(async (folder, database) => {
    const key = path.join(folder, 'master.key');
    await writeFile(key, randomBytes(32).toString('base64'), { mode: 0o600 });
    const sound = {
      server: {
        environment: 'test',
        listen: `127.0.0.1:${port}`,
        admin_listen: `127.0.0.1:${adminPort}`,
        public_url: endpoint,
        allow_http_public_url: true,
      },
      store: { database: database ?? `sqlite:${path.join(folder, 'store.db')}` },
      keys: { master_key_file: key },
    };
    for (const [name, table] of Object.entries(tables)) sound[name] = { ...sound[name], ...table };
    const config = path.join(folder, 'cognate.toml');
    await writeFile(config, toml(sound), { mode: 0o600 });
    return { words: ['serve', '--config', config], file: config };
  });
  return { endpoint, admin: `http://127.0.0.1:${adminPort}`, file, stop };
}

/** Strings, numbers, switches and lists of strings are written in TOML as in JSON. */
function toml(tables) {
  const line = ([key, value]) => `${key} = ${JSON.stringify(value)}\n`;
  return Object.entries(tables).map(([name, table]) => `[${name}]\n${Object.entries(table).map(line).join('')}`).join('');
}
