import { existsSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import components from 'unplugin-vue-components/vite';
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const assets = 'assets/admin';

/** The citizen build shares the output folder, so only what is ours is cleared. */
const clearOwnOutput = (): Plugin => ({
  name: 'clear-own-output',
  apply: 'build',
  buildStart: () => {
    rmSync(here(`./dist/${assets}`), { recursive: true, force: true });
    const there = existsSync(here('./dist')) ? readdirSync(here('./dist')) : [];
    // A file that was taken out of `root` is not served any longer.
    for (const name of there.filter((one) => one.endsWith('.txt'))) rmSync(here(`./dist/${name}`));
  },
});

/** The admin backends: `dist/business/index.html`, `dist/system/index.html`, everything else under `dist/assets/admin/`. */
export default defineConfig({
  root: here('./apps'),
  base: '/',
  // Files for the root of the site, of both builds: /robots.txt, and what WeChat verifies the domain by (docs/miniapp.md).
  publicDir: here('./root'),
  plugins: [
    vue(),
    components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css', directives: false })] }),
    clearOwnOutput(),
  ],
  build: {
    outDir: here('./dist'),
    emptyOutDir: false,
    assetsDir: assets,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome85', 'safari14', 'firefox78'],
    rolldownOptions: {
      input: { business: here('./apps/business/index.html'), system: here('./apps/system/index.html') },
      output: {
        codeSplitting: {
          // Many small files compress worse than few: what every page needs first is one, what every list needs another.
          groups: [
            { name: 'first', tags: ['$initial'], minShareCount: 2, priority: 2 },
            { name: 'list', test: /[\\/]common[\\/]admin[\\/](list|state)[\\/]/, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
});
