import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import mongoose, { type Connection } from 'mongoose';
import { createCable, type Cable } from '../../../test/fakes/cable.ts';
import { ownDatabases } from '../../../test/own-databases.ts';
import { createLogger } from '../logger/index.ts';
import { connectMongo, defineSchema, isDuplicateKey, isUnavailable } from './index.ts';

const events: string[] = [];
const write = (line: string) => void events.push((JSON.parse(line) as { event: string }).event);
const log = createLogger({ level: 'debug', name: 'test', destination: { write } });

interface Thing {
  key: string;
  count: number;
  nested?: Record<string, unknown>;
}
const schema = defineSchema<Thing>({ key: String, count: Number, nested: { type: Object } });

let url: string;
let mongo: Connection;
beforeAll(async () => {
  url = (await ownDatabases()).mongoUrl;
  mongo = await connectMongo(url, { log });
  await mongo.collection('things').createIndex({ key: 1 }, { unique: true });
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close(true);
});
const things = () =>
  (mongo.models['Thing'] as mongoose.Model<Thing> | undefined) ?? mongo.model<Thing>('Thing', schema, 'things');

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('connectMongo', () => {
  it('leaves no global state, and acknowledges by majority', () => {
    expect(mongoose.connections.filter((connection) => connection.readyState !== 0)).toHaveLength(0);
    expect(mongoose.modelNames()).toEqual([]);
    expect(mongo.getClient().options).toMatchObject({
      retryWrites: true,
      maxPoolSize: 50,
      serverSelectionTimeoutMS: 2000,
    });
    expect(mongo.getClient().writeConcern?.w).toBe('majority');
    expect(mongo.getClient().readConcern?.level).toBe('majority');
    expect(mongo.getClient().readPreference.mode).toBe('primary');
  });

  it('makes no index or collection on the side', async () => {
    mongo.model('Aside', defineSchema({ a: { type: String, index: true } }), 'aside');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await mongo.listCollections()).map(({ name }) => name)).not.toContain('aside');
  });

  it('refuses unknown paths in documents and filters, keeps empty objects', async () => {
    const wrong = { key: 'strict', stranger: 1 } as unknown as Thing;
    await expect(things().create(wrong)).rejects.toThrow(/stranger/);
    await expect(
      things()
        .find({ stranger: 1 } as object)
        .lean(),
    ).rejects.toThrow(/stranger/);
    await expect(things().updateOne({ key: 'strict' }, { $set: { stranger: 1 } } as object)).rejects.toThrow(
      /stranger/,
    );
    await things().create({ key: 'empty', count: 1, nested: {} });
    const found = await things().findOne({ key: 'empty' }).lean();
    expect(found).toMatchObject({ nested: {} });
    expect(found).not.toHaveProperty('__v');
  });

  it('lets every mongoose operation join the transaction by itself: all or nothing', async () => {
    const work = mongo.transaction(async () => {
      await things().create({ key: 'tx1', count: 1 });
      await things().insertMany([{ key: 'tx2', count: 1 }], { lean: true });
      await things().updateOne({ key: 'tx1' }, { $inc: { count: 1 } });
      await things().bulkWrite([{ insertOne: { document: { key: 'tx3', count: 1 } } }]);
      expect((await things().findOne({ key: 'tx1' }).lean())?.count).toBe(2);
      expect(await things().aggregate([{ $match: { key: /^tx/ } }, { $count: 'n' }])).toEqual([{ n: 3 }]);
      expect(await mongo.collection('things').countDocuments({ key: /^tx/ })).toBe(0); // The native driver stays outside.
      throw new Error('stop');
    });
    await expect(work).rejects.toThrow('stop');
    expect(await things().countDocuments({ key: /^tx/ })).toBe(0);
    await mongo.transaction(async () => void (await things().create({ key: 'tx4', count: 1 })));
    expect(await things().countDocuments({ key: 'tx4' })).toBe(1);
  });

  it('stops a query that works for too long', async () => {
    const impatient = await connectMongo(url, { log, maxTimeMS: 50 });
    const model = impatient.model<Thing>('Thing', schema, 'things');
    const error = await failureOf(
      model
        .find({ $where: 'sleep(300) || true' } as object)
        .lean()
        .exec(),
    );
    expect(isUnavailable(error)).toBe(true);
    await impatient.close();
  });

  it('gives up on a database that never answers, after its patience', async () => {
    const begun = Date.now();
    const error = await failureOf(connectMongo('mongodb://127.0.0.1:9/x?replicaSet=rs0', { log, patienceMs: 0 }));
    expect(isUnavailable(error)).toBe(true);
    expect(Date.now() - begun).toBeLessThan(5000);
  });
});

