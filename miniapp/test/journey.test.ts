import { describe, expect, it } from 'vitest';
import { agree, loadPage, makeSite } from './fake-site.ts';
import { makePhone, SITE } from './fake-wx.ts';

const tap = (key: string) => ({ currentTarget: { dataset: { key } } });

async function start(storage?: Map<string, unknown>) {
  const site = makeSite();
  const phone = await makePhone({ serve: site.serve, ...(storage ? { storage } : {}) });
  await phone.launch();
  return { site, phone };
}

describe('home → module → log-in → page → back', () => {
  it('twice, and again when the session has expired', async () => {
    const { site, phone } = await start();
    expect(phone.top().data).toMatchObject({ state: 'ready', stale: false });
    expect(
      phone.top().data.cards.map((card: { title: string; notOpen: string }) => [card.title, card.notOpen]),
    ).toEqual([
      ...[
        ['健康申报', ''],
        ['健康表', ''],
      ],
      ['预约', '12 月 1 日开放'],
    ]);

    await phone.top().run('open', tap('register'));
    expect(phone.top().route).toBe('pages/privacy/privacy');
    await agree(phone);

    for (const round of [1, 2]) {
      if (round === 2) await phone.top().run('open', tap('register'));
      const page = await loadPage(phone, site);
      expect([page.path, page.search, page.loggedIn]).toEqual(['/register/', '?v=r1', true]);
      expect(page.fragment.get('s')).toBe('2');
      // The same ticket again, as a reload without our fragment rules would send it.
      expect(site.exchange(page.fragment.get('t')!, page.fragment.get('n')!, '/register/')).toBe(false);
      await phone.back();
      expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home']);
    }

    // The session expired while the page was open: the page asks, and the back button still leads home.
    await phone.top().run('open', tap('health'));
    const before = await loadPage(phone, site);
    expect(before.fragment.get('to')).toBe('/forms/health');
    await before.askLogin();
    const after = await loadPage(phone, site);
    expect(after.loggedIn).toBe(true);
    expect(after.fragment.get('t')).not.toBe(before.fragment.get('t'));
    expect(after.fragment.get('n')).not.toBe(before.fragment.get('n'));
    expect(phone.pages).toHaveLength(2);
    await phone.back();
    expect(phone.top().route).toBe('pages/home/home');
  });

  it('the ticket is bound to the path and to the nonce', async () => {
    const { site, phone } = await start();
    await phone.top().run('open', tap('register'));
    await agree(phone);
    const src = new URL(String(phone.top().data.src));
    const values = new URLSearchParams(src.hash.slice(1));
    expect(site.exchange(values.get('t')!, values.get('n')!, '/booking/')).toBe(false);
    await phone.top().run('retry');
    const again = new URLSearchParams(new URL(String(phone.top().data.src)).hash.slice(1));
    expect(site.exchange(again.get('t')!, values.get('n')!, '/register/')).toBe(false);
  });

  it('nothing secret is stored on the phone or stands outside the fragment', async () => {
    const { site, phone } = await start();
    await phone.top().run('open', tap('register'));
    await agree(phone);
    const page = await loadPage(phone, site);
    const stored = JSON.stringify([...phone.storage]);
    expect(stored).not.toContain(page.fragment.get('t'));
    expect(stored).not.toContain(page.fragment.get('n'));
    expect(String(phone.top().data.src).split('#')[0]).toBe(`${SITE}/register/?v=r1`);
    expect(site.requests.map(({ url }) => url).filter((url) => url.includes(page.fragment.get('n')!))).toEqual([]);
  });

  it('a page that asks for ever is answered three times a minute', async () => {
    let now = 1_000_000;
    const site = makeSite();
    const phone = await makePhone({ serve: site.serve, clock: () => now });
    await phone.launch();
    await phone.top().run('open', tap('register'));
    await agree(phone);
    for (let round = 0; round < 3; round += 1) await (await loadPage(phone, site)).askLogin();
    await (await loadPage(phone, site)).askLogin();
    expect(phone.top().data).toMatchObject({ src: '', trouble: expect.stringContaining('稍等一分钟') });
    expect(phone.calls.filter((call) => call === 'login')).toHaveLength(4);
    now += 61_000;
    await phone.navigate('redirectTo', '/pages/web/web?path=%2Fregister%2F&again=1');
    expect((await loadPage(phone, site)).loggedIn).toBe(true);
  });

  it('WeChat that cannot log in is no closed door: the page opens without a ticket', async () => {
    const { site, phone } = await start();
    phone.state.loginFails = true;
    await phone.top().run('open', tap('register'));
    await agree(phone);
    const page = await loadPage(phone, site);
    expect([page.path, page.fragment.has('t'), page.loggedIn]).toEqual(['/register/', false, false]);
    phone.state.loginFails = false;
    site.loginAnswer = { statusCode: 401, data: { code: 'wechat_code' } };
    await phone.top().run('retry');
    expect((await loadPage(phone, site)).fragment.has('t')).toBe(false);
    // A refused code is made anew once, not for ever.
    expect(phone.calls.filter((call) => call.includes('wechat/login'))).toHaveLength(2);
  });

  it('two quick taps open one page', async () => {
    const { phone } = await start();
    await Promise.all([phone.top().run('open', tap('register')), phone.top().run('open', tap('register'))]);
    expect(phone.pages).toHaveLength(2);
    await phone.back();
    await phone.top().run('open', tap('register'));
    expect(phone.pages).toHaveLength(2);
  });

  it('text size, elder mode and language are passed on', async () => {
    const { site, phone } = await start();
    phone.state.fontScale = 1.3;
    await phone.top().run('elder');
    expect(phone.top().data).toMatchObject({ elder: true, rootFont: '29px' });
    await phone.top().run('open', tap('register'));
    await agree(phone);
    const { fragment } = await loadPage(phone, site);
    expect([fragment.get('fs'), fragment.get('elder')]).toEqual(['1.3', '1']);
    expect(site.requests.every(({ header }) => header['Accept-Language'] === 'zh-CN')).toBe(true);
    // The choice is kept; an older WeChat says pixels.
    const next = await makePhone({ serve: site.serve, storage: phone.storage });
    next.state.fontScale = undefined;
    expect(next.shell.display.read()).toMatchObject({ elder: true, fontScale: 1.29 });
  });
});

it('an app opened by a share card goes the same way, and asks for consent first', async () => {
  const site = makeSite();
  const phone = await makePhone({ serve: site.serve });
  await phone.launch('/pages/web/web?path=%2Fregister%2F%23%2Fforms%2Fhealth');
  expect(phone.pages.map(({ route }) => route)).toEqual(['pages/privacy/privacy']);
  expect(phone.calls).toEqual(['request GET /api/public/modules']);
  await agree(phone);
  const page = await loadPage(phone, site);
  expect([page.loggedIn, page.fragment.get('to')]).toEqual([true, '/forms/health']);
});

it('phones in English get English, or Chinese where nothing else is said', async () => {
  const site = makeSite();
  const phone = await makePhone({ serve: site.serve, language: 'en' });
  await phone.launch();
  expect(phone.top().data.t.retry).toBe('Try again');
  expect(phone.top().data.cards.map((card: { title: string }) => card.title)).toEqual(['Health', '健康表', '预约']);
  expect(site.requests.map(({ header }) => header['Accept-Language'])).toEqual(['en']);
});
