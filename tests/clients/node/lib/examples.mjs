// What the tests of examples/ share: the providers that they run over, and a Chromium that notes all that a page does.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { start } from './server.mjs';
import { fresh, sdk } from './world.mjs';

export const TEMPORARY = 'Temporary-horse-1';
export const TOTP_CODE = '135790';

const MOCK = `
code = "${TOTP_CODE}"

[[users]]
email = "new@example.com"
password = "${TEMPORARY}"
name = "Nina New"
status = "new_password_required"

[[users]]
email = "careful@example.com"
password = "${TEMPORARY}"
name = "Cara Careful"
phone = "+15551234567"
challenges = ["select", "software_token", "email_code", "sms_code"]

[[users]]
email = "asked@example.com"
password = "${TEMPORARY}"
name = "Ash Asked"
question = "What is the name of the ship?"
answer = "Beagle"
challenges = ["software_token", "custom"]
`;

/** A server that pages of these origins may call. */
async function startWith(origins, more) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cognate-examples-'));
  const settings = path.join(folder, 'cognate.toml');
  await writeFile(settings, `[auth_api]\nallowed_origins = ${JSON.stringify(origins)}\n`);
  try {
    return await start({ args: ['--config', settings, ...(await more(folder))] });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `start`: a server over this provider; `newcomer`: somebody with a temporary password. */
export const TARGETS = [
  {
    provider: 'cognate',
    start: (origins = []) => startWith(origins, () => []),
    async newcomer(server) {
      const email = `${fresh('nina')}@example.com`;
      const attributes = { email, email_verified: 'true', name: 'Nina New' };
      await sdk(server).send(
        new AdminCreateUserCommand({
          UserPoolId: server.userPoolId,
          Username: email,
          TemporaryPassword: TEMPORARY,
          MessageAction: 'SUPPRESS',
          UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
        }),
      );
      return email;
    },
  },
  {
    provider: 'mock',
    start: (origins = []) =>
      startWith(origins, async (folder) => {
        const file = path.join(folder, 'mock.toml');
        await writeFile(file, MOCK);
        return ['--auth-api-provider', 'mock', '--auth-api-mock-file', file];
      }),
    newcomer: () => 'new@example.com',
  },
];

/** A page of an empty browser. `seen` grows: each answer as the browser got it; `wrong`: what the page should not have done. */
export async function watched(browser, more = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', ...more });
  context.setDefaultTimeout(10_000);
  const [seen, wrong] = [[], []];
  context.on('response', (response) => seen.push(read(response)));
  context.on('weberror', (error) => wrong.push(`script: ${error.error().stack}`));
  context.on('console', (message) => {
    // A refused password is an answer of 401, which Chromium calls a failure to load.
    const isAnswer = /^Failed to load resource: the server responded with a status of 4/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isAnswer) wrong.push(`console: ${message.text()}`);
  });
  return { context, page: await context.newPage(), seen, wrong };
}

async function read(response) {
  const body = await response.text().catch(() => ''); // of a redirect there is none
  const headers = JSON.stringify(await response.allHeaders().catch(() => ({})));
  return { url: response.url(), status: response.status(), method: response.request().method(), headers, body };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** axe-core finds nothing, nothing is wider than the window, what is touched is large enough. */
export async function checkAccessible(page) {
  const debug = await page.context().newCDPSession(page); // the page's own policy does not concern it
  const run = async (expression) => {
    const said = await debug.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    assert.equal(said.exceptionDetails, undefined, JSON.stringify(said.exceptionDetails));
    return said.result.value;
  };
  await run(`${AXE}; 0`);
  const found = await run(`axe.run(document, ${JSON.stringify({ runOnly: TAGS, resultTypes: ['violations'] })}).then(
    ({ violations, passes }) => ({
      rules: passes.length,
      violations: violations.map(({ id, help, nodes }) => id + ': ' + help + ' ' + nodes.map((node) => node.html).join()),
    }))`);
  await debug.detach();
  assert.ok(found.rules > 10, 'axe did not look at this page');
  assert.deepEqual(found.violations, [], 'axe found what keeps people out');
  const seen = await page.evaluate(() => ({
    wide: Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
    small: [...document.querySelectorAll('button, input:not([type=hidden]), a, label.choice')]
      .filter((node) => node.getBoundingClientRect().height < (node.type === 'radio' ? 23.5 : 43.5))
      .map((node) => node.outerHTML),
  }));
  assert.deepEqual(seen, { wide: 0, small: [] });
}
