import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawTable, tableFile, tableRow } from '../../server/test/demo-table.ts';
import { axe, fillPerson, newDevice, next, startChromium } from './citizen.ts';
import { recordReleases } from './releases.ts';
import { DEMO_DAY, drainImports, prepared, startSite, uploadTable, type Site } from './server.ts';
import { newDesk } from './staff.ts';

let site: Site;
let chromium: Browser;
/** Identifiers of what the pages show. */
const made = {
  person: '',
  submission: '',
  run: '',
  mapping: '',
  checked: '',
  running: '',
  account: '',
  audit: '',
  release: '',
};
const LANGUAGES = ['zh-CN', 'en'] as const;
type Language = (typeof LANGUAGES)[number];
/** The steps of the wizard, with what is there once they are. */
const WIZARD = { mapping: '[data-column]', checked: '.verdict', running: '.progress' } as const;
/** The rules that depend on the colours; the others say the same in the dark. */
const OF_COLOUR: string[] = ['color-contrast', 'link-in-text-block'];

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(DEMO_DAY), startChromium()]);
  const { chief } = site;
  await site.publishForm('healthDeclaration');
  const person = {
    name: '林晓雯',
    gender: 'female',
    region: '440305',
    phone: '13800000101',
    document: { type: 'passport', number: 'E10000001' },
  };
  made.person = (await chief.post('/api/business/people', person)).body.id;
  await chief.post('/api/system/roles', {
    key: 'clerk',
    label: { 'zh-CN': '登记员', en: 'Clerk' },
    permissions: ['person.read'],
  });
  const parent = (
    await chief.post('/api/system/organisations', { name: '深圳市疾控中心', parent: null, region: '440300' })
  ).body.id;
  await chief.post('/api/system/organisations', { name: '南山分中心', parent, region: null });
  const grants = [{ role: 'clerk', region: '440000', organisation: parent, own: false }];
  made.account = (
    await chief.post('/api/system/accounts', { name: 'li.na', displayName: '李娜', grants })
  ).body.account.id;
  await uploadTable(site, 'first.xlsx', await tableFile([tableRow(1)]));
  await drainImports(site);
  const rows = [tableRow(1, { 手机号: '13900139000' }), tableRow(2, { 手机号: '123' })];
  made.run = await uploadTable(site, 'list.xlsx', await tableFile(rows), { duplicates: 'review' });
  const own = await rawTable([
    ['登记对象', '性别', '联系电话', '备注'],
    ...['先生', '女士'].map((one) => ['某某', one, '123', '']),
  ]);
  made.mapping = await uploadTable(site, 'own.xlsx', own, { review: 'true' });
  for (const what of ['checked', 'running'] as const)
    made[what] = await uploadTable(site, `${what}.xlsx`, await tableFile(rows), { review: 'true' });
  await drainImports(site);
  prepared(await chief.post(`/api/business/imports/${made.checked}/check`));
  await drainImports(site);
  prepared(await chief.post(`/api/business/imports/${made.running}/start`));
  made.submission = (await chief.get('/api/business/submissions')).body.items[0].id;
  made.release = (await recordReleases(site)).waiting;
  made.audit = (await chief.get('/api/system/audit?limit=1')).body.items[0].id;
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** Looks at the page in light and in dark; gathers what axe finds. */
function inspector(page: Page) {
  const found: string[] = [];
  return {
    found,
    async look(what: string, ready: string): Promise<void> {
      await page.waitForSelector(ready);
      await page.waitForFunction(() => !document.querySelector('.skeleton, .el-loading-mask'));
      for (const [colorScheme, rules] of [
        ['dark', OF_COLOUR],
        ['light', undefined],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await axe(page, rules)).map((one) => `${what}, ${colorScheme}: ${one}`));
      }
    },
  };
}

async function staffPage(language: Language, name: string | undefined = 'chief', width = 1280) {
  const locale = language === 'en' ? 'en-US' : 'zh-CN';
  const desk = await newDesk(chromium, site, name, {
    locale,
    reducedMotion: 'reduce',
    viewport: { width, height: 900 },
  });
  return { ...desk, ...inspector(desk.page) };
}

