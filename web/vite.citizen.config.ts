import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };

/** WebViews of old phones: Chromium 69 and iOS 12. Newer syntax is rewritten, newer functions must not be used. */
const OLD_WEBVIEWS = ['chrome69', 'ios12'];

/** Chromium 69 has no `globalThis`; every chunk may be the first one that runs. */
const GLOBAL_THIS = 'self.globalThis||(self.globalThis=self);';

/** The citizens' pages. The admin apps are another build: a common one would inflate the Vue that citizens load. */
export default defineConfig({
  root: here('./apps'),
  publicDir: false,
  define: {
    __BUILD__: JSON.stringify(version),
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  plugins: [
    vue({ features: { optionsAPI: false } }),
    { name: 'empty-own-folders', buildStart: () => ['register', 'assets/citizen'].forEach(emptyOutput) },
  ],
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
  build: {
    outDir: here('./dist'),
    emptyOutDir: false, // the admin build lives beside it
    assetsDir: 'assets/citizen',
    target: OLD_WEBVIEWS,
    cssTarget: OLD_WEBVIEWS,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { register: here('./apps/register/index.html') },
      output: {
        banner: GLOBAL_THIS,
        // What every screen needs, in two files: fewer requests and better compression than one file per crossing.
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules/ },
            { name: 'common', test: /web.common.(client|ui|i18n.(index|time|wait|zh-CN)|routing|storage)/ },
          ],
        },
      },
    },
  },
});

function emptyOutput(folder: string) {
  rmSync(here(`./dist/${folder}`), { recursive: true, force: true });
}
