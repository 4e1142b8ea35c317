import type { Deps } from '../deps.ts';
import { createFeatures } from '../features/index.ts';
import { seedDemo, seedSystem } from '../features/seed/index.ts';

/** Makes what a fresh installation needs: built-in roles, the first administrator, and the demo when asked for. Safe to repeat. */
export async function seed(deps: Deps): Promise<void> {
  const features = createFeatures(deps);
  await seedSystem(deps, features);
  if (deps.config.demo) await seedDemo(deps, features);
}
