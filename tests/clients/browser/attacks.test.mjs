// What pages of other origins can do in a browser in which somebody is signed in, or about to be: nothing. One attacker is at another
// site; the other is a neighbour (evil.auth.localhost), to whom browsers are kinder: its requests carry our cookies.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSite } from './lib/app.mjs';
import { fill, follow, look, startBrowser, SUBMIT, visit } from './lib/browser.mjs';
import {
  askForDevice,
  beginDevice,
  makePool,
  makeUser,
  messagesTo,
  PASSWORD,
  startServer,
} from './lib/server.mjs';

const HOSTS = ['attacker.localhost', 'evil.auth.localhost', '127.0.0.1'];

let browser, server, site, attacker, pool;
let trap = {}; // what the attacker's server answers: a page, a cookie

before(async () => {
  server = await startServer();
  site = await startSite();
  attacker = await startSite((request, response) => {
    if (trap.cookie) response.setHeader('set-cookie', trap.cookie);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>A trap</title>${trap.html ?? ''}`,
    );
    return true;
  });
  pool = await makePool(server, {
    callback: `${site.at('localhost')}/cb`,
    pool: { UserPoolTags: { 'cognate:extensions': 'device' } },
  });
  await makeUser(server, pool, 'victim');
  await makeUser(server, pool, 'mallory');
  await makeUser(server, pool, 'mallory-new', { temporary: true });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await attacker?.stop();
  await site?.stop();
  await server?.stop();
});

async function signIn(page, username) {
  await page.goto(pool.url('/login', { prompt: 'login' }));
  await fill(page, { username, password: PASSWORD });
  await follow(page, SUBMIT);
  assert.match(page.url(), /code=/);
}

const session = async (context) =>
  (await context.cookies(pool.origin)).find(({ name, value }) => name === 'cognito' && value)?.value;

const codesAtTheApplication = () => site.asked.filter((path) => path.includes('code=')).length;

/** What another site provokes may be refused aloud: this is the attacker's console, not ours. */
function attack(name, work) {
  for (const host of HOSTS) {
    test(`${name}, from ${host}`, async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      context.setDefaultTimeout(8_000);
      try {
        trap = {};
        await work({ context, page: await context.newPage(), host, at: attacker.at(host) });
      } finally {
        await context.close();
      }
    });
  }
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function form(path, fields, { query = {}, target = '' } = {}) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${escaped(value)}">`);
  return `<form id="f" method="post" target="${target}" action="${escaped(pool.url(path, query))}">${inputs.join('')}</form>`;
}

/** A token as the attacker gets one for themselves, with its cookie. */
async function ownToken(path = '/login') {
  const { pathname, search } = new URL(pool.url(path));
  const domain = new URL(pool.origin).host.split('.')[0];
  const answer = await fetch(`${server.endpoint}/domains/${domain}${pathname}${search}`);
  const [, token] = (await answer.text()).match(/name="_csrf" value="([^"]+)"/);
  return token;
}

async function submit(page, at) {
  await page.goto(`${at}/`);
  await Promise.all([page.waitForNavigation(), page.evaluate(() => document.getElementById('f').submit())]);
}

attack('no page is shown in a frame', async ({ page, at }) => {
  await signIn(page, 'victim');
  const before = codesAtTheApplication();
  const paths = [
    '/login',
    '/signup',
    '/confirm',
    '/forgotPassword',
    '/confirmforgotPassword',
    '/changePassword',
    '/error',
    '/account',
    '/device',
  ];
  const frames = paths.map((path) => `<iframe src="${escaped(pool.url(path))}"></iframe>`).join('');
  trap = {
    html: `${frames}<object data="${escaped(pool.url('/login'))}"></object><embed src="${escaped(pool.url('/login'))}">`,
  };
  await page.goto(`${at}/`);
  await page.waitForTimeout(300);
  const shown = page
    .frames()
    .slice(1)
    .map((frame) => frame.url());
  assert.ok(shown.length >= paths.length, `frames: ${shown}`);
  for (const url of shown) assert.match(url, /^(chrome-error:|about:blank)/, 'a page is in a frame');
  assert.equal(codesAtTheApplication(), before);
});

attack('no answer can be read', async ({ page, at }) => {
  await signIn(page, 'victim');
  const urls = ['/login', '/signup', '/changePassword', '/error', '/oauth2/authorize', '/logout'].map((path) =>
    pool.url(path),
  );
  await page.goto(`${at}/`);
  const read = await page.evaluate(async (all) => {
    const got = [];
    for (const url of all) {
      for (const options of [
        {},
        { credentials: 'include' },
        { redirect: 'manual', credentials: 'include' },
        { method: 'POST', credentials: 'include' },
      ]) {
        try {
          const answer = await fetch(url, options);
          const text = await answer.text();
          if (answer.type !== 'opaqueredirect' || text || answer.headers.get('location'))
            got.push([url, answer.type, text]);
        } catch {} // that is what should happen
      }
      const opaque = await fetch(url, { mode: 'no-cors', credentials: 'include' }).catch(() => undefined);
      if (opaque && (await opaque.text())) got.push([url, 'no-cors']);
    }
    return got;
  }, urls);
  assert.deepEqual(read, []);
});

attack(
  'what is opened in another window is not seen, and its code goes to the application alone',
  async ({ page, at, context }) => {
    await signIn(page, 'victim');
    await page.goto(`${at}/`);
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate((url) => void (window.other = window.open(url)), pool.url('/oauth2/authorize')),
    ]);
    await opened.waitForLoadState();
    assert.ok(opened.url().startsWith(pool.callback), 'the code is at the application');
    const seen = await page.evaluate(() => {
      try {
        return String(window.other.location.href);
      } catch (error) {
        return error.name;
      }
    });
    assert.ok(seen === 'SecurityError' || seen === 'about:blank', seen);
    const stray = new URL(pool.url('/oauth2/authorize', { redirect_uri: `${at}/`, prompt: 'none' }));
    await opened.goto(stray.href);
    assert.equal(new URL(opened.url()).origin, pool.origin);
    assert.ok(!attacker.asked.some((path) => path.includes('code=')), 'the attacker was sent a code');
  },
);

