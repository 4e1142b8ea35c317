/** What a load is made of. Each kind is counted on its own. */
export const KINDS = [
  'page',
  'asset',
  'read',
  'write',
  'plainWrite',
  'slowWrite',
  'upload',
  'download',
  'events',
  'idleRead',
  'idleWrite',
] as const;
export type Kind = (typeof KINDS)[number];

export interface DriverOptions {
  /** The SLB nodes; requests take turns. */
  targets: string[];
  /** What browsers would call the installation; for Host and Origin. */
  publicOrigin: string;
  /** Staff accounts to log in with, all with one password. */
  accounts: string[];
  password: string;
  /** Names of people that this run makes begin so. */
  mark: string;
  /** Short requests a second, of all kinds together. */
  rate: number;
  /** Requests that run all the time, by kind. */
  steady: { slowWrite: number; upload: number; download: number; events: number };
  /** Keep-alive clients that speak seldom. */
  idle: number;
  /** File (NDJSON) for every failed request. */
  failures: string;
  /** File (NDJSON) for every write, with what became of it. */
  writes: string;
}

/** A request that did not get what it should have. */
export interface Failure {
  at: string;
  kind: Kind;
  target: string;
  path: string;
  /** Over a connection that had been used before. */
  reused: boolean;
  /** ECONNRESET, `status 502`, `cut`, `timeout`. */
  why: string;
  ms: number;
  requestId?: string;
}

/** A write as its client saw it. */
export interface WriteSeen {
  at: string;
  kind: Kind;
  /** The person's name, or the id of an import. */
  name: string;
  /** The key, when it was sent with one. */
  key: string | null;
  /** acknowledged: 2xx; refused: another answer; unknown: no answer. */
  seen: 'acknowledged' | 'refused' | 'unknown';
}

export interface KindReport {
  requests: number;
  failed: number;
  /** Longer than its kind should take. */
  slow: number;
  p50: number;
  p99: number;
  max: number;
}

export interface DriverReport {
  seconds: number;
  requests: number;
  failed: number;
  slow: number;
  /** Short requests that were not begun in time, since too many were under way: the driver's own limit. */
  held: number;
  kinds: Partial<Record<Kind, KindReport>>;
  failures: Failure[];
}

export type ToDriver = 'report' | 'stop';
export type FromDriver = { ready: true } | { report: DriverReport } | { final: DriverReport };
