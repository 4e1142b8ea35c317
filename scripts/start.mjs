#!/usr/bin/env node
/** `npm start`: everything from a fresh clone to running pages. Begins with nothing but Node and npm. */
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { createEnding } from './lib/ending.mjs';
import { Fault } from './lib/fault.mjs';
import { greet, showMessage } from './lib/greeting.mjs';
import { checkNode, ensureInstalled } from './lib/install.mjs';
import {
  checkPort,
  localEnvironment,
  outbox,
  prepareDatabase,
  readAddress,
  startLocalDatabases,
} from './lib/local.mjs';
import { tryLock } from './lib/lock-file.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { followOutbox } from './lib/outbox.mjs';
import { dataDir } from './lib/paths.mjs';
import { serverCommand, startService, untilReady } from './lib/services.mjs';
import { dim, say, step, yellow } from './lib/terminal.mjs';

const help = `
npm start [-- --port N] [-- --host ADDRESS]

Installs what is missing, finds or fetches MongoDB and Redis, builds, migrates, seeds the demo and runs Dengji
until Ctrl-C. Data, logs and keys stay in .data/; remove that folder to begin anew.

  --port N         port of the pages (default 3000, or PORT)
  --host ADDRESS   address to listen on (default 127.0.0.1, or HOST; 0.0.0.0 lets phones in the same network in)

MONGO_URL and REDIS_URL, when set, name databases to use instead of local ones.
`;

await runMain(async () => {
  const { values } = readOptions(help, { port: { type: 'string' }, host: { type: 'string' } });
  const began = Date.now();
  checkNode();
  const address = readAddress(values);
  const lock = tryLock(join(dataDir, 'start.lock'), address.url);
  if ('heldBy' in lock) {
    const { pid, note } = lock.heldBy;
    throw new Fault(`Dengji already runs from this folder at ${note} (process ${pid}): stop that one first.`);
  }
  const ending = createEnding(() => say(`\nStopping… ${dim('(Ctrl-C again forces)')}`));
  ending.defer(() => lock.release());
  try {
    await Promise.race([bringUp(address, ending, began), ending.stopping]);
    await ending.stopping;
  } finally {
    await ending.unwind();
  }
  say('Stopped. The data is kept in .data/.');
  process.exit(0);
});

/** Comes back when everything runs; what it started is registered with `ending`, which stops it in reverse order. */
async function bringUp(address, ending, began) {
  await checkPort(address);
  await ensureInstalled();

  const building = ensureBuilt();
  building.catch(() => undefined);
  const databases = await startLocalDatabases();
  ending.defer(() => databases.stop());
  const { server: build } = await building;

  const env = await localEnvironment(databases, address);
  await prepareDatabase(serverCommand, env, build);
  await step('Starting the server', async () => {
    const notice = (text) => say(yellow(text));
    const worker = startService('worker', serverCommand, { ...env, ROLE: 'worker' }, notice);
    ending.defer(() => worker.stop());
    const api = startService('api', serverCommand, { ...env, ROLE: 'api' }, notice);
    ending.defer(() => api.stop());
    await untilReady(api, `http://${address.local}:${address.port}/health/ready`);
  });
  ending.defer(followOutbox(outbox, showMessage));
  const pages = [
    ['Citizens register', '/register/'],
    ['Business backend', '/business/'],
    ['System backend', '/system/'],
    ['API documentation', '/api/docs'],
  ];
  greet(
    pages.map(([what, path]) => [what, address.url + path]),
    began,
  );
}
