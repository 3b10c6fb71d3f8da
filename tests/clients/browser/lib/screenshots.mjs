// Screenshots, compared with the baselines beside this folder. What differs is written to `differences/` with what was expected to
// be seen; COGNATE_BROWSER_ACCEPT=1 (`npm run accept`) takes what is seen as the new baseline.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { small } from './small-png.mjs';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const BASELINES = path.join(FOLDER, 'baselines');
const DIFFERENCES = path.join(FOLDER, 'differences');
const ACCEPT = process.env.COGNATE_BROWSER_ACCEPT === '1';

/** How far a pixel's colour may be off (0 to 1), and how many pixels of a picture may be further off. */
const COLOUR = 0.1;
const PIXELS = 40;

const compared = new Set();

/** `varies`: what is never twice the same, as selectors, and what is shown in its place. */
export async function checkScreenshot(page, name, varies = {}) {
  await page.evaluate((texts) => {
    for (const [selector, text] of Object.entries(texts)) {
      for (const node of document.querySelectorAll(selector))
        node[node.matches('input') ? 'value' : 'textContent'] = text;
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { caret-color: transparent !important }');
    document.adoptedStyleSheets = [sheet];
    scrollTo(0, 0);
    return document.fonts.ready.then(() => undefined);
  }, varies);
  const taken = await page.screenshot({ fullPage: true, caret: 'initial', animations: 'allow', scale: 'css' });
  // In as many colours as the baselines have: a tall page has more, and would differ by that alone.
  const seen = PNG.sync.read(small(PNG.sync.read(taken)));
  const baseline = path.join(BASELINES, `${name}.png`);
  compared.add(`${name}.png`);
  const expected = existsSync(baseline) ? PNG.sync.read(readFileSync(baseline)) : undefined;
  const difference = expected && compare(expected, seen);
  if (expected && difference.pixels <= PIXELS) return;

  if (ACCEPT) {
    mkdirSync(BASELINES, { recursive: true });
    writeFileSync(baseline, small(seen));
    return;
  }
  mkdirSync(DIFFERENCES, { recursive: true });
  const actual = path.join(DIFFERENCES, `${name}.actual.png`);
  writeFileSync(actual, small(seen));
  if (!expected) assert.fail(`there is no baseline of ${name}; what is seen: ${actual}`);
  const marked = path.join(DIFFERENCES, `${name}.difference.png`);
  if (difference.picture) writeFileSync(marked, small(difference.picture));
  assert.fail(`${name} looks different (${difference.says}): ${actual}${difference.picture ? `, ${marked}` : ''}`);
}

/** Every baseline belongs to a page: of one that is gone, the pictures go too. */
export function checkNoneIsLeftOver() {
  const left = existsSync(BASELINES) ? readdirSync(BASELINES).filter((name) => !compared.has(name)) : [];
  if (ACCEPT) for (const name of left) rmSync(path.join(BASELINES, name));
  else assert.deepEqual(left, [], 'baselines that no page is compared with');
}

function compare(expected, seen) {
  const { width, height } = expected;
  if (width !== seen.width || height !== seen.height) {
    return { pixels: Infinity, says: `${seen.width}×${seen.height} instead of ${width}×${height}` };
  }
  const picture = new PNG({ width, height });
  const pixels = pixelmatch(expected.data, seen.data, picture.data, width, height, { threshold: COLOUR });
  return { pixels, picture, says: `${pixels} pixels` };
}