describe.each(LANGUAGES)('%s', { timeout: 300_000 }, (language) => {
  it('finds nothing on the pages before a log-in', async () => {
    const { page, context, look, found } = await staffPage(language, '');
    await page.goto('/business/');
    await look('login', 'form input[autocomplete=username]');
    await page.click('button[type=submit]');
    await look('login with errors', 'form .error');
    expect(found).toEqual([]);
    await context.close();
  });

  it('finds nothing on the pages of the business backend', async () => {
    const { page, context, look, found } = await staffPage(language);
    const at = async (what: string, path: string, ready: string) => {
      await page.goto(`/business${path}`);
      await look(what, ready);
    };
    const closeDialog = async () => {
      await page.keyboard.press('Escape');
      await page.locator('.app-dialog').waitFor({ state: 'hidden' });
    };
    await at('overview', '/', 'main h1');
    await page.click('.who');
    await look('account menu', '.drop .action');
    await at('people', '/people', 'tr[data-row]');
    await page.click('.page-header .el-button:not(.el-button--primary)');
    await look('export', '.app-dialog .el-checkbox');
    await closeDialog();
    await page.click('.bar > .el-button');
    await look('region filter', '.app-dialog .el-select');
    await closeDialog();
    await at('person', `/people/${made.person}`, '.side-panel .masked button');
    await page.click('.side-panel .masked button');
    await look('reveal', '.app-dialog .notice');
    await closeDialog();
    await page.click('.side-panel .el-button--danger');
    await look('delete', '.app-dialog textarea');
    await at('person form', '/people/new', '[data-field=name] input');
    await page.click('button[type=submit]');
    await look('person form with errors', '.summary a');
    await page.click('[data-field=region] .el-select__wrapper');
    await look('open select', '[data-field=region] [role=option]');
    await at('person edit', `/people/${made.person}/edit`, '[data-field=name] input');
    await at('submissions', '/submissions?form=healthDeclaration', 'tr[data-row]');
    await at('submission', `/submissions/${made.submission}`, '.side-panel .masked');
    await at('submission form', '/submissions/new?form=healthDeclaration', '[data-field=name] input');
    await at('submission edit', `/submissions/${made.submission}/edit`, '[data-field=name] input');
    await at('imports', '/imports', 'tr[data-row]');
    await at('import start', '/imports/new', 'input[type=file]');
    await at('import', `/imports/${made.run}`, '.counts');
    for (const what of ['mapping', 'checked', 'running'] as const)
      await at(what, `/imports/${made[what]}`, WIZARD[what]);
    await at('review', `/imports/${made.run}/review`, '[data-decision]');
    await page.click('.tasks button');
    await look('task centre', '.task');
    await at('forms', '/forms', 'tr[data-row]');
    await page.click('.page-header .el-button--primary');
    await look('new form', '.app-dialog input');
    await at('form editor', '/forms/healthDeclaration', '#form-json');
    await page.fill(
      '#form-json',
      '{"title":{"zh-CN":"x"},"steps":[{"key":"a","title":{"zh-CN":"a"},"fields":[{"key":"1"}]}]}',
    );
    await look('form editor with errors', '.bad li');
    await page.click('a[href$="/versions"]');
    await look('unsaved changes', '.app-dialog .el-button');
    await at('form preview', '/forms/healthDeclaration/preview', '[data-field]');
    await at('form versions', '/forms/healthDeclaration/versions', 'main li .el-button');
    await page.click('main li .el-button');
    await look('form version', '.app-dialog li');
    await at('not found', '/nowhere', 'h1');
    await at('password', '/password', 'input[autocomplete=new-password]');
    expect(found).toEqual([]);
    await context.close();
  });

  it('finds nothing on the pages of the system backend', async () => {
    const { page, context, look, found } = await staffPage(language);
    const at = async (what: string, path: string, ready: string) => {
      await page.goto(`/system${path}`);
      await look(what, ready);
    };
    await at('accounts', '/accounts', 'tr[data-row]');
    await at('account', `/accounts/${made.account}`, '.side-panel .el-button--danger');
    await page.click('.side-panel .el-button--danger');
    await look('disable', '.app-dialog input');
    await at('account form', '/accounts/new', 'form input');
    await page.click('form .stack > div > .el-button');
    await look('account form with a role', '.grant .el-select');
    await at('account edit', `/accounts/${made.account}/edit`, '.grant .regions');
    await at('roles', '/roles', 'tbody tr');
    await page.click('.page-header .el-button--primary');
    await look('new role', '.app-dialog .el-checkbox');
    await at('organisations', '/organisations', 'main li');
    await page.click('.page-header .el-button--primary');
    await look('new organisation', '.app-dialog input');
    await at('audit', '/audit', 'tr[data-row]');
    await at('releases', '/releases', 'tr[data-row]');
    await at('release', `/releases/${made.release}`, '.side-panel .stage');
    await page.click('.side-panel .el-button--primary');
    await look('approve', '.app-dialog .el-button--primary');
    await at('audit record', `/audit/${made.audit}`, '.side-panel pre, .side-panel dl');
    expect(found).toEqual([]);
    await context.close();
  });

  it('finds nothing on a phone in the backends', async () => {
    const { page, context, look, found } = await staffPage(language, 'chief', 375);
    const at = async (what: string, path: string, ready: string) => {
      await page.goto(path);
      await look(`phone ${what}`, ready);
    };
    await at('overview', '/business/', 'main h1');
    await page.click('.bottom button');
    await look('phone more', '.more-drawer .action');
    await at('people', '/business/people', '.cards .title');
    await page.click('.bar > .el-button');
    await look('phone filters', '.app-dialog select');
    await at('person', `/business/people/${made.person}`, '.side-panel .masked');
    await at('person form', '/business/people/new', '[data-field=name] input');
    await at('import start', '/business/imports/new', 'input[type=file]');
    await at('import', `/business/imports/${made.run}`, '.counts');
    await at('mapping', `/business/imports/${made.mapping}`, WIZARD.mapping);
    await at('review', `/business/imports/${made.run}/review`, '[data-decision]');
    await at('tasks', '/business/tasks', '.task');
    await at('account form', `/system/accounts/${made.account}/edit`, '.grant select');
    await at('roles', '/system/roles', '.cards li');
    await at('audit', '/system/audit', '.cards');
    await at('releases', '/system/releases', '.cards .title');
    await at('release', `/system/releases/${made.release}`, '.side-panel .stage');
    expect(found).toEqual([]);
    await context.close();
  });

  it.each(['plain', 'elder'])('finds nothing on the pages of a citizen (%s)', async (dress) => {
    const phone = `13600000${language === 'en' ? 1 : 2}${dress === 'elder' ? 1 : 2}0`;
    const { page, context, faults } = await newDevice(chromium, site, undefined, { reducedMotion: 'reduce' });
    await context.addInitScript(
      ([locale, elder]) => {
        localStorage.setItem('dengji.locale', JSON.stringify(locale));
        localStorage.setItem('dengji.elder', JSON.stringify(elder));
      },
      [language, dress === 'elder'] as const,
    );
    const { look, found } = inspector(page);
    const step = async (what: string, ready: string) => {
      await next(page);
      await look(what, ready);
    };
    await page.goto('/register/');
    await look('home', 'main a.primary');
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.className])).toEqual([
      language,
      dress === 'elder' ? 'elder' : '',
    ]);
    await page.click('main a.primary');
    await look('login', '#login-phone');
    await step('login with an error', '.summary');
    site.clock.advance(61_000);
    await page.fill('#login-phone', phone);
    await step('code', '#login-code');
    await page.fill('#login-code', (await site.sentCodes(phone)).slice(-1)[0]!);
    await step('first step', '#f-name');
    await step('first step with errors', '.summary li');
    await fillPerson(page);
    await step('travel', '#f-travelled');
    await page.check('#f-travelled');
    await look('travel with more', 'main input:not([type=radio])');
    await step('travel with errors', '.summary li');
    await page.check('#f-travelled-no');
    await page.check('#f-contact-no');
    await step('health', '#f-chronic-no');
    await page.check('#f-chronic-no');
    await step('vaccines', '#f-vaccineDoses');
    await page.fill('#f-vaccineDoses', '0');
    await step('emergency', '#f-emergencyName');
    await page.fill('#f-emergencyName', '李大明');
    await page.fill('#f-emergencyPhone', '13900139000');
    await page.check('#f-truthful');
    await step('review', 'dl.answers');
    await step('receipt', '.big-number');
    await page.click('main button.primary');
    await look('receipt as a picture', '.picture img');
    await page.click('header a[href="#/submissions"]');
    await look('mine', '.card');
    await page.click('.card');
    await look('detail', 'dl.answers');
    await page.click('.link.bad');
    await look('withdraw', 'button.danger');
    await page.click('button.danger');
    await look('withdrawn', 'main .card, main .note, main p');
    await page.goto('/register/#/privacy');
    await look('privacy', 'h1');
    await page.goto('/register/#/nowhere');
    await look('not found', 'main a');
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
});