attack('nobody is signed in as the attacker', async ({ page, at, host, context }) => {
  const token = await ownToken();
  const neighbour = host.endsWith('.auth.localhost');
  const cookie = neighbour ? `XSRF-TOKEN=${token}; Domain=auth.localhost; Path=/` : `XSRF-TOKEN=${token}; Path=/`;
  for (const setCookie of [undefined, cookie]) {
    trap = { html: form('/login', { _csrf: token, username: 'mallory', password: PASSWORD }), cookie: setCookie };
    await submit(page, at);
    assert.equal(new URL(page.url()).origin, pool.origin, 'the form was answered');
    assert.equal(await page.locator('body').getAttribute('class'), 'page-sign_in');
    assert.equal(await session(context), undefined, 'signed in as the attacker');
  }
  const planted = (await context.cookies(pool.origin)).filter(
    ({ name, value }) => name === 'XSRF-TOKEN' && value === token,
  );
  assert.equal(planted.length, neighbour ? 1 : 0, 'a neighbour can plant its cookie; it is not believed all the same');
  trap = {
    html: form('/changePassword', { _csrf: token, username: 'mallory-new', session: 'x', password: 'Fresh-battery-2' }),
  };
  await submit(page, at);
  assert.equal(await session(context), undefined);
});

attack('whoever is signed in stays so, does not go on, and nobody takes their place', async ({ page, at, context }) => {
  await signIn(page, 'victim');
  const has = await session(context);
  const codes = codesAtTheApplication();
  const tokens = [
    await ownToken(),
    '',
    (await context.cookies(pool.origin)).find(({ name }) => name === 'XSRF-TOKEN').value,
  ];
  for (const token of tokens) {
    for (const fields of [
      { choice: 'continue' },
      { choice: 'sign_out' },
      { username: 'mallory', password: PASSWORD },
    ]) {
      trap = { html: form('/login', { _csrf: token, ...fields }) };
      await submit(page, at);
      assert.ok(page.url().startsWith(`${pool.origin}/login`), page.url());
      assert.equal(await session(context), has, JSON.stringify(fields));
    }
  }
  assert.equal(codesAtTheApplication(), codes, 'a code was made');
  await page.goto(pool.url('/oauth2/authorize', { prompt: 'none' }));
  assert.match(page.url(), /code=/, 'still signed in');
});

