import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_HOME_PAGE, type HomePage } from '../../../shared/home-page.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, must, type World } from '../../../test/factories.ts';

let world: World;
let admin: Browser;
const PUBLIC = '/api/public/modules';
const SETTINGS = '/api/system/modules';
beforeAll(async () => {
  world = await makeWorld({ config: { build: 'build-7' } });
  admin = await world.staff({ can: ['module.write'] });
});
afterAll(() => world.close());

const settings = async (): Promise<HomePage & { rev: number }> => must(await admin.get(SETTINGS), 200).body;
const change = async (part: Partial<HomePage>) => admin.put(SETTINGS, { ...(await settings()), ...part });

describe('the home page', () => {
  it('is there before anybody has changed it', async () => {
    const { body } = must(await world.anonymous().get(PUBLIC), 200);
    expect(body).toEqual({ build: 'build-7', ...FIRST_HOME_PAGE });
  });

  it('is asked for again for nothing while nothing changes', async () => {
    const first = must(await world.anonymous().get(PUBLIC), 200);
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    for (const said of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await world.anonymous().get(PUBLIC, { 'if-none-match': said });
      expect([said, again.status, again.body.length, again.headers.get('etag')]).toEqual([said, 304, 0, etag]);
    }
    expect((await world.anonymous().get(PUBLIC, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('is changed by an administrator and seen by citizens, also in what a log-in answers', async () => {
    const etag = (await world.anonymous().get(PUBLIC)).headers.get('etag')!;
    const maintenance = {
      title: { 'zh-CN': '系统维护' },
      text: { 'zh-CN': '今晚升级，登记稍后恢复。', en: 'Upgrade tonight.' },
      until: '2026-11-22T02:00:00.000Z',
    };
    expect(must(await change({ maintenance, minShell: '1.2.0' }), 200).body.rev).toBe(1);
    const after = must(await world.anonymous().get(PUBLIC, { 'if-none-match': etag }), 200);
    expect(after.body).toMatchObject({ maintenance, minShell: '1.2.0' });
    expect(await world.app.features.modules.maintenance()).toEqual(maintenance);
    must(await change({ maintenance: null }), 200);
    expect((await world.anonymous().get(PUBLIC)).body.maintenance).toBeNull();
    const records = await world.deps.mongo.collection('audit').countDocuments({ action: 'modules.changed' });
    expect(records).toBe(2);
  });

  it('is not overwritten by whoever has an older one on the screen', async () => {
    const old = await settings();
    must(await admin.put(SETTINGS, { ...old, minShell: '1.3.0' }), 200);
    expect((await admin.put(SETTINGS, { ...old, minShell: '1.1.0' })).body.code).toBe('edit_conflict');
    const page = await settings();
    const both = await Promise.all(['2.0.0', '3.0.0'].map((minShell) => admin.put(SETTINGS, { ...page, minShell })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('control 39: leads to pages of this site only', async () => {
    const [first] = FIRST_HOME_PAGE.items;
    const elsewhere = [
      ...['//evil.example/register/', '/\\evil.example', 'https:evil.example', 'https://evil.example/register/'],
      ...['javascript:alert(1)', 'data:text/html,x', '/register/../business/', '/register/%2e%2e/', '/register/?a=1'],
      ...['/register/#//evil.example', '/register/#/..', '/register/#javascript:x', '/register/##/', '/register', ''],
      ...['/register/#/a?x=1', '/register/#/%2f', ' /register/', '/register/\n', '/business/', '#/submissions'],
    ];
    const faults: string[] = [];
    for (const path of elsewhere) {
      const places: [string, Partial<HomePage>][] = [
        ['items.0.path', { items: [{ ...first!, path }] }],
        ['share.path', { share: { ...FIRST_HOME_PAGE.share, path } }],
        ['privacy.path', { privacy: { version: '2', path } }],
      ];
      for (const [at, part] of places) {
        const { status, body } = await change(part);
        if (status !== 422 || body.issues[0].path !== `body.${at}`)
          faults.push(`${at} ${JSON.stringify(path)}: ${status}`);
      }
    }
    expect(faults).toEqual([]);
    expect(elsewhere.length).toBeGreaterThanOrEqual(20);
  });

  it('opens no page that is not there yet, and names no module twice', async () => {
    const [first, , booking] = FIRST_HOME_PAGE.items;
    expect((await change({ items: [{ ...booking!, open: true }] })).body.issues).toMatchObject([
      { path: 'body.items.0.path', code: 'unknown_option' },
    ]);
    expect((await change({ items: [first!, booking!, first!] })).body.issues).toMatchObject([
      { path: 'body.items.2.key', code: 'duplicate_key' },
    ]);
    must(await change({ items: [{ ...first!, path: '/register/#/forms/health-1/steps/2' }, booking!] }), 200);
  });

  it('is nobody’s to change without the right to', async () => {
    const other = await world.staff({ can: ['form.write', 'role.read'] });
    expect((await other.get(SETTINGS)).status).toBe(403);
    expect((await other.put(SETTINGS, await settings())).status).toBe(403);
  });
});
