import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormContent, Text } from '../../server/shared/fields/types.ts';
import { rawTable } from '../../server/test/demo-table.ts';
import { newDevice, next, startChromium } from './citizen.ts';
import { payloads } from './payloads.ts';
import { drainImports, prepared, startSite, uploadTable, type Site } from './server.ts';
import { newDesk } from './staff.ts';
import { signs, trap, watch } from './traps.ts';

let site: Site;
let chromium: Browser;
const CITIZEN = '13500000001';
const made: Record<'people' | 'accounts' | 'imports' | 'audit', string[]> = {
  people: [],
  accounts: [],
  imports: [],
  audit: [],
};

/** An import at its mapping. */
let waiting = '';

const text = (words: string): Text => ({ 'zh-CN': words });
const both = (words: string): Text => ({ 'zh-CN': words, en: words });

const options = payloads.map((payload, at) => ({ code: `c${at}`, label: both(payload) }));
/** Labels of a multiple choice hold no semicolon: it separates them in a table. */
const choices = options.filter(({ label }) => !label.en!.includes(';'));

/** Every payload in every text that a designer can write. */
const content: FormContent = {
  title: both(payloads[6]!),
  intro: both(payloads.join('\n').slice(0, 1000)),
  steps: [
    {
      key: 'who',
      title: both(payloads[0]!),
      help: both(payloads[12]!),
      fields: [
        { key: 'name', kind: 'text', label: text('姓名'), required: true, maps: 'person.name' },
        {
          key: 'document',
          kind: 'document',
          label: text('证件'),
          documentTypes: ['passport'],
          required: true,
          maps: 'person.document',
        },
        ...payloads.map((payload, at) => ({ key: `static${at}`, kind: 'static' as const, label: both(payload) })),
        { key: 'many', kind: 'checkbox', label: both(payloads[1]!), options: choices },
        { key: 'one', kind: 'select', label: both(payloads[2]!), options },
        { key: 'pick', kind: 'radio', label: both(payloads[4]!), options },
        { key: 'agree', kind: 'consent', label: both(payloads[7]!) },
        ...payloads.map((payload, at) => ({
          key: `text${at}`,
          kind: 'text' as const,
          label: both(payload),
          hint: both(payload),
          filterable: at < 5,
        })),
        { key: 'long', kind: 'textarea', label: both(payloads[3]!) },
      ],
    },
  ],
};
const answers = (index: number) => ({
  name: payloads[index]!,
  document: { type: 'passport', number: `X${10_000 + index}` },
  many: choices.map(({ code }) => code),
  one: `c${index}`,
  agree: true,
  ...Object.fromEntries(payloads.map((payload, at) => [`text${at}`, payload])),
  long: payloads.join('\n').slice(0, 900),
});

/** Puts the payloads into every place that keeps a text, through the API. */
beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  const { chief } = site;
  await site.publishForm('hostile', content);
  const labels = ['姓名', '证件', payloads[1]!];
  const table = await rawTable([
    [...labels, ...payloads],
    ...payloads.map((payload, at) => [payload, `护照 Y${10_000 + at}`, payload, ...payloads]),
  ]);
  for (const [at, payload] of payloads.entries()) {
    const facts = { name: payload, address: { region: '440305', detail: payload } };
    const person = prepared(await chief.post('/api/business/people', facts)).body.id as string;
    made.people.push(person);
    prepared(await chief.post(`/api/business/people/${person}/reveal`, { fields: ['address'], reason: payload }));
    const account = prepared(
      await chief.post('/api/system/accounts', { name: `a${at}`, displayName: payload, grants: [] }),
    );
    made.accounts.push(account.body.account.id as string);
    prepared(await chief.post('/api/system/organisations', { name: payload, parent: null, region: null }));
    prepared(await chief.post('/api/system/roles', { key: `r${at}`, label: both(payload), permissions: [] }));
    const file = at === 0 ? table : await rawTable([labels, [payload, payload, payload]]);
    made.imports.push(await uploadTable(site, `${payload}.xlsx`, file, { form: 'hostile' }));
    if (at % 8 === 0) {
      const submission = { form: 'hostile', version: 1, answers: answers(at) };
      prepared(await chief.post('/api/business/submissions', submission));
    }
  }
  // Headers, cells and texts that are no option, as the wizard shows them.
  const odd = payloads.map((payload) => [payload, payload, `${payload} ?`, ...payloads]);
  waiting = await uploadTable(site, '名单.xlsx', await rawTable([[...labels, ...payloads], ...odd]), {
    form: 'hostile',
    review: 'true',
  });
  await drainImports(site);
  made.audit = (await chief.get('/api/system/audit?limit=200')).body.items.map((one: { id: string }) => one.id);
}, 240_000);
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

