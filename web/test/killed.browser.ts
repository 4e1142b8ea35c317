import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillPerson, fillRest, newDevice, next, startChromium } from './citizen.ts';
import { makeProfile } from './profile.ts';
import { startSiteWithWechat, type WechatSite } from './server.ts';
import { shellOptions, startShell, type Shell } from './shell.ts';

/** Phones kill the process of a WebView whenever they like. What was typed two seconds before must be there again. */
let site: WechatSite;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSiteWithWechat(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

interface Step {
  key: string;
  /** Shows the field. */
  first?: string;
  /** What is being typed when the phone kills the page. */
  field: string;
  typed: string;
  /** Ends the step. */
  rest?: (page: Page) => Promise<void>;
}
const STEPS: Step[] = [
  { key: 'person', field: '#f-name', typed: '李小', rest: (page) => fillPerson(page, '李小明') },
  {
    key: 'contact',
    first: '#f-contact',
    field: '#f-contactDetail',
    typed: '上周在火车站',
    rest: async (page) => {
      await page.check('#f-travelled-no');
      await page.check('#f-contact-no');
    },
  },
  {
    key: 'health',
    first: '#f-chronic',
    field: '#f-chronicDetail',
    typed: '高血',
    rest: (page) => page.check('#f-chronic-no'),
  },
  { key: 'vaccination', field: '#f-vaccineDoses', typed: '0' },
  { key: 'finish', field: '#f-emergencyName', typed: '李大' },
];

/** Through the form; at each step something is killed while the citizen types, and they come back. */
async function walk(
  phone: { shell: Shell },
  type: (page: Page, step: Step) => Promise<void>,
  kill: () => Promise<void>,
): Promise<void> {
  for (const step of STEPS) {
    const { key, first, field, typed, rest } = step;
    const place = `/forms/healthDeclaration/steps/${key}`;
    await phone.shell.open(place);
    await expect.poll(() => phone.shell.page.textContent('main').catch(() => ''), { message: key }).toContain('步');
    await phone.shell.page.waitForSelector(first ?? field);
    await type(phone.shell.page, step);
    await kill();
    await phone.shell.open(place);
    await expect.poll(() => phone.shell.page.inputValue(field).catch(() => ''), { message: key }).toBe(typed);
    if (!rest) continue;
    const { page } = phone.shell;
    await rest(page);
    await next(page);
    await expect.poll(() => page.url()).not.toMatch(new RegExp(`/${key}$`));
    await expect.poll(() => page.textContent('.saved').catch(() => '')).toMatch(/^已保存/);
  }
}

async function fill(page: Page, { first, field, typed }: Step): Promise<void> {
  if (first) await page.check(first);
  await page.fill(field, typed);
}

for (const network of ['online', 'offline'] as const) {
  it(`at every step of the form (${network})`, async () => {
    const device = await newDevice(chromium, site, undefined, shellOptions);
    const shell = await startShell(device.context, device.page, site, site.wechat, `openid-killed-${network}`);
    const type = async (page: Page, step: Step) => {
      await page.clock.install();
      if (network === 'offline') await shell.context.setOffline(true);
      await fill(page, step);
      await page.clock.runFor(2000);
    };
    await walk({ shell }, type, async () => {
      await shell.kill();
      await shell.context.setOffline(false);
    });
    await shell.context.close();
  });
}

/** What lies in the database of copies; no database is made by asking. */
const onDisk = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const there = await indexedDB.databases();
    if (!there.some(({ name }) => name === 'dengji')) return '';
    return new Promise<string>((done, failed) => {
      const asked = indexedDB.open('dengji');
      asked.onerror = failed;
      asked.onsuccess = () => {
        const all = asked.result.transaction('dengji').objectStore('dengji').getAll();
        all.onsuccess = () => {
          asked.result.close();
          done(all.result.join());
        };
      };
    });
  });

/** Whether an answer is in the body of a request or in a copy. */
const says = (text: string | null, { field, typed }: Step) =>
  new RegExp(`"${field.slice('#f-'.length)}":"?${typed}`).test(text ?? '');

/** Ends with the server's answer, or with the copy: the kill comes before the browser has written its other storage. */
const TYPING = {
  async online(page: Page, step: Step) {
    const arrived = page.waitForResponse((response) => says(response.request().postData(), step) && response.ok());
    await fill(page, step);
    await arrived;
  },
  async offline(page: Page, step: Step) {
    await page.context().setOffline(true);
    await fill(page, step);
    await expect.poll(async () => says(await onDisk(page), step)).toBe(true);
  },
};

async function wholePhone(openid: string) {
  const profile = makeProfile({ ...shellOptions, locale: 'zh-CN', baseURL: site.baseUrl });
  const start = async () => {
    const context = await profile.start();
    return startShell(context, await context.newPage(), site, site.wechat, openid);
  };
  const phone = {
    shell: await start(),
    async kill() {
      await profile.kill();
      phone.shell = await start();
    },
    remove: () => profile.remove(),
  };
  return phone;
}

for (const network of ['online', 'offline'] as const) {
  it(`at every step of the form (${network}), with the whole browser`, async () => {
    const phone = await wholePhone(`openid-killed-whole-${network}`);
    await walk(phone, TYPING[network], phone.kill);
    await phone.remove();
  });
}

it('what was sent is not offered again, when the whole browser is killed at the receipt', async () => {
  const phone = await wholePhone('openid-killed-sent');
  await phone.shell.open('/forms/healthDeclaration/steps/person');
  await phone.shell.page.waitForSelector('#f-name');
  await fillPerson(phone.shell.page);
  await next(phone.shell.page);
  await fillRest(phone.shell.page);
  await next(phone.shell.page);
  await phone.shell.page.waitForSelector('.big-number');
  await phone.kill();
  const { shell } = phone;
  await shell.open('/forms/healthDeclaration');
  await expect.poll(() => shell.page.textContent('main a.primary').catch(() => '')).toBe('开始填写');
  await shell.page.click('main a.primary');
  await shell.page.waitForSelector('#f-name');
  expect(await shell.page.inputValue('#f-name')).toBe('');
  await phone.remove();
});
