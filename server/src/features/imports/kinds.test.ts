import { createWriteStream } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CASES,
  CASES_TODAY,
  SAMPLE_ORGANISATIONS,
  SAMPLE_PEOPLE,
  SAMPLE_REGIONS,
} from '../../../shared/fields/cases/index.ts';
import {
  formatValue,
  isAsked,
  isSensitive,
  type Answers,
  type Field,
  type FormContent,
} from '../../../shared/fields/index.ts';
import { columnOf, maskValue } from '../../../shared/fields/projections.ts';
import { makeWorld, must } from '../../../test/factories.ts';
import { Scratch } from '../../../test/xlsx.ts';
import { createWorkbookWriter, openTable } from '../../infra/workbook/index.ts';
import { createJudge } from './judge.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

const look = { regions: SAMPLE_REGIONS, organisations: SAMPLE_ORGANISATIONS, people: SAMPLE_PEOPLE };
const ctx = { today: CASES_TODAY, ...look };

/** The good cases of every kind that somebody fills in, each as a field of its own. */
const good = Object.values(CASES)
  .flatMap((cases) => cases.good)
  .filter(({ field }) => isAsked(field))
  .map((each, at) => ({ ...each, field: { ...each.field, key: `f${at}` } as Field }));
const fields = good.map(({ field }) => field);
const contentOf = (some: Field[]): FormContent => ({
  title: { 'zh-CN': '样样都有' },
  steps: [{ key: 'all', title: { 'zh-CN': '全部' }, fields: some }],
});
const expected: Answers = Object.fromEntries(good.map(({ field, value }) => [field.key, value])) as Answers;
const texts = (locale: 'zh-CN' | 'en') => good.map(({ field, value }) => formatValue(field, value, locale, look));

/** What the rows of a file come to, without its header. */
async function judged(path: string): Promise<ReturnType<ReturnType<typeof createJudge>>[]> {
  const table = await openTable(path);
  const judge = createJudge({ row: 1, fields }, contentOf(fields), ctx);
  const found: ReturnType<typeof judge>[] = [];
  try {
    for await (const rows of table.rows(0)) for (const row of rows) if (row.number > 1) found.push(judge(row));
  } finally {
    await table.close();
  }
  return found;
}

describe('a value of any kind comes back', () => {
  it('from a workbook, written in either language', async () => {
    const path = await scratch.path();
    const writer = createWorkbookWriter(createWriteStream(path));
    const sheet = writer.sheet('表', { columns: fields.map(({ key }) => ({ header: key })) });
    for (const locale of ['zh-CN', 'en'] as const)
      await sheet.row(texts(locale).map((text, at) => (columnOf(fields[at]!).number ? Number(text) : text)));
    await writer.close();
    const rows = await judged(path);
    expect(rows).toHaveLength(2);
    for (const { answers, issues } of rows) {
      expect(issues).toEqual([]);
      expect(answers).toEqual(expected);
    }
  });

  it('from a CSV file', async () => {
    const line = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
    const file = [line(fields.map(({ key }) => key)), line(texts('zh-CN')), line(texts('en'))].join('\r\n');
    const rows = await judged(await scratch.file(`\ufeff${file}`, 'file.csv'));
    expect(rows).toHaveLength(2);
    for (const { answers, issues } of rows) {
      expect(issues).toEqual([]);
      expect(answers).toEqual(expected);
    }
  });

  it('from a request, shown or masked by its kind', async () => {
    // What is named by an id has to be there: `references.test.ts`.
    const own = good.filter(({ field }) => field.kind !== 'organisation' && field.kind !== 'person');
    const world = await makeWorld({ now: `${CASES_TODAY}T02:00:00Z` });
    try {
      await world.form({ key: 'everything', content: contentOf(own.map(({ field }) => field)) });
      const staff = await world.staff();
      const answers = Object.fromEntries(own.map(({ field, raw }) => [field.key, raw]));
      const sent = must(await staff.post('/api/business/submissions', { form: 'everything', answers }), 201).body;
      const regions = world.app.features.regions.lookup;
      const wrong = own.filter(({ field, value }) => {
        const seen = isSensitive(field) ? maskValue(field, value, 'zh-CN', { regions }) : value;
        return JSON.stringify(sent.answers[field.key]) !== JSON.stringify(seen);
      });
      expect(wrong.map(({ field, value }) => [field.kind, value, sent.answers[field.key]])).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
