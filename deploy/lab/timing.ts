import type { SlbCheck } from './slb/haproxy.ts';

/** How patient a lab is. */
export interface Timing {
  check: SlbCheck;
  /** Seconds without a sign of the operator. */
  leaseS: number;
  /** Longest wait for requests in flight, seconds. */
  deadlineS: number;
}

/** What `npm test` runs with. */
export const QUICK: Timing = { check: { intervalS: 1, fall: 2, rise: 2 }, leaseS: 20, deadlineS: 60 };
/** As in production: the proof and the bench. */
export const REAL: Timing = { check: { intervalS: 2, fall: 3, rise: 2 }, leaseS: 25, deadlineS: 150 };
