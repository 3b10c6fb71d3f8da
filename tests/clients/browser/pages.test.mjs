// Every page, desktop and phone, light and dark, left to right and right to left: what it says, what axe finds, what it looks
// like. And each in every language on the narrowest window.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LANGUAGES, look, LOOKS, plain, startBrowser, visit } from './lib/browser.mjs';
import { checkAccessible, checkFrame, checkWidth } from './lib/checks.mjs';
import { PAGES, startWorld } from './lib/pages.mjs';
import { checkNoneIsLeftOver, checkScreenshot } from './lib/screenshots.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, world;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  world = await startWorld(server);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  await server?.stop();
});

async function arrive(one, page, text) {
  await one.open(page, world);
  assert.equal(await page.locator('body').getAttribute('class'), `page-${one.is}`);
  assert.equal(plain(await page.locator('h1').innerText()), plain(text(one.title, one.values)));
  const said = plain(await page.locator('main').innerText());
  for (const key of one.says ?? []) assert.ok(said.includes(plain(text(key))), `${key} is not said: ${said}`);
}

for (const one of PAGES) {
  for (const how of LOOKS) {
    test(`${one.name}, ${how.name}`, () =>
      visit(browser, how, async ({ page, text }) => {
        await arrive(one, page, text);
        await checkFrame(page, how);
        await checkAccessible(page);
        await checkScreenshot(page, `${one.name}-${how.name}`, one.varies);
      }));
  }
  if (one.within) continue;
  test(`${one.name} fits 320 pixels in every language`, async () => {
    for (const language of LANGUAGES) {
      await visit(browser, look({ size: 'narrow', language }), async ({ page, text }) => {
        await arrive(one, page, text);
        await checkWidth(page);
      });
    }
  });
}

test('every baseline is compared with', () => checkNoneIsLeftOver());
