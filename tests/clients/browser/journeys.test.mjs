// What people come for, from the application's link to the application's address with a code: desktop and phone, light and dark,
// left to right and right to left, with scripts and without.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startSite } from './lib/app.mjs';
import { fill, follow, look, LOOKS, LOOKS_WITHOUT_JS, plain, startBrowser, SUBMIT, visit } from './lib/browser.mjs';
import { checkFocusIsSeen, checkFrame } from './lib/checks.mjs';
import {
  askForDevice,
  beginDevice,
  codeTo,
  makePool,
  makeUser,
  PASSWORD,
  redeem,
  startServer,
} from './lib/server.mjs';

const MICRO_HEI = 'WenQuanYi Micro Hei';
const NEW_PASSWORD = 'Fresh-battery-2';

let browser, server, site, pool;

before(async () => {
  server = await startServer();
  site = await startSite();
  browser = await startBrowser();
  const required = (Name) => ({ Name, Required: true, Mutable: true });
  pool = await makePool(server, {
    callback: `${site.at('localhost')}/cb`,
    pool: {
      Schema: [required('email'), required('name'), required('birthdate')],
      UserPoolTags: { 'cognate:extensions': 'device' },
    },
  });
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

/** One test for each look, given a person's name that nobody else has. */
let people = 0;
function journey(name, steps, looks = [...LOOKS, ...LOOKS_WITHOUT_JS]) {
  for (const how of looks) {
    test(`${name}, ${how.name}`, () =>
      visit(browser, how, (visitor) => steps({ ...visitor, who: `person-${(people += 1)}` })));
  }
}

const makePerson = (who, more = {}) =>
  makeUser(server, pool, who, { attributes: { name: 'Ada Lovelace', birthdate: '1815-12-10', ...more } });

/** The page that is shown, by its template. */
async function checkPage(page, is, how) {
  assert.equal(await page.locator('body').getAttribute('class'), `page-${is}`, page.url());
  if (how) await checkFrame(page, how);
}

async function checkSays(page, text) {
  const said = plain(await page.locator('main').innerText());
  assert.ok(said.includes(plain(text)), `not said: ${text}\nbut: ${said}`);
}

/** Back at the application with a code and its state, and with nothing else. */
function checkArrived(page) {
  const url = new URL(page.url());
  assert.equal(`${url.origin}${url.pathname}`, pool.callback, page.url());
  assert.match(url.searchParams.get('code') ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(url.searchParams.get('state'), 'st-1');
  return url.searchParams.get('code');
}

async function signIn(page, username, password = PASSWORD) {
  await fill(page, { username, password });
  await follow(page, SUBMIT);
}

const sessionOf = async (context) =>
  (await context.cookies()).find(({ name, domain }) => name === 'cognito' && domain.includes('.auth.localhost'))?.value;

const wrongFor = (code) => (code === '000000' ? '000001' : '000000');

journey('sign in', async ({ page, context, how, text, who }) => {
  await makePerson(who);
  await page.goto(pool.url('/oauth2/authorize'));
  await checkPage(page, 'sign_in', how);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  assert.equal(await focused(), 'signInFormUsername');

  await follow(page, SUBMIT); // empty: the summary leads to each field
  await checkPage(page, 'sign_in', how);
  await checkSays(page, text('problem-required'));
  assert.equal(await page.locator('[aria-invalid="true"]').count(), 2);
  if (how.js) assert.match(await focused(), /summary/);
  await page.locator('.summary a').nth(1).click();
  assert.equal(new URL(page.url()).hash, '#signInFormPassword');
  assert.ok(await page.title().then((title) => plain(title).startsWith(text('problem-heading'))));

  await signIn(page, who, 'Wrong-horse-1');
  await checkPage(page, 'sign_in');
  await checkSays(page, text('problem-credentials'));
  assert.equal(await page.locator('[name="username"]').inputValue(), who, 'the name is kept');
  assert.equal(await page.locator('[name="password"]').inputValue(), '', 'the password is not');
  assert.equal(await sessionOf(context), undefined);

  await signIn(page, who);
  checkArrived(page);
  assert.ok(await sessionOf(context));

  await page.goto(pool.url('/oauth2/authorize')); // signed in: nothing is asked
  checkArrived(page);
});

journey('sign up', async ({ page, context, how, text, who }) => {
  const email = `${who}@example.com`;
  await page.goto(pool.url('/login'));
  await follow(page, page.locator('.card-foot a'));
  await checkPage(page, 'sign_up', how);

  await fill(page, { username: who, email: 'nothing', password: 'short' });
  await follow(page, SUBMIT);
  await checkPage(page, 'sign_up', how);
  for (const key of ['problem-email', 'problem-required', 'problem-password']) await checkSays(page, text(key));
  assert.equal(await page.locator('[name="username"]').inputValue(), who);
  assert.equal(await page.locator('[name="email"]').inputValue(), 'nothing');

  await fill(page, { name: 'Ada Lovelace', email, birthdate: '1815-12-10', password: PASSWORD });
  if (how.js) assert.equal(await page.locator('.rules .is-met').count(), 5, 'the rules are ticked off');
  await follow(page, SUBMIT);
  await checkPage(page, 'confirm', how);
  await checkSays(page, text('confirm-sent-to', { destination: 'p***@e***' }));

  await fill(page, { code: wrongFor(await codeTo(server, email)) });
  await follow(page, SUBMIT);
  await checkPage(page, 'confirm');
  await checkSays(page, text('problem-code'));

  await follow(page, '.resend button');
  await checkPage(page, 'confirm', how);
  await checkSays(page, text('code-was-resent', { destination: 'p***@e***' }));
  await fill(page, { code: await codeTo(server, email, 2) });
  await follow(page, SUBMIT);
  checkArrived(page);
  assert.ok(await sessionOf(context), 'whoever has just signed up is signed in');
});

journey('a forgotten password', async ({ page, how, text, who }) => {
  await makePerson(who);
  await page.goto(pool.url('/login'));
  await follow(page, '.aside a');
  await checkPage(page, 'forgot_password', how);
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-required'));
  await fill(page, { username: who });
  await follow(page, SUBMIT);
  await checkPage(page, 'confirm_forgot_password', how);
  await checkSays(page, text('reset-password-sent-to', { destination: 'p***@e***' }));

  const code = await codeTo(server, `${who}@example.com`);
  await fill(page, { code: wrongFor(code), password: NEW_PASSWORD });
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-code'));
  await fill(page, { code, password: 'short' });
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-password'));
  await fill(page, { code, password: NEW_PASSWORD });
  await follow(page, SUBMIT);
  await checkPage(page, 'sign_in', how);
  await checkSays(page, text('password-was-reset'));

  await signIn(page, who);
  await checkSays(page, text('problem-credentials'));
  await signIn(page, who, NEW_PASSWORD);
  checkArrived(page);
});

journey('a temporary password', async ({ page, how, text, who }) => {
  await makeUser(server, pool, who, { temporary: true });
  await page.goto(pool.url('/login'));
  await signIn(page, who);
  await checkPage(page, 'new_password', how);
  await checkSays(page, text('new-password-missing'));
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-required'));
  await fill(page, { password: NEW_PASSWORD, name: 'Grace Hopper' });
  await follow(page, SUBMIT);
  await checkPage(page, 'new_password', how); // the date is missing still
  assert.equal(await page.locator('[name="name"]').inputValue(), 'Grace Hopper');
  await fill(page, { password: NEW_PASSWORD, birthdate: '1906-12-09' });
  await follow(page, SUBMIT);
  checkArrived(page);
});

journey('the choice of an account', async ({ page, context, how, who }) => {
  await makePerson(who);
  await page.goto(pool.url('/login'));
  await signIn(page, who);
  const first = checkArrived(page);
  const session = await sessionOf(context);

  await page.goto(pool.url('/login'));
  await checkPage(page, 'choose_account', how);
  await checkSays(page, 'Ada Lovelace');
  await checkSays(page, `${who}@example.com`);
  await follow(page, 'button[value="continue"]');
  assert.notEqual(checkArrived(page), first);
  assert.equal(await sessionOf(context), session, 'nobody has signed in anew');

  await page.goto(pool.url('/login'));
  await follow(page, 'a.button');
  await checkPage(page, 'sign_in', how);
  const other = `${who}-other`;
  await makePerson(other);
  await signIn(page, other);
  checkArrived(page);
  assert.notEqual(await sessionOf(context), session);

  await page.goto(pool.url('/login'));
  await checkSays(page, `${other}@example.com`);
  await follow(page, 'button[value="sign_out"]');
  await checkPage(page, 'sign_in', how);
  assert.equal(await sessionOf(context), undefined);
  await page.goto(pool.url('/oauth2/authorize', { prompt: 'none' }));
  assert.equal(new URL(page.url()).searchParams.get('error'), 'login_required');
});

journey('signing out', async ({ page, context, how, who }) => {
  await makePerson(who);
  await page.goto(pool.url('/login'));
  await signIn(page, who);
  const before = await context.cookies();
  await page.goto(
    `${pool.origin}/logout?client_id=${pool.clientId}&logout_uri=${encodeURIComponent(`${pool.callback}/bye`)}`,
  );
  assert.equal(page.url(), `${pool.callback}/bye`);
  assert.equal(await sessionOf(context), undefined);
  await context.addCookies(before); // who kept the cookie has nothing: the session itself is over
  await page.goto(pool.url('/login'));
  await checkPage(page, 'sign_in', how);

  await signIn(page, who);
  await page.goto(pool.url('/logout')); // back to sign in, for the same application
  await checkPage(page, 'sign_in', how);
  await signIn(page, who);
  checkArrived(page);
});

journey('the account', async ({ page, how, text, who }) => {
  await makePerson(who);
  const section = (name) => page.locator(`[aria-labelledby="${name}-title"]`);
  await page.goto(`${pool.origin}/account?client_id=${pool.clientId}`);
  await checkPage(page, 'sign_in', how);
  await signIn(page, who);
  await checkPage(page, 'account', how);

  await section('profile').locator('[name="name"]').fill('Ada King');
  await follow(page, section('profile').locator('.button-primary'));
  await checkSays(page, text('account-saved'));
  await checkSays(page, 'Ada King');

  // Another address asks for the password, and is theirs once they have the code that went there.
  const email = `${who}-new@example.com`;
  const row = section('contacts').locator('.row', { hasText: `${who}@example.com` });
  await row.locator('summary').click();
  await row.locator('.row-more .input').fill(email);
  await follow(page, row.locator('button[value="change"]'));
  await checkPage(page, 'account_prove', how);
  await fill(page, { current_password: 'Wrong-horse-1' });
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-wrong-password'));
  await fill(page, { current_password: PASSWORD });
  await follow(page, SUBMIT);
  await checkPage(page, 'account_verify', how);
  const code = await codeTo(server, email);
  await fill(page, { code: wrongFor(code) });
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-code'));
  await fill(page, { code });
  await follow(page, SUBMIT);
  await checkPage(page, 'account', how);
  await checkSays(page, text('account-contact-verified'));
  await checkSays(page, email);

  await fill(page, { current_password: PASSWORD, new_password: NEW_PASSWORD, password_repeat: 'Other-battery-3' });
  await follow(page, section('password').locator('.button-primary'));
  await checkSays(page, text('problem-passwords-differ'));
  await fill(page, { current_password: PASSWORD, new_password: NEW_PASSWORD, password_repeat: NEW_PASSWORD });
  await follow(page, section('password').locator('.button-primary'));
  await checkSays(page, text('account-password-changed'));

  // Signed in elsewhere, too; and then no more.
  const elsewhere = await browser.newContext();
  try {
    const other = await elsewhere.newPage();
    await other.goto(pool.url('/login'));
    await signIn(other, who, NEW_PASSWORD);
    checkArrived(other);
    await page.goto(page.url());
    await follow(page, 'button[value="all"]');
    await checkPage(page, 'account_prove', how);
    await fill(page, { current_password: NEW_PASSWORD });
    await follow(page, SUBMIT);
    await checkSays(page, text('account-sessions-ended'));
    await other.goto(pool.url('/oauth2/authorize', { prompt: 'none' }));
    assert.equal(new URL(other.url()).searchParams.get('error'), 'login_required');
  } finally {
    await elsewhere.close();
  }

  const [download] = await Promise.all([page.waitForEvent('download'), section('data').locator('a').click()]);
  const data = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.deepEqual([data.username, data.attributes.email, data.attributes.name], [who, email, 'Ada King']);

  await follow(page, section('delete').locator('a'));
  await checkPage(page, 'account_delete', how);
  await fill(page, { current_password: NEW_PASSWORD });
  await follow(page, '.button-danger');
  await checkPage(page, 'done', how);
  await checkSays(page, text('account-deleted'));
  await page.goto(pool.url('/login'));
  await signIn(page, who, NEW_PASSWORD);
  await checkSays(page, text('problem-credentials'));
});

journey('a device is let in', async ({ page, how, text, who }) => {
  await makePerson(who);
  const shown = await beginDevice(server, pool);
  await page.goto(`${pool.origin}/device`); // typed, as the device shows it
  await checkPage(page, 'device', how);
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-required'));
  await fill(page, { user_code: 'BBBB-BBBB' });
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-device-code'));
  await fill(page, { user_code: shown.user_code.toLowerCase().replace('-', ' ') });
  await follow(page, SUBMIT);
  await checkPage(page, 'sign_in', how);
  await signIn(page, who);
  await checkPage(page, 'device_confirm', how); // nothing is typed twice
  await checkSays(page, text('device-confirm-lead', { app: 'Example shop' }));
  await checkSays(page, shown.user_code);
  await checkSays(page, `${who}@example.com`);
  assert.equal((await askForDevice(server, pool, shown)).status, 400);

  await follow(page, 'button[value="allow"]');
  await checkPage(page, 'done', how);
  await checkSays(page, text('device-allowed'));
  await page.goBack();
  await checkPage(page, 'device'); // what is decided is decided
  await follow(page, SUBMIT);
  await checkSays(page, text('problem-device-code'));
  const tokens = await askForDevice(server, pool, shown);
  assert.equal(tokens.status, 200);
});

journey('links that lead nowhere', async ({ page, how, text, who }) => {
  await makePerson(who);
  const wrong = [
    ['/oauth2/authorize', { redirect_uri: `${pool.callback}/` }, 'error-redirect-title', 'redirect_mismatch'],
    ['/login', { redirect_uri: 'https://example.com/' }, 'error-redirect-title', 'redirect_mismatch'],
    ['/login', { client_id: undefined }, 'error-request-title', 'invalid_request'],
    ['/signup', { client_id: 'nobody' }, 'error-request-title', 'invalid_request'],
    ['/login', { identity_provider: 'Elsewhere' }, 'error-provider-title', 'Login option is not available'],
    ['/error', { error: '<script>alert(1)</script>' }, 'error-request-title', 'invalid_request'],
  ];
  for (const [path, more, title, code] of wrong) {
    const answer = await page.goto(pool.url(path, more));
    assert.equal(answer.status(), 400, path);
    await checkPage(page, 'error', how);
    assert.equal(plain(await page.locator('h1').innerText()), plain(text(title)), path);
    await checkSays(page, 'An error was encountered with the requested page.');
    await checkSays(page, code);
    assert.equal(new URL(page.url()).origin, pool.origin);
  }
  await page.goto(pool.url('/oauth2/authorize', { response_type: undefined }));
  assert.equal(new URL(page.url()).searchParams.get('error'), 'invalid_request');
  assert.equal(new URL(page.url()).searchParams.get('state'), 'st-1');
  await page.goto(pool.url('/changePassword')); // nothing to answer there
  await checkPage(page, 'sign_in', how);
});

journey('the choice of a language', async ({ page, context, how, text, who }) => {
  await makePerson(who);
  await page.goto(pool.url('/oauth2/authorize'));
  await checkPage(page, 'sign_in', how); // as the browser prefers
  await page.locator('.languages summary').click();
  await follow(page, '.languages a[lang="de"]');
  await checkPage(page, 'sign_in', { ...how, language: 'de' });
  await page.goto(pool.url('/signup')); // kept, and no part of this address
  await checkPage(page, 'sign_up', { ...how, language: 'de' });
  await page.goto(pool.url('/login', { lang: 'ja' }));
  await checkPage(page, 'sign_in', { ...how, language: 'ja' });
  await page.goto(pool.url('/login', { lang: 'xx' })); // not there: as it was
  await checkPage(page, 'sign_in', { ...how, language: 'ja' });
  await context.clearCookies({ name: 'lang' });
  await page.goto(pool.url('/login'));
  await checkSays(page, text('sign-in-title'));
  await signIn(page, who); // with the language chosen on the way, the request is still whole
  checkArrived(page);
});

journey('going back, sending twice, sending late', async ({ page, context, how, text, who }) => {
  await makePerson(who);
  const posts = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));

  // A form whose token is gone, or is somebody else's, is shown again and then works.
  await page.goto(pool.url('/login'));
  await context.clearCookies({ name: 'XSRF-TOKEN' });
  await signIn(page, who);
  await checkPage(page, 'sign_in', how);
  await checkSays(page, text('problem-form-expired'));
  assert.equal(await sessionOf(context), undefined);
  await page.locator('[name="_csrf"]').evaluate((input) => (input.value = '00000000-0000-4000-8000-000000000000'));
  await signIn(page, who);
  await checkSays(page, text('problem-form-expired'));
  assert.equal(await sessionOf(context), undefined);

  // Twice in a moment: once with the script; without, the second one brings the answer.
  await fill(page, { username: who, password: PASSWORD });
  posts.length = 0;
  await Promise.all([page.waitForURL(`${pool.callback}**`), page.locator(SUBMIT).dblclick()]);
  checkArrived(page);
  if (how.js) assert.equal(posts.length, 1, 'the form was sent once');

  // Back to the page that asked: it is not shown from memory, but asks whether to go on as whoever just signed in.
  await page.goto(pool.url('/login'));
  await follow(page, 'a.button');
  await signIn(page, who);
  checkArrived(page);
  await page.goBack();
  await checkPage(page, 'sign_in', how); // somebody else was asked for, and still is
  assert.equal(await page.locator('[name="password"]').inputValue(), '');
  await page.goBack();
  await checkPage(page, 'choose_account', how);
  await follow(page, 'button[value="continue"]');
  checkArrived(page);
  page.removeAllListeners('request');
});

journey(
  'going back to a problem',
  async ({ page, how, text, who }) => {
    await makePerson(who);
    const posts = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await page.goto(pool.url('/login'));
    await signIn(page, who, 'Wrong-horse-1');
    await checkSays(page, text('problem-credentials'));
    await page.reload();
    await checkPage(page, 'sign_in', how);
    await signIn(page, who);
    checkArrived(page);
    await page.goBack();
    await checkPage(page, 'choose_account', how);
    assert.equal(posts.length, 2, 'no form was sent again');
    page.removeAllListeners('request');
  },
  LOOKS,
);

journey(
  'the keyboard alone',
  async ({ page, how, text, who }) => {
    await makePerson(who);
    await page.goto(pool.url('/oauth2/authorize'));
    const at = () =>
      page.evaluate(
        () => document.activeElement.name || document.activeElement.className || document.activeElement.textContent,
      );
    const key = async (name) => {
      await page.keyboard.press(name);
      await checkFocusIsSeen(page);
    };
    await checkFocusIsSeen(page);
    await page.keyboard.press('Shift+Tab'); // before the first field: past the text, to its beginning
    assert.equal(await at(), 'skip');
    assert.ok(
      (await page.locator('.skip').boundingBox()).height > 30,
      'the link to the content is seen once it has the keyboard',
    );
    await key('Tab');
    assert.equal(await at(), 'username');
    await page.keyboard.type(who);
    await key('Tab');
    assert.equal(await at(), 'password');
    await page.keyboard.type('Wrong-horse-1');
    if (how.js) {
      await key('Tab');
      assert.equal(await at(), 'reveal');
      await page.keyboard.press('Space');
      assert.equal(await page.locator('[name="password"]').getAttribute('type'), 'text');
      await page.keyboard.press('Space');
      assert.equal(await page.locator('[name="password"]').getAttribute('type'), 'password');
    }
    await key('Tab'); // forgotten?
    await key('Tab');
    assert.equal(await at(), 'signInSubmitButton');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await checkSays(page, text('problem-credentials'));
    await checkFocusIsSeen(page);
    while ((await at()) !== 'password') await key('Tab');
    await page.keyboard.type(PASSWORD);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    checkArrived(page);
  },
  [
    look(),
    look({ scheme: 'dark', language: 'ar' }),
    look({ js: false }),
    look({ scheme: 'dark', language: 'ar', js: false }),
  ],
);

test('a password manager knows each field', () =>
  visit(browser, look(), async ({ page }) => {
    const fields = () =>
      page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll('.input')].map((one) => [one.name, `${one.type} ${one.autocomplete}`]),
        ),
      );
    await page.goto(pool.url('/login'));
    assert.deepEqual(await fields(), { username: 'text username', password: 'password current-password' });
    await page.goto(pool.url('/signup'));
    assert.deepEqual(await fields(), {
      username: 'text username',
      name: 'text name',
      email: 'email email',
      birthdate: 'text bday',
      password: 'password new-password',
    });
    await page.goto(pool.url('/confirmforgotPassword'));
    assert.deepEqual(await fields(), {
      username: 'text username',
      code: 'text one-time-code',
      password: 'password new-password',
    });
  }));

