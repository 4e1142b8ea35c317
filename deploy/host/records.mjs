import { createHmac } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { secrets } from './env.mjs';
import { usage } from './fault.mjs';
import { readJson, readText, writeFile, writeJson } from './files.mjs';
import { askJson, tryJson } from './http.mjs';
import { exclusively } from './lock.mjs';
import { apiAddress } from './paths.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {import('./paths.mjs').Settings} Settings */

const EVENTS = '/api/callbacks/releases/events';
const QUERY = '/api/callbacks/releases/query';
/** Sent per call at most: a host that was alone for long must not hold up a release. */
const BATCH = 200;
/** Events kept here that the server has as well. */
const KEPT = 1_000;

/** @param {Paths} paths @returns {any[]} every event this host was told, in order */
const events = (paths) => (readText(paths.records) ?? '').split('\n').map(tryJson).filter(Boolean);

/**
 * Keeps an event of a release on this host, and tells the API of this host about it and about all that it was not told yet, in
 * order. The server takes an event once however often it is told. A server that is down fails nothing: the host's file is the
 * record until then.
 * @param {Paths} paths @param {Settings | null} settings null: the host is so new that it can only keep the event
 * @param {any} event
 * @returns {Promise<{ stored: true, sent: number, unsent: number, answer: any, why?: string }>} `answer`: what the server says
 *   of the release, approval included; null when it could not be asked
 */
export async function record(paths, settings, event) {
  if (typeof event?.release !== 'string' || !Number.isInteger(event.seq) || typeof event.state !== 'string')
    throw usage('an event has release, seq and state');
  await exclusively(paths, () => {
    const known = events(paths).some((one) => one.release === event.release && one.seq === event.seq);
    if (!known) appendFileSync(paths.records, `${JSON.stringify(event)}\n`, { mode: 0o640 });
    forget(paths);
  });
  if (!settings) return { stored: true, sent: 0, unsent: events(paths).length, answer: null };
  return { stored: true, ...(await sendUnsent(paths, settings)) };
}

/** How many events the server was told, of all there ever were, and how many of those are not in the file any more. @param {Paths} paths */
const sentSoFar = (paths) => ({ count: 0, dropped: 0, ...readJson(paths.recordsSent) });

/** Drops the oldest of those that the server has, when there are many. @param {Paths} paths */
function forget(paths) {
  const { count, dropped } = sentSoFar(paths);
  if (count - dropped < 2 * KEPT) return;
  const left = events(paths).slice(count - dropped - KEPT);
  // The number first: after a crash between the two some events are told again, which the server does not mind.
  writeJson(paths.recordsSent, { count, dropped: count - KEPT });
  writeFile(paths.records, left.map((one) => `${JSON.stringify(one)}\n`).join(''), 0o640);
}

/** @param {Paths} paths @param {Settings} settings */
async function sendUnsent(paths, settings) {
  const all = events(paths);
  const { count: begun, dropped } = sentSoFar(paths);
  const end = dropped + all.length;
  let sent = begun;
  let answer = null;
  let why;
  while (sent < end && sent < begun + BATCH) {
    const event = all[sent - dropped];
    const result = await post(paths, settings, EVENTS, event);
    // Refused for what it says: it will be refused for ever, and must not stop those behind it.
    const refused = result.status >= 400 && result.status < 500 && ![401, 403, 404, 408, 429].includes(result.status);
    if (result.status !== 200 && result.status !== 201 && !refused) {
      why = `the API answers ${result.error ?? result.status}`;
      break;
    }
    if (refused) why = `the API refuses event ${event.release}#${event.seq}: ${result.body.slice(0, 300)}`;
    else answer = result.json;
    sent += 1;
    const count = sent;
    await exclusively(paths, () => {
      const before = sentSoFar(paths);
      if (count > before.count) writeJson(paths.recordsSent, { ...before, count });
    });
  }
  return { sent: sent - begun, unsent: end - sent, answer, ...(why ? { why } : {}) };
}

/**
 * @param {Paths} paths @param {Settings} settings @param {string} path @param {unknown} value
 */
function post(paths, settings, path, value) {
  const body = JSON.stringify(value);
  const stamp = String(Math.floor(Date.now() / 1000));
  const secret = secrets(paths).DEPLOY_SECRET ?? '';
  return askJson({
    host: apiAddress(settings),
    port: settings.ports.api,
    path,
    method: 'POST',
    body,
    headers: {
      host: new URL(settings.publicOrigin).host,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'x-forwarded-proto': 'https',
      'x-timestamp': stamp,
      'x-signature': createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex'),
    },
  });
}

/**
 * Whether a release was approved, as the server knows it now.
 * @param {Paths} paths @param {Settings} settings @param {string} release
 * @returns {Promise<{ approval: { required: boolean, by: string | null, at: string | null } | null, why?: string }>}
 */
export async function approval(paths, settings, release) {
  await sendUnsent(paths, settings);
  const { status, json, error } = await post(paths, settings, QUERY, { id: release });
  const item = status === 200 ? json?.items?.[0] : null;
  return item ? { approval: item.approval ?? null } : { approval: null, why: `${error ?? status}` };
}

/**
 * Releases as the server knows them, and what this host kept.
 * @param {Paths} paths @param {Settings} settings @param {number} limit
 * @param {string} [release] one release
 */
export async function records(paths, settings, limit, release) {
  const { status, json, error } = await post(paths, settings, QUERY, { limit, ...(release ? { id: release } : {}) });
  const kept = events(paths).filter((one) => !release || one.release === release);
  const { count, dropped } = sentSoFar(paths);
  const unsent = Math.max(0, dropped + events(paths).length - count);
  return {
    server: status === 200 ? json : null,
    why: status === 200 ? null : `${error ?? status}`,
    records: kept.slice(-limit),
    unsent,
  };
}
