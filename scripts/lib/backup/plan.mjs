/** What has to be read to come to a moment: a dump, and the oplog slices that lead on from it. */
import { Fault } from '../fault.mjs';
import { compareTimes, dayTime, timeFromJson, Timestamp } from './mongo.mjs';
import { goodOnes } from './store.mjs';

/**
 * @typedef {object} Plan
 * @property {import('./store.mjs').Backup} dump
 * @property {import('./store.mjs').Backup[]} slices in order, each going on where the one before ended
 * @property {import('mongodb').Timestamp} [before] changes from this time on are left out
 */

/**
 * The named dump, or the newest one.
 * @param {import('./store.mjs').Backup[]} backups
 * @param {string} [name]
 * @returns {Plan}
 * @throws Fault when it is not good; an older one is never taken silently
 */
export function planDump(backups, name) {
  const dumps = backups.filter(({ kind }) => kind === 'dump');
  const dump = name ? dumps.find((one) => one.name === name) : dumps.at(-1);
  if (!dump) throw new Fault(name ? `There is no dump ${name}.` : 'There is no dump.');
  if (dump.fault) throw dump.fault;
  return { dump, slices: [] };
}

/**
 * The state just before a second, or the last one that is known.
 * @param {import('./store.mjs').Backup[]} backups
 * @param {string} text ISO 8601 with a zone, or `latest`
 * @returns {Plan}
 * @throws Fault when the backups don't reach there
 */
export function planTo(backups, text) {
  const latest = text === 'latest';
  const ms = latest ? Infinity : Date.parse(text);
  if (!latest && (Number.isNaN(ms) || !/(Z|[+-]\d\d:?\d\d)$/.test(text)))
    throw new Fault(`--to takes a moment such as 2026-11-21T10:15:00Z, or latest: "${text}" is none.`);
  const before = latest ? undefined : new Timestamp({ t: Math.floor(ms / 1000), i: 0 });
  const dumps = goodOnes(backups, 'dump');
  const dump = dumps.findLast(({ manifest }) => !before || compareTimes(manifest.to, before) < 0);
  if (!dump) {
    const oldest = dumps[0] ? `the oldest good dump is of ${dayTime(dumps[0].manifest.to)}` : 'there is no good dump';
    throw new Fault(`The backups don't reach back to ${text}: ${oldest}.`);
  }
  const { slices, through } = chain(dump, backups, ms);
  if (through < ms && !latest)
    throw new Fault(
      `The oplog slices behind ${dump.name} reach to ${new Date(through).toISOString()}, not to ${text}.`,
    );
  return { dump, slices, before };
}

/**
 * From the dump before the newest one to exactly the newest one's moment: what comes out must be what the newest one says.
 * @param {import('./store.mjs').Backup[]} backups
 * @returns {Plan & { newest: import('./store.mjs').Backup }}
 */
export function planFromPrevious(backups) {
  const [dump, newest] = goodOnes(backups, 'dump').slice(-2);
  if (!newest) throw new Fault('There are no two good dumps.');
  const end = newest.manifest.to;
  const { slices } = chain(dump, backups, Infinity);
  const reached = slices.at(-1)?.manifest.to ?? dump.manifest.to;
  if (compareTimes(reached, end) < 0)
    throw new Fault(`The oplog slices behind ${dump.name} reach to ${dayTime(reached)}, not to ${newest.name}.`);
  return { dump, slices, newest, before: new Timestamp({ t: end.t, i: end.i + 1 }) };
}

/** Slices that follow without a gap, until they hold everything acknowledged before `ms`. */
function chain(dump, backups, ms) {
  const slices = [];
  let end = dump.manifest.to;
  let through = end.t * 1000;
  for (const one of goodOnes(backups, 'oplog')) {
    const { from, to, through: readAt } = one.manifest;
    if (through >= ms) break;
    if (compareTimes(to, end) < 0) continue;
    if (compareTimes(from, end) > 0) break;
    slices.push(one);
    end = timeFromJson(to);
    through = Math.max(through, Date.parse(readAt));
  }
  return { slices, through };
}