describe('MongoDB away', () => {
  let cable: Cable;
  let far: Connection;
  beforeAll(async () => {
    cable = await createCable(url);
    const through = new URL(cable.through(url));
    through.searchParams.delete('replicaSet');
    through.searchParams.set('directConnection', 'true');
    far = await connectMongo(through.href, { log });
  });
  afterAll(async () => {
    await far.close(true);
    await cable.close();
  });

  it('answers within bounds when cut or silent, logs once, and recovers', async () => {
    const model = far.model<Thing>('Thing', schema, 'things');
    expect(await model.countDocuments({})).toBeGreaterThan(0);
    for (const state of ['cut', 'silent'] as const) {
      const times: number[] = [];
      events.length = 0;
      cable.set(state);
      const begun = Date.now();
      const error = await failureOf(model.findOne({ key: 'empty' }).lean().exec());
      expect(isUnavailable(error), `${state}: ${String(error)}`).toBe(true);
      times.push(Date.now() - begun);
      const refused = await failureOf(
        far.transaction(async () => void (await model.create({ key: 'never', count: 0 }))),
      );
      expect(isUnavailable(refused), `${state}: ${String(refused)}`).toBe(true);
      times.push(Date.now() - begun - (times[0] ?? 0));
      // Under 5 s by the settings, the rest is the machine's.
      expect(Math.max(...times), `${state}: ${String(times)}`).toBeLessThan(6000);
      expect(events.filter((event) => event === 'mongo.disconnected').length, state).toBe(1);
      cable.set('pass');
      for (let i = 0; i < 100 && (await failureOf(model.findOne().lean().exec())); i += 1)
        await new Promise((r) => setTimeout(r, 50));
      expect(await model.countDocuments({ key: 'never' })).toBe(0);
      expect(events.at(-1)).toBe('mongo.reconnected');
    }
  }, 60_000);
});

describe('errors', () => {
  it('knows a duplicate key and its field', async () => {
    await things().create({ key: 'twice', count: 1 });
    const single = await failureOf(things().create({ key: 'twice', count: 1 }));
    const many = await failureOf(things().insertMany([{ key: 'twice', count: 1 }], { lean: true }));
    const bulk = await failureOf(things().bulkWrite([{ insertOne: { document: { key: 'twice', count: 1 } } }]));
    for (const error of [single, many, bulk]) {
      expect(isDuplicateKey(error)).toBe(true);
      expect(isDuplicateKey(error, 'key')).toBe(true);
      expect(isDuplicateKey(error, 'count')).toBe(false);
      expect(isUnavailable(error)).toBe(false);
    }
    for (const other of [null, 'x', new Error('11000'), { code: 1 }]) expect(isDuplicateKey(other)).toBe(false);
  });

  it('knows what will pass: elections, shutdowns, timeouts; and what will not', () => {
    const server = (code: number) => Object.assign(new Error('x'), { name: 'MongoServerError', code });
    for (const code of [10107, 189, 91, 11600, 13435, 50, 64])
      expect(isUnavailable(server(code)), String(code)).toBe(true);
    for (const code of [11000, 121, 2, 13, 26]) expect(isUnavailable(server(code)), String(code)).toBe(false);
    const network = Object.assign(new Error('x'), { name: 'MongoNetworkTimeoutError' });
    expect(isUnavailable(new Error('outer', { cause: network }))).toBe(true);
    for (const other of [null, undefined, 'x', new TypeError('x'), Object.assign(new Error('x'), { code: 91 })]) {
      expect(isUnavailable(other)).toBe(false);
    }
  });
});
