/** The replica set behind mongod processes: initiate, follow changed ports, wait for a primary. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from './fault.mjs';
import { root } from './paths.mjs';

export const SET_NAME = 'dengji';

/** The URL that the server uses: every member, majority writes. */
export function setUrl(ports, database = 'dengji') {
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return `mongodb://${hosts}/${database}?replicaSet=${SET_NAME}&w=majority`;
}

/** Runs `work` with an admin database over a direct connection to one member. */
export async function withMember(port, work) {
  return await withUrl(`mongodb://127.0.0.1:${port}/?directConnection=true`, 5_000, (client) =>
    work(client.db('admin')),
  );
}

/** Says that a database given from outside can be used: it answers, and it is a replica set. */
export async function checkExternal(url) {
  const hello = await withUrl(url, 10_000, (client) => client.db('admin').command({ hello: 1 })).catch((error) => {
    throw new Fault(`MONGO_URL does not answer: ${error.message}.`, { cause: error });
  });
  if (!hello.setName) throw new Fault('MONGO_URL is not a replica set: transactions and change streams need one.');
}

/**
 * Makes the members one set with a primary, whatever ports they had before.
 * @param {number[]} ports
 * @param {{ electionTimeoutMillis?: number }} [settings]
 */
export async function ensureSet(ports, settings = {}) {
  const first = ports[0];
  const wanted = ports.map((port, index) => ({ _id: index, host: `127.0.0.1:${port}` }));
  await withMember(first, async (admin) => {
    const config = await admin
      .command({ replSetGetConfig: 1 })
      .then((answer) => answer.config)
      .catch(notYet);
    if (!config) {
      await admin.command({ replSetInitiate: { _id: SET_NAME, members: wanted, settings } });
    } else if (config.members.map((one) => one.host).join() !== wanted.map((one) => one.host).join()) {
      // A set stores host:port of its members; on other ports there is no primary until it is told by force.
      const members = wanted.map((one) => ({ ...config.members[one._id], ...one }));
      const next = { ...config, members, version: config.version + 1 };
      await admin.command({ replSetReconfig: next, force: true });
    }
  });
  await untilPrimary(ports);
}

/** Waits for a primary that takes writes. Returns its port. */
export async function untilPrimary(ports, ms = 60_000) {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    for (const port of ports) {
      const hello = await withMember(port, (admin) => admin.command({ hello: 1 })).catch(() => ({}));
      if (hello.isWritablePrimary) return port;
    }
    await sleep(50);
  }
  throw new Fault('MongoDB has no primary after a minute.');
}

/** "Not initiated yet" is no error; everything else is. */
function notYet(error) {
  if (error.codeName === 'NotYetInitialized' || error.code === 94) return undefined;
  throw error;
}

async function withUrl(url, ms, work) {
  const { MongoClient } = driver();
  const client = new MongoClient(url, { serverSelectionTimeoutMS: ms, connectTimeoutMS: ms, socketTimeoutMS: 30_000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The driver that mongoose brings: loaded late, because these scripts start before anything is installed. */
export function driver() {
  const mongoose = createRequire(join(root, 'package.json')).resolve('mongoose');
  return createRequire(mongoose)('mongodb');
}
