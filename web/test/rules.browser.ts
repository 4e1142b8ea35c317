import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CASES_TODAY, SAMPLE_ORGANISATIONS, SAMPLE_REGIONS } from '../../server/shared/fields/cases/index.ts';
import {
  checkField,
  checkForm,
  fieldsOf,
  isAsked,
  KINDS,
  type Checked,
  type FormContent,
} from '../../server/shared/fields/index.ts';
import { spell } from '../../server/shared/messages/index.ts';
import type { Answer, Browser as Client } from '../../server/test/browser.ts';
import { cleanText, rawTable } from '../../server/test/demo-table.ts';
import { logInCitizen } from '../../server/test/logins.ts';
import { jpeg, pdf, png } from '../../server/test/pictures.ts';
import {
  answersOfRow,
  CITIZENS_KINDS,
  FORM_CONTEXT,
  randomForms,
  randomFormsWith,
  rulesSeed,
  type RandomForm,
} from '../../server/test/random-forms.ts';
import { newDevice, startChromium } from './citizen.ts';
import { drainImports, prepared, startSite, uploadTable, type Site } from './server.ts';

/**
 * Any form of any kinds and any answers: the same verdict from the built file that citizens' browsers run, from a request, from
 * the row of a workbook, and here. `RULES_SEED` makes other forms; a failure says its seed. What only a database
 * can tell of an answer (whether a file or an organisation is there) is not asked: `references.test.ts`, `files.test.ts`. Uploaded
 * files are in no workbook; `server/src/features/imports/rules.test.ts` judges rows cell by cell.
 */
let site: Site;
let chromium: Browser;
const seed = rulesSeed(11);
const again = `RULES_SEED=${seed} makes these forms again`;
const assets = fileURLToPath(new URL('../dist/assets/citizen', import.meta.url));
/** The built file that judges. */
const file = readdirSync(assets).find(
  (name) =>
    name.endsWith('.js') &&
    readFileSync(`${assets}/${name}`, 'utf8').includes('option_not_allowed') &&
    !/^fields\.(en|zh)/.test(name),
)!;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(`${CASES_TODAY}T02:00:00Z`), startChromium()]);
  const { ObjectId } = site.deps.mongo.base.Types;
  await site.deps.mongo.collection('organisations').insertMany(
    ORGANISATIONS.map((id) => ({
      _id: new ObjectId(id),
      name: SAMPLE_ORGANISATIONS.name(id)!,
      parent: null,
      region: null,
      scope: { regionPath: [], orgPath: [id], createdBy: 'test' },
      rev: 1,
    })),
  );
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

const ORGANISATIONS = ['65f000000000000000000001', '65f000000000000000000002'];
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What the file that browsers run says, with the same look-ups as here. */
async function verdictsOfBrowser(page: Page, asked: readonly Asked[]): Promise<Checked[]> {
  const probe: FormContent = {
    title: { 'zh-CN': '表' },
    steps: [
      {
        key: 'one',
        title: { 'zh-CN': '页' },
        fields: [{ key: 'a', kind: 'text', label: { 'zh-CN': '甲' }, required: true }],
      },
    ],
  };
  const names = {
    regions: Object.fromEntries(REGIONS.map((code) => [code, SAMPLE_REGIONS.name(code)])),
    organisations: Object.fromEntries(ORGANISATIONS.map((id) => [id, SAMPLE_ORGANISATIONS.name(id)])),
  };
  // As text: the test's own loader would rewrite the import.
  return (await page.evaluate(`import(${JSON.stringify(`/assets/citizen/${file}`)}).then((module) => {
    const names = ${JSON.stringify(names)};
    const lookUp = (all) => ({ name: (id) => (Object.hasOwn(all, id) ? all[id] : undefined), path: () => [], find: () => undefined });
    const ctx = { today: ${JSON.stringify(CASES_TODAY)}, regions: lookUp(names.regions), organisations: lookUp(names.organisations) };
    const judges = (each) => {
      try {
        const { answers, issues } = each(${JSON.stringify(probe)}, {}, ctx);
        return answers && issues.length === 1 && issues[0].code === 'required';
      } catch (fault) {
        return false;
      }
    };
    const checkForm = Object.values(module).find((each) => typeof each === 'function' && judges(each));
    return JSON.parse(${JSON.stringify(JSON.stringify(asked))}).map(({ content, raw }) => checkForm(content, raw, ctx));
  })`)) as Checked[];
}
/** Those that the cases name. */
const REGIONS = ['110000', '110100', '110105', '440000', '440300', '440305', '441900', '810000'];

