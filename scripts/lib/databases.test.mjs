import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { redisCommand, startMongo, startRedis, useDatabases } from './databases.mjs';
import { isAlive, waitGone } from './processes.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dengji-databases-'));
const log = join(folder, 'server.log');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { MongoClient } = createRequire(createRequire(import.meta.url).resolve('mongoose'))('mongodb');

async function withCollection(url, work) {
  const client = await new MongoClient(url).connect();
  try {
    return await work(client.db().collection('things'));
  } finally {
    await client.close();
  }
}

describe('MongoDB', { timeout: 120_000 }, () => {
  it('keeps its data when it comes back on another port', async () => {
    const dataDir = join(folder, 'mongo');
    const first = await startMongo({ dataDir, log });
    await withCollection(first.url, (things) => things.insertOne({ name: '张三' }));
    await first.stop();
    expect(isAlive(first.members[0].pid)).toBe(false);

    const second = await startMongo({ dataDir, log });
    try {
      expect(second.url).not.toBe(first.url);
      expect(await withCollection(second.url, (things) => things.findOne())).toMatchObject({ name: '张三' });
    } finally {
      await second.stop();
    }
  });

  it('with three members survives the death of the primary', async () => {
    const set = await startMongo({ dataDir: join(folder, 'three'), log, members: 3, durable: false });
    try {
      await withCollection(set.url, (things) => things.insertOne({ name: 'before' }));
      const primary = await set.primary();
      await primary.kill();
      const next = await set.primary();
      expect(next.port).not.toBe(primary.port);
      await primary.restart();
      expect(await withCollection(set.url, (things) => things.countDocuments())).toBe(1);
    } finally {
      await set.stop();
    }
  });
});

describe('Redis', () => {
  it('keeps its data when it comes back on another port', async () => {
    const dataDir = join(folder, 'redis');
    const first = await startRedis({ dataDir, log });
    expect(await redisCommand(first.port, ['SET', 'name', '张三'])).toBe('+OK');
    await first.stop();
    const second = await startRedis({ dataDir, log });
    try {
      expect(await redisCommand(second.port, ['GET', 'name'])).toContain('张三');
      await second.kill();
      await second.restart();
      expect(await redisCommand(second.port, ['PING'])).toBe('+PONG');
    } finally {
      await second.stop();
    }
  });
});

describe('a killed owner', () => {
  it('leaves no database behind', async () => {
    const script = join(folder, 'owner.mjs');
    const door = new URL('databases.mjs', import.meta.url).href;
    const options = { dataDir: join(folder, 'owned'), log };
    writeFileSync(
      script,
      `import { startRedis } from ${JSON.stringify(door)};
       const redis = await startRedis(${JSON.stringify(options)});
       console.log(redis.pid);
       setInterval(() => {}, 1000);`,
    );
    const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise((done) => owner.stdout.once('data', (data) => done(String(data)))));
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGKILL');
    expect(await waitGone(pid, 10_000)).toBe(true);
  });

  it('whose database is still there: the next start stops it first', async () => {
    const dataDir = join(folder, 'left');
    const first = await startRedis({ dataDir, log });
    const said = [];
    const second = await startRedis({ dataDir, log, say: (text) => said.push(text) });
    try {
      expect(isAlive(first.pid)).toBe(false);
      expect(said).toEqual(['stopping the Redis that an earlier run left behind']);
      expect(JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')).pid).toBe(second.pid);
    } finally {
      await second.stop();
    }
  });
});

describe('databases from outside', { timeout: 120_000 }, () => {
  it('are used as they are and outlive us; one that does not answer is named', async () => {
    const mongo = await startMongo({ dataDir: join(folder, 'outside'), log, durable: false });
    const redis = await startRedis({ dataDir: join(folder, 'outside-redis'), log, durable: false });
    const unused = { dataDir: join(folder, 'unused'), log };
    try {
      const env = { MONGO_URL: mongo.url, REDIS_URL: redis.url };
      const used = await useDatabases({ mongo: unused, redis: unused, env });
      expect(used).toMatchObject({ mongoUrl: mongo.url, redisUrl: redis.url });
      await used.stop();
      expect(isAlive(redis.pid)).toBe(true);
      await redis.stop();
      await expect(useDatabases({ mongo: unused, redis: unused, env })).rejects.toThrow('REDIS_URL does not answer');
    } finally {
      await redis.stop();
      await mongo.stop();
    }
  });
});
