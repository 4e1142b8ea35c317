import { writeFile } from 'node:fs/promises';
import { collectRoutes } from './http/mount.ts';
import { buildOpenApi } from './http/openapi.ts';
import type { Deps } from './deps.ts';
import { createFeatures } from './features/index.ts';
import { Mongoose } from 'mongoose';

/** Writes server/openapi.json from the decorated controllers; nothing is connected to. */
const deps = { mongo: new Mongoose().createConnection(), config: {}, cache: {}, redis: {} } as unknown as Deps;
const document = buildOpenApi(collectRoutes(createFeatures(deps).controllers), '1.0.0');
await writeFile(process.argv[2] ?? new URL('../openapi.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
