// Calls of the Auth API, from server to server.

const PATIENCE = 15_000;

/** What a problem document (RFC 9457) says. Programs go by `code`, people read `message`. */
export class Problem extends Error {
  constructor({ code = 'unexpected', detail = 'The server gave an answer that is not understood.', errors = [] }) {
    super(detail);
    this.code = code;
    /** By the field's name: `newPassword`, `attributes/given_name`. */
    this.fields = Object.fromEntries(errors.map(({ field, message }) => [field.replace(/^\//, ''), message]));
  }
}

/** `call(method, path, { body, bearer, from })`; `from` is the address of the browser that it is for. */
export function authApi(origin) {
  return async function call(method, path, { body, bearer, from } = {}) {
    const headers = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (bearer) headers.authorization = `Bearer ${bearer}`;
    // Limits are per address: without it all visitors are one. The API believes it of `server.trusted_proxies` alone.
    if (from) headers['x-forwarded-for'] = from;
    const sent = { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(new URL(path, origin), sent).catch(() => {
      throw new Problem({ code: 'unreachable', detail: 'Signing in does not work at the moment. Try again in a minute.' });
    });
    const text = await answer.text();
    const read = parsed(text);
    if (!answer.ok) throw new Problem(read ?? {});
    return read;
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // of nothing, or of somebody in between
  }
}
