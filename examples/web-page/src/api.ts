// Calls of the Auth API, by fetch. Their types are those of its own document (`npm run types`): a page that no longer fits the API does
// not compile.

import type { components, paths } from '../build/openapi.d.ts';

type Method = 'get' | 'post' | 'patch' | 'delete';
type Operation = { responses: object };
type Paths<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [_ in M]: Operation } ? P : never;
}[keyof paths];
type Called<M extends Method, P extends Paths<M>> = paths[P] extends { [_ in M]: infer O } ? O : never;

type Json<B> = { content: { 'application/json': B } };
type Sent<O> = O extends { requestBody?: infer R } ? NonNullable<R> : never;
type Body<O> = [Sent<O>] extends [never] ? undefined : Sent<O> extends Json<infer B> ? B : undefined;
type Good = 200 | 201 | 202;
type Answer<O> = O extends { responses: infer R }
  ? [keyof R & Good] extends [never]
    ? undefined
    : { [S in keyof R & Good]: R[S] extends Json<infer A> ? A : undefined }[keyof R & Good]
  : never;

export type Schemas = components['schemas'];
type ProblemDocument = Schemas['ProblemDocument'];

/** What programs go by; two are this page's own. */
export type Code = ProblemDocument['code'] | 'unreachable' | 'unexpected';

export type Options<O> = {
  /** What stands for `{id}` and its like in the path. */
  path?: Record<string, string>;
  query?: Record<string, string>;
  /** Only the version with this `ETag` is changed. */
  ifMatch?: string | undefined;
} & (Body<O> extends undefined ? object : { body: Body<O> });

export interface Reply<A> {
  body: A;
  etag?: string;
}

const PATIENCE = 15_000;

let origin = '';

/** Where the API is: said once, by config.json. */
export function callAt(api: string): void {
  origin = new URL(api).origin;
}

/** Something could not be done: what a problem document (RFC 9457) says of it. Programs go by `code`, people read `detail`. */
export class Problem extends Error {
  readonly code: Code;
  readonly detail: string;
  /** What does not do, by the field's name: `email`, `attributes/given_name`. */
  readonly fields: ReadonlyMap<string, string>;
  /** Seconds to wait before it is tried again. */
  readonly wait: number | undefined;
  readonly traceId: string | undefined;

  constructor(document: Partial<Omit<ProblemDocument, 'code'>> & { code?: Code }, wait?: number) {
    super(document.code);
    this.code = document.code ?? 'unexpected';
    this.detail = document.detail ?? '';
    this.fields = new Map(document.errors?.map(({ field, message }) => [field.replace(/^\//, ''), message]));
    this.wait = wait;
    this.traceId = document.traceId;
  }
}

export async function call<M extends Method, P extends Paths<M>>(
  method: M,
  path: P,
  options: Options<Called<M, P>>,
  bearer?: string,
): Promise<Reply<Answer<Called<M, P>>>> {
  const { path: names = {}, query, ifMatch, body } = options as Options<unknown> & { body?: unknown };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (bearer) headers['authorization'] = `Bearer ${bearer}`;
  if (ifMatch) headers['if-match'] = ifMatch;

  const response = await fetch(`${origin}${filled}${query ? `?${new URLSearchParams(query)}` : ''}`, {
    method: method.toUpperCase(),
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    credentials: 'omit', // the API sets no cookie and takes none
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => {
    throw new Problem({ code: 'unreachable' });
  });
  if (!response.ok) throw await problemOf(response);
  const etag = response.headers.get('etag');
  const answer = (response.status === 204 ? undefined : await response.json()) as Answer<Called<M, P>>;
  return etag ? { body: answer, etag } : { body: answer };
}

async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('retry-after')) || undefined;
  // What stands between here and the API answers in words of its own.
  const document: unknown = await response.json().catch(() => undefined);
  return new Problem(typeof document === 'object' && document !== null ? document : {}, wait);
}
