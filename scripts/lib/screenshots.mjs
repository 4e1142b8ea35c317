/** What the pictures of the READMEs show, page by page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The morning on which all pictures are taken. */
const MORNING = Date.parse('2026-11-20T02:00:00Z');
const HOUR = 3_600_000;
const MOMENT = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/g;

/** A page whose every moment keeps its distance, in whole hours, to the one morning. */
async function openPage(browser, site, width, height, scale) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    baseURL: site.url,
    reducedMotion: 'reduce',
    extraHTTPHeaders: { 'x-requested-with': 'dengji' },
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(MORNING);
  await page.route('**/api/**', async (route) => {
    // A stream has no end that could be waited for.
    if (route.request().url().endsWith('/events')) return route.continue();
    const response = await route.fetch();
    if (!/json/.test(response.headers()['content-type'] ?? '')) return route.fulfill({ response });
    const now = Date.now();
    const shifted = (text) => new Date(MORNING - Math.round((now - Date.parse(text)) / HOUR) * HOUR).toISOString();
    const body = (await response.text()).replace(MOMENT, (_, moment) => `"${shifted(moment)}"`);
    return route.fulfill({ response, body });
  });
  return page;
}

async function take(page, out, name) {
  await page.waitForFunction(() => document.fonts.status === 'loaded' && !document.querySelector('.skeleton'));
  await page.screenshot({ path: join(out, name), caret: 'hide', animations: 'disabled' });
}

/** A citizen in the middle of the first step, on a phone. */
export async function drawCitizen(browser, site, out) {
  const page = await openPage(browser, site, 375, 760, 2);
  await page.goto('/register/');
  await page.click('main a.primary');
  await page.fill('#login-phone', '13800138000');
  await page.click('main button.primary');
  await page.waitForSelector('#login-code');
  const [message] = readFileSync(site.outbox, 'utf8').trim().split('\n').slice(-1);
  await page.fill('#login-code', JSON.parse(message).params.code);
  await page.waitForSelector('#f-name');
  await page.fill('#f-name', '李小明');
  await page.fill('#f-document', '440305199003071236');
  await page.check('#f-gender');
  await page.fill('#f-birthDate', '1990');
  await page.fill('#f-birthDate-month', '3');
  await page.fill('#f-birthDate-day', '7');
  await page.fill('#f-phone', '13800138000');
  await page.getByText(/^已保存/).waitFor();
  await page.evaluate(() => {
    document.activeElement.blur();
    scrollTo(0, 0);
  });
  await take(page, out, 'register-375.png');
  await page.context().close();
}

/** The list of people, and an import that has ended: the demo's own records, exported, most of them deleted, and read again. */
export async function drawStaff(browser, site, out) {
  const page = await openPage(browser, site, 1280, 800, 1);
  await logIn(page, site);
  await page.goto('/business/people');
  await page.waitForSelector('tr[data-row]');
  await take(page, out, 'people-1280.png');

  const exported = await page.request.get(
    '/api/business/submissions/export?form=healthDeclaration&clear=true&reason=%E6%A0%B8%E5%AF%B9',
  );
  if (!exported.ok()) throw new Error(`the export answered ${exported.status()}`);
  const listed = await (await page.request.get('/api/business/submissions?form=healthDeclaration&limit=28')).json();
  for (const { id } of listed.items) {
    await page.request.delete(`/api/business/submissions/${id}`, { data: { reason: '重新导入' } });
  }
  await page.goto('/business/imports/new?form=healthDeclaration');
  await page.setInputFiles('input[type=file]', {
    name: '健康申报名单.xlsx',
    mimeType: exported.headers()['content-type'],
    buffer: await exported.body(),
  });
  await page.getByRole('button', { name: '上传，去对应栏目' }).click();
  await page.getByRole('button', { name: '检查全部行' }).click();
  await page.getByRole('button', { name: /^导入 \d+ 行$/ }).click();
  await page.getByRole('heading', { name: '导入完成' }).waitFor();
  await take(page, out, 'import-1280.png');
  await page.context().close();
}

/** The first administrator's first log-in, with the password that must be changed. */
async function logIn(page, { password }) {
  const next = `${password}-2`;
  const post = async (path, data) => {
    const response = await page.request.post(path, { data });
    if (!response.ok()) throw new Error(`${path} answered ${response.status()} ${await response.text()}`);
  };
  await post('/api/staff/session', { name: 'admin', password });
  await post('/api/staff/password', { current: password, next });
}
