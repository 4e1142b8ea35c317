/** How old the last good backups are, for a person and for a monitor. */
import { elapsed } from '../terminal.mjs';
import { goodOnes } from './store.mjs';

const HOUR = 3_600_000;
/** A dump a day, and two hours for it to take. */
const DUMP_MS = 26 * HOUR;
/** Slices every 15 minutes or less; once there are any, they must go on. */
const SLICE_MS = HOUR;

/**
 * @param {import('./store.mjs').Backup[]} backups
 * @param {Date} now
 * @returns {{ ok: boolean, lines: string[] }} ok: false when the last good one is too old, or there is none
 */
export function statusOf(backups, now) {
  const dump = goodOnes(backups, 'dump').at(-1);
  const slice = goodOnes(backups, 'oplog').at(-1);
  const age = (one) => now - Date.parse(one.manifest.endedAt);
  const line = (what, one, most) => {
    const late = age(one) > most;
    return `${late ? 'TOO OLD' : 'good'}: the last ${what}, ${one.name}, is ${hours(age(one))} old (at most ${hours(most)})`;
  };
  const lines = [dump ? line('dump', dump, DUMP_MS) : 'NONE: there is no good dump'];
  if (slice) lines.push(line('oplog slice', slice, SLICE_MS));
  for (const { fault } of backups) if (fault) lines.push(`not good: ${fault.message}`);
  const ok = Boolean(dump) && age(dump) <= DUMP_MS && (!slice || age(slice) <= SLICE_MS);
  return { ok, lines };
}

const hours = (ms) => (ms < HOUR ? elapsed(Math.max(0, ms)) : `${(ms / HOUR).toFixed(1)} h`);
