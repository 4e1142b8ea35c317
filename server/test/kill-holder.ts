import type { Deps } from '../src/deps.ts';
import type { RoleProcess } from './role-processes.ts';

/**
 * Kills with -9 the process that holds the work of a document at this moment, and takes it off `workers`.
 * @param soon another one may take over at once, instead of waiting until the lease has run out: 20 s each time
 * @returns whether somebody held it
 */
export async function killHolder(
  mongo: Deps['mongo'],
  collection: string,
  id: string,
  workers: RoleProcess[],
  soon: boolean,
): Promise<boolean> {
  const all = mongo.collection(collection);
  const _id = new mongo.base.Types.ObjectId(id);
  const work = (await all.findOne({ _id }, { projection: { work: 1 } }))!['work'];
  const pid = Number(String(work.holder).split(':').at(-1));
  const holder = workers.find((worker) => worker.pid === pid);
  if (!holder || work.state !== 'running') return false;
  await holder.kill();
  workers.splice(workers.indexOf(holder), 1);
  if (soon)
    await all.updateOne(
      { _id, 'work.state': 'running', 'work.fence': work.fence },
      { $set: { 'work.due': new Date() } },
    );
  return true;
}
