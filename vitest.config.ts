import { availableParallelism } from 'node:os';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Where each kind of test lives. A test that needs MongoDB or Redis is in `server`; everything pure is in `unit`. */
const pure = ['server/shared/**/*.test.ts', 'scripts/**/*.test.mjs', 'miniapp/**/*.test.ts', 'deploy/**/*.test.ts'];
/** What a host is made of, with the real programs: nginx, pm2, chroots. */
const hosts = ['nginx/**/*.test.ts', 'deploy/{setup,logs,host}/**/*.test.ts'];
/** A whole fleet on this machine, under load. */
const labs = 'deploy/lab/**/*.test.ts';
/** These start databases themselves. */
const startsDatabases = ['scripts/lib/databases.test.mjs', 'scripts/lib/backup/{backup,restore}.test.mjs'];

/** Decorated controllers: the transform follows experimentalDecorators, as tsc does. */
const oxc = { decorator: { legacy: true, emitDecoratorMetadata: false } };

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: pure,
          exclude: [...startsDatabases, labs, ...hosts],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        oxc,
        test: {
          name: 'server',
          include: ['server/**/*.test.ts', ...startsDatabases],
          exclude: ['server/shared/**', 'server/dist/**', 'server/test/proofs/**'],
          globalSetup: ['server/test/databases.ts'],
          // Nothing keeps state at module level, so files can share a worker: several times faster.
          isolate: false,
          // Most of them wait for databases: on two cores one worker alone, as the default is, takes twice as long.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: { name: 'hosts', include: hosts, isolate: false, testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: { name: 'lab', include: [labs], fileParallelism: false, isolate: false },
      },
      {
        plugins: [vue()],
        test: { name: 'web', include: ['web/**/*.test.ts'], exclude: ['web/dist/**'], isolate: false },
      },
      {
        oxc: { decorator: { legacy: true, emitDecoratorMetadata: false } },
        test: {
          name: 'browser',
          include: ['web/test/**/*.browser.ts'],
          globalSetup: ['server/test/databases.ts'],
          fileParallelism: false,
          // A loaded machine answers late; a condition that never comes still fails.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
