import type Koa from 'koa';
import type { ProblemCode } from '../../shared/codes.ts';
import type { Locale } from '../../shared/fields/types.ts';
import type { Permission } from '../../shared/permissions.ts';
import type { AnonymousCaller, Caller, CitizenCaller, StaffCaller } from './caller.ts';
import type { LimitName } from './rate-limit.ts';
import type { Signer } from './signed.ts';
import type { z } from './z.ts';

type Audience =
  | { audience: 'public' | 'citizen' | 'staff' }
  /** The two backends: staff, with a permission named on the route. */
  | { audience: 'business' | 'system'; permission: Permission };

/** The part of a route's contract that koa-swagger-decorator has no words for. */
export type Access = Audience & {
  /** Success status; default 200, or 204 when the route declares no `@responses`. */
  status?: 200 | 201 | 202 | 204;
  /** Codes that this route may answer besides those that its declarations imply; documented in OpenAPI. */
  errors?: readonly ProblemCode[];
  /**
   * `required` refuses a call without Idempotency-Key; both it and `optional` run the handler in a transaction (see
   * infra/idempotency). `handler` requires a key too, but the handler itself keeps to it by `requestKey`: an upload can be
   * read only once, and no transaction holds a file.
   */
  idempotency?: 'required' | 'optional' | 'handler';
  /** Default: `read` for GET, `write` for the others. */
  rateLimit?: LimitName;
  /** `transfer` for uploads and downloads: at most 120 s; a download also ends after 30 s of silence. Default `request`: 10 s. */
  deadline?: 'request' | 'transfer';
  /** The handler reads the body itself (`readMultipart`). */
  upload?: true;
  /** The answer is a file (`Download`) of this content type, or one of these. */
  download?: string | readonly string[];
  /** Parts of the file may be asked for (`Download.ofStored`). */
  ranges?: true;
  /** The answer is an `EventStream`; each event's data is what `@responses` declares. */
  events?: true;
  /**
   * Called by another system, which signs its requests with the secret that we share (`X-Timestamp`, `X-Signature`; see
   * infra/crypto/signature.ts). No browser's session counts here, so another site can make none send anything.
   */
  signed?: Signer;
  /** Takes a log-in, or the password once more, within the last five minutes: what would be worst at a desk left alone. */
  fresh?: true;
  /** Reachable while the first password has not been changed. */
  beforePasswordChange?: true;
};

const ACCESS = Symbol('access');
type Method = ((...args: never[]) => unknown) & { [ACCESS]?: Access };

/** Declares who may call a route and how it is guarded. A route without it refuses to start. */
export const access = (declared: Access) => (_target: object, _name: string, descriptor: PropertyDescriptor) => {
  (descriptor.value as Method)[ACCESS] = declared;
  return descriptor;
};

export const accessOf = (method: unknown): Access | undefined => (method as Method)[ACCESS];

type Out<T> = T extends z.ZodTypeAny ? z.output<T> : undefined;

/** What a handler gets. `S` names the route's schemas, `A` its audience. */
export interface Req<
  S extends { params?: z.ZodTypeAny; query?: z.ZodTypeAny; body?: z.ZodTypeAny } = object,
  A extends 'public' | 'citizen' | 'staff' = 'staff',
> {
  ctx: Koa.Context;
  caller: A extends 'citizen' ? CitizenCaller : A extends 'staff' ? StaffCaller : AnonymousCaller;
  params: Out<S extends { params: infer P } ? P : undefined>;
  query: Out<S extends { query: infer Q } ? Q : undefined>;
  body: Out<S extends { body: infer B } ? B : undefined>;
  locale: Locale;
  /** The caller's address; not spoofable (see client-ip.ts). */
  ip: string;
  /** Aborted when the client leaves or the deadline passes. */
  signal: AbortSignal;
  /** The Idempotency-Key under which a write runs, hashed with caller and route; null without one. */
  requestKey: string | null;
}

export type AnyReq = Omit<Req<object, 'public'>, 'caller' | 'params' | 'query' | 'body'> & {
  caller: Caller;
  params: unknown;
  query: unknown;
  body: unknown;
};
