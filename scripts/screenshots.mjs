#!/usr/bin/env node
/** Draws the pictures of the READMEs from the built pages and the demo's data. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBuilt } from './lib/build.mjs';
import { removeLater, useDatabases } from './lib/databases.mjs';
import { createEnding } from './lib/ending.mjs';
import { prepareDatabase } from './lib/local.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { root } from './lib/paths.mjs';
import { freePorts } from './lib/ports.mjs';
import { shown } from './lib/run.mjs';
import { drawCitizen, drawStaff } from './lib/screenshots.mjs';
import { localSecrets } from './lib/secrets.mjs';
import { serverCommand, startService, untilReady } from './lib/services.mjs';
import { say, step } from './lib/terminal.mjs';

const help = `
node scripts/screenshots.mjs [--out FOLDER]

Starts the built application on data of its own, with the demo, and draws what the READMEs show. Moments are shown as if
it were always the same morning, so that unchanged pages give unchanged pictures. CHROMIUM names the browser.

  --out FOLDER   where the PNG files go (default docs/images)
`;

await runMain(async () => {
  const { values } = readOptions(help, { out: { type: 'string' } });
  const out = values.out ?? join(root, 'docs/images');
  mkdirSync(out, { recursive: true });
  await ensureBuilt();
  const ending = createEnding();
  try {
    await Promise.race([draw(out, ending), ending.stopping]);
  } finally {
    await ending.unwind();
  }
  say(`Pictures are in ${shown(out)}.`);
  process.exit(0);
});

async function draw(out, ending) {
  const folder = mkdtempSync(join(tmpdir(), 'dengji-pictures-'));
  removeLater(folder);
  const databases = await step('Starting MongoDB and Redis', () =>
    useDatabases({
      mongo: { dataDir: join(folder, 'mongo'), log: join(folder, 'mongod.log'), durable: false },
      redis: { dataDir: join(folder, 'redis'), log: join(folder, 'redis.log'), durable: false },
    }),
  );
  ending.defer(() => databases.stop());
  const [port, internal] = await freePorts(2);
  const site = { url: `http://127.0.0.1:${port}`, outbox: join(folder, 'outbox.ndjson'), password: 'Kx7-vurpal-Mot9' };
  const env = {
    ...process.env,
    ...localSecrets(join(folder, 'secrets.json')),
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(port),
    INTERNAL_PORT: String(internal),
    MONGO_URL: databases.mongoUrl,
    REDIS_URL: databases.redisUrl,
    SMS_DRIVER: 'outbox',
    SMS_OUTBOX: site.outbox,
    WEB_ROOT: join(root, 'web/dist'),
    FIRST_ADMIN_PASSWORD: site.password,
    DEMO: '1',
  };
  await prepareDatabase(serverCommand, env);
  for (const role of ['worker', 'api']) {
    const service = startService(role, serverCommand, { ...env, ROLE: role }, say);
    ending.defer(() => service.stop());
    if (role === 'api') await untilReady(service, `${site.url}/health/ready`);
  }
  await step('Drawing', async () => {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    ending.defer(() => browser.close());
    await drawCitizen(browser, site, out);
    await drawStaff(browser, site, out);
  });
}
