import { hostname } from 'node:os';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogEvent } from './events.ts';
import { scrub, scrubError } from './scrub.ts';

export { openLogFile, type LogFile } from './log-file.ts';
export { EVENTS, eventDocs, type LogEvent } from './events.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
/** What an event carries. Personal data put here by mistake is hidden (`scrub.ts`), but don't count on it: log ids. */
export type LogFields = Record<string, unknown>;

/** One JSON line an event. Events are named in `events.ts`; there is no free text. */
export interface Log {
  debug(event: LogEvent, fields?: LogFields): void;
  info(event: LogEvent, fields?: LogFields): void;
  warn(event: LogEvent, fields?: LogFields & { err?: unknown }): void;
  error(event: LogEvent, fields?: LogFields & { err?: unknown }): void;
  /** A log whose lines all carry `bindings`, e.g. `{ requestId }`. */
  child(bindings: LogFields): Log;
}

export interface LoggerOptions {
  level: LogLevel;
  /** Which process speaks: `api`, `worker`, … */
  name: string;
  /** Where lines go; stdout unless told. */
  destination?: DestinationStream;
}

/** Makes the log of a process: JSON lines with ISO time, written synchronously so that a dying process loses none. */
export function createLogger({ level, name, destination }: LoggerOptions): Log {
  const options = {
    level,
    base: { name, pid: process.pid, host: hostname() },
    timestamp: pino.stdTimeFunctions.isoTime,
    // pino would serialise `err` once more.
    serializers: { err: (value: unknown) => value },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination ? pino(options, destination) : pino(options, pino.destination({ fd: 1, sync: true })));
}

function wrap(target: Logger): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: LogEvent, fields: LogFields = {}) => {
      if (!target.isLevelEnabled(level)) return;
      target[level]({ event, ...clean(fields) });
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (bindings) => wrap(target.child(clean(bindings))),
  };
}

/** The names pino and the event itself use can't be taken by a field. */
const RESERVED = new Set(['event', 'level', 'time', 'name', 'pid', 'host', 'msg']);

/** What may be written of the fields. A field that can't be read (a getter that throws) must not break who logs. */
function clean(fields: LogFields): LogFields {
  try {
    const { err, ...rest } = fields;
    const safe = scrub(rest) as LogFields;
    for (const key of Object.keys(safe)) if (RESERVED.has(key)) delete safe[key];
    return err === undefined ? safe : { ...safe, err: scrubError(err) };
  } catch {
    return { unreadable: true };
  }
}
