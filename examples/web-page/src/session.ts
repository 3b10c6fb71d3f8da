// The tokens. The access token, which opens everything, is kept in memory alone. The refresh token is in sessionStorage: it outlives a
// reload of this tab and nothing else. Any script that runs on this page could read it; README.md says what follows.

import { call, Problem, type Schemas } from './api.ts';

const KEY = 'refresh-token';
/** Renewed this long before its end, or at half its life: no call travels with a token that ends under way. */
const EARLY = 30_000;

interface Access {
  token: string;
  endsAt: number;
  renewAt: number;
}

let access: Access | undefined;
let renewing: Promise<void> | undefined;
let over = () => {};

/** What follows when the API says that the session is over, whoever asked. */
export function onOver(work: () => void): void {
  over = work;
}

export function isOpen(): boolean {
  return sessionStorage.getItem(KEY) !== null;
}

/** When the access token ends. */
export function endsAt(): Date | undefined {
  return access && new Date(access.endsAt);
}

export function open(session: Schemas['SessionBody']): void {
  // By this machine's clock and the token's length: clocks differ. The ID token is not kept: nothing here needs it.
  const life = session.expiresIn * 1000;
  const endsAt = Date.now() + life;
  access = { token: session.accessToken, endsAt, renewAt: endsAt - Math.min(EARLY, life / 2) };
  // A refresh answers a refresh token only where there is a new one.
  if (session.refreshToken) sessionStorage.setItem(KEY, session.refreshToken);
}

export function forget(): void {
  access = undefined;
  sessionStorage.removeItem(KEY);
}

/** The next tokens. Whoever asks meanwhile waits for the same answer: where tokens rotate, a refresh token is good once. */
export function renew(): Promise<void> {
  renewing ??= refresh().finally(() => (renewing = undefined));
  return renewing;
}

async function refresh(): Promise<void> {
  const refreshToken = sessionStorage.getItem(KEY);
  if (!refreshToken) throw new Problem({ code: 'refresh_rejected' });
  try {
    open((await call('post', '/v1/auth/token/refresh', { body: { refreshToken } })).body);
  } catch (error) {
    // A server that is down ends no session.
    if (error instanceof Problem && error.code === 'refresh_rejected') {
      forget();
      over();
    }
    throw error;
  }
}

/** `call`, as whoever is signed in. */
export const signedIn: typeof call = async (method, path, options) => {
  if (!access || access.renewAt < Date.now()) await renew();
  try {
    return await call(method, path, options, access?.token);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'unauthenticated') throw error;
    await renew(); // ended elsewhere, or a clock that went astray: the refresh tells
    return call(method, path, options, access?.token);
  }
};

/** Ends this session, or all of this person's. Whatever becomes of that, this browser knows nothing of it any more. */
export async function end(everywhere: boolean): Promise<void> {
  const refreshToken = sessionStorage.getItem(KEY);
  try {
    const body = everywhere || !refreshToken ? {} : { refreshToken };
    await signedIn('post', '/v1/auth/sign-out', { body });
  } catch (error) {
    const isOver = error instanceof Problem && ['refresh_rejected', 'unauthenticated'].includes(error.code);
    if (!isOver) throw error;
  } finally {
    forget();
  }
}
