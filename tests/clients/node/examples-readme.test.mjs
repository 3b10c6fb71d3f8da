// What README.md says of the Auth API runs as it stands there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { engine, start } from './lib/server.mjs';

const run = promisify(execFile);
const SAID = 'http://127.0.0.1:9229';

let server, section;
before(async () => {
  server = await start();
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  section = readme.split('\n## ').find((part) => part.startsWith('The Auth API\n'));
});
after(() => server?.stop());

/** The one block of a language, with this server's address. */
function block(language) {
  const [[, text], ...others] = section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'));
  assert.deepEqual(others, []);
  assert.ok(text.includes(SAID));
  return text.replaceAll(SAID, server.endpoint);
}

test(`README.md: by curl, then in TypeScript (${engine})`, async () => {
  const { stdout } = await run('sh', ['-ec', block('sh')]);
  assert.match(stdout, /"requiresConfirmation":true/);
  assert.match(stdout, /"provider":"cognate"/);
  assert.match(stdout, /"name":"Works".*"role":"owner"/);
  assert.doesNotMatch(stdout, /urn:cognate:problem/);

  const { code } = await transform(block('ts'), { loader: 'ts', format: 'esm' });
  const said = await run(process.execPath, ['--input-type=module', '--eval', code]);
  assert.equal(said.stdout.trim(), "Eva is at home in [ 'Works (owner)' ]");
});
