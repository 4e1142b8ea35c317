import { join } from 'node:path';
import { pointLink, remove } from './files.mjs';
import { change, readJournal } from './journal.mjs';
import { logLine } from './log.mjs';
import { renderNginx, useNginx } from './nginx.mjs';
import { named, readRelease } from './releases.mjs';
import { allListen, isFlagged, joinHost, leaveService, start, stop, switchTo } from './service.mjs';
import { smoke } from './smoke.mjs';
import { failed } from './fault.mjs';

/** @typedef {import('./service.mjs').Host} Host */

/** Steps after which the processes of the new release have been started at least once. */
const STARTED = ['started', 'verified'];
/** Steps before which nothing of the old release was touched. */
const UNTOUCHED = ['serving', 'draining', 'out', 'drained'];
/** Neither a stop nor a start was under way: what runs will go on running. */
const SETTLED = [...UNTOUCHED, ...STARTED, 'broken'];

/**
 * Puts this host back in service, wherever a release was left: with the new one if it is far enough and passes its smoke test,
 * else with the one before. Safe to be cut and run again.
 * @param {Host} host
 * @returns {Promise<{ healed: boolean, release: string | null, from: string, notes: string[] }>} `from`: the phase that was found
 * @throws failed: broken, when neither release can be started; the host stays out, and the next watchdog tries again
 */
export async function heal(host) {
  const { paths } = host;
  const journal = readJournal(paths);
  const found = journal.phase;
  /** @type {string[]} */
  const notes = [];
  const note = (/** @type {string} */ text) => {
    notes.push(text);
    logLine(paths, journal.release ?? 'host', `heal: ${text}`);
  };
  note(`found ${found}${journal.release ? ` on the way to ${journal.release}` : ''}`);
  if (found === 'serving' && !isFlagged(host) && (await healthy(host, false)))
    return { healed: false, release: named(paths.current), from: found, notes };
  await change(paths, host.fence, { hold: false });

  if (UNTOUCHED.includes(found)) {
    if (await healthy(host, false)) return done(host, found, notes);
    note('its processes do not answer');
  }
  const wasNew = journal.switched && journal.release !== journal.from && named(paths.current) === journal.release;
  if (wasNew && !journal.failed && (await tryNew(host, STARTED.includes(found), note))) return done(host, found, notes);
  if (wasNew && journal.from) {
    note(`back to ${journal.from}`);
    await goBack(host, journal);
  }
  if (wasNew && !journal.from) note('there is no release before it');
  if ((wasNew && !journal.from) || !(await tryOld(host, SETTLED.includes(found) && !wasNew, note))) {
    await change(paths, host.fence, { phase: 'broken', message: notes.at(-1) ?? null });
    throw failed('broken', `neither release can be started: ${notes.join('; ')}`, { notes });
  }
  return done(host, found, notes);
}

/** @param {Host} host @param {string} from @param {string[]} notes */
async function done(host, from, notes) {
  await joinHost(host);
  return { healed: true, release: named(host.paths.current), from, notes };
}

/** All of its processes are there, and ready. @param {Host} host @param {boolean} deep */
async function healthy({ paths, settings }, deep) {
  const id = named(paths.current);
  if (!id) return false;
  try {
    await smoke(paths, settings, id, 'main', deep);
    return await allListen(paths, settings, 'main');
  } catch {
    return false;
  }
}

/** The new release, if it is any good. @param {Host} host @param {boolean} started @param {(text: string) => void} note */
async function tryNew(host, started, note) {
  const id = named(host.paths.current) ?? '';
  try {
    if (!started) {
      await leaveService(host);
      await stop(host, true);
      // Again, because the links may be turned and nginx not told yet.
      await switchTo(host, id);
      await start(host);
    }
    await smoke(host.paths, host.settings, id, 'main');
    note(`${id} passes its smoke test`);
    return true;
  } catch (error) {
    if (error.code === 'fenced') throw error;
    note(`${id}: ${error.message}`);
    return false;
  }
}

/**
 * Turns the links back. nginx goes back to the configuration of the old release; if that fails the new one, which was tested,
 * goes on: pages and API are what counts.
 * @param {Host} host @param {import('./journal.mjs').Journal} journal
 */
async function goBack(host, journal) {
  const { paths, settings, fence } = host;
  const old = journal.from;
  if (!old || !readRelease(paths, old)) return;
  await leaveService(host);
  await stop(host, true);
  await change(paths, fence, { phase: 'switching', switched: false }, () => {
    pointLink(paths.current, join('releases', old));
    if (journal.previous) pointLink(paths.previous, join('releases', journal.previous));
    else remove(paths.previous);
  });
  try {
    const rendered = await renderNginx(paths, old);
    if (rendered) await useNginx(paths, settings, fence, old, rendered);
  } catch (error) {
    if (error.code === 'fenced') throw error;
    logLine(paths, old, `heal: nginx keeps its configuration: ${error.message}`);
  }
  await change(paths, fence, { phase: 'switched' });
}

/**
 * What `current` names now, only ready and of the right build: a shared database may be down.
 * @param {Host} host
 * @param {boolean} settled its processes may be believed: no stop or start was under way, whose rest is still going on
 * @param {(text: string) => void} note
 */
async function tryOld(host, settled, note) {
  if (settled && (await healthy(host, false))) return true;
  try {
    await leaveService(host);
    await stop(host, true);
    await start(host);
    if (await healthy(host, false)) return true;
    note('it listens, and is not ready');
  } catch (error) {
    if (error.code === 'fenced') throw error;
    note(error.message);
  }
  return false;
}
