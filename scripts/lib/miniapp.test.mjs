import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LARGEST_BYTES, prepareShell } from './miniapp.mjs';
import { root } from './paths.mjs';

let folder;
let copies = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dengji-miniapp-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The mini-program with something changed. */
const copy = (change = () => undefined) => {
  const from = join(folder, `from-${(copies += 1)}`);
  cpSync(join(root, 'miniapp'), from, { recursive: true, filter: (path) => !path.endsWith('dist') });
  change(from);
  return from;
};
const prepare = (from, wanted = {}) =>
  prepareShell(from, { version: '1.4.0', env: 'example', ...wanted }, join(folder, `out-${copies}`));

describe('the upload folder of the mini-program', () => {
  it('is below 300 KB, and holds what a phone needs and nothing else', async () => {
    const made = await prepare(join(root, 'miniapp'));
    const files = readdirSync(made.folder, { recursive: true }).filter((path) =>
      statSync(join(made.folder, path)).isFile(),
    );
    const bytes = files.reduce((sum, path) => sum + statSync(join(made.folder, path)).size, 0);
    expect([made.files, made.bytes]).toEqual([files.length, bytes]);
    expect(bytes).toBeLessThan(LARGEST_BYTES);
    expect(files.filter((path) => /\.ts$|test|fixtures|environments|tsconfig/.test(path))).toEqual([]);
    const { pages } = JSON.parse(readFileSync(join(made.folder, 'app.json'), 'utf8'));
    expect(
      pages.flatMap((page) => ['js', 'json', 'wxml'].filter((end) => !existsSync(join(made.folder, `${page}.${end}`)))),
    ).toEqual([]);
  });

  it('carries its version and environment, and no secret of the machine it was made on', async () => {
    const secret = 'f00dfeedf00dfeedf00dfeedf00dfeed';
    process.env.WECHAT_APP_SECRET = secret;
    const { folder: made } = await prepare(
      copy((from) => writeFileSync(join(from, '.env'), `WECHAT_APP_SECRET=${secret}`)),
    );
    delete process.env.WECHAT_APP_SECRET;
    const { settings } = createRequire(import.meta.url)(join(made, 'settings.js'));
    expect(settings).toEqual({ site: 'https://reg.example.cn', version: '1.4.0', environment: 'example' });
    const files = readdirSync(made, { recursive: true }).filter((path) => statSync(join(made, path)).isFile());
    expect(files.filter((path) => readFileSync(join(made, path), 'utf8').includes(secret))).toEqual([]);
    const project = JSON.parse(readFileSync(join(made, 'project.config.json'), 'utf8'));
    expect([project.appid, project.setting.useCompilerPlugins]).toEqual(['wx0000000000000000', undefined]);
  });

  it('is plain JavaScript that runs: the shell logs in with it', async () => {
    const { folder: made } = await prepare(join(root, 'miniapp'));
    const { createShell } = createRequire(import.meta.url)(join(made, 'shell/shell.js'));
    const { settings } = createRequire(import.meta.url)(join(made, 'settings.js'));
    const asked = [];
    const wx = {
      getAppBaseInfo: () => ({ language: 'zh_CN', fontSizeScaleFactor: 1 }),
      getStorageSync: () => '',
      setStorageSync: () => undefined,
      request: ({ url, fail }) => void (asked.push(url), fail({ errMsg: 'request:fail' })),
    };
    const shell = createShell(wx, settings);
    expect(await shell.visit('/register/', false)).toEqual({
      do: 'leave',
      url: '/pages/offline/offline?path=%2Fregister%2F',
    });
    expect(asked).toEqual(['https://reg.example.cn/api/public/modules']);
  });

  it('is refused at 300 KB, and leaves the one before as it was', async () => {
    const from = copy();
    const before = await prepare(from);
    writeFileSync(join(from, 'pages/home/big.png'), Buffer.alloc(LARGEST_BYTES - before.bytes));
    await expect(prepare(from)).rejects.toThrow(/300 KB/);
    expect(existsSync(join(before.folder, 'app.json'))).toBe(true);
    writeFileSync(join(from, 'pages/home/big.png'), Buffer.alloc(LARGEST_BYTES - before.bytes - 1));
    expect((await prepare(from)).bytes).toBe(LARGEST_BYTES - 1);
  });

  it('is refused when WeChat could not run it', async () => {
    const broken = [
      [(from) => rmSync(join(from, 'pages/web/web.wxml')), /pages\/web\/web\.wxml is missing/],
      [(from) => rmSync(join(from, 'shell/paths.ts')), /requires .*paths, which is not there/],
      [(from) => writeFileSync(join(from, 'sitemap.json'), '{'), /sitemap\.json is no JSON/],
      [(from) => writeFileSync(join(from, 'app.ts'), 'App({'), /app\.ts/],
    ];
    for (const [change, why] of broken) await expect(prepare(copy(change))).rejects.toThrow(why);
  });

  it('wants a version, an environment that exists, and https', async () => {
    for (const version of [undefined, '', '1', '1.4', 'v1.4.0', '1.4.0-beta', '01.4.0'])
      await expect(prepare(copy(), { version })).rejects.toThrow(/--version/);
    for (const env of [undefined, '', 'nowhere', '__proto__', 'toString'])
      await expect(prepare(copy(), { env })).rejects.toThrow(/--env development or example/);
    for (const [site, appId, why] of [
      ['http://reg.example.cn', 'wx0000000000000000', /https/],
      ['https://reg.example.cn/', 'wx0000000000000000', /https/],
      ['https://reg.example.cn', 'wx1', /appId/],
    ]) {
      const change = (from) =>
        writeFileSync(join(from, 'environments.json'), JSON.stringify({ example: { site, appId } }));
      await expect(prepare(copy(change))).rejects.toThrow(why);
    }
  });
});
