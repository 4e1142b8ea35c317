import { describe, expect, it } from 'vitest';
import { agree, fragmentOf, loadPage, makeSite } from './fake-site.ts';
import { makePhone, settle, type PhoneOptions } from './fake-wx.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const OTHER = 'f'.repeat(32);
const REGISTER = { currentTarget: { dataset: { key: 'register' } } };

async function start(options: Partial<PhoneOptions> = {}) {
  const site = makeSite();
  const phone = await makePhone({ serve: site.serve, ...options });
  await phone.launch();
  const open = () => phone.top().run('open', REGISTER);
  return { site, phone, open };
}

async function startOnPage() {
  const all = await start();
  await all.open();
  await agree(all.phone);
  return { ...all, page: await loadPage(all.phone, all.site) };
}

const resultOf = (src: unknown) => Object.fromEntries(fragmentOf(String(src)));

describe('scan', () => {
  it('hands the code to the page that asked, by the fragment alone', async () => {
    const { phone, page } = await startOnPage();
    // The page loaded itself anew meanwhile: what counts is what is on the screen.
    await phone.top().run('loaded', { detail: { src: 'https://reg.example.cn/register/?v=r2#/forms/health' } });
    phone.state.scan = 'https://x.cn/?a=1&b=登记#c';
    await page.request(`/pages/scan/scan?n=${NONCE}`);
    expect(phone.top().route).toBe('pages/web/web');
    const { src } = phone.top().data;
    expect(src.split('#')[0]).toBe('https://reg.example.cn/register/?v=r2');
    expect(resultOf(src)).toEqual({ r: 'scan', n: NONCE, ok: '1', d: phone.state.scan });
    // Coming back from another app hands nothing over a second time.
    await phone.top().run('onShow');
    expect(phone.top().data.src).toBe(src);
  });

  it('a result whose page has gone reaches no other', async () => {
    const { phone, page } = await startOnPage();
    await page.request(`/pages/phone/phone?n=${NONCE}`);
    // Both are closed at once, as a tap on the title bar's house does it.
    await phone.navigate('reLaunch', '/pages/home/home');
    await phone.top().run('open', REGISTER);
    const { src } = phone.top().data;
    await phone.top().run('onShow');
    expect(phone.top().data.src).toBe(src);
    expect(src).toContain('#t=');
  });

  it('left, refused and failed are results too', async () => {
    const { phone, page } = await startOnPage();
    for (const [errMsg, e] of [
      ['scanCode:fail cancel', 'cancel'],
      ['scanCode:fail auth deny', 'denied'],
      ['scanCode:fail privacy permission is not authorized', 'denied'],
      ['scanCode:fail', 'failed'],
    ]) {
      phone.state.scan = { errMsg: errMsg! };
      await page.request(`/pages/scan/scan?n=${OTHER}`);
      expect(resultOf(phone.top().data.src)).toEqual({ r: 'scan', n: OTHER, ok: '0', e });
    }
    phone.state.scan = 'x'.repeat(5_000);
    await page.request(`/pages/scan/scan?n=${NONCE}`);
    expect(resultOf(phone.top().data.src)).toEqual({ r: 'scan', n: NONCE, ok: '0', e: 'failed' });
  });
});

describe('phone number', () => {
  it('its code goes to the page; leaving and refusing do too', async () => {
    const { phone, page } = await startOnPage();
    const ask = async (then: () => Promise<unknown>) => {
      await page.request(`/pages/phone/phone?n=${NONCE}`);
      expect(phone.top().route).toBe('pages/phone/phone');
      await then();
      await settle();
      expect(phone.top().route).toBe('pages/web/web');
      return resultOf(phone.top().data.src);
    };
    const take = (detail: object) => () => phone.top().run('take', { detail });
    expect(await ask(take({ code: 'a-b_c', errMsg: 'getPhoneNumber:ok' }))).toMatchObject({
      r: 'phone',
      ok: '1',
      d: 'a-b_c',
    });
    expect(await ask(take({ errMsg: 'getPhoneNumber:fail user deny' }))).toMatchObject({
      r: 'phone',
      ok: '0',
      e: 'denied',
    });
    expect(await ask(take({ errMsg: 'getPhoneNumber:fail no permission' }))).toMatchObject({ ok: '0', e: 'failed' });
    expect(await ask(() => phone.top().run('instead'))).toMatchObject({ ok: '0', e: 'cancel' });
    expect(await ask(() => phone.back())).toMatchObject({ ok: '0', e: 'cancel' });
  });
});

