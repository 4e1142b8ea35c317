import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newDevice, startChromium } from './citizen.ts';
import { startSiteWithWechat, type WechatSite } from './server.ts';
import { shellOptions, startShell } from './shell.ts';

/** The bridge as pages call it: the built file, in a mini-program and in a plain browser. */
let site: WechatSite;
let chromium: Browser;
const assets = fileURLToPath(new URL('../dist/assets/citizen', import.meta.url));
const file = `/assets/citizen/${readdirSync(assets).find((name) => /^bridge-.*\.js$/.test(name))!}`;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSiteWithWechat(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** Calls the bridge in the page. As text: the test's own loader would rewrite the import. */
const call = (page: Page, method: string, ...args: unknown[]): Promise<unknown> =>
  page.evaluate(`import(${JSON.stringify(file)}).then((module) => {
    const bridge = Object.values(module).find((each) => typeof each === 'object' && 'scan' in each);
    return bridge[${JSON.stringify(method)}](...${JSON.stringify(args)});
  })`);

it('in the mini-program everything goes through the shell, and answers come in the fragment', async () => {
  const { context, page, faults } = await newDevice(chromium, site, undefined, shellOptions);
  const shell = await startShell(context, page, site, site.wechat, 'openid-bridge');
  await shell.open('/privacy');
  await page.waitForSelector('main p');
  expect(await call(page, 'isMiniProgram')).toBe(true);
  shell.scans('REG-2026 登记');
  expect(await call(page, 'scan')).toEqual({ ok: true, value: 'REG-2026 登记' });
  shell.scans(null);
  expect(await call(page, 'scan')).toEqual({ ok: false, why: 'cancel' });
  expect(page.url()).toMatch(/#\/privacy$/);
  expect(await call(page, 'share', '健康申报', '/forms/healthDeclaration')).toBe('card');
  expect(shell.shared).toEqual([{ type: 'share', title: '健康申报', path: '/register/#/forms/healthDeclaration' }]);
  await call(page, 'navigate', '/register/', '/submissions');
  await call(page, 'close');
  await expect.poll(() => shell.asked).toEqual(['scan', 'scan', 'open /register/#/submissions', 'home']);
  for (const page_ of ['//evil.cn/', 'https://evil.cn/', '/\\evil.cn/', 'javascript:alert(1)', '/a/../b/'])
    await expect(call(page, 'navigate', page_)).rejects.toThrow('no page');
  expect(faults).toEqual([]);
  await context.close();
});

it('an answer that nobody asked for is taken away unread', async () => {
  const { context, page } = await newDevice(chromium, site, undefined, shellOptions);
  const shell = await startShell(context, page, site, site.wechat, 'openid-bridge-2');
  await shell.open('/privacy');
  await page.waitForSelector('main p');
  await page.evaluate(() => {
    const host = window as unknown as { wx: { miniProgram: { navigateTo: (options: { url: string }) => void } } };
    host.wx.miniProgram.navigateTo = ({ url }) => void Object.assign(window, { asked: url });
  });
  const answer = call(page, 'scan');
  const asked = await page.waitForFunction(() => (window as { asked?: string }).asked);
  const nonce = /n=([0-9a-f]{32})$/.exec((await asked.jsonValue())!)![1]!;
  for (const forged of [
    `r=scan&n=${'0'.repeat(32)}&ok=1&d=forged`,
    `r=phone&n=${nonce}&ok=1&d=forged`,
    `r=scan&n=${nonce}&ok=1&d=forged&d=twice`,
  ]) {
    await page.evaluate((fragment) => void (location.hash = fragment), forged);
    await expect.poll(() => page.url()).toMatch(/#\/privacy$/);
  }
  await page.evaluate((fragment) => void (location.hash = fragment), `r=scan&n=${nonce}&ok=1&d=true`);
  expect(await answer).toEqual({ ok: true, value: 'true' });
  await context.close();
});

it('in a plain browser the same calls have fallbacks, and no message of any origin is heard', async () => {
  const { context, page } = await newDevice(chromium, site);
  await page.goto('/register/#/privacy');
  await page.waitForSelector('main p');
  expect(await call(page, 'isMiniProgram')).toBe(false);
  expect(await call(page, 'phone')).toEqual({ ok: false, why: 'unsupported' });
  expect(await call(page, 'login', '/submissions')).toBe(false);
  const chosen = page.waitForEvent('filechooser');
  const photo = call(page, 'upload');
  await (await chosen).setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('x') });
  expect(await photo).toMatchObject({ ok: true });
  const session = await context.newCDPSession(page);
  const { result } = await session.send('Runtime.evaluate', { expression: 'window' });
  const { listeners } = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId! });
  expect(listeners.filter(({ type }) => type === 'message')).toEqual([]);
  await call(page, 'navigate', '/register/', '/submissions');
  await expect.poll(() => page.url()).toContain('/register/#/');
  await context.close();
});
