import { writeFile } from 'node:fs/promises';
import { Mongoose } from 'mongoose';
import { loadConfig } from './config.ts';
import type { Deps } from './deps.ts';
import { createFeatures } from './features/index.ts';
import { collectRoutes } from './http/mount.ts';
import { createMetrics } from './infra/metrics/index.ts';
import { buildOpenApi } from './http/openapi.ts';

/** Writes server/openapi.json, or the file named, from the decorated controllers; nothing is connected to. */
const config = loadConfig({
  NODE_ENV: 'test',
  MONGO_URL: 'mongodb://127.0.0.1/dengji?replicaSet=none',
  REDIS_URL: 'redis://127.0.0.1',
});
const deps = {
  mongo: new Mongoose().createConnection(),
  config,
  clock: () => new Date(),
  metrics: createMetrics({ defaults: false }),
} as unknown as Deps;
const document = buildOpenApi(collectRoutes(createFeatures(deps).controllers));
await writeFile(
  process.argv[2] ?? new URL('../openapi.json', import.meta.url),
  `${JSON.stringify(document, null, 2)}\n`,
);