interface Asked {
  content: FormContent;
  raw: Record<string, unknown>;
}
const askedOf = ({ content, rows, answers }: RandomForm): Asked[] =>
  [...rows.map((row) => answersOfRow(content, row)), ...answers].map((raw) => ({
    content,
    raw: plain(raw) as Asked['raw'],
  }));

it('the file that browsers run judges as the server does', async () => {
  const { context, page, faults } = await newDevice(chromium, site);
  await page.goto('/register/#/privacy');
  const asked = fc.sample(randomForms, { numRuns: 800, seed }).flatMap(askedOf);
  const verdicts = await verdictsOfBrowser(page, asked);
  expect(faults).toEqual([]);
  const differing = asked.flatMap(({ content, raw }, at) => {
    const [there, here] = [verdicts[at], plain(checkForm(content, raw, FORM_CONTEXT))];
    return JSON.stringify(there) === JSON.stringify(here) ? [] : [{ content, raw, there, here }];
  });
  expect(differing.slice(0, 1), again).toEqual([]);
  // The sample says something only if it has both.
  expect(verdicts.some(({ issues }) => issues.length === 0)).toBe(true);
  for (const code of ['required', 'option_not_allowed', 'check_failed', 'wrong_type', 'unknown_field'])
    expect(
      verdicts.some(({ issues }) => issues.some((issue) => issue.code === code)),
      code,
    ).toBe(true);
  await context.close();
});

/** One form of each kind at least, with others beside it. */
const forms = CITIZENS_KINDS.map((kind, at) => ({
  key: `random${at}`,
  ...fc.sample(randomFormsWith(kind), { numRuns: 1, seed: seed + at })[0]!,
}));
const faultsOf = (issues: readonly { path: string; code: string; params?: unknown }[]): string[] =>
  issues.map(({ path, code, params }) => `${path} ${code} ${JSON.stringify(params ?? {})}`).sort();
const spelt = (issues: Checked['issues']) =>
  faultsOf(issues.map((issue) => ({ ...issue, params: spell('zh-CN', issue.params ?? {}) })));

it('a request is judged in the same way', { timeout: 300_000 }, async () => {
  const citizen = await logInCitizen(site.app, site.sentCodes, '13800138123');
  const wrong: unknown[] = [];
  const verdicts = new Set<number>();
  for (const { key, ...form } of forms) {
    await site.publishForm(key, form.content);
    for (const { content, raw: given } of askedOf(form)) {
      const raw = await withFiles(citizen, key, content, given);
      const { answers, issues } = checkForm(content, raw, FORM_CONTEXT);
      const once = { 'idempotency-key': crypto.randomUUID() };
      const sent = await patiently(() =>
        citizen.post(`/api/citizen/forms/${key}/submissions`, { version: 1, answers: raw }, once),
      );
      const body = sent.body as { id?: string; issues?: { path: string; code: string; params?: unknown }[] };
      const stored = body.id
        ? ((await patiently(() => citizen.get(`/api/citizen/submissions/${body.id}`))).body as { answers: unknown })
        : null;
      const [told, expected] = [faultsOf(body.issues ?? []), spelt(issues)];
      const same = issues.length
        ? sent.status === 422 && told.join('\n') === expected.join('\n')
        : sent.status === 201 && isDeepStrictEqual(stored?.answers, plain(answers));
      verdicts.add(sent.status);
      if (!same)
        wrong.push({ status: sent.status, answer: sent.body, expected, stored: stored?.answers, key, raw, content });
    }
  }
  expect(wrong[0] && JSON.stringify(wrong[0]), again).toBeUndefined();
  expect([...verdicts].sort()).toEqual([201, 422]);
});