attack('no device is let in', async ({ page, at, context }) => {
  await signIn(page, 'victim');
  const shown = await beginDevice(server, pool);
  const own = (await context.cookies(pool.origin)).find(({ name }) => name === 'XSRF-TOKEN').value;
  for (const token of [await ownToken(), '', own]) {
    trap = { html: form('/device', { _csrf: token, user_code: shown.user_code, decision: 'allow' }) };
    await submit(page, at);
    // The form of a neighbour comes with the session, and is not ours; another site's comes without one.
    assert.match(await page.locator('body').getAttribute('class'), /^page-(device|choose_account)$/);
  }
  const address = pool.url('/device', { user_code: shown.user_code, decision: 'allow' });
  await page.goto(address); // a link alone decides nothing
  const told = await askForDevice(server, pool, shown);
  assert.equal((await told.json()).error, 'authorization_pending');
});

attack('a session that a neighbour plants takes nobody over', async ({ page, at, host, context }) => {
  await signIn(page, 'mallory');
  const planted = await session(context);
  await context.clearCookies();
  await signIn(page, 'victim');
  const has = await session(context);
  const neighbour = host.endsWith('.auth.localhost');
  trap = { cookie: neighbour ? `cognito=${planted}; Domain=auth.localhost; Path=/` : `cognito=${planted}; Path=/` };
  await page.goto(`${at}/`);
  const count = (await context.cookies(pool.origin)).filter(({ name }) => name === 'cognito').length;
  assert.equal(count, neighbour ? 2 : 1);
  await page.goto(pool.url('/login'));
  const shows = await page.locator('main').innerText();
  assert.ok(!shows.includes('mallory@'), 'the attacker is signed in in the place of the victim');
  await page.goto(pool.url('/oauth2/authorize', { prompt: 'none' }));
  const answer = new URL(page.url()).searchParams;
  if (neighbour) assert.equal(answer.get('error'), 'login_required', 'of two sessions neither is believed');
  else assert.ok(answer.get('code') && (await session(context)) === has);
});

attack('no account is made and no message is sent', async ({ page, at, host }) => {
  const email = `made-from-${host}@example.com`;
  const token = await ownToken('/signup');
  trap = { html: form('/signup', { _csrf: token, username: email, email, password: PASSWORD }) };
  await submit(page, at);
  trap = { html: form('/forgotPassword', { _csrf: token, username: 'victim' }) };
  await submit(page, at);
  trap = { html: form('/resendcode', { _csrf: token, username: 'victim' }) };
  await submit(page, at);
  trap = {
    html: form('/confirmforgotPassword', { _csrf: token, username: 'victim', code: '123456', password: PASSWORD }),
  };
  await submit(page, at);
  assert.deepEqual(await messagesTo(server, email), []);
  assert.deepEqual(await messagesTo(server, 'victim@example.com'), []);
  const { Users } = await server.call('ListUsers', { UserPoolId: pool.userPoolId });
  assert.deepEqual(Users.map((user) => user.Username).sort(), ['mallory', 'mallory-new', 'victim']);
});