describe('consent', () => {
  it('refused: the home page stays, nobody is logged in, and the next tap asks again', async () => {
    const { phone, open } = await start();
    await open();
    expect(phone.top().route).toBe('pages/privacy/privacy');
    await phone.top().run('refuse');
    expect(phone.top().route).toBe('pages/home/home');
    expect(new Set(phone.calls)).toEqual(new Set(['request GET /api/public/modules']));
    await open();
    expect(phone.top().route).toBe('pages/privacy/privacy');
    await phone.back();
    expect(phone.calls).not.toContain('login');
  });

  it('a new version of the notice asks again, the same does not; WeChat may ask by itself', async () => {
    const { site, phone, open } = await start();
    await open();
    await agree(phone);
    await phone.back();
    await open();
    expect(phone.top().route).toBe('pages/web/web');
    const next = await start({ storage: phone.storage, serve: site.serve });
    next.phone.state.needConsent = false;
    site.modules.privacy.version = '4';
    await next.phone.top().run('retry');
    await next.open();
    expect(next.phone.top().route).toBe('pages/privacy/privacy');
    await agree(next.phone);
    expect(next.phone.top().route).toBe('pages/web/web');
    // Something new was declared to WeChat.
    await next.phone.back();
    next.phone.state.needConsent = true;
    await next.open();
    expect(next.phone.top().route).toBe('pages/privacy/privacy');
  });

  it('goes by a button of WeChat where WeChat asks, else by one of ours', async () => {
    const { phone, open } = await start();
    await open();
    expect(phone.top().data.wechatAsks).toBe(true);
    await phone.back();
    // Nothing was declared to WeChat, as under a test AppID: its button would answer nobody. Our question stays.
    phone.state.needConsent = false;
    await open();
    expect(phone.top()).toMatchObject({ route: 'pages/privacy/privacy', data: { wechatAsks: false } });
    await Promise.all([phone.top().run('agree'), phone.top().run('agree')]);
    expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home', 'pages/web/web']);
  });

  it("WeChat's own question ends on the same page, and gets every answer", async () => {
    const { phone } = await startOnPage();
    const first = phone.wechatAsksConsent();
    const second = phone.wechatAsksConsent();
    await settle();
    expect(phone.pages.map(({ route }) => route).slice(-2)).toEqual(['pages/web/web', 'pages/privacy/privacy']);
    await agree(phone);
    expect(await Promise.all([first, second])).toEqual(['agree by agree', 'agree by agree']);
    expect(phone.top().route).toBe('pages/web/web');
    const third = phone.wechatAsksConsent();
    await settle();
    await phone.back();
    expect(await third).toBe('disagree');
  });

  it('the notice can be read before, without a log-in', async () => {
    const { phone, open } = await start();
    await open();
    await phone.top().run('notice');
    expect(fragmentOf(String(phone.top().data.src)).get('to')).toBe('/privacy');
    expect(phone.top().data.src).not.toContain('t=');
    expect(phone.calls).not.toContain('login');
    await phone.back();
    expect(phone.top().route).toBe('pages/privacy/privacy');
  });
});

describe('no network', () => {
  it('the home page shows what it showed last time, and says so; on a first start it offers to try again', async () => {
    const { phone } = await start();
    const later = await makePhone({ serve: makeSite().serve, storage: phone.storage });
    later.state.online = false;
    await later.launch();
    expect(later.top().data).toMatchObject({ state: 'ready', stale: true });
    expect(later.top().data.cards).toHaveLength(3);
    const first = await makePhone({ serve: makeSite().serve });
    first.state.online = false;
    await first.launch();
    expect(first.top().data.state).toBe('fault');
    first.state.online = true;
    await first.top().run('retry');
    expect(first.top().data).toMatchObject({ state: 'ready', stale: false });
  });

  it('the home page is drawn from the phone before the server answers', async () => {
    const { phone } = await start();
    const later = await makePhone({ serve: makeSite().serve, storage: phone.storage });
    const opened = later.launch();
    expect(later.top().data).toMatchObject({ state: 'ready', stale: false });
    await opened;
  });

  it('opening a page ends on the offline page, which goes on by itself when the network is back', async () => {
    const { site, phone, open } = await start();
    phone.state.online = false;
    await phone.network(false);
    phone.storage.set('privacy', 'v3');
    phone.state.needConsent = false;
    await open();
    expect(phone.top()).toMatchObject({ route: 'pages/offline/offline', data: { title: '没有连上网络' } });
    await phone.top().run('retry');
    expect(phone.top().route).toBe('pages/offline/offline');
    await phone.network(true);
    expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home', 'pages/web/web']);
    expect((await loadPage(phone, site)).loggedIn).toBe(true);
    // The page itself could not be fetched.
    await phone.top().run('failed');
    expect(phone.top()).toMatchObject({
      route: 'pages/offline/offline',
      data: { title: '', text: phone.shell.texts.busyText },
    });
    await phone.top().run('toHome');
    expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home']);
    // Whoever left it is not thrown back.
    await phone.network(true);
    expect(phone.top().route).toBe('pages/home/home');
  });

  it('a server that asks for patience is told apart from a lost network', async () => {
    const site = makeSite();
    let down = true;
    const serve: PhoneOptions['serve'] = (request) => (down ? { statusCode: 503, data: '' } : site.serve(request));
    const phone = await makePhone({ serve });
    await phone.launch('/pages/web/web?path=%2Fregister%2F');
    expect(phone.top()).toMatchObject({
      route: 'pages/offline/offline',
      data: { title: '', text: phone.shell.texts.busyText },
    });
    down = false;
    await phone.top().run('retry');
    expect(phone.top().route).toBe('pages/privacy/privacy');
  });
});

