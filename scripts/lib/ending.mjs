/** Ends a long-running command in order, whatever asks for it: Ctrl-C, SIGTERM, a closed terminal, a dead npm. */
import { commandOf, isAlive, parentOf } from './processes.mjs';

/**
 * @param {(why: string) => void} onStop called once, at the first request
 * @returns {{ stopping: Promise<string>, defer(work: () => Promise<void> | void): void, unwind(): Promise<void> }}
 *   defer: registers work for the end; unwind: runs it, the last registered first, each part even if another fails
 */
export function createEnding(onStop = () => {}) {
  const deferred = [];
  let asked = false;
  let unwinding;
  let resolve;
  const stopping = new Promise((done) => (resolve = done));
  const ask = (why) => {
    // The second Ctrl-C forces: what is left dies with us (the guard sees to it).
    if (asked && why === 'SIGINT') process.exit(130);
    if (asked) return;
    asked = true;
    onStop(why);
    resolve(why);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => ask(name));
  watchNpm(() => ask('npm ended'));
  const unwind = async () => {
    for (const work of deferred.reverse()) await Promise.resolve(work()).catch(() => undefined);
  };
  return {
    stopping,
    defer: (work) => deferred.push(work),
    unwind: () => (unwinding ??= unwind()),
  };
}

/**
 * Under npm: a signal to npm ends the shell between us, and kill -9 ends npm alone. Either way nobody would stop us
 * any more, so we stop when one of them is gone.
 */
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const npm = [parent, parentOf(parent)].find((pid) => pid && /\bnpm\b/.test(commandOf(pid))) ?? parent;
  setInterval(() => (process.ppid !== parent || !isAlive(npm)) && onGone(), 500).unref();
}
