import { Redis, type Command } from 'ioredis';

/** A timer that is so late (ms) was held up with its process: Redis may have answered long ago. */
const LATE_MS = 100;

/**
 * A Redis client whose commands fail when Redis is silent for a second (`silenceMs`). The library's own limit (`commandTimeout`) counts what the
 * process itself was held up, on a busy host or by a long garbage collection: its timers then fire before the answers are
 * read that lie there. Here a timer that comes late waits for the same time once more.
 */
export class LimitedRedis extends Redis {
  /** How long Redis may take to answer, ms. */
  silenceMs = 1_000;

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    if (!command.isSettled) limit(command, this.silenceMs);
    return super.sendCommand(command, stream);
  }
}

const limited = new WeakSet<Command>();

/** A command comes here again when it had to wait for the connection. */
function limit(command: Command, silenceMs: number): void {
  if (limited.has(command)) return;
  limited.add(command);
  let due = performance.now() + silenceMs;
  let timer = setTimeout(onTime, silenceMs);
  const settled = () => clearTimeout(timer);
  command.promise.then(settled, settled);

  let again = false;
  function onTime(): void {
    const late = performance.now() - due > LATE_MS;
    if (!late || again) return command.reject(new Error('Command timed out'));
    again = true;
    due = performance.now() + silenceMs;
    timer = setTimeout(onTime, silenceMs);
  }
}
