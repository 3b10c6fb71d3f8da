// Runs every suite in this folder, one after the other: there is one Chromium at a time. `node run.mjs pages.test.mjs` runs one,
// `--accept` takes what pages look like as their new baselines.

import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--'));
const suites =
  named.length > 0
    ? named
    : readdirSync(folder)
        .filter((file) => file.endsWith('.test.mjs'))
        .sort();

rmSync(path.join(folder, 'differences'), { recursive: true, force: true });
const options = ['--test', '--test-concurrency=1', '--test-timeout=480000', '--test-reporter=spec'];
const { status, error } = spawnSync(process.execPath, [...options, ...suites], {
  cwd: folder,
  stdio: 'inherit',
  env: { ...process.env, ...(words.includes('--accept') ? { COGNATE_BROWSER_ACCEPT: '1' } : {}) },
});
if (error) throw error;
process.exit(status ?? 1);
