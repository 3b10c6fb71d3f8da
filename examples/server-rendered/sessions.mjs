// Who is signed in. The browser has a random name in a cookie that scripts cannot read; the tokens stay here, under the name's digest. To
// run several servers, keep `kept` in a store of theirs, encrypted.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const LIFE = 12 * 3600_000;
const WAITING = 10 * 60_000;
const MOST = 100_000;
/** An access token is renewed this long before its end, or at half its life if that is shorter. */
const EARLY = 60_000;

const digest = (id) => createHash('sha256').update(id).digest('base64url');

export class Sessions {
  /** By digest: `{ tokens?, challenge?, notice?, endsAt, renewing? }`. */
  kept = new Map();
  #key = randomBytes(32);

  constructor({ call, now = Date.now }) {
    this.call = call;
    this.now = now;
  }

  /** A name that means nothing yet. */
  fresh() {
    return randomBytes(32).toString('base64url');
  }

  find(id) {
    const found = id && this.kept.get(digest(id));
    if (found && found.endsAt > this.now()) return found;
    if (found) this.drop(id);
    return undefined;
  }

  /** Puts something under a new name; the old one, which somebody may have planted, means nothing from now on. */
  replace(old, what, life = what.tokens ? LIFE : WAITING) {
    if (old) this.drop(old);
    for (const [key, { endsAt }] of this.kept) {
      if (endsAt <= this.now() || this.kept.size >= MOST) this.kept.delete(key); // the oldest come first
    }
    const id = this.fresh();
    this.kept.set(digest(id), { ...what, endsAt: this.now() + life });
    return id;
  }

  drop(id) {
    this.kept.delete(digest(id));
  }

  /** What a form of this visitor carries. Another site can neither read nor make it. */
  formToken(id) {
    return createHmac('sha256', this.#key).update(id).digest('base64url');
  }

  isFormToken(id, given) {
    const [one, other] = [Buffer.from(this.formToken(id)), Buffer.from(String(given))];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  /** What the API gave, as it is kept. The ID token is for nobody here. */
  tokens({ accessToken, refreshToken, expiresIn }, before) {
    const renewAt = this.now() + expiresIn * 1000 - Math.min(EARLY, expiresIn * 500);
    // A refresh answers a refresh token only where there is a new one.
    return { accessToken, refreshToken: refreshToken ?? before?.refreshToken, renewAt };
  }

  /** Calls the API as whoever is signed in, with a token that is good. */
  async as(session, method, path, options = {}) {
    if (session.tokens.renewAt <= this.now()) await this.renew(session, options.from);
    try {
      return await this.call(method, path, { ...options, bearer: session.tokens.accessToken });
    } catch (problem) {
      if (problem.code !== 'unauthenticated') throw problem;
      await this.renew(session, options.from); // ended elsewhere: the refresh tells
      return this.call(method, path, { ...options, bearer: session.tokens.accessToken });
    }
  }

  /** Requests of one browser come together; where tokens rotate, a refresh token is good once. So all wait for one answer. */
  renew(session, from) {
    session.renewing ??= this.#refresh(session, from).finally(() => delete session.renewing);
    return session.renewing;
  }

  async #refresh(session, from) {
    const { refreshToken } = session.tokens;
    const next = await this.call('POST', '/v1/auth/token/refresh', { body: { refreshToken }, from });
    session.tokens = this.tokens(next, session.tokens);
  }
}