attack('a form without an origin is refused', async ({ page, at, context }) => {
  const token = await ownToken();
  const inner = `${form('/login', { _csrf: token, username: 'mallory', password: PASSWORD }, { target: '_top' })}<script>f.submit()</script>`;
  trap = {
    html: `<iframe sandbox="allow-scripts allow-forms allow-top-navigation" srcdoc="${escaped(inner)}"></iframe>`,
  };
  const arrived = page.waitForURL(`${pool.origin}/**`, { waitUntil: 'load' });
  await page.goto(`${at}/`).catch(() => {}); // it is left before it is loaded
  await arrived;
  assert.equal(await page.locator('body').getAttribute('class'), 'page-sign_in');
  assert.equal(await session(context), undefined);
});

attack(
  "signing out is anybody's to ask for, as at Cognito, and leads to a registered address alone",
  async ({ page, at, context }) => {
    await signIn(page, 'victim');
    await page.goto(`${pool.origin}/logout?client_id=${pool.clientId}&logout_uri=${encodeURIComponent(`${at}/`)}`);
    assert.equal(new URL(page.url()).pathname, '/error');
    assert.ok(await session(context), 'a logout that is refused ends nothing');
    const good = `${pool.origin}/logout?client_id=${pool.clientId}&logout_uri=${encodeURIComponent(`${pool.callback}/bye`)}`;
    trap = { html: `<a id="out" href="${escaped(good)}">Look here</a>` };
    await page.goto(`${at}/`);
    await follow(page, '#out');
    assert.equal(page.url(), `${pool.callback}/bye`);
    assert.equal(await session(context), undefined);
  },
);

const MARKUP = '"><img src=x onerror="window.taken=1"><script>window.taken=1</script>\'{{7*7}}';

test('what an address says is text, on every page', () =>
  visit(browser, look(), async ({ page }) => {
    const paths = ['/login', '/signup', '/forgotPassword', '/confirm', '/confirmforgotPassword', '/error'];
    for (const path of paths) {
      await page.goto(
        pool.url(path, { login_hint: MARKUP, state: MARKUP, nonce: MARKUP, error: MARKUP, [MARKUP]: MARKUP }),
      );
      assert.equal(await page.evaluate(() => window.taken), undefined, path);
      assert.equal(await page.locator('main img, main script').count(), 0, path);
    }
    for (const lang of [MARKUP, 'javascript:alert(1)', '../../x']) {
      await page.goto(pool.url('/login', { lang }));
      const hrefs = await page.locator('a').evaluateAll((all) => all.map((one) => new URL(one.href).origin));
      assert.deepEqual([...new Set(hrefs)], [pool.origin]);
    }
    await page.goto(pool.url('/login'));
    await fill(page, { username: MARKUP, password: PASSWORD });
    await follow(page, SUBMIT);
    assert.equal(await page.locator('[name="username"]').inputValue(), MARKUP);
    assert.equal(await page.evaluate(() => window.taken), undefined);
  }));

test('the policy of a page lets no other script, style or frame in', async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const answer = await page.goto(pool.url('/login'));
    const headers = answer.headers();
    assert.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(headers['cache-control'], /no-store/);
    const refused = await page.evaluate(async () => {
      const heard = [];
      addEventListener('securitypolicyviolation', (event) => heard.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.taken = 1';
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      const picture = document.createElement('img');
      picture.src = 'http://127.0.0.1:9/x.png';
      document.body.append(script, style, picture);
      document.body.setAttribute('onclick', 'window.taken = 1');
      document.body.click();
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { taken: window.taken, heard: [...new Set(heard)].sort() };
    });
    assert.equal(refused.taken, undefined);
    assert.deepEqual(refused.heard, ['img-src', 'script-src-attr', 'script-src-elem', 'style-src-elem']);
    for (const cookie of await context.cookies(pool.origin)) {
      assert.ok(cookie.httpOnly, `${cookie.name} is for scripts, too`);
      assert.equal(cookie.sameSite, 'Lax', cookie.name);
      assert.equal(cookie.domain, new URL(pool.origin).hostname, cookie.name);
    }
  } finally {
    await context.close();
  }
});
