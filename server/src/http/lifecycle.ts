/** Where a process stands between boot and exit; decides readiness and when a drain is done. */
export interface Lifecycle {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly inFlight: number;
  booted(): void;
  drain(): void;
  enter(): void;
  leave(): void;
  /** Resolves when no request has begun for `ms`, after `mostMs` at the latest. */
  quiet(ms: number, mostMs: number): Promise<void>;
  /** Resolves when nothing is in flight, or after `ms`; tells whether it was empty. */
  idle(ms: number): Promise<boolean>;
}

export function createLifecycle(): Lifecycle {
  let booted = false;
  let draining = false;
  let inFlight = 0;
  let lastBegun = -Infinity;
  return {
    get ready() {
      return booted && !draining;
    },
    get draining() {
      return draining;
    },
    get inFlight() {
      return inFlight;
    },
    booted: () => void (booted = true),
    drain: () => void (draining = true),
    enter() {
      inFlight++;
      lastBegun = performance.now();
    },
    leave: () => void inFlight--,
    async quiet(ms, mostMs) {
      const end = performance.now() + mostMs;
      for (let now = performance.now(); now < Math.min(end, lastBegun + ms); now = performance.now())
        await new Promise((resolve) => setTimeout(resolve, Math.min(end, lastBegun + ms) - now));
    },
    async idle(ms) {
      const end = Date.now() + ms;
      while (inFlight > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
      return inFlight === 0;
    },
  };
}
