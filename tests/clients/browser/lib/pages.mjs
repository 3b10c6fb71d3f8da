// Every page of the login domain, in each state that looks different. A page is checked, photographed and read in every language
// (pages.test.mjs) for its entry here:
//
//     name     of its screenshots
//     is       the template
//     open     brings a fresh visitor there; `world` is what startWorld made
//     title    the key of its heading
//     values   what stands in it
//     says     the keys of texts that stand on it, too
//     within   another entry has all that this one has, and more: not tried once more on the narrowest window
//     varies   what is never twice the same: selector, and what is shown instead

import { startSite } from './app.mjs';
import { fill, follow, SUBMIT } from './browser.mjs';
import { beginDevice, codeTo, makePool, makeUser, PASSWORD } from './server.mjs';

/** One pool with everything that the pages can show, and people in it. */
export async function startWorld(server) {
  const required = (Name) => ({ Name, Required: true, Mutable: true });
  const site = await startSite();
  const pool = await makePool(server, {
    callback: `${site.at('localhost')}/cb`,
    pool: {
      Schema: [required('email'), required('name'), required('birthdate')],
      UserPoolTags: { 'cognate:extensions': 'device' },
    },
  });
  await makeUser(server, pool, 'ada', { attributes: { name: 'Ada Lovelace', birthdate: '1815-12-10' } });
  await makeUser(server, pool, 'grace', { temporary: true, attributes: { email: 'grace@example.com' } });
  return { server, pool, stop: site.stop };
}

const goTo =
  (page, more) =>
  async (visitor, { pool }) =>
    visitor.goto(pool.url(page, more));
const sent = (open, values) => async (page, world) => {
  await open(page, world);
  await fill(page, values);
  await follow(page, SUBMIT);
};

const signIn = goTo('/login');
const signUp = goTo('/signup');
const temporary = sent(signIn, { username: 'grace', password: PASSWORD });

let others = 0;

/** Each time somebody else: one person may not fail, or forget, all the time. */
const another = (name) => `${name}-${(others += 1)}`;

async function forgot(page, world) {
  const username = another('forgetful');
  await makeUser(world.server, world.pool, username, { attributes: { email: 'ada@example.com' } });
  await sent(goTo('/forgotPassword'), { username })(page, world);
}

const ACCOUNT = {
  to: 'account',
  response_type: undefined,
  redirect_uri: undefined,
  scope: undefined,
  state: undefined,
};

/** Each time a fresh person of the same name, so that nobody is signed in anywhere else. */
async function account(page, world) {
  const username = another('owner');
  const attributes = { name: 'Ada Lovelace', birthdate: '1815-12-10', email: 'ada@example.com' };
  await makeUser(world.server, world.pool, username, { attributes });
  await sent(goTo('/login', ACCOUNT), { username, password: PASSWORD })(page, world);
}

/** Below /account, and with the session that `account` brings. */
const accountPage = (path) => async (page, world) => {
  await account(page, world);
  await goTo(path, ACCOUNT)(page, world);
};

/** Before the code that proves the address. */
async function verify(page, world) {
  const username = another('mover');
  const attributes = { name: 'Ada Lovelace', birthdate: '1815-12-10', email: 'ada@example.com', email_verified: 'false' };
  await makeUser(world.server, world.pool, username, { attributes });
  await sent(goTo('/login', ACCOUNT), { username, password: PASSWORD })(page, world);
  await follow(page, 'button[value="verify"]');
}

/** The link of a confirmation message; another code than the one that was sent makes it one that does not work. */
const confirmUser = (other) => async (page, { server, pool }) => {
  const username = another('newcomer');
  const email = `${username}@example.com`;
  const attributes = { email, name: 'Ada Lovelace', birthdate: '1815-12-10' };
  await server.call('SignUp', {
    ClientId: pool.clientId,
    Username: username,
    Password: PASSWORD,
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  });
  const code = other ?? (await codeTo(server, email));
  await page.goto(
    `${pool.origin}/confirmUser?${new URLSearchParams({ client_id: pool.clientId, user_name: username, confirmation_code: code })}`,
  );
};

