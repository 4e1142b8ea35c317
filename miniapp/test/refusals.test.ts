import { describe, expect, it } from 'vitest';
import { lastShare, resultUrl } from '../shell/bridge.ts';
import { readPath } from '../shell/paths.ts';
import { readSite } from '../shell/site.ts';
import { agree, loadPage, makeSite, MODULES } from './fake-site.ts';
import { makePhone, SITE } from './fake-wx.ts';

/** What open-redirect lists try, and what is ours but not the citizens'. */
const HOSTILE = [
  ...['//evil.cn', '///evil.cn/', '/\\evil.cn', '\\\\evil.cn', 'https:evil.cn', 'https://evil.cn/', 'https:/evil.cn/'],
  ...[
    'javascript:alert(1)',
    'data:text/html,x',
    'weixin://dl/business',
    '/%2f%2fevil.cn',
    '/%5cevil.cn',
    '／／evil.cn/',
  ],
  ...['/register/../business/', '/register/%2e%2e/business/', '/register//evil.cn/', '/register/./', '/register/a/b'],
  ...['@evil.cn/', '/register@evil.cn/', '.evil.cn/', ':80/register/', '/register/;/', '/register/?next=//evil.cn'],
  ...['/register/\n', ' /register/', '/register/\t', '/regi\u0000ster/', '/REGISTER/', 'register/', '/register', ''],
  ...['/api/', '/api/citizen/session', '/business/', '/system/', '/assets/', '/health/', '/metrics/'],
  ...[
    '/register/#//evil.cn',
    '/register/#javascript:alert(1)',
    '/register/#/a#/b',
    '/register/#/a?x=1',
    '/register/#/%2e',
  ],
  ...[`/register/#/${'a'.repeat(65)}`, `/${'a'.repeat(40)}/`, `/register/#${'/a'.repeat(9)}`],
];

describe('control 39: what is no page of the citizens', () => {
  it('is no path, however it is spelled', () => {
    expect(HOSTILE.length).toBeGreaterThan(20);
    expect(
      [...HOSTILE, null, undefined, 1, ['/register/'], { page: '/register/' }].filter((one) => readPath(one)),
    ).toEqual([]);
    const good = ['/register/', '/register/#/', '/register/#/forms/health/steps/2', '/new-module/'];
    expect(good.filter((one) => !readPath(one))).toEqual([]);
  });

  it('is opened by no link, no card and no module, and nobody is logged in for it', async () => {
    const site = makeSite();
    site.modules.items = [...MODULES, ...HOSTILE.map((path, at) => ({ ...MODULES[0], key: `m${at}`, path }))];
    const phone = await makePhone({ serve: site.serve });
    await phone.launch();
    expect(phone.top().data.cards.map(({ key }: { key: string }) => key)).toEqual(['register', 'health', 'booking']);
    const opened: unknown[] = [];
    // Of the site's own form, but on no module's list.
    for (const path of [...HOSTILE, '/elsewhere/', '/pass/']) {
      for (const again of ['', '&again=1']) {
        await phone.navigate('navigateTo', `/pages/web/web?path=${encodeURIComponent(path)}${again}`);
        const { route, data } = phone.top();
        if (route !== 'pages/web/web' || data.src || !data.trouble) opened.push([path, again, route, data.src]);
        await phone.back();
      }
    }
    expect(opened).toEqual([]);
    expect(phone.calls.filter((call) => call !== 'request GET /api/public/modules')).toEqual([]);
  });

  it('is not where the answer of a foreign server would lead', () => {
    const wrong = [
      null,
      '',
      'x',
      [],
      {},
      { items: [] },
      { build: 'r1' },
      { build: 'r1/../', items: [] },
      { build: 7, items: [] },
    ];
    expect(wrong.filter((one) => readSite(one, 'zh-CN'))).toEqual([]);
    const odd = {
      build: 'r1',
      items: [null, 1, { key: 'a' }, { key: 'a', title: 'x', path: '/register/' }],
      share: 1,
      privacy: [],
    };
    expect(readSite(odd, 'zh-CN')).toMatchObject({ modules: [], share: null, maintenance: null });
  });

  it('modules that are not open say so, and are not opened by a link either', async () => {
    const site = makeSite();
    const phone = await makePhone({ serve: site.serve });
    await phone.launch();
    await phone.top().run('open', { currentTarget: { dataset: { key: 'booking' } } });
    await phone.top().run('open', { currentTarget: { dataset: { key: 'nobody' } } });
    expect(phone.pages).toHaveLength(1);
    await phone.navigate('navigateTo', '/pages/web/web?path=%2Fbooking%2F');
    expect(phone.top().data).toMatchObject({ src: '', trouble: '12 月 1 日开放' });
    await phone.top().run('toHome');
    expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home']);
  });

  it('a module that is new to the shell needs no new shell', async () => {
    const site = makeSite();
    site.modules.items = [{ ...MODULES[0], key: 'museum', path: '/museum/', icon: 'newer-than-this-shell' }];
    const phone = await makePhone({ serve: site.serve });
    await phone.launch();
    expect(phone.top().data.cards[0].icon).toBe('icon-form');
    await phone.top().run('open', { currentTarget: { dataset: { key: 'museum' } } });
    await agree(phone);
    expect((await loadPage(phone, site)).path).toBe('/museum/');
  });
});

