import { createWriteStream } from 'node:fs';
import { KINDS, type DriverOptions, type DriverReport, type Failure, type Kind, type WriteSeen } from './protocol.ts';
import type { Answer } from './send.ts';

/** How long a request of a kind may take before it counts as slow, ms; a busy small machine is no fault of a release. */
const SLOW_MS: Record<Kind, number> = {
  page: 2_000,
  asset: 2_000,
  read: 2_000,
  write: 2_000,
  plainWrite: 2_000,
  slowWrite: 6_000,
  upload: 15_000,
  download: 60_000,
  events: 25_000,
  idleRead: 2_000,
  idleWrite: 2_000,
};
/** Of failures so many are told in the report; the file has all. */
const TOLD = 200;

export type Tally = ReturnType<typeof createTally>;

/** Counts what became of every request. */
export function createTally({ failures: failuresPath, writes: writesPath }: DriverOptions) {
  const began = performance.now();
  const times = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
  const counts = new Map(KINDS.map((kind) => [kind, { failed: 0, slow: 0 }]));
  const told: Failure[] = [];
  const failures = createWriteStream(failuresPath, { flags: 'a' });
  const writes = createWriteStream(writesPath, { flags: 'a' });
  const state = { held: 0 };

  return {
    /** One more short request that was not begun. */
    held: () => void (state.held += 1),

    /** @param right whether the answer is what the client came for */
    count(kind: Kind, where: { target: string; path: string }, answer: Answer, right: boolean): void {
      times.get(kind)!.push(answer.ms);
      const count = counts.get(kind)!;
      if (answer.ms > SLOW_MS[kind]) count.slow += 1;
      if (right) return;
      count.failed += 1;
      const requestId = answer.headers['x-request-id'];
      const failure: Failure = {
        at: new Date().toISOString(),
        kind,
        target: where.target,
        path: where.path,
        reused: answer.reused,
        why: answer.fault ?? `status ${answer.status}${answer.status === 200 ? ', but not what was asked for' : ''}`,
        ms: Math.round(answer.ms),
        ...(typeof requestId === 'string' && { requestId }),
      };
      if (told.length < TOLD) told.push(failure);
      failures.write(`${JSON.stringify(failure)}\n`);
    },

    wrote: (write: Omit<WriteSeen, 'at'>) =>
      void writes.write(`${JSON.stringify({ at: new Date().toISOString(), ...write })}\n`),

    report(): DriverReport {
      const kinds: DriverReport['kinds'] = {};
      let [requests, failed, slow] = [0, 0, 0];
      for (const kind of KINDS) {
        const sorted = times.get(kind)!.toSorted((a, b) => a - b);
        if (sorted.length === 0) continue;
        const count = counts.get(kind)!;
        const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!);
        kinds[kind] = { requests: sorted.length, ...count, p50: at(0.5), p99: at(0.99), max: at(1) };
        requests += sorted.length;
        failed += count.failed;
        slow += count.slow;
      }
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      return { seconds, requests, failed, slow, held: state.held, kinds, failures: told };
    },

    /** Everything is in the files. */
    close: () =>
      Promise.all([failures, writes].map((file) => new Promise<void>((resolve) => file.end(() => resolve())))),
  };
}
