/**
 * Who is served by the canary release. Runs inside nginx (njs), for every request that asks for its side: so whatever goes
 * wrong here, the answer is the main side.
 */
import fs from 'fs';
import crypto from 'crypto';

/**
 * The address of the host whose canary API serves this request; '' is the main side. In this order:
 * a valid token in the header `X-Canary` or the cookie `canary` says so or says no; else a share of all, by a stable hash.
 * State: `{ release, percent, hosts: [addresses] }`; no file or a broken one is no canary.
 */
function host(r) {
  try {
    const state = read(r.variables.canary_state);
    if (!state) return '';
    const hash = numberOf(`${state.release}:${whoOf(r)}`);
    const named = tokenSide(r, r.variables.canary_key);
    const chosen = named ? named === 'canary' : hash % 10000 < state.percent * 100;
    return chosen ? state.hosts[hash % state.hosts.length] : '';
  } catch (e) {
    // At log level info only: it would be said for every request.
    r.log(`no canary: ${e.message}`);
    return '';
  }
}

/** The state of the canary, or null. It is read each time: tens of microseconds, and no reload is ever needed. */
function read(file) {
  const state = JSON.parse(fs.readFileSync(file));
  const good =
    typeof state.release === 'string' &&
    typeof state.percent === 'number' &&
    Array.isArray(state.hosts) &&
    state.hosts.length > 0;
  return good ? state : null;
}

/** What stays the same for one citizen: the session's cookie, else the address. */
function whoOf(r) {
  const session = /(?:^|;\s*)(?:__Host-)?(?:citizen|staff)=([\w.-]{8,200})/.exec(r.headersIn.Cookie || '');
  return session ? session[1] : r.variables.remote_addr;
}

/** `canary`, `main`, or '' when there is no token that we signed and that has not expired. */
function tokenSide(r, key) {
  const cookie = /(?:^|;\s*)canary=([\w.]{10,200})/.exec(r.headersIn.Cookie || '');
  const token = r.headersIn['X-Canary'] || (cookie ? cookie[1] : '');
  const parts = /^(canary|main)\.(\d{1,12})\.([0-9a-f]{64})$/.exec(token);
  if (!parts || Number(parts[2]) * 1000 < Date.now()) return '';
  const right = crypto.createHmac('sha256', key).update(`${parts[1]}.${parts[2]}`).digest('hex');
  return same(right, parts[3]) ? parts[1] : '';
}

/** Compares without telling by time how much was right. */
function same(a, b) {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

function numberOf(text) {
  return parseInt(crypto.createHash('sha256').update(text).digest('hex').slice(0, 8), 16);
}

export default { host };
