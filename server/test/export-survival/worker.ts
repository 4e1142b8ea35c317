/**
 * A worker process that makes exports and nothing else, for the proof: its lease is short, so that a killed one is taken
 * over soon, and it can be slowed down, so that a small export lasts long enough to be killed in its middle.
 */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { createFeatures } from '../../src/features/index.ts';
import { listenForWake } from '../../src/infra/jobs/index.ts';

const { deps } = await connect(loadConfig());
const slowMs = Number(process.env['SLOW_MS'] ?? 0);
if (slowMs > 0) {
  const { storage } = deps;
  const put = storage.put.bind(storage);
  storage.put = (stream, options) => {
    const slowly = async function* () {
      for await (const piece of stream) {
        await sleep(slowMs);
        yield piece as Buffer;
      }
    };
    return put(Readable.from(slowly()), options);
  };
}
const worker = createFeatures(deps).exports.worker({ leaseMs: Number(process.env['LEASE_MS']) });
worker.start(listenForWake(deps));
process.once('disconnect', () => process.exit(0));
process.send!('ready');
