/** One side of the http bench as a process: `dengji` or `bare`. Tells its port, then its CPU time whenever asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { randomBytes } from 'node:crypto';
import Koa from 'koa';
import type { Connection, Model } from 'mongoose';
import { migrations } from '../../migrations/index.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { seedSystem } from '../../src/features/seed/index.ts';
import { access, Id, obj, Problem, responses, routeConfig, z, type Req } from '../../src/http/index.ts';
import { createLifecycle } from '../../src/http/lifecycle.ts';
import { defineSchema, runMigrations } from '../../src/infra/mongo/index.ts';
import { makeBrowser } from '../../test/browser.ts';

interface Thing {
  _id: unknown;
  name: string;
  region: string;
  note: string;
}

const thingModel = (mongo: Connection): Model<Thing> =>
  (mongo.models['BenchThing'] as Model<Thing> | undefined) ??
  mongo.model<Thing>('BenchThing', defineSchema<Thing>({ name: String, region: String, note: String }), 'benchThings');
const Params = obj({ id: Id });
const Query = obj({ part: z.enum(['all', 'name']).default('all') });

class BenchController {
  readonly #mongo: Connection;

  constructor(mongo: Connection) {
    this.#mongo = mongo;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/bench-things/{id}',
    operationId: 'benchThing',
    request: { params: Params, query: Query },
  })
  @access({ audience: 'business', permission: 'person.read' })
  @responses(obj({ id: Id, name: z.string(), region: z.string(), note: z.string() }))
  async thing({ params }: Req<{ params: typeof Params }>) {
    return find(this.#mongo, params.id);
  }
}

async function find(mongo: Connection, id: string) {
  const found = (await thingModel(mongo).findById(id).lean()) as (Thing & { _id: unknown }) | null;
  if (!found) throw new Problem('not_found');
  return { id: String(found._id), name: found.name, region: found.region, note: found.note };
}

const password = `${randomBytes(12).toString('base64url')}-Aa1`;
const config = loadConfig({
  ...process.env,
  NODE_ENV: 'test',
  LOG_LEVEL: 'info',
  FIRST_ADMIN_PASSWORD: password,
  FIRST_LOGIN_FILE: join(tmpdir(), `bench-${process.pid}.json`),
  SMS_OUTBOX: join(tmpdir(), `bench-${process.pid}.ndjson`),
});
const { deps } = await connect(config);
await runMigrations(deps.mongo, migrations, deps.log);
const thing = await thingModel(deps.mongo).create({ name: '张三', region: '440305', note: 'x'.repeat(200) });
const id = String(thing._id);

const listening = async (app: Koa) => {
  const server = createServer({ keepAliveTimeout: 75_000 }, app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

if (process.argv[2] === 'bare') {
  const app = new Koa();
  app.use(async (ctx) => {
    ctx.body = await find(deps.mongo, ctx.path.slice(1));
  });
  process.send!({ port: await listening(app), path: `/${id}`, headers: {} });
} else {
  const lifecycle = createLifecycle();
  const app = await createApp(deps, {
    lifecycle,
    checkAnswers: false,
    rateFactor: 1e6,
    extraControllers: [new BenchController(deps.mongo)],
  });
  await seedSystem(deps, app.features);
  const port = await listening(app.koa);
  lifecycle.booted();
  const browser = makeBrowser(`http://127.0.0.1:${port}`);
  await browser.post('/api/staff/session', { name: 'admin', password });
  await browser.post('/api/staff/password', { current: password, next: `${password}-next` });
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  process.send!({ port, path: `/api/business/bench-things/${id}?part=all`, headers: { cookie } });
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!(user + system);
});
process.on('SIGTERM', () => process.exit(0));
