/**
 * What citizens' pages cost on a phone, beside the same form made with Vant and with Element Plus: KB over the network, Largest
 * Contentful Paint and the time until one can begin, on a slow 3G with a processor four times slower and on a slow 4G. All pages are
 * loaded in turn, so that other load on the machine meets all of them; the figures are medians. Last line: one JSON object.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { load, NETWORKS, type Load } from './measure.ts';
import { buildPeers, PEERS } from './peers.ts';
import { servePages } from './serve.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const root = fileURLToPath(new URL('../..', import.meta.url));

execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
const peersFolder = await buildPeers();
const [own, peers] = [await servePages(`${root}/web/dist`), await servePages(peersFolder)];
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

const pages = [
  { name: 'start', url: `${own.url}/register/`, control: 'main a.primary' },
  { name: 'form', url: `${own.url}/register/#/forms/healthDeclaration/steps/person`, control: '#f-name' },
  ...PEERS.map((peer) => ({ name: peer, url: `${peers.url}/${peer}/`, control: 'button[type=submit]' })),
] as const;

type Figures = Record<keyof Load, number>;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const results = new Map<string, Figures>();
try {
  for (const network of NETWORKS) {
    const loads = new Map<string, Load[]>(pages.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round++)
      for (const { name, url, control } of pages) loads.get(name)!.push(await load(browser, url, control, network));
    for (const [name, all] of loads) {
      const of = (key: keyof Load) => median(all.map((one) => one[key]));
      results.set(`${name} ${network.name}`, {
        lcp: Math.round(of('lcp')),
        ready: Math.round(of('ready')),
        ...{ js: round1(of('js')), css: round1(of('css')), html: round1(of('html')) },
      });
    }
  }
} finally {
  await browser.close();
  own.close();
  peers.close();
  rmSync(peersFolder, { recursive: true, force: true });
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

/** What the page itself names, compressed: the budget of the first load, without what is fetched ahead. */
function firstLoad(): { js: number; css: number; html: number } {
  const read = (path: string) => readFileSync(`${root}/web/dist/${path}`);
  const html = read('register/index.html');
  const named = [...new Set(html.toString().match(/\/assets\/citizen\/[\w.-]+/g) ?? [])];
  const sum = (ending: string) =>
    named
      .filter((path) => path.endsWith(ending))
      .reduce((total, path) => total + gzipSync(read(path.slice(1)), { level: 9 }).length, 0) / 1000;
  return { js: sum('.js'), css: sum('.css'), html: gzipSync(html, { level: 9 }).length / 1000 };
}

console.table(Object.fromEntries(results));
const first = firstLoad();
const of = (name: string) => results.get(name)!;
console.log(
  JSON.stringify({
    bench: 'web',
    figures: {
      citizen_js_kb: round1(first.js),
      citizen_css_kb: round1(first.css),
      citizen_html_kb: round1(first.html),
      lcp_slow3g_ms: Math.max(of('start slow3g').lcp, of('form slow3g').lcp),
      lcp_slow4g_ms: Math.max(of('start slow4g').lcp, of('form slow4g').lcp),
      ready_slow3g_ms: of('form slow3g').ready,
      ...Object.fromEntries(
        PEERS.flatMap((peer) => [
          [`${peer}_js_kb`, of(`${peer} slow3g`).js],
          [`${peer}_css_kb`, of(`${peer} slow3g`).css],
          [`${peer}_lcp_slow3g_ms`, of(`${peer} slow3g`).lcp],
          [`${peer}_ready_slow3g_ms`, of(`${peer} slow3g`).ready],
        ]),
      ),
    },
  }),
);
