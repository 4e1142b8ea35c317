import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Linter } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { bootScript } from '../boot/plugin.ts';
import { pageHeaders } from './pages.ts';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const folder = `${dist}assets/citizen/`;
/** KB of 1,000 bytes, as a phone pays for them. */
const gzipped = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length / 1000;

/** Budgets of the citizens' pages, over the built files: an old phone on a slow network must not wait. */
describe('the built pages for citizens', () => {
  let html = '';
  let files: string[] = [];
  beforeAll(() => {
    if (!existsSync(`${dist}register/index.html`))
      throw new Error('web/dist is missing: run `npm run build:web` first');
    html = readFileSync(`${dist}register/index.html`, 'utf8');
    files = readdirSync(folder);
  });

  const linked = (ending: string) =>
    [...new Set(html.match(/\/assets\/citizen\/[\w.-]+/g) ?? [])]
      .filter((path) => path.endsWith(ending))
      .map((path) => dist + path.slice(1));
  const sum = (paths: string[]) => paths.reduce((total, path) => total + gzipped(path), 0);

  it('loads at most 36 KB of JavaScript, 5 of CSS and 12 of HTML at first', () => {
    expect(linked('.js').length).toBeGreaterThan(0);
    expect(linked('.css').length).toBeGreaterThan(0);
    expect(sum(linked('.js'))).toBeLessThanOrEqual(36);
    expect(sum(linked('.css'))).toBeLessThanOrEqual(5);
    expect(gzipped(`${dist}register/index.html`)).toBeLessThanOrEqual(12);
  });

  it('loads every file that the entry imports with the page, not one after another', () => {
    const names = linked('.js').map((path) => path.slice(folder.length));
    for (const path of linked('.js')) {
      const imported = [...readFileSync(path, 'utf8').matchAll(/from"\.\/([\w.-]+\.js)"/g)].map((match) => match[1]!);
      for (const name of imported) expect(names).toContain(name);
    }
  });

  it('keeps every later file under 15 KB', () => {
    const first = linked('.js').map((path) => path.slice(folder.length));
    for (const name of files.filter((each) => !first.includes(each)))
      expect(gzipped(folder + name), name).toBeLessThanOrEqual(15);
  });

  it('has no inline script but the boot script, and no inline style: the Content-Security-Policy would stop them', () => {
    const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map((match) => match[1]!);
    expect(inline).toEqual([bootScript()]);
    const hash = `'sha256-${createHash('sha256').update(inline[0]!).digest('base64')}'`;
    expect(pageHeaders()['Content-Security-Policy']).toContain(hash);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });

  it('begins with a boot script of ES5 and less than 1 KB', () => {
    const { fatal, message } = new Linter().verify(bootScript(), {
      languageOptions: { ecmaVersion: 5, sourceType: 'script' },
    })[0] ?? { fatal: false };
    expect(fatal, message).toBeFalsy();
    expect(gzipSync(bootScript(), { level: 9 }).length).toBeLessThan(1000);
    // The encoding and the build are known before it, and nothing is asked for before it.
    expect(html.indexOf('<script>')).toBeLessThan(html.search(/<script [^>]*src|<link/));
    expect(html.indexOf('charset')).toBeLessThan(html.indexOf('<script>'));
  });

  it('says the same build as version.json', () => {
    const { build } = JSON.parse(readFileSync(`${dist}version.json`, 'utf8')) as { build: string };
    expect(html).toContain(`<html data-build="${build}"`);
    expect(build).toMatch(/^[\w.+-]{1,40}$/);
  });

  it('uses nothing that Chromium 69 or iOS 12 lacks', () => {
    const code = files.filter((name) => name.endsWith('.js')).map((name) => readFileSync(folder + name, 'utf8'));
    const missing =
      /\.replaceAll\(|\.at\(-?\d|Object\.fromEntries|Object\.hasOwn\b|\.matchAll\(|structuredClone|queueMicrotask|randomUUID|allSettled|Promise\.any|AbortSignal\.timeout|\?\?|\?\.[a-zA-Z[(]|\(\?<[=!]/;
    for (const text of code) {
      expect(text.match(missing)?.[0]).toBeUndefined();
      if (/globalThis/.test(text)) expect(text).toContain('self.globalThis||(self.globalThis=self)');
    }
    const css = files.filter((name) => name.endsWith('.css')).map((name) => readFileSync(folder + name, 'utf8'));
    for (const text of css) {
      // `gap` works in grids only, and a rule with an unknown selector is dropped as a whole.
      expect(text.match(/aspect-ratio|[{;]inset:|:is\(|:where\(|:has\(|\bclamp\(|\bmin\(|100dvh/)?.[0]).toBeUndefined();
      expect(text.match(/[^{}]*display:flex[^{}]*[;{]gap:[^{}]*/)?.[0]).toBeUndefined();
    }
  });
});

/** Budgets of the staff's pages: what a list needs before it can be used, the shell and everything that it imports included. */
describe('the built pages for staff', () => {
  const assets = `${dist}assets/admin/`;
  const read = (name: string) => readFileSync(assets + name, 'utf8');

  /** The files with all that they import statically. */
  function withImports(names: Iterable<string>): Set<string> {
    const seen = new Set<string>();
    const visit = (name: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      if (!name.endsWith('.js')) return;
      for (const match of read(name).matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) visit(match[1]!);
    };
    for (const name of names) visit(name);
    return seen;
  }
  const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + gzipped(assets + name), 0);

  function first(app: string): string[] {
    const html = readFileSync(`${dist}${app}/index.html`, 'utf8');
    return [...new Set([...html.matchAll(/\/assets\/admin\/([\w.-]+)/g)].map((match) => match[1]!))];
  }
  /** Every page that the entry loads when it is visited, with the files that come with it. */
  function pages(app: string): Map<string, string[]> {
    const entry = read(first(app).find((name) => name.startsWith(`${app}-`) && name.endsWith('.js'))!);
    const files = JSON.parse(/m\.f=(\[.*?\])/.exec(entry)![1]!) as string[];
    const found = entry.matchAll(/import\(`\.\/([\w.-]+\.js)`\),__vite__mapDeps\((\[[\d,]*\])\)/g);
    return new Map(
      [...found].map(([, name, places]) => {
        const own = (JSON.parse(places!) as number[]).map((at) => files[at]!.replace('assets/admin/', ''));
        return [name!.replace(/-[^-]+\.js$/, ''), [name!, ...own]];
      }),
    );
  }

  it.each(['business', 'system'])('loads at most 130 KB at first (%s)', (app) => {
    expect(sum(withImports(first(app)))).toBeLessThanOrEqual(130);
  });

  it.each(['business', 'system'])('loads at most 200 KB for any of its pages (%s)', (app) => {
    const all = pages(app);
    expect(all.size).toBeGreaterThan(4);
    const over = [...all]
      .map(([name, files]) => [name, sum(withImports([...first(app), ...files]))] as const)
      .filter(([, size]) => size > 200);
    expect(over).toEqual([]);
  });
});
