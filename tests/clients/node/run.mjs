// Runs every suite in this folder on one engine: SQLite, or PostgreSQL where COGNATE_TEST_DATABASE_URL is set.
// `node run.mjs sdk.test.mjs` runs one. A suite that hangs is ended after four minutes.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const named = process.argv.slice(2);
const suites = named.length > 0 ? named : readdirSync(folder).filter((file) => file.endsWith('.test.mjs'));

console.log(`engine: ${process.env.COGNATE_TEST_DATABASE_URL ? 'postgres' : 'sqlite'}`);
const options = ['--test', '--test-concurrency=2', '--test-timeout=240000', '--test-reporter=spec'];
const { status, error } = spawnSync(process.execPath, [...options, ...suites], {
  cwd: folder,
  stdio: 'inherit',
  env: {
    ...process.env,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --disable-warning=ExperimentalWarning`,
  },
});
if (error) throw error;
process.exit(status ?? 1);
