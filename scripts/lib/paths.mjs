/** Where things live in a checkout: one place for every path the scripts use. */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The root of the checkout (absolute, no trailing slash). */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Everything that `npm start` keeps: databases, binaries, logs, secrets. Never committed. */
export const dataDir = join(root, '.data');

/** Fetched programs, shared by start and test: read-only once they are there. */
export const binDir = join(dataDir, 'bin');

/** Browsers that only tests use; they fetch them themselves. */
export const browsersDir = join(dataDir, 'test-browsers');

export const logDir = join(dataDir, 'log');
