/** One run of scripts/backup.mjs: alone in its folder, recorded, and followed by rotation. */
import { join } from 'node:path';
import { Fault } from '../fault.mjs';
import { tryLock } from '../lock-file.mjs';
import { step } from '../terminal.mjs';
import { takeDump } from './dump.mjs';
import { withSet } from './mongo.mjs';
import { forget, recordFailed, recordGood } from './record.mjs';
import { outlived } from './rotation.mjs';
import { NoDump, takeSlice } from './slice.mjs';
import { listBackups, makeFolder, nameOf, removeBackups, removePartials } from './store.mjs';
import { findTool } from './tools.mjs';

/** Another backup of the same kind is being written to the same folder. */
export class Busy extends Fault {}

/**
 * @param {object} options
 * @param {'dump' | 'oplog'} options.kind
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} options.settings
 * @param {boolean} [options.build] the tools may be built
 * @param {(text: string) => void} options.say
 * @param {AbortSignal} options.signal ends it; nothing that looks good is left
 * @returns {Promise<import('./store.mjs').Manifest>}
 * @throws Busy, NoDump, or Fault (recorded when the database can be written)
 */
export async function runBackup({ kind, settings, build, say, signal }) {
  const { dir, mongoUrl, keep, key: _needed } = settings;
  makeFolder(dir);
  // A dump may take long, and slices must go on meanwhile: each kind has its own lock.
  const lock = tryLock(join(dir, `.${kind}.lock`));
  if ('heldBy' in lock) throw new Busy(`Another backup (process ${lock.heldBy.pid}) is being written to ${dir}.`);
  try {
    return await withSet(mongoUrl, async (client) => {
      const startedAt = new Date();
      try {
        removePartials(dir, kind);
        const manifest = await step(kind === 'dump' ? 'Dumping the replica set' : 'Copying the oplog', async (detail) =>
          kind === 'dump'
            ? takeDump({
                client,
                settings,
                tool: await findTool('mongodump', { build, say: detail }),
                say: detail,
                signal,
              })
            : takeSlice({ client, settings, say: detail, signal }),
        );
        await afterGood({ client, settings, manifest, keep, say });
        return manifest;
      } catch (error) {
        removePartials(dir, kind);
        if (error instanceof NoDump) throw error;
        await recordFailed(client, mongoUrl, { name: nameOf(kind, startedAt), kind, startedAt, error }).catch(
          (second) => say(`The failure could not be recorded in the database: ${second.message}`),
        );
        throw error;
      }
    });
  } finally {
    lock.release();
  }
}

/** The backup is good whatever happens here. */
async function afterGood({ client, settings, manifest, keep, say }) {
  const { dir, key, mongoUrl } = settings;
  const old = outlived(listBackups(dir, key), keep);
  removeBackups(old);
  if (old.length > 0) say(`Rotated out: ${old.map(({ name }) => name).join(', ')}`);
  try {
    await recordGood(client, mongoUrl, manifest);
    await forget(
      client,
      mongoUrl,
      old.map(({ name }) => name),
    );
  } catch (error) {
    say(`The backup is good, but could not be recorded in the database: ${error.message}`);
  }
}
