// Chromium without a screen, for libraries that want a whole browser; and the web applications that it opens. It knows
// names below localhost by itself.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { PASSWORD } from './world.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const PATIENCE = 10_000;

/** The browser that COGNATE_CHROMIUM names, or the first of NAMES on the PATH. */
export function openChromium() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(existsSync);
  const executablePath = process.env.COGNATE_CHROMIUM ?? found;
  assert.ok(executablePath, 'no Chromium: apt-get install chromium (Debian), or name it by COGNATE_CHROMIUM');
  // Chromium's own sandbox refuses root.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid() !== 0 });
}

/** An empty browser of somebody's: a page of it. The proxy's certificate is nobody's, so none is asked for. */
export async function newPage(browser) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(PATIENCE);
  return context.newPage();
}

/** Signs a person in at the login page that the browser shows. */
export async function signInAt(page, { username }, password = PASSWORD) {
  const form = page.locator('form[name=cognitoSignInForm]');
  await form.locator('[name=username]').fill(username);
  await form.locator('[name=password]').fill(password);
  await form.locator('[name=signInSubmitButton]').click();
}

/** A web application of one page, at any path of an origin of its own: `scripts`, in this order. */
export async function serveApplication() {
  const scripts = [];
  const page = () => `<!doctype html>${scripts.map((_, at) => `<script src="/${at}.js"></script>`).join('')}`;
  const server = createServer((asked, answered) => {
    const named = /^\/(\d+)\.js$/.exec(asked.url);
    const [kind, body] = named ? ['text/javascript', scripts[named[1]]] : ['text/html', page()];
    answered.writeHead(200, { 'content-type': `${kind}; charset=utf-8` }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://localhost:${server.address().port}`, scripts, close };
}
