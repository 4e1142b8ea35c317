#!/usr/bin/env node
/** `npm run dev`: the server from its sources, started again at each change, and the pages with hot reload. */
import { join } from 'node:path';
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
import { dataDir, root } from './lib/paths.mjs';
import { startService, untilReady } from './lib/services.mjs';
import { say, step, yellow } from './lib/terminal.mjs';

const help = `
npm run dev

Like npm start, on the same data, but from the sources: a change of the server starts it again, a change of a page
shows at once. The API is on port 3000, citizens' pages on 5173, the backends on 5174.
`;

const program = (name) => join(root, 'node_modules/.bin', name);
const main = join(root, 'server/src/main.ts');

await runMain(async () => {
  readOptions(help);
  const began = Date.now();
  checkNode();
  const address = readAddress({ port: '3000' });
  const lock = tryLock(join(dataDir, 'start.lock'), address.url);
  if ('heldBy' in lock)
    throw new Fault(`Dengji already runs from this folder (process ${lock.heldBy.pid}): stop that one first.`);
  const ending = createEnding(() => say('\nStopping…'));
  ending.defer(() => lock.release());
  try {
    await Promise.race([bringUp(address, ending, began), ending.stopping]);
    await ending.stopping;
  } finally {
    await ending.unwind();
  }
  process.exit(0);
});

async function bringUp(address, ending, began) {
  await checkPort(address);
  await ensureInstalled();
  const databases = await startLocalDatabases();
  ending.defer(() => databases.stop());
  const env = await localEnvironment(databases, address);
  await prepareDatabase([program('tsx'), main], env);
  await step('Starting the server and the pages', async () => {
    const start = (name, command, more) => {
      const service = startService(name, command, { ...env, ...more }, (text) => say(yellow(text)));
      ending.defer(() => service.stop());
      return service;
    };
    start('worker', [program('tsx'), 'watch', main], { ROLE: 'worker' });
    const api = start('api', [program('tsx'), 'watch', main], { ROLE: 'api' });
    for (const [name, port] of [
      ['citizen', '5173'],
      ['admin', '5174'],
    ]) {
      const config = join(root, `web/vite.${name}.config.ts`);
      start(`pages-${name}`, [program('vite'), '-c', config, '--port', port, '--strictPort'], {});
    }
    await untilReady(api, `http://${address.local}:${address.port}/health/ready`);
  });
  ending.defer(followOutbox(outbox, showMessage));
  const addresses = [
    ['Citizens register', 'http://localhost:5173/register/'],
    ['Business backend', 'http://localhost:5174/business/'],
    ['System backend', 'http://localhost:5174/system/'],
    ['API documentation', `${address.url}/api/docs`],
  ];
  greet(addresses, began);
}
