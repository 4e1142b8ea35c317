/** Starts and stops MongoDB on loopback, always as a replica set. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, stopProcess, tailOf } from './children.mjs';
import { Fault } from './fault.mjs';
import { ensureSet, SET_NAME, setUrl, untilPrimary } from './mongo-set.mjs';
import { freePorts } from './ports.mjs';
import { processStamp, signal } from './processes.mjs';
import { findProgram } from './programs.mjs';

/**
 * @typedef {object} Member
 * @property {number} port
 * @property {number} pid
 * @property {(name?: NodeJS.Signals) => Promise<void>} kill as a crash would (SIGKILL), or SIGSTOP and SIGCONT
 * @property {() => Promise<void>} restart starts it again on the same port and data after a kill
 */

/**
 * @typedef {object} MongoHandle
 * @property {string} url with replicaSet and w=majority; the database is `dengji`
 * @property {Member[]} members
 * @property {() => Promise<Member>} primary waits for a primary
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.log path of the log file (members after the first: `LOG.2`, `LOG.3`)
 * @param {number} [options.port] of the first member; a free one when left out
 * @param {number} [options.members] 1, or 3 to survive a kill
 * @param {boolean} [options.durable] false: data is thrown away after the run, so stopping is a kill
 * @param {number} [options.cacheGB]
 * @param {Record<string, unknown>} [options.parameters] more server parameters
 * @param {number} [options.electionTimeoutMillis]
 * @param {(text: string) => void} [options.say]
 * @returns {Promise<MongoHandle>}
 */
export async function startMongo({
  dataDir,
  log,
  port,
  members = 1,
  durable = true,
  cacheGB,
  parameters,
  electionTimeoutMillis,
  say,
}) {
  const program = await findProgram('mongod', say);
  const free = await freePorts(members);
  const ports = free.map((one, index) => (index === 0 && port ? port : one));
  const settings = { cacheGB: cacheGB ?? (durable ? 0.5 : 0.25), durable, parameters };
  const nodes = ports.map((one, index) =>
    createMember(
      program,
      one,
      members === 1 ? dataDir : join(dataDir, String(index)),
      index ? `${log}.${index + 1}` : log,
      settings,
    ),
  );
  try {
    await Promise.all(nodes.map((node) => node.start(say)));
    await ensureSet(ports, { electionTimeoutMillis: electionTimeoutMillis ?? (members > 1 ? 2_000 : 10_000) });
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw error;
  }
  return {
    url: setUrl(ports),
    members: nodes,
    async primary() {
      const at = await untilPrimary(ports);
      return nodes.find((node) => node.port === at);
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

function createMember(program, port, dataDir, log, { cacheGB, durable, parameters }) {
  const pidFile = join(dataDir, 'server.json');
  let running;
  const launch = async () => {
    running = startChild(program, args(port, dataDir, { cacheGB, durable, parameters }), { log });
    writeFileSync(pidFile, JSON.stringify({ pid: running.pid, stamp: processStamp(running.pid), port }));
    await untilListening(running, port);
  };
  return {
    port,
    get pid() {
      return running.pid;
    },
    async start(say) {
      mkdirSync(dataDir, { recursive: true });
      await stopLeftOver(pidFile, say);
      await launch();
    },
    restart: launch,
    async kill(name = 'SIGKILL') {
      signal(running.pid, name);
      if (name === 'SIGKILL') await running.exited;
    },
    async stop() {
      if (!running?.pid) return;
      if (durable) await stopProcess(running.pid, 20_000);
      else await this.kill();
      rmSync(pidFile, { force: true });
    },
  };
}

function args(port, dataDir, { cacheGB, durable, parameters }) {
  const all = {
    // A long export reads one snapshot for its whole life.
    minSnapshotHistoryWindowInSeconds: 3600,
    // A signalled stop would wait 15 s for clients to leave.
    shutdownTimeoutMillisForSignaledShutdown: 100,
    diagnosticDataCollectionEnabled: durable,
    ...parameters,
  };
  return [
    ...['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', dataDir, '--replSet', SET_NAME, '--quiet'],
    ...['--nounixsocket', '--wiredTigerCacheSizeGB', String(cacheGB)],
    ...Object.entries(all).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
  ];
}

async function untilListening(running, port) {
  const until = Date.now() + 60_000;
  let over = false;
  void running.exited.then(() => (over = true));
  while (Date.now() < until && !over) {
    if (await answers(port)) return;
    await sleep(50);
  }
  throw new Fault(`MongoDB did not start: ${reasonIn(running.log)}`, { log: running.log });
}

/** mongod logs one JSON object a line; the last error says why it left. */
function reasonIn(log) {
  const lines = tailOf(log, 60).split('\n').reverse();
  for (const line of lines) {
    try {
      const entry = JSON.parse(line);
      if (entry.s === 'F' || entry.s === 'E')
        return `${entry.msg} ${entry.attr?.error?.errmsg ?? entry.attr?.error ?? ''}`.trim();
    } catch {
      if (/error|not found/i.test(line)) return line;
    }
  }
  return 'it says no reason';
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true) || socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

/** An earlier run was killed and left its server: it is stopped cleanly, so that the data has one owner. */
async function stopLeftOver(pidFile, say = () => {}) {
  let left;
  try {
    left = JSON.parse(readFileSync(pidFile, 'utf8'));
  } catch {
    return;
  }
  if (left.stamp === undefined || processStamp(left.pid) !== left.stamp) return;
  say('stopping the MongoDB that an earlier run left behind');
  await stopProcess(left.pid, 20_000);
}