/** Somebody has scanned what a device shows, and signed in. */
async function scanned(page, world) {
  const { user_code: code } = await beginDevice(world.server, world.pool);
  const username = another('viewer');
  const attributes = { name: 'Ada Lovelace', birthdate: '1815-12-10', email: 'ada@example.com' };
  await makeUser(world.server, world.pool, username, { attributes });
  await goTo('/device', { ...ACCOUNT, to: undefined, user_code: code })(page, world);
  await fill(page, { username, password: PASSWORD });
  await follow(page, SUBMIT);
}

const compared = sent(scanned, {});
const decided = (decision) => async (page, world) => {
  await compared(page, world);
  await follow(page, `button[value="${decision}"]`);
};

/** No two devices show the same. */
const USER_CODE = 'WDJB-MJHT';

/** When the session began and ends. */
const TIMES = { '[aria-labelledby="sessions-title"] .row .hint span': '2026-11-21 12:00 UTC' };

export const PAGES = [
  { name: 'sign-in', is: 'sign_in', within: 'sign-in-empty', title: 'sign-in-title', open: signIn },
  { name: 'sign-in-empty', is: 'sign_in', title: 'sign-in-title', open: sent(signIn, {}) },
  {
    name: 'sign-in-wrong',
    within: 'sign-in-empty',
    is: 'sign_in',
    title: 'sign-in-title',
    says: ['problem-credentials'],
    varies: { '[name="username"]': 'nobody' },
    open: (page, world) => sent(signIn, { username: another('nobody'), password: 'Wrong-horse-1' })(page, world),
  },
  {
    name: 'sign-in-languages',
    is: 'sign_in',
    title: 'sign-in-title',
    open: async (page, world) => {
      await signIn(page, world);
      await page.locator('.languages summary').click();
    },
  },
  { name: 'sign-up', is: 'sign_up', within: 'sign-up-wrong', title: 'sign-up-title', open: signUp },
  {
    name: 'sign-up-wrong',
    is: 'sign_up',
    title: 'sign-up-title',
    says: ['problem-heading', 'problem-required', 'problem-email', 'problem-password'],
    open: sent(signUp, { username: 'new', email: 'no-address', password: 'short' }),
  },
  { name: 'confirm', is: 'confirm', within: 'confirm-wrong', title: 'confirm-title', open: goTo('/confirm') },
  {
    name: 'confirm-wrong',
    is: 'confirm',
    title: 'confirm-title',
    says: ['problem-code-expired'],
    open: sent(goTo('/confirm'), { username: 'nobody', code: '000000' }),
  },
  { name: 'forgot-password', is: 'forgot_password', title: 'forgot-password-title', open: goTo('/forgotPassword') },
  {
    name: 'reset-password',
    is: 'confirm_forgot_password',
    within: 'reset-password-wrong',
    title: 'reset-password-title',
    open: forgot,
  },
  {
    name: 'reset-password-wrong',
    is: 'confirm_forgot_password',
    title: 'reset-password-title',
    says: ['problem-password'],
    open: sent(forgot, { code: '12', password: 'short' }),
  },
  {
    name: 'new-password',
    is: 'new_password',
    within: 'new-password-wrong',
    title: 'new-password-title',
    open: temporary,
  },
  {
    name: 'new-password-wrong',
    is: 'new_password',
    title: 'new-password-title',
    says: ['problem-password', 'problem-required'],
    open: sent(temporary, { password: 'short', name: 'Grace Hopper' }),
  },
  {
    name: 'choose-account',
    is: 'choose_account',
    title: 'choose-account-title',
    varies: { '.person-detail + .person-detail': '\u20682026-11-21 12:00 UTC\u2069' },
    open: async (page, world) => {
      await sent(signIn, { username: 'ada', password: PASSWORD })(page, world);
      await signIn(page, world);
    },
  },
  {
    name: 'error-redirect',
    is: 'error',
    title: 'error-redirect-title',
    varies: { '.support div:nth-child(2) dd': '00000000-0000-4000-8000-000000000000' },
    open: goTo('/oauth2/authorize', { redirect_uri: 'https://example.com/elsewhere' }),
  },
  {
    name: 'error-request',
    is: 'error',
    title: 'error-request-title',
    varies: { '.support div:nth-child(2) dd': '00000000-0000-4000-8000-000000000000' },
    open: goTo('/login', { client_id: undefined }),
  },
  { name: 'account', is: 'account', title: 'account-title', varies: TIMES, open: account },
  {
    name: 'account-wrong',
    is: 'account',
    within: 'account',
    title: 'account-title',
    says: ['problem-wrong-password'],
    varies: TIMES,
    open: async (page, world) => {
      await account(page, world);
      const section = page.locator('[aria-labelledby="password-title"]');
      const [current, ...next] = await section.locator('input[type="password"]').all();
      await current.fill('Wrong-horse-1');
      for (const field of next) await field.fill('Another-horse-1');
      await follow(page, '[aria-labelledby="password-title"] .button-primary');
    },
  },
  {
    name: 'account-prove',
    is: 'account_prove',
    title: 'account-prove-title',
    open: async (page, world) => {
      await account(page, world);
      await follow(page, 'button[value="all"]');
    },
  },
  {
    name: 'account-delete',
    is: 'account_delete',
    title: 'account-delete-confirm-title',
    open: accountPage('/account/delete'),
  },
  {
    name: 'account-done',
    is: 'done',
    title: 'account-deleted-title',
    open: async (page, world) => {
      await accountPage('/account/delete')(page, world);
      await page.locator('input[type="password"]').fill(PASSWORD);
      await follow(page, '.button-danger');
    },
  },
  {
    name: 'sign-out',
    is: 'sign_out',
    title: 'choose-account-sign-out-action',
    open: async (page, world) => {
      await account(page, world);
      await goTo('/logout', { ...ACCOUNT, post_logout_redirect_uri: `${world.pool.callback}/bye` })(page, world);
    },
  },
  {
    name: 'signed-out',
    is: 'signed_out',
    title: 'signed-out-title',
    open: async (page, world) => {
      await account(page, world);
      await goTo('/logout', { ...ACCOUNT, id_token_hint: 'none' })(page, world);
      await follow(page, SUBMIT);
    },
  },
  { name: 'confirm-user', is: 'confirm_user', title: 'confirm-user-title', open: confirmUser() },
  {
    name: 'confirm-user-failed',
    is: 'confirm_user',
    title: 'confirm-user-failed-title',
    open: confirmUser('000000'),
  },
  {
    name: 'account-verify',
    is: 'account_verify',
    title: 'account-verify-title',
    values: { value: 'ada@example.com' },
    open: verify,
  },
  { name: 'device', is: 'device', within: 'device-wrong', title: 'device-title', open: goTo('/device', { client_id: undefined }) },
  {
    name: 'device-wrong',
    is: 'device',
    title: 'device-title',
    says: ['problem-device-code'],
    open: sent(goTo('/device', { client_id: undefined }), { user_code: 'BBBB-BBBB' }),
  },
  {
    name: 'device-scanned',
    is: 'device',
    within: 'device-wrong',
    title: 'device-title',
    varies: { '[name="user_code"]': USER_CODE },
    open: scanned,
  },
  {
    name: 'device-confirm',
    is: 'device_confirm',
    title: 'device-confirm-title',
    says: ['device-may', 'device-scope-openid', 'device-scope-email', 'device-shows', 'device-warning'],
    varies: { '.shown-code .code': USER_CODE },
    open: compared,
  },
  { name: 'device-allowed', is: 'done', title: 'device-allowed-title', says: ['device-allowed'], open: decided('allow') },
  { name: 'device-refused', is: 'done', title: 'device-refused-title', says: ['device-refused'], open: decided('refuse') },
];
