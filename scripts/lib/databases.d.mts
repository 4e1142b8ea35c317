/** Types of databases.mjs for the TypeScript that starts real databases in tests, benches and proofs. */

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** As a crash would (SIGKILL, the default; resolves when it is gone), or SIGSTOP and SIGCONT. */
  kill(name?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data after a kill. */
  restart(): Promise<void>;
}

export interface MongoHandle {
  /** With replicaSet and w=majority; the database is `dengji`. */
  readonly url: string;
  readonly members: ServerProcess[];
  /** Waits for a primary (up to a minute). */
  primary(): Promise<ServerProcess>;
  stop(): Promise<void>;
}

export interface RedisHandle extends ServerProcess {
  /** redis://127.0.0.1:PORT */
  readonly url: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  dataDir: string;
  /** Path of the log file. */
  log: string;
  /** A free one when left out. */
  port?: number;
  /** False: the data may go when the run ends, so stopping is a kill. Default true. */
  durable?: boolean;
  /** Told what takes long. */
  say?: (text: string) => void;
}

export interface MongoOptions extends ServerOptions {
  /** 1 (default), or 3 to survive the death of one. */
  members?: number;
  cacheGB?: number;
  /** More server parameters. */
  parameters?: Record<string, unknown>;
  /** Default 2,000 with several members. */
  electionTimeoutMillis?: number;
}

export function startMongo(options: MongoOptions): Promise<MongoHandle>;
export function startRedis(options: ServerOptions): Promise<RedisHandle>;

/** MongoDB and Redis of MONGO_URL and REDIS_URL in `env` when set, else our own. `stop` ends only our own. */
export function useDatabases(options: {
  mongo: MongoOptions;
  redis: ServerOptions;
  env?: NodeJS.ProcessEnv;
}): Promise<{ mongoUrl: string; redisUrl: string; stop(): Promise<void> }>;

/** One command over a connection of its own; the answer as it came over the wire ('+PONG', ':1', '-ERR …'). */
export function redisCommand(port: number, words: string[], ms?: number): Promise<string>;

/** Asks the guard process to remove a folder when this process is gone, however it goes. */
export function removeLater(path: string): void;
