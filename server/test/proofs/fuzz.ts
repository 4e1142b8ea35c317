/**
 * `npm run proof -- fuzz [SECONDS] [SEED] [--small]`: schema-driven fuzzing of every operation as everybody, on databases of
 * its own. What fails is printed with the seed that brings it back. The last line is one JSON object.
 */
import { readProofOptions } from '../../../scripts/lib/proof.mjs';
import { withDatabases } from '../../bench/databases.ts';
import { fuzz } from '../fuzzing.ts';

const { small, places } = readProofOptions('fuzz', { places: ['SECONDS', 'SEED'] });
const [seconds = small ? 20 : 600, seed = Date.now() % 2 ** 31] = places;

await withDatabases(async ({ MONGO_URL, REDIS_URL }) => {
  const end = Date.now() + seconds * 1_000;
  let told = Date.now();
  const over = (requests: number) => {
    if (Date.now() - told > 30_000) {
      told = Date.now();
      console.log(`${requests} requests, ${Math.max(0, Math.round((end - told) / 1000))} s to go`);
    }
    return Date.now() > end;
  };
  const { requests, failures, statuses, succeeded, operations } = await fuzz({
    seed,
    over,
    world: { databases: { mongoUrl: MONGO_URL, redisUrl: REDIS_URL } },
  });
  for (const failure of failures.slice(0, 50)) console.log(failure);
  console.log(
    `statuses ${JSON.stringify(statuses)}; ${succeeded.length} of ${operations} operations succeeded at least once`,
  );
  console.log(JSON.stringify({ proof: 'fuzz', seed, requests, failures: failures.length }));
  process.exitCode = failures.length || requests === 0 ? 1 : 0;
});
