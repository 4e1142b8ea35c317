/** The package's own types are not in its exports; these are the parts that we use. */
declare module 'redlock' {
  import type { Redis } from 'ioredis';

  export interface Settings {
    retryCount: number;
  }
  export class ResourceLockedError extends Error {}
  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<{ readonly votesAgainst: ReadonlyMap<Redis, Error> }>[];
  }
  export interface Lock {
    /** ms since 1970, by this host's clock. */
    readonly expiration: number;
    release(): Promise<unknown>;
  }
  export default class Redlock {
    constructor(clients: Iterable<Redis>, settings?: Partial<Settings>);
    acquire(resources: string[], durationMs: number): Promise<Lock>;
  }
}
