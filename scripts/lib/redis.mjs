/** Starts and stops Redis on loopback. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, tailOf } from './children.mjs';
import { Fault } from './fault.mjs';
import { freePort } from './ports.mjs';
import { processStamp, signal, waitGone } from './processes.mjs';
import { findProgram } from './programs.mjs';

/**
 * @typedef {object} RedisHandle
 * @property {string} url redis://127.0.0.1:PORT
 * @property {number} port
 * @property {number} pid
 * @property {(name?: NodeJS.Signals) => Promise<void>} kill as a crash would (SIGKILL), or SIGSTOP and SIGCONT
 * @property {() => Promise<void>} restart starts it again on the same port and data after a kill
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.log path of its log file
 * @param {number} [options.port] a free one when left out
 * @param {boolean} [options.durable] keep the data for the next start (append-only file)
 * @param {(text: string) => void} [options.say]
 * @returns {Promise<RedisHandle>}
 */
export async function startRedis({ dataDir, log, port, durable = true, say = () => {} }) {
  const program = await findProgram('redis-server', say);
  mkdirSync(dataDir, { recursive: true });
  const pidFile = join(dataDir, 'server.json');
  await stopLeftOver(pidFile, say);
  port ??= await freePort();
  let running;
  const launch = async () => {
    running = startChild(program, args(port, dataDir, durable), { log });
    writeFileSync(pidFile, JSON.stringify({ pid: running.pid, stamp: processStamp(running.pid), port }));
    await untilReady(running, port);
  };
  await launch();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return running.pid;
    },
    async kill(name = 'SIGKILL') {
      signal(running.pid, name);
      if (name === 'SIGKILL') await running.exited;
    },
    restart: launch,
    async stop() {
      await shutDown(running.pid, port);
      rmSync(pidFile, { force: true });
    },
  };
}

/**
 * One command over a connection of its own; the answer as it came over the wire ('+PONG', ':1', '-ERR …').
 * @param {number} port
 * @param {string[]} words
 */
export function redisCommand(port, words, ms = 2_000) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(ms, () => socket.destroy(new Error('no answer in time')));
    socket.once('connect', () => {
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      socket.write(`*${words.length}\r\n${parts.join('')}`);
    });
    socket.once('data', (data) => {
      resolve(data.toString().trimEnd());
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}

function args(port, dataDir, durable) {
  return [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dataDir, '--daemonize', 'no'],
    ...['--databases', '1024', '--save', '', '--appendonly', durable ? 'yes' : 'no'],
  ];
}

async function untilReady(running, port) {
  const until = Date.now() + 20_000;
  let over = false;
  void running.exited.then(() => (over = true));
  while (Date.now() < until && !over) {
    const answer = await redisCommand(port, ['PING']).catch(() => '');
    if (answer === '+PONG') return;
    await sleep(20);
  }
  throw new Fault(`Redis did not start: ${tailOf(running.log, 1)}`, { log: running.log });
}

/** An earlier run was killed and left its server: it is asked to go, so that the data has one owner. */
async function stopLeftOver(pidFile, say) {
  let left;
  try {
    left = JSON.parse(readFileSync(pidFile, 'utf8'));
  } catch {
    return;
  }
  if (left.stamp === undefined || processStamp(left.pid) !== left.stamp) return;
  say('stopping the Redis that an earlier run left behind');
  await shutDown(left.pid, left.port);
}

/** SIGTERM is ignored during the first rewrite of the append-only file: the command, then SIGKILL. */
async function shutDown(pid, port) {
  await redisCommand(port, ['SHUTDOWN', 'NOSAVE'], 1_000).catch(() => undefined);
  if (await waitGone(pid, 2_000)) return;
  signal(pid, 'SIGKILL');
  await waitGone(pid, 5_000);
}