const NONCE = '0123456789abcdef0123456789abcdef';

async function openPage() {
  const site = makeSite();
  const phone = await makePhone({ serve: site.serve });
  await phone.launch();
  await phone.top().run('open', { currentTarget: { dataset: { key: 'register' } } });
  await agree(phone);
  return { site, phone, page: await loadPage(phone, site) };
}

const FOREIGN = [
  ...['https://evil.cn/register/', 'http://reg.example.cn/register/', 'https://reg.example.cn.evil.cn/register/'],
  ...[
    'https://reg.example.cn@evil.cn/register/',
    'https://evil.cn/?https://reg.example.cn/',
    'https://reg.example.cn:8443/',
  ],
];

describe('a page of another origin', () => {
  it('gets no result, and its messages are heard by nobody', () => {
    const share = [{ type: 'share', title: '健康申报', path: '/register/' }];
    const result = { kind: 'scan', nonce: NONCE, ok: true, data: 'x' } as const;
    const trusted = FOREIGN.filter((loaded) => {
      const page = { src: `${SITE}/register/`, loaded };
      return resultUrl(page, SITE, result) !== null || lastShare(page, SITE, share) !== null;
    });
    expect(trusted).toEqual([]);
    expect(lastShare({ src: `${SITE}/register/`, loaded: `${SITE}/register/?v=r2#/x` }, SITE, share)).not.toBeNull();
  });

  it('opens neither camera nor number', async () => {
    const { phone, page } = await openPage();
    await phone.top().run('loaded', { detail: { src: FOREIGN[0] } });
    await page.request(`/pages/scan/scan?n=${NONCE}`);
    await page.request(`/pages/phone/phone?n=${NONCE}`);
    expect(phone.top().route).toBe('pages/web/web');
    expect(phone.calls).not.toContain('scanCode');
  });
});

describe('unknown messages and requests', () => {
  it('are ignored; the newest good one makes the share card', async () => {
    const { phone } = await openPage();
    const web = phone.top();
    const ownCard = { title: '健康申报', path: '/pages/web/web?path=%2Fregister%2F' };
    expect(await web.run('onShareAppMessage')).toEqual(ownCard);
    const ignored = [
      ...[
        undefined,
        null,
        'share',
        {},
        [],
        [null],
        [{ type: 'pay', amount: 1 }],
        [{ type: 'share', title: '', path: '/register/' }],
      ],
      ...HOSTILE.map((path) => [{ type: 'share', title: '中奖了', path }]),
    ];
    for (const data of ignored) await web.run('heard', { detail: { data } });
    expect(await web.run('onShareAppMessage')).toEqual(ownCard);
    const data = [
      { type: 'share', title: '旧的', path: '/register/' },
      { type: 'share', title: '健康表', path: '/register/#/forms/health' },
      { type: 'pay' },
    ];
    await web.run('heard', { detail: { data } });
    const card = { title: '健康表', path: '/pages/web/web?path=%2Fregister%2F%23%2Fforms%2Fhealth' };
    expect(await web.run('onShareAppMessage')).toEqual(card);
  });

  it('a nonce that is none starts no camera, and a share card that names a page of the shell finds nobody to answer', async () => {
    const { phone, page } = await openPage();
    for (const query of ['', '?n=', '?n=1', `?n=${NONCE}0`, `?m=${NONCE}`]) {
      await page.request(`/pages/scan/scan${query}`);
      expect(phone.top().route).toBe('pages/web/web');
    }
    expect(phone.calls).not.toContain('scanCode');
    const cold = await makePhone({ serve: makeSite().serve });
    await cold.launch(`/pages/scan/scan?n=${NONCE}`);
    expect([cold.top().route, cold.calls.includes('scanCode')]).toEqual(['pages/home/home', false]);
  });
});
