/** A restore for real: into a replica set that has none of the databases, or where they are dropped by name. */
import { Fault } from '../fault.mjs';
import { step } from '../terminal.mjs';
import { compareContents, listCollections, readContent } from './content.mjs';
import { databaseOf, withSet } from './mongo.mjs';
import { restore, settle, verifyFiles } from './restore.mjs';

/**
 * @param {object} options
 * @param {import('./plan.mjs').Plan} options.plan
 * @param {import('./store.mjs').Manifest} [options.expected] of that moment, when there is one
 * @param {import('./sealed.mjs').BackupKey} options.key
 * @param {string} options.tool path of mongorestore
 * @param {string} options.url
 * @param {string[]} options.drop names of databases that may be dropped
 * @param {AbortSignal} options.signal
 * @param {(text: string) => void} options.say
 * @returns {Promise<string[]>} what differs from the manifest, one sentence each
 * @throws Fault before anything is touched, when a file is not good or a database is not empty
 */
export async function restoreInto({ plan, expected, key, tool, url, drop, signal, say }) {
  const databases = databasesIn(plan);
  if (!databases.includes(databaseOf(url)))
    throw new Fault(
      `The backup holds ${databases.join(', ')}, and comes back under that name only: say so in the URL.`,
    );
  await step('Checking the files', () => verifyFiles(plan, key));
  return await withSet(url, async (client) => {
    await checkEmpty(client, databases, drop);
    for (const name of drop) await client.db(name).dropDatabase({ writeConcern: { w: 'majority' } });
    await step('Restoring', () => restore({ plan, key, tool, url, args: ['--writeConcern={w:"majority"}'], signal }));
    const compare = async () => {
      const names = await collectionsOf(client, databases);
      return compareContents(expected.collections, await readContent(client, names, { key, signal }), { live: true });
    };
    const differences = expected ? await step('Counting', compare) : [];
    for (const name of databases) {
      const { loggedOut, leases, claims } = await settle(client.db(name), new Date());
      say(`${name}: ${loggedOut} accounts logged out, ${leases} leases and ${claims} unfinished requests given up`);
    }
    return differences;
  });
}

/** Names of the databases that a plan brings back. */
export const databasesIn = ({ dump }) => [...new Set(dump.manifest.collections.map(({ name }) => databaseIn(name)))];

const databaseIn = (collection) => collection.slice(0, collection.indexOf('.'));

async function collectionsOf(client, databases) {
  return (await listCollections(client)).filter((name) => databases.includes(databaseIn(name)));
}

async function checkEmpty(client, databases, drop) {
  const stranger = drop.find((name) => !databases.includes(name));
  if (stranger) throw new Fault(`--drop ${stranger}: the backup does not bring that database back.`);
  const there = await collectionsOf(
    client,
    databases.filter((name) => !drop.includes(name)),
  );
  if (there.length === 0) return;
  const name = databaseIn(there[0]);
  throw new Fault(
    `The database ${name} is not empty (${there.length} collections): restore into an empty one, or give --drop ${name}.`,
  );
}
