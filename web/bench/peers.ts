import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
export const PEERS = ['vant', 'element'] as const;
export type Peer = (typeof PEERS)[number];

/** Builds the peers' pages, each with only what it uses, for browsers as old as ours: the folder with one folder for each. */
export async function buildPeers(): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'dengji-peers-'));
  for (const peer of PEERS) {
    await build({
      root: here(`peers/${peer}`),
      base: `/${peer}/`,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
      plugins: [vue()],
      build: { outDir: join(out, peer), target: ['chrome69', 'ios12'], modulePreload: { polyfill: false } },
    });
  }
  return out;
}