test('tools that fill the form find the names that Cognito gave it', () =>
  visit(browser, look(), async ({ page, who = 'tool-user' }) => {
    await makePerson(who);
    await page.goto(pool.url('/login'));
    await page.evaluate((name) => {
      const form = document.forms.cognitoSignInForm;
      form.elements.username.value = name;
      form.elements.password.value = 'Correct-horse-1';
      if (document.getElementById('signInFormUsername') !== form.elements.username) throw new Error('another id');
      if (document.getElementById('signInFormPassword') !== form.elements.password) throw new Error('another id');
      if (form.elements.cognitoAsfData.type !== 'hidden') throw new Error('cognitoAsfData is seen');
    }, who);
    await follow(page, '[name="signInSubmitButton"]');
    const code = checkArrived(page);
    assert.equal((await redeem(server, pool, code)).status, 200);
    assert.equal((await redeem(server, pool, code)).status, 400, 'a code is good once');
  }));

test('every font of the screenshots is there', () =>
  visit(browser, look(), async ({ page, context }) => {
    const debug = await context.newCDPSession(page);
    const fontsOf = async (language, selector) => {
      await page.goto(pool.url('/login', { lang: language }));
      await debug.send('DOM.enable');
      await debug.send('CSS.enable');
      const { root } = await debug.send('DOM.getDocument');
      const { nodeId } = await debug.send('DOM.querySelector', { nodeId: root.nodeId, selector });
      const { fonts } = await debug.send('CSS.getPlatformFontsForNode', { nodeId });
      return fonts.map((font) => font.familyName);
    };
    const needed = { en: 'Noto Sans', ar: 'Noto Sans Arabic', ja: MICRO_HEI, ko: MICRO_HEI, 'zh-CN': MICRO_HEI };
    for (const [language, font] of Object.entries(needed)) {
      const used = await fontsOf(language, 'h1');
      const install = `${language} is written with ${used}: install fonts-noto-core and fonts-wqy-microhei`;
      assert.ok(used.includes(font), install);
      assert.ok(
        used.every((one) => one === font || one === 'Noto Sans'),
        install,
      ); // which has the spaces
    }
    await debug.detach();
  }));