it('would notice', async () => {
  const { page, context } = await newDesk(chromium, site, '', { bypassCSP: true });
  await page.addInitScript(trap);
  const harmful: string[] = [];
  await page.goto('/register/#/privacy');
  await page.waitForSelector('h1');
  for (const payload of payloads) {
    await page.evaluate((markup) => {
      delete (window as { __xss?: number }).__xss;
      document.body.innerHTML = markup;
    }, payload);
    if (/^<img src=\w onerror=_\(\)>$/i.test(payload)) await page.waitForFunction(() => '__xss' in window);
    if ((await page.evaluate(signs)).length) harmful.push(payload);
  }
  expect(harmful.length).toBeGreaterThan(25);
  await context.close();
});

for (const bypassCSP of [true, false]) {
  const how = bypassCSP ? 'without the help of the CSP' : 'and nothing has to be stopped by the CSP';

  it(`shows hostile texts as texts in the backends, ${how}`, async () => {
    const { page, context, faults } = await newDesk(chromium, site, 'chief', { bypassCSP, reducedMotion: 'reduce' });
    const { see, list, found } = await watch(page);
    const at = async (path: string, ready: string, least = 0) => {
      await page.goto(path);
      await see(path, ready, least);
    };
    await at('/business/', 'main h1');
    await list('/business/people', 40);
    for (const index of [1, 7, 13, 28]) {
      await at(`/business/people/${made.people[index]}`, '.side-panel .masked', 1);
      await page.click('.side-panel .masked button');
      await page.fill('.app-dialog input', payloads[6]!);
      await page.click('.app-dialog .el-button--primary');
      await see('revealed person', '.side-panel .revealed', 1);
    }
    await at(`/business/people/${made.people[9]}/edit`, '[data-field=name] input', 1);
    await list('/business/submissions?form=hostile', 40);
    await page.click('tr[data-row] button.link');
    await see('submission', '.side-panel .el-timeline, .side-panel ol, .side-panel ul', 40);
    await page.click('.side-panel .el-button--primary');
    await see('submission edit', '[data-field=text0] input', 40);
    await list('/business/forms', 1);
    await at('/business/forms/hostile', '[data-field-row]', 40);
    await at('/business/forms/hostile/translations', '[data-text]', 40);
    await at('/business/forms/hostile/preview', 'iframe.phone');
    await page.frameLocator('iframe.phone').getByRole('button').first().click();
    await page.frameLocator('iframe.phone').locator('#f-text39').waitFor();
    const phone = await (await page.$('iframe.phone'))!.contentFrame();
    found.push(...(await phone!.evaluate(signs)).map((one) => `preview: ${one}`));
    await page.getByText('工作人员填写').click();
    await see('staff preview', '[data-field=text0]', 40);
    await page.click('[data-field=one] .el-select__wrapper');
    await see('options', '[data-field=one] [role=option]', 40);
    await at('/business/forms/hostile/versions', 'main li .el-button');
    await page.click('main li .el-button');
    await see('version', '.app-dialog li', 40);
    // A file name keeps what stands behind its last slash.
    await list('/business/imports', 12);
    await at(`/business/imports/${made.imports[0]}`, '.counts');
    await at(`/business/imports/${made.imports[6]}`, '.counts', 1);
    await at(`/business/imports/${waiting}`, 'td .issue', 40);
    await at('/business/tasks', '.task', 1);
    await at('/business/imports/new?form=hostile', 'input[type=file]', 1);
    await list('/system/accounts', 40);
    await at(`/system/accounts/${made.accounts[6]}`, '.side-panel dl', 1);
    await at(`/system/accounts/${made.accounts[6]}/edit`, 'form input', 1);
    await page.click('form .stack > div > .el-button');
    await page.click('.grant .el-select__wrapper');
    await see('roles to choose', '.grant [role=option]', 40);
    await at('/system/roles', 'tbody tr', 40);
    await at('/system/organisations', 'main li', 40);
    await at('/system/audit', 'tr[data-row]');
    for (const id of made.audit.slice(0, 6)) await at(`/system/audit/${id}`, '.side-panel dl');
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });

  it(`shows hostile texts as texts to a citizen, ${how}`, async () => {
    const phone = bypassCSP ? CITIZEN : '13500000002';
    const { page, context, faults } = await newDevice(chromium, site, phone, { bypassCSP, reducedMotion: 'reduce' });
    const { see, found } = await watch(page);
    await page.goto('/register/');
    await see('home', 'main a.primary', 30);
    await page.goto('/register/#/forms/hostile/steps/who');
    await see('step', '#f-name', 40);
    await next(page);
    await see('errors', '.summary li', 40);
    await page.fill('#f-name', payloads[7]!);
    await page.fill('#f-document', `Z${phone.slice(-7)}`);
    await page.check('#f-agree');
    for (const [at, payload] of payloads.entries()) await page.fill(`#f-text${at}`, payload);
    await page.click('#f-one');
    await see('sheet', '.sheet-list button', 40);
    await page.click('.sheet-list button');
    await next(page);
    await see('review', 'dl.answers', 40);
    await next(page);
    await see('receipt', '.big-number');
    await page.click('main button.primary');
    await see('picture', '.picture img');
    await page.click('header a[href="#/submissions"]');
    await see('mine', '.card', 1);
    await page.click('.card');
    await see('detail', 'dl.answers', 40);
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
}