/**
 * As the pages do: what got no verdict (503 of a host that is starved for a second, 409 while it is still at the first try) is asked
 * again after a while, a write under the same key.
 */
async function patiently(ask: () => Promise<Answer>, tries = 6): Promise<Answer> {
  const answer = await ask();
  if (![503, 409].includes(answer.status) || tries === 1) return answer;
  await sleep(4_000 / tries);
  return patiently(ask, tries - 1);
}

/** The answers with files that were uploaded, in place of those that only look right. */
async function withFiles(
  citizen: Client,
  form: string,
  content: FormContent,
  raw: Asked['raw'],
): Promise<Asked['raw']> {
  const answers = { ...raw };
  for (const field of fieldsOf(content)) {
    const given = answers[field.key];
    if (!KINDS[field.kind].attached || !Array.isArray(given) || checkField(field, given, FORM_CONTEXT)) continue;
    const uploaded = new Map<string, unknown>();
    for (const { id, name, type } of given as { id: string; name: string; type: string }[]) {
      if (uploaded.has(id)) continue;
      const body = new FormData();
      const bytes =
        type === 'application/pdf' ? pdf() : type === 'image/jpeg' ? jpeg({ data: 600 + uploaded.size }) : png();
      body.append('file', new File([new Uint8Array(bytes)], name));
      uploaded.set(
        id,
        prepared(await patiently(() => citizen.post(`/api/citizen/files?form=${form}&field=${field.key}`, body))).body,
      );
    }
    answers[field.key] = (given as { id: string }[]).map(({ id }) => uploaded.get(id));
  }
  return answers;
}

it('the row of a workbook is judged in the same way', { timeout: 300_000 }, async () => {
  const wrong: unknown[] = [];
  const verdicts = new Set<boolean>();
  for (const [place, { content, rows }] of forms.entries()) {
    const columns = fieldsOf(content).filter(isAsked);
    // A workbook holds no control characters; a row of blanks is none.
    const cells = rows
      .map((row) => columns.map((field) => cleanText(row[field.key]!)))
      .filter((row) => row.some((text) => text.trim() !== ''));
    if (columns.length === 0 || cells.length === 0) continue;
    const key = `rows${place}`;
    await site.publishForm(key, content);
    const table = await rawTable([columns.map((field) => field.key), ...cells]);
    const id = await uploadTable(site, 'rows.xlsx', table, { form: key, review: 'true' });
    await drainImports(site);
    const { body } = prepared(await site.chief.get(`/api/business/imports/${id}/preview`));
    const seen = (body as { rows: { answers: object; issues: { field: string; code: string }[] }[] }).rows;
    for (const [at, row] of cells.entries()) {
      const raw = answersOfRow(content, Object.fromEntries(columns.map((field, column) => [field.key, row[column]!])));
      const { answers, issues } = checkForm(content, raw, FORM_CONTEXT);
      const told = seen[at]?.issues.map((issue) => `${issue.field} ${issue.code}`).sort();
      const expected = issues.map(({ path, code }) => `${path.split('.')[1]} ${code}`).sort();
      const same =
        isDeepStrictEqual(told, expected) &&
        isDeepStrictEqual(Object.keys(seen[at]!.answers).sort(), Object.keys(answers).sort());
      verdicts.add(issues.length === 0);
      if (!same) wrong.push({ content, row, told, expected, answers, seen: seen[at] });
    }
  }
  expect(wrong.slice(0, 1), again).toEqual([]);
  expect(verdicts.size).toBe(2);
});
