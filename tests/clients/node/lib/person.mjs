// A person with a browser that runs no scripts: it follows redirects, keeps cookies for each host, fills the forms of
// the login pages as they stand there. It stops at a page, or at an address that is none of the test's.

import assert from 'node:assert/strict';
import { isNear, local } from './domain.mjs';
import { PASSWORD } from './world.mjs';

const HOPS = 20;

export class Person {
  #cookies = new Map();

  constructor(username, password = PASSWORD) {
    Object.assign(this, { username, password });
  }

  /** Where an address leads: its last `url`; of a page of the test's also `status`, `html` and what it `says`. */
  async open(address, form) {
    let url = new URL(address);
    let body = form;
    for (let hop = 0; hop < HOPS; hop += 1) {
      if (!isNear(url)) return { url };
      const answer = await this.#ask(url, body);
      const to = answer.headers.get('location');
      if (!to) {
        const html = await answer.text();
        return { url, status: answer.status, html, says: alert(html) };
      }
      assert.ok([301, 302, 303].includes(answer.status), `${answer.status} of ${url.pathname} would repeat a form`);
      url = new URL(to, url);
      body = undefined;
    }
    return assert.fail(`redirected too often, at last to ${url}`);
  }

  /** Signs in by the page that an address leads to. */
  async signIn(address) {
    const page = await this.open(address);
    assert.equal(page.status, 200, `no page to sign in at: ${page.url}`);
    return this.fill(page, 'cognitoSignInForm', { username: this.username, password: this.password });
  }

  /** Sends a page's form, with what it has hidden in it, what the person enters, and the button that they press. */
  async fill(page, name, entered, pressed = {}) {
    const form = forms(page.html).find((one) => one.name === name);
    assert.ok(form, `no ${name} at ${page.url}`);
    for (const field of Object.keys(entered)) assert.ok(form.fields.has(field), `${name} has no field ${field}`);
    const sent = new URLSearchParams({ ...Object.fromEntries(form.fields), ...entered, ...pressed });
    return this.open(new URL(form.action, page.url), sent);
  }

  async #ask(url, body) {
    const headers = { accept: 'text/html', cookie: this.#cookiesFor(url) };
    if (body) Object.assign(headers, { origin: url.origin, 'content-type': 'application/x-www-form-urlencoded' });
    if (!headers.cookie) delete headers.cookie;
    const answer = await local(url, { method: body ? 'POST' : 'GET', headers, body });
    for (const line of answer.headers.getSetCookie()) this.#keep(url, line);
    return answer;
  }

  #keep({ hostname }, line) {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim());
    const [name, value] = split(pair);
    const all = new Map(attributes.map((one) => split(one.toLowerCase())));
    assert.ok(!all.has('domain'), `a cookie for other hosts: ${line}`);
    const path = all.get('path') ?? '/';
    const key = `${hostname} ${path} ${name}`;
    const isOver = all.get('max-age') === '0' || Date.parse(all.get('expires')) < Date.now();
    if (isOver) this.#cookies.delete(key);
    else this.#cookies.set(key, { hostname, path, pair: `${name}=${value}` });
  }

  #cookiesFor({ hostname, pathname }) {
    const below = (path) => `${pathname}/`.startsWith(path.replace(/\/*$/, '/'));
    const fits = (cookie) => cookie.hostname === hostname && below(cookie.path);
    return [...this.#cookies.values()].filter(fits).map((cookie) => cookie.pair).join('; ');
  }
}

function forms(html) {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head, inside]) => {
    const { name, action } = attributes(head);
    const inputs = [...inside.matchAll(/<input\b([^>]*)>/g)].map(([, text]) => attributes(text));
    return { name, action, fields: new Map(inputs.map((input) => [input.name, input.value ?? ''])) };
  });
}

function alert(html) {
  const [, inside = ''] = html.match(/<div class="alert\b[^>]*>(.*?)<\/div>/s) ?? [];
  return unescaped(inside.replace(/<[^>]*>/g, '')).trim();
}

function attributes(text) {
  const found = [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)];
  return Object.fromEntries(found.map(([, name, value]) => [name, unescaped(value ?? '')]));
}

const NAMED = { amp: '&', quot: '"', lt: '<', gt: '>' };

function unescaped(text) {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
    name ? NAMED[name] : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
}

function split(text) {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
