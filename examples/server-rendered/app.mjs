// The requests: which are believed, what they do, what they show. No page has a script, no answer has a token.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { authApi, Problem } from './auth-api.mjs';
import * as pages from './pages.mjs';
import { Sessions } from './sessions.mjs';

const LONGEST_FORM = 16 * 1024;
const STYLE = await readFile(new URL('style.css', import.meta.url));

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin', // `no-referrer` would take the Origin from our own forms, too
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** The server, not listening yet, and its sessions. `publicUrl` is where browsers see it; `now` is the time in milliseconds. */
export function makeApp({ publicUrl, api, now }) {
  const { origin, protocol, hostname } = new URL(publicUrl);
  const isSecure = protocol === 'https:';
  if (!isSecure && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    throw new Error(`${publicUrl}: cookies and passwords travel by https, except on this machine`);
  }
  // `__Host-` is a promise that browsers hold it to: Secure, for this host alone, set by nobody but it.
  const name = isSecure ? '__Host-session' : 'session';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  const call = authApi(api);
  const sessions = new Sessions({ call, now });

  const server = createServer(async (request, response) => {
    for (const [header, value] of Object.entries(HEADERS)) response.setHeader(header, value);
    if (isSecure) response.setHeader('strict-transport-security', 'max-age=31536000');
    const visit = new Visit({ request, response, name, attributes, origin, sessions, call });
    try {
      await visit.answer();
    } catch (error) {
      if (!(error instanceof Problem)) console.error(error);
      visit.fail(error instanceof Problem ? error : new Problem({}));
    }
  });
  return { server, sessions };
}

class Visit {
  constructor(all) {
    Object.assign(this, all);
    const pairs = (this.request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
    this.id = pairs.find(([name]) => name === this.name)?.[1];
    this.session = this.sessions.find(this.id);
    // The address that is told to the API. Behind a proxy it is what that proxy says, if you trust it.
    this.from = this.request.socket.remoteAddress;
  }

  async answer() {
    const { pathname } = new URL(this.request.url, this.origin);
    const route = ROUTES[`${this.request.method} ${pathname}`];
    if (!route) return this.show(404, pages.failed(new Problem({ code: 'not_found', detail: 'There is nothing here.' })));
    if (this.request.method === 'POST') {
      // Twice: a browser tells where a form comes from, and only our own pages know the token in it.
      if (this.request.headers.origin !== this.origin) throw foreign();
      this.form = await this.#readForm();
      if (!this.id || !this.sessions.isFormToken(this.id, this.form.form_token)) throw foreign();
    }
    return route(this);
  }

  async #readForm() {
    const parts = [];
    let length = 0;
    for await (const part of this.request) {
      length += part.length;
      if (length > LONGEST_FORM) throw new Problem({ code: 'body_too_large', detail: 'That is too long.' });
      parts.push(part);
    }
    return Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString('utf8')));
  }

  /** What forms of this visitor carry; whoever comes for the first time gets a name for it. */
  get token() {
    if (!this.id) this.#name(this.sessions.fresh());
    return this.sessions.formToken(this.id);
  }

  #name(id) {
    this.id = id;
    this.response.setHeader('set-cookie', `${this.name}=${id}; ${this.attributes}`);
  }

  keep(what) {
    this.#name(this.sessions.replace(this.id, what));
  }

  forget() {
    if (this.id) this.sessions.drop(this.id);
    this.#name(this.sessions.fresh());
  }

  as(method, path, body) {
    return this.sessions.as(this.session, method, path, { body, from: this.from });
  }

  ask(path, body) {
    return this.call('POST', path, { body, from: this.from });
  }

  show(status, html) {
    this.response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  }

  go(to) {
    this.response.writeHead(303, { location: to }).end();
  }

  fail(problem) {
    if (this.response.headersSent) return this.response.destroy();
    const status = { foreign: 403, body_too_large: 413, unreachable: 503 }[problem.code] ?? 502;
    return this.show(status, pages.failed(problem));
  }
}

const foreign = () =>
  new Problem({ code: 'foreign', detail: 'This did not come from our own page, or it was open for too long. Go back and try again.' });

const ROUTES = {
  'GET /': home,
  'GET /sign-in': showSignIn,
  'POST /sign-in': signIn,
  'GET /challenge': showChallenge,
  'POST /challenge': answerChallenge,
  'POST /display-name': changeName,
  'POST /sign-out': signOut,
  'GET /style.css': ({ response }) => response.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(STYLE),
};

async function home(visit, problem) {
  if (!visit.session?.tokens) return visit.go('/sign-in');
  try {
    const me = await visit.as('GET', '/v1/me');
    return visit.show(problem ? 422 : 200, pages.home({ token: visit.token, me, problem }));
  } catch (error) {
    if (!isOver(error)) throw error;
    visit.forget();
    return visit.show(401, pages.signIn({ token: visit.token, notice: 'Your session is over. Sign in again.' }));
  }
}

const isOver = ({ code }) => ['refresh_rejected', 'unauthenticated'].includes(code);

function showSignIn(visit) {
  if (visit.session?.tokens) return visit.go('/');
  return visit.show(200, pages.signIn({ token: visit.token }));
}

async function signIn(visit) {
  const { identifier = '', password = '' } = visit.form;
  try {
    entered(visit, await visit.ask('/v1/auth/sign-in', { identifier, password }));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    visit.show(problem.code === 'unreachable' ? 503 : 401, pages.signIn({ token: visit.token, identifier, problem }));
  }
}

/** A session, or what is asked before there is one: both are kept here, under a new name. */
function entered(visit, step) {
  if (step.challenge) {
    visit.keep({ challenge: step.challenge });
    return visit.go('/challenge');
  }
  visit.keep({ tokens: visit.sessions.tokens(step) });
  return visit.go('/');
}

function showChallenge(visit) {
  const { challenge } = visit.session ?? {};
  if (!challenge) return visit.go('/sign-in');
  return visit.show(200, pages.challenge({ token: visit.token, challenge }));
}

async function answerChallenge(visit) {
  const { challenge } = visit.session ?? {};
  if (!challenge) return visit.go('/sign-in');
  const { type, session } = challenge;
  const { newPassword, code, form_token: _, ...others } = visit.form;
  const attributes = Object.fromEntries(Object.entries(others).map(([name, value]) => [name.replace(/^attributes\//, ''), value]));
  const answer = type === 'new_password' ? { session, newPassword, attributes } : { session, code };
  try {
    return entered(visit, await visit.ask(`/v1/auth/challenges/${type.replaceAll('_', '-')}`, answer));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code !== 'challenge_expired') return visit.show(422, pages.challenge({ token: visit.token, challenge, problem }));
    visit.forget();
    return visit.show(401, pages.signIn({ token: visit.token, problem }));
  }
}

async function changeName(visit) {
  if (!visit.session?.tokens) return visit.go('/sign-in');
  try {
    await visit.as('PATCH', '/v1/me', { displayName: visit.form.displayName || null });
    return visit.go('/');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return home(visit, problem);
  }
}

async function signOut(visit) {
  const { tokens } = visit.session ?? {};
  try {
    if (tokens) await visit.as('POST', '/v1/auth/sign-out', { refreshToken: visit.session.tokens.refreshToken });
  } catch (problem) {
    if (!isOver(problem)) throw problem;
  } finally {
    visit.forget(); // whatever became of it, this browser is nobody any more
  }
  return visit.go('/sign-in');
}
