// What is true of every page, whatever it is for.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { plain } from './browser.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const debuggers = new WeakMap();

/** axe-core finds nothing. It is run by the debugger, which the page's own policy does not concern. */
export async function checkAccessible(page) {
  if (!debuggers.has(page)) debuggers.set(page, await page.context().newCDPSession(page));
  const run = async (expression) => {
    const said = await debuggers
      .get(page)
      .send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    assert.equal(said.exceptionDetails, undefined, JSON.stringify(said.exceptionDetails));
    return said.result.value;
  };
  await run(`${AXE}; 0`);
  const found = await run(`axe.run(document, ${JSON.stringify({ runOnly: TAGS, resultTypes: ['violations'] })}).then(
    ({ violations, passes }) => ({
      rules: passes.length,
      violations: violations.map(({ id, help, nodes }) =>
        id + ': ' + help + '\\n' + nodes.map((node) => node.html + '\\n' + node.failureSummary).join('\\n')),
    }))`);
  assert.ok(found.rules > 10, 'axe did not look at this page');
  assert.deepEqual(found.violations, [], 'axe found what keeps people out');
}

/** The frame of a page: language, direction, one heading, labels, sizes of what is touched, nothing wider than the window. */
export async function checkFrame(page, how) {
  const seen = await page.evaluate(() => {
    const visible = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('.unseen, .skip');
    const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
    return {
      lang: document.documentElement.lang,
      dir: getComputedStyle(document.documentElement).direction,
      headings: all('h1').map((node) => node.textContent.trim()),
      title: document.title,
      unlabelled: all('input')
        .filter((node) => node.type !== 'submit' && !node.labels.length)
        .map((node) => node.name),
      ids: [...document.querySelectorAll('[id]')].map((node) => node.id),
      small: all('button, input, summary, .button')
        .filter((node) => node.getBoundingClientRect().height < 43.5)
        .map((node) => node.outerHTML),
      // A field may be called `action`, and hides the property.
      methods: [...document.forms].map((form) => [
        form.method,
        new URL(form.getAttribute('action'), location).origin === location.origin,
      ]),
      csrf: [...document.forms].map((form) => form.elements._csrf?.value),
    };
  });
  assert.equal(seen.lang, how.language);
  assert.equal(seen.dir, how.language === 'ar' ? 'rtl' : 'ltr');
  assert.equal(seen.headings.length, 1, `headings: ${seen.headings}`);
  assert.ok(plain(seen.title).includes(plain(seen.headings[0])), `${seen.title} is not of ${seen.headings[0]}`);
  assert.deepEqual(seen.unlabelled, [], 'fields without a label');
  assert.deepEqual(seen.ids, [...new Set(seen.ids)], 'an id that is there twice');
  assert.deepEqual(seen.small, [], 'too small to be touched');
  for (const form of seen.methods) assert.deepEqual(form, ['post', true]);
  for (const token of seen.csrf) assert.match(token ?? '', /^[\w-]{30,}$/);
  await checkWidth(page);
}

export async function checkWidth(page) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const over = [...document.querySelectorAll('main *, footer *')].filter((node) => {
      const { left, right, width } = node.getBoundingClientRect();
      return width > 1 && (right > innerWidth + 0.5 || left < -0.5);
    });
    return { scrollWidth, clientWidth, over: over.map((node) => node.outerHTML.slice(0, 200)) };
  });
  assert.deepEqual(wide.over, [], `wider than the window of ${wide.clientWidth} px`);
  assert.ok(wide.scrollWidth <= wide.clientWidth, `${wide.scrollWidth} px wide in a window of ${wide.clientWidth} px`);
}

/** What has the keyboard shows it: a ring of two pixels that stands out from what is behind it. */
export async function checkFocusIsSeen(page) {
  const ring = await page.evaluate(() => {
    const node = document.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(node);
    return { node: node.outerHTML.slice(0, 200), outlineStyle, outlineWidth, outlineColor };
  });
  assert.equal(ring.outlineStyle, 'solid', `nothing shows that the keyboard is at ${ring.node}`);
  assert.ok(parseFloat(ring.outlineWidth) >= 2, `${ring.outlineWidth} around ${ring.node}`);
  assert.doesNotMatch(ring.outlineColor, /, 0\)$|transparent/);
}