const WORKS = { title: { 'zh-CN': '升级' }, text: { 'zh-CN': '正在升级' }, until: '2026-11-22T06:05:00.000Z' };

describe('maintenance and old shells', () => {
  it('maintenance is announced at home, keeps pages closed, and ends', async () => {
    const { site, phone, open } = await start();
    site.modules.maintenance = WORKS;
    await phone.top().run('onPullDownRefresh');
    expect(phone.top().data.maintenance).toEqual({ title: '升级', text: '正在升级', until: '11-22 14:05' });
    await open();
    expect(phone.top()).toMatchObject({
      route: 'pages/maintenance/maintenance',
      data: { title: '升级', until: '11-22 14:05' },
    });
    await phone.top().run('retry');
    expect(phone.top().route).toBe('pages/maintenance/maintenance');
    expect(phone.calls).not.toContain('login');
    site.modules.maintenance = null;
    await phone.top().run('retry');
    expect(phone.top().route).toBe('pages/privacy/privacy');
  });

  it('maintenance that began a moment ago is told by the log-in', async () => {
    const { site, phone, open } = await start();
    phone.storage.set('privacy', 'v3');
    phone.state.needConsent = false;
    site.modules.maintenance = WORKS;
    site.loginAnswer = { statusCode: 200, data: { ticket: 'a'.repeat(40), expiresAt: 'x', maintenance: WORKS } };
    await open();
    expect(phone.top()).toMatchObject({ route: 'pages/maintenance/maintenance', data: { title: '升级' } });
  });

  it('a shell that is no longer served asks for its update', async () => {
    const { site, phone, open } = await start();
    for (const [minShell, served] of [
      ['1.0.0', true],
      ['0.9.9', true],
      ['1.0.1', false],
      ['10.0.0', false],
    ]) {
      site.modules.minShell = minShell;
      await phone.top().run('onPullDownRefresh');
      await open();
      expect([minShell, phone.top().route]).toEqual([
        minShell,
        `pages/${served ? 'privacy/privacy' : 'maintenance/maintenance'}`,
      ]);
      if (!served) expect(phone.top().data.outdated).toBe(true);
      if (minShell !== '10.0.0') await phone.back();
    }
    await phone.top().run('update');
    expect([phone.updates.applied, phone.top().route]).toEqual([0, 'pages/maintenance/maintenance']);
    phone.updates.ready();
    await phone.top().run('update');
    expect(phone.updates.applied).toBe(1);
  });

  it('the API may say so too', async () => {
    const { site, phone, open } = await start();
    phone.storage.set('privacy', 'v3');
    phone.state.needConsent = false;
    site.loginAnswer = { statusCode: 409, data: { code: 'client_outdated', params: { action: 'reload' } } };
    await open();
    expect(phone.top().route).toBe('pages/maintenance/maintenance');
  });
});

describe('update', () => {
  it('is offered at home at once, once', async () => {
    const { phone } = await start();
    phone.state.confirm = false;
    phone.updates.ready();
    await settle();
    expect([phone.modals, phone.updates.applied]).toEqual([
      [{ title: '新版本已准备好', content: phone.shell.texts.updateText }],
      0,
    ]);
    await phone.top().run('onShow');
    expect(phone.modals).toHaveLength(1);
  });

  it('never disturbs somebody in a page: it waits for the home page', async () => {
    const { phone } = await startOnPage();
    phone.updates.ready();
    await settle();
    expect(phone.modals).toEqual([]);
    await phone.back();
    expect([phone.modals.length, phone.updates.applied]).toEqual([1, 1]);
  });

  it('that failed says what to do', async () => {
    const { phone } = await start();
    phone.updates.failed();
    await settle();
    expect(phone.modals).toEqual([{ title: '需要更新小程序', content: phone.shell.texts.updateFailed }]);
    expect(phone.updates.applied).toBe(0);
  });
});

it('the home page is never over another page, and ten pages are no dead end', async () => {
  const { phone, page } = await startOnPage();
  await page.request('/pages/home/home', 'redirectTo');
  expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home']);
  for (let count = 0; count < 9; count += 1) await phone.navigate('navigateTo', '/pages/web/web?path=%2Fregister%2F');
  expect(phone.pages).toHaveLength(10);
  await phone.shell.go('/pages/scan/scan');
  expect(phone.pages.length).toBeLessThanOrEqual(10);
});

it('full storage stops nothing, and what WeChat fails at ends in a sentence with a button', async () => {
  const site = makeSite();
  const phone = await makePhone({ serve: site.serve });
  phone.state.broken = true;
  await phone.launch();
  expect(phone.top().data).toMatchObject({ state: 'ready', stale: false });
  await phone.top().run('open', REGISTER);
  await agree(phone);
  expect(phone.top()).toMatchObject({ route: 'pages/web/web', data: { src: '', trouble: phone.shell.texts.busyText } });
  phone.state.broken = false;
  await phone.top().run('retry');
  expect((await loadPage(phone, site)).loggedIn).toBe(true);
});
