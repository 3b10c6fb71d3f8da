// One Chromium for a suite, and visitors in it: each a fresh profile with a look. Whatever a page complains of in the console
// (a refused style or script among it), and whatever it asks for and does not get, fails the test that it happened in.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CHROMIUM = process.env.COGNATE_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-lcd-text',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
];

export const startBrowser = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: FLAGS,
    env: { ...process.env, FONTCONFIG_FILE: path.join(HERE, '../fonts.conf'), LANG: 'C.UTF-8' },
  });

const SIZES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  narrow: { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
};

export const LANGUAGES = ['en', 'ar', 'de', 'es', 'fr', 'ja', 'ko', 'zh-CN'];

/** How somebody meets the pages: `desktop-light-en`, and `-nojs` where their browser runs no scripts. */
export function look({ size = 'desktop', scheme = 'light', language = 'en', js = true } = {}) {
  return { size, scheme, language, js, name: `${size}-${scheme}-${language}${js ? '' : '-nojs'}` };
}

const both = (one, other, make) => [make(one), make(other)].flat();

/** Desktop and phone, light and dark, left to right and right to left. */
export const LOOKS = both('desktop', 'phone', (size) =>
  both('light', 'dark', (scheme) => both('en', 'ar', (language) => look({ size, scheme, language }))),
);

/** Once more, where no script runs. */
export const LOOKS_WITHOUT_JS = [
  look({ size: 'desktop', scheme: 'light', language: 'en', js: false }),
  look({ size: 'phone', scheme: 'dark', language: 'ar', js: false }),
];

const visitors = new WeakMap();

/** Gives `work` a page of a browser that was never here; afterwards nothing may have gone wrong on any page of it. */
export async function visit(browser, how, work) {
  if (!visitors.has(browser)) visitors.set(browser, new Map());
  const known = visitors.get(browser);
  if (!known.has(how.name)) known.set(how.name, await visitor(browser, how));
  const { page, context, wrong } = known.get(how.name);
  try {
    await work({ page, context, how, text: (key, values) => text(how.language, key, values) });
    assert.deepEqual(wrong, [], `what went wrong on the pages (${how.name})`);
  } catch (error) {
    known.delete(how.name);
    await context.close();
    throw error;
  }
  // A fresh context for each visit would take twice the time; the pages keep nothing but cookies.
  await page.goto('about:blank');
  await context.clearCookies();
}

async function visitor(browser, how) {
  const context = await browser.newContext({
    ...SIZES[how.size],
    colorScheme: how.scheme,
    locale: how.language,
    javaScriptEnabled: how.js,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(8_000);
  const wrong = [];
  context.on('console', (message) => {
    // An error page is an answer of 400, which Chromium calls a failure to load.
    const isAnswer = /the server responded with a status of 400/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isAnswer) {
      wrong.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => wrong.push(`script: ${error.error().stack}`));
  context.on('response', (response) => {
    const isDocument = response.request().resourceType() === 'document';
    if (response.status() >= (isDocument ? 500 : 400)) wrong.push(`${response.status()}: ${response.url()}`);
  });
  return { context, wrong, page: await context.newPage() };
}

/** Clicks what sends the browser elsewhere; the answer that it comes to. */
export async function follow(page, what) {
  const target = typeof what === 'string' ? page.locator(what) : what;
  const [answer] = await Promise.all([page.waitForNavigation(), target.click()]);
  return answer;
}

/** Fills fields by their names, in the order given. */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    await page.locator(`.input[name="${name}"]`).fill(value);
  }
}

export const SUBMIT = 'form:not(.resend) > .button-primary';

const texts = new Map();

/** A text of the pages in a language, with the values that stand in it. Only texts of one line are read. */
export function text(language, key, values = {}) {
  if (!texts.has(language)) {
    const file = path.resolve(HERE, '../../../../crates/web/pages/locales', `${language}.ftl`);
    const lines = readFileSync(file, 'utf8').matchAll(/^([a-z][\w-]*) = (\S.*)$/gm);
    texts.set(language, new Map([...lines].map(([, name, value]) => [name, value])));
  }
  const found = texts.get(language).get(key) ?? (language === 'en' ? undefined : text('en', key));
  assert.ok(found, `no text is called ${key}`);
  return found.replaceAll(/\{ \$(\w+) \}/g, (_, name) => values[name]);
}

/** What a page says, as it is read: without the marks that keep directions apart. */
export const plain = (said) =>
  said
    .replaceAll(/[\u2066-\u2069\u200e\u200f]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
