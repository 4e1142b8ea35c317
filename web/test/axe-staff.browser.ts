import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawTable, tableFile, tableRow } from '../../server/test/demo-table.ts';
import { startChromium } from './citizen.ts';
import { inspector, LANGUAGES, type Language } from './inspector.ts';
import { KINDS_FORM } from './kinds-form.ts';
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
/** The steps of the wizard, with what is there once they are. */
const WIZARD = { mapping: '[data-column]', checked: '.verdict', running: '.progress' } as const;

const REVIEWED = { rules: [], review: true, editHours: 24, sorts: [], rev: 0 };
/** The next version of a form, with less in it. */
const FEWER = { ...KINDS_FORM, steps: KINDS_FORM.steps.slice(0, 1) };

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
  const twin = { ...person, document: { type: 'passport', number: 'E10000002' } };
  prepared(await chief.post('/api/business/people', twin));
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
  prepared(await chief.put('/api/business/record-settings/healthDeclaration', REVIEWED));
  // A form whose next version waits for another person, and whose records were counted.
  await site.publishForm('visit', KINDS_FORM);
  await site.republishForm('visit', { ...KINDS_FORM, intro: { 'zh-CN': '请提前一天填写', en: 'One day before' } });
  const visit = '/api/business/forms/visit';
  prepared(await chief.post(`${visit}/migrations`, { target: 'current', dropLost: false }));
  await site.app.features.formMigrations.worker.drain();
  prepared(await chief.put(`${visit}/review-rule`, { reviewed: true }));
  const { rev } = prepared(await chief.get(visit)).body.workingVersion;
  prepared(await chief.put(`${visit}/working-version`, { content: FEWER, rev }));
  prepared(await chief.post(`${visit}/proposals`, { rev: rev + 1, graceHours: 24, note: '不再问意见' }));
  made.release = (await recordReleases(site)).waiting;
  made.audit = (await chief.get('/api/system/audit?limit=1')).body.items[0].id;
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

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
    await at('queue', '/submissions?view=queue', 'tr[data-row]');
    await page.locator('tr[data-row] input[type=checkbox]').first().check();
    await look('queue with a choice', '.bulk .el-button');
    await page.locator('.bulk .el-button').nth(1).click();
    await look('return', '.app-dialog textarea');
    await closeDialog();
    await at('print', `/submissions/${made.submission}/print`, '.paper footer');
    await at('record settings', '/record-settings/healthDeclaration', 'main form h2');
    await at('settings of people', '/record-settings/_people', 'main form h2');
    await at('merge', `/people/${made.person}/merge`, 'main li .el-button');
    await page.click('main li .el-button');
    await look('merge compared', 'main table');
    await page.click('main .actions .el-button--primary');
    await look('merge asked', '.app-dialog textarea');
    await closeDialog();
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
    await at('form editor', '/forms/healthDeclaration', '[data-field-row]');
    await page.click('[data-place="steps.0.fields.1"] .pick');
    await page.fill('[data-panel] [data-property=key] input', '1');
    await page.keyboard.press('Tab');
    await look('form editor with errors', '.lint.bad li');
    await page.click('a[href$="/versions"]');
    await look('unsaved changes', '.app-dialog .el-button');
    await at('form translations', '/forms/healthDeclaration/translations', '[data-text]');
    await at('form preview', '/forms/healthDeclaration/preview', 'iframe.phone');
    await at('form versions', '/forms/healthDeclaration/versions', 'main li .el-button');
    await page.click('main li .el-button');
    await look('form version', '.app-dialog li');
    await at('version that waits', '/forms/visit/versions', '.proposal .el-button');
    await look('migrations', 'main ol .grow');
    await page.click('.proposal .el-button');
    await look('changes', '.app-dialog [data-class]');
    await closeDialog();
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
    await at('modules', '/modules', 'main ol li');
    await page.click('section .el-checkbox');
    await look('maintenance notice', 'input[type=datetime-local]');
    await page.click('main ol li .el-button:last-child');
    await look('module', '.app-dialog input');
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
    await at('queue', '/business/submissions?view=queue', '.cards .title');
    await at('submission', `/business/submissions/${made.submission}`, '.side-panel .masked');
    await at('print', `/business/submissions/${made.submission}/print`, '.paper footer');
    await at('record settings', '/business/record-settings/healthDeclaration', 'main form h2');
    await at('merge', `/business/people/${made.person}/merge`, 'main li .el-button');
    await page.click('main li .el-button');
    await look('phone merge compared', 'main table');
    await at('form editor', '/business/forms/healthDeclaration', '[data-field-row]');
    await at('form translations', '/business/forms/healthDeclaration/translations', '[data-text]');
    await at('form preview', '/business/forms/healthDeclaration/preview', 'iframe.phone');
    await at('versions', '/business/forms/visit/versions', '.proposal .el-button');
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
    await at('modules', '/system/modules', 'main ol li');
    await page.click('main ol li .el-button:last-child');
    await look('phone module', '.app-dialog input');
    expect(found).toEqual([]);
    await context.close();
  });
});
