import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { CONTRACT } from '../server/shared/contract.ts';
import { aheadPlugin } from './boot/ahead-plugin.ts';
import { bootPlugin } from './boot/plugin.ts';

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
    __CONTRACT__: JSON.stringify(String(CONTRACT.current)),
    __JWEIXIN__: JSON.stringify('https://res.wx.qq.com/open/js/jweixin-1.6.0.js'),
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  plugins: [
    vue({ features: { optionsAPI: false } }),
    bootPlugin(version, process.env['BUILD']),
    aheadPlugin(),
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
      input: { register: here('./apps/register/index.html'), ahead: here('./boot/ahead.ts') },
      output: {
        banner: GLOBAL_THIS,
        // What every screen needs, in two files, what log-in and form share, in one, and the code that a form needs beside it, in two more:
        // fewer requests and better compression than one file per crossing. A group takes with it what its modules import, so what comes
        // first must be named first.
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules/ },
            {
              name: 'common',
              test: /web.common.(client|ui.(?!ErrorSummary)|i18n.(index|time|wait|zh-CN\.ts)|routing|storage|boot|stale|bridge.env)|web.features.(login.(index|session)|forms.(draft|local-copy))\.ts/,
            },
            { name: 'asking', test: /web.common.(ui.ErrorSummary|fields.phone)/ },
            {
              name: 'fields',
              test: /server.shared.fields|web.common.(fields.(errors|document|regions|day)|i18n.field-texts)\.ts/,
            },
            { name: 'form', test: /web.features.forms.(StepScreen|DraftConflict|use-form|autosave)/ },
          ],
        },
      },
    },
  },
});

function emptyOutput(folder: string) {
  rmSync(here(`./dist/${folder}`), { recursive: true, force: true });
}
