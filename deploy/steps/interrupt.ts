import { EXIT, Fault } from '../faults.ts';

/** Ctrl-C, and what else asks for an end: a closed terminal, a shutdown. */
export interface Interrupt {
  /** Aborted once an end was asked for. */
  readonly signal: AbortSignal;
  /** @throws Fault (interrupted) when an end was asked for */
  check(): void;
  /** Stops listening. */
  close(): void;
}

/**
 * Listens for signals. The first one asks: the plan finishes the host it is at, or puts it back, and ends. The second one
 * ends this process at once; then the host heals itself when its lease ends.
 */
export function listen(say: (text: string) => void): Interrupt {
  const abort = new AbortController();
  const fault = new Fault('interrupted', EXIT.interrupted);
  const onSignal = () => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    say('Ending: the host at hand is finished or put back first. Once more ends at once; the host then heals itself.');
    abort.abort(fault);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  // A closed terminal must not end the plan at its next line.
  const ignore = () => undefined;
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
  return {
    signal: abort.signal,
    check: () => abort.signal.throwIfAborted(),
    close() {
      for (const name of signals) process.off(name, onSignal);
      process.stdout.off('error', ignore);
      process.stderr.off('error', ignore);
    },
  };
}
