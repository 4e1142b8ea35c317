/** Which backups are no longer kept. */
import { compareTimes } from './mongo.mjs';
import { goodOnes } from './store.mjs';

const DAY = 86_400_000;
/** Somebody who has just lost data and takes one more dump must not lose the last one from before. */
const YOUNG = 2 * DAY;

/**
 * Good dumps are kept as the newest of their day, week and month, for as many days, weeks and months as there are
 * dumps of: counted by what is there and not by the calendar, so that nothing is removed while no new one comes. The
 * newest is always kept, and so are those of the two days before it. A slice is kept while it leads on from a kept dump and
 * is younger than `oplogDays`.
 * @param {import('./store.mjs').Backup[]} backups the oldest first; those with a fault are nobody's business here
 * @param {import('./settings.mjs').Keep} keep
 * @returns {import('./store.mjs').Backup[]}
 */
export function outlived(backups, keep) {
  const dumps = goodOnes(backups, 'dump').toReversed();
  if (dumps.length === 0) return [];
  const newest = dumps[0].manifest;
  const kept = new Set([
    ...dumps.filter(({ manifest }) => Date.parse(manifest.startedAt) > Date.parse(newest.startedAt) - YOUNG),
    ...newestOfEach(dumps, keep.daily, dayOf),
    ...newestOfEach(dumps, keep.weekly, weekOf),
    ...newestOfEach(dumps, keep.monthly, monthOf),
  ]);
  const slices = goodOnes(backups, 'oplog');
  const until = Date.parse(slices.at(-1)?.manifest.endedAt) - keep.oplogDays * DAY;
  const oldest = [...kept].map(({ manifest }) => manifest.to).toSorted(compareTimes)[0];
  const goes = ({ manifest: { to, endedAt } }) =>
    compareTimes(to, newest.to) <= 0 && (Date.parse(endedAt) < until || compareTimes(to, oldest) <= 0);
  return [...dumps.filter((one) => !kept.has(one)), ...slices.filter(goes)];
}

function newestOfEach(dumps, count, periodOf) {
  const newest = new Map();
  for (const one of dumps) {
    const period = periodOf(one);
    if (!newest.has(period)) newest.set(period, one);
  }
  return [...newest.values()].slice(0, count);
}

/** Days since 1970 in Asia/Shanghai, which is eight hours ahead all year. */
const dayOf = ({ manifest }) => Math.floor((Date.parse(manifest.startedAt) + 8 * 3_600_000) / DAY);
/** Weeks begin on Monday; day 0 was a Thursday. */
const weekOf = (one) => Math.floor((dayOf(one) + 3) / 7);
const monthOf = (one) => new Date(dayOf(one) * DAY).toISOString().slice(0, 7);
