import type { Realm } from '../../http/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long a session lives without use, and at all. `touch`: use is noted at most this often, so a session may end this much
 * earlier than its idle time says, never later.
 */
export const LIVES: Record<Realm, { idle: number; absolute: number; touch: number }> = {
  staff: { idle: 30 * MINUTE, absolute: 12 * HOUR, touch: MINUTE },
  citizen: { idle: 7 * DAY, absolute: 30 * DAY, touch: HOUR },
};

/** How long after a log-in, or a password given once more, a route that takes a fresh one may be called. */
export const FRESH_MS = 5 * 60_000;
