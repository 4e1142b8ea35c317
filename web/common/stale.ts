import { boot } from './boot.ts';
import { ApiProblem } from './client/problem.ts';

/** Keeps what was typed; false if it could not be kept anywhere. */
type Keep = () => Promise<boolean>;

const keepers = new Set<Keep>();
let healing: Promise<boolean> | null = null;

/** Registers what must be kept before the page loads itself anew; the answer ends that. */
export function beforeReload(keep: Keep): () => void {
  keepers.add(keep);
  return () => void keepers.delete(keep);
}

/** True if nothing that was typed would be lost now. */
export async function keepTyped(): Promise<boolean> {
  return (await Promise.all(Array.from(keepers, (keep) => keep()))).every(Boolean);
}

/**
 * A file or a contract of this build is gone: loads the build that is served now, once. False: no answer, tried before, or
 * something typed can't be kept. While it is at work it answers false: what is kept then may call the API itself.
 */
export async function heal(): Promise<boolean> {
  if (healing) return false;
  healing = leave();
  const leaving = await healing;
  healing = null;
  return leaving;
}

/** Code that is being fetched; what is missing is healed. Throws ApiProblem (`offline`) when that can't help. */
export async function fetched<T>(code: Promise<T>): Promise<T> {
  try {
    return await code;
  } catch {
    if (await heal()) return await new Promise<never>(() => undefined);
    throw new ApiProblem({ status: 0, code: 'offline' });
  }
}

async function leave(): Promise<boolean> {
  const build = await new Promise<string>((then) => boot.check(5000, then));
  return !!build && (await keepTyped()) && boot.load(build);
}
