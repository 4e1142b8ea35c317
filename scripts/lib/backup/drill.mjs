/** The drill: restores a backup into a replica set of its own and compares what comes out with what the manifest says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellGuard } from '../children.mjs';
import { startMongo } from '../mongod.mjs';
import { step } from '../terminal.mjs';
import { compareContents, listCollections, readContent } from './content.mjs';
import { withSet } from './mongo.mjs';
import { restore, verifyFiles } from './restore.mjs';

/**
 * @typedef {object} Drill
 * @property {boolean} ok
 * @property {string} backup
 * @property {number} slices
 * @property {number} documents that came back
 * @property {number} collections
 * @property {string[]} differences one sentence each
 * @property {boolean} compared false for a moment that no manifest tells of
 * @property {{ verify: number, restore: number, compare: number }} seconds
 */

/**
 * @param {object} options
 * @param {import('./plan.mjs').Plan} options.plan
 * @param {import('./store.mjs').Manifest} [options.expected] of that moment, when there is one
 * @param {import('./sealed.mjs').BackupKey} options.key
 * @param {string} options.tool path of mongorestore
 * @param {AbortSignal} options.signal
 * @param {(client: import('mongodb').MongoClient) => Promise<void>} [options.look] sees what was restored
 * @returns {Promise<Drill>}
 */
export async function runDrill({ plan, expected, key, tool, signal, look = async () => {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'dengji-drill-'));
  // Also when we are killed: the guard ends the server and removes its data.
  tellGuard({ removeDir: folder });
  let mongo;
  try {
    const verify = await timed('Checking the files', () => verifyFiles(plan, key));
    // Documents that have outlived their time must still be there to be counted.
    const parameters = { ttlMonitorEnabled: false };
    mongo = await startMongo({
      dataDir: join(folder, 'db'),
      log: join(folder, 'log'),
      durable: false,
      cacheGB: 1,
      parameters,
    });
    const { url } = mongo;
    // The oplog is replayed one change at a time: without this each would wait for the disk.
    await withSet(url, (client) =>
      client.db('admin').command({ setDefaultRWConcern: 1, defaultWriteConcern: { w: 1, j: false } }),
    );
    const quick = ['--writeConcern={w:1,j:false}', '--numInsertionWorkersPerCollection=4'];
    const restored = await timed('Restoring', () => restore({ plan, key, tool, url, args: quick, signal }));
    return await withSet(url, async (client) => {
      const compare = await timed('Counting', async () =>
        readContent(client, await listCollections(client), { key, signal }),
      );
      await look(client);
      const differences = expected ? compareContents(expected.collections, compare.value) : [];
      return {
        ok: differences.length === 0,
        backup: plan.dump.name,
        slices: plan.slices.length,
        documents: compare.value.reduce((sum, { documents }) => sum + documents, 0),
        collections: compare.value.length,
        differences,
        compared: Boolean(expected),
        seconds: { verify: verify.seconds, restore: restored.seconds, compare: compare.seconds },
      };
    });
  } finally {
    await mongo?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(label, work) {
  const began = performance.now();
  const value = await step(label, work);
  return { value, seconds: Math.round((performance.now() - began) / 100) / 10 };
}
