import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isNginxFile, render } from './render.mjs';
import { fill } from './template.mjs';
import { settingsOf } from './test/host.ts';
import { exampleSettings } from '../deploy/setup/test/settings.ts';

const script = fileURLToPath(new URL('render.mjs', import.meta.url));

describe('rendering', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dengji-render-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the same for every release, but for version.json: an unchanged configuration needs no reload', () => {
    const [one, two] = ['r1', 'r2'].map((build) => render(settingsOf(folder, { address: '10.0.0.1' }), { build }));
    const different = Object.keys(one!).filter((name) => one![name] !== two![name]);
    expect(different).toEqual(['version.json']);
    expect(different.filter(isNginxFile)).toEqual([]);
    expect(JSON.parse(two!['version.json']!)).toEqual({ build: 'r2' });
  });

  it('leaves no gap of a template open, in whatever setting', () => {
    const variants = [
      {},
      { proxyProtocol: true, peers: [{ name: 'h2', address: '10.0.0.2' }] },
      { tls: { at: 'nginx', certificate: '/etc/ssl/a.pem', key: '/etc/ssl/a.key' }, serverName: 'reg.example.cn' },
      { publicOrigin: 'http://10.0.0.1:8080', address: 'fd00::1', loopback: '::1' },
      { slb: { addresses: ['100.64.0.0/10'], forwardedFor: true } },
    ];
    for (const over of variants)
      for (const [name, text] of Object.entries(render(settingsOf(folder, over))))
        expect([name, text.match(/\{\{|\}\}|undefined|\[object/)]).toEqual([name, null]);
  });

  it('takes the settings that the operator program makes of an environment', () => {
    expect(render(exampleSettings())['upstreams.conf']).toContain('server 127.66.0.12:3000');
  });

  it('names everything that is wrong, and lets nothing into nginx that nginx would obey', () => {
    const bad = {
      ...settingsOf(folder),
      root: '/srv; evil',
      serverName: 'a; return 200',
      errorLogLevel: 'loud',
      peers: [{ name: 'x', address: 'h2' }],
    };
    expect(() => render(bad)).toThrow(/root.*serverName.*peers.*errorLogLevel/);
    expect(() => render(settingsOf(folder, { canary: { key: 'short' } }))).toThrow('canary.key');
    expect(() => render(settingsOf(folder, { canary: { key: 'long enough, but "; evil' } }))).toThrow('canary.key');
    expect(() => render(settingsOf(folder, { publicOrigin: 'https://a.b/{}' }))).toThrow('publicOrigin');
  });

  it('as a command writes files that only its owner may read', () => {
    const [settings, out] = [join(folder, 'settings.json'), join(folder, 'out')];
    writeFileSync(settings, JSON.stringify(settingsOf(folder)));
    execFileSync(process.execPath, [script, settings, out]);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(['nginx.conf', 'canary.js', 'version.json']));
    expect(readdirSync(out).filter((name) => (statSync(join(out, name)).mode & 0o077) !== 0)).toEqual([]);
    expect(readFileSync(join(out, 'upstreams.conf'), 'utf8')).toContain('keepalive.conf');
    expect(() => execFileSync(process.execPath, [script], { stdio: 'pipe' })).toThrow(/usage/);
  });

  it('a template that asks for what nobody gives is refused', () => {
    expect(fill('a {{x}}\n{{#on}}\nb\n{{^off}}\nc\n{{/off}}\n{{/on}}\n', { x: 1, on: true, off: false })).toBe(
      'a 1\nb\nc\n',
    );
    expect(fill('{{#on}}\nb\n{{/on}}\nz\n', { on: '' })).toBe('z\n');
    expect(() => fill('{{x}}', {})).toThrow('asks for x');
  });
});
