import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormContent } from '../../shared/fields/index.ts';
import { PERMISSION_NAMES } from '../../shared/permissions.ts';
import { openWorkbook } from '../../src/infra/workbook/index.ts';
import type { Browser } from '../browser.ts';
import { makeWorld, must, newKey, SHENZHEN_NANSHAN, type World } from '../factories.ts';
import { addressOf, operationsOf, tableForm } from '../operations.ts';

const FORM = 'canary';
const label = (text: string) => ({ 'zh-CN': text });
/** A value in every field that means nothing else anywhere. */
const CANARIES = {
  name: '卡纳丽',
  phone: '13977112233',
  document: '440305199003075115',
  home: '金丝雀街八十八号',
  note: 'canarynoteone',
  secret: 'canarysecrettwo',
  score: 771_133,
  mood: 'canarymoodthree',
  day: '1987-06-05',
};
const CHANGED = { note: 'canarynotefour', score: 882_244 };
/** As they would be found, in any answer, file or line. Of the mood the code: its label is the form's, which is public. */
const SIGNS = [...Object.values(CANARIES), ...Object.values(CHANGED)].map(String);
const KEYS = Object.keys(CANARIES);

const content: FormContent = {
  title: label('金丝雀登记'),
  steps: [
    {
      key: 'all',
      title: label('全部'),
      fields: [
        { key: 'name', kind: 'text', label: label('姓名'), maps: 'person.name', required: true },
        { key: 'phone', kind: 'phone', label: label('手机'), maps: 'person.phone' },
        { key: 'document', kind: 'document', label: label('证件'), maps: 'person.document' },
        { key: 'home', kind: 'address', label: label('住址'), maps: 'person.address' },
        { key: 'note', kind: 'text', label: label('备注'), filterable: true },
        { key: 'secret', kind: 'text', label: label('密语'), sensitive: true, filterable: true },
        { key: 'score', kind: 'integer', label: label('分数'), filterable: true },
        {
          key: 'mood',
          kind: 'radio',
          label: label('心情'),
          options: [
            { code: CANARIES.mood, label: label('好') },
            { code: 'other', label: label('其他') },
          ],
          filterable: true,
        },
        { key: 'day', kind: 'date', label: label('日子') },
        { key: 'open', kind: 'text', label: label('公开'), filterable: true },
      ],
    },
  ],
};

const withCheck = (digits: string): string => {
  const sum = [...digits.slice(0, 17)].reduce((total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11), 0);
  return digits.slice(0, 17) + '10X98765432'[sum % 11];
};

describe('field rights: what a role may not see is in none of its answers (25)', () => {
  let world: World;
  let root: Browser;
  /** Sees nothing of the marked fields; has every permission all the same. */
  let blind: Browser;
  /** Sees them masked, and may reveal nothing. */
  let dim: Browser;
  const ids: Record<string, string> = {};
  const number = withCheck(CANARIES.document);
  const answers = {
    ...CANARIES,
    document: { type: 'residentId', number },
    home: { region: SHENZHEN_NANSHAN, detail: CANARIES.home },
    open: '看得见',
  };
  const rulesFor = (keys: readonly string[]) =>
    keys.flatMap((field) => [
      { role: 'ofblind0', field, see: 'hide', write: false },
      { role: 'ofdim0', field, see: 'mask', write: false },
    ]);
  const settle = async (subject: string, keys: readonly string[], sorts: string[] = []) =>
    must(
      await root.put(`/api/business/record-settings/${subject}`, {
        rules: rulesFor(keys),
        review: subject === FORM,
        editHours: 0,
        sorts,
        rev: 0,
      }),
      200,
    );

  /** What an answer says: its JSON, or the cells of its workbook. */
  async function textOf(body: unknown): Promise<string> {
    if (!Buffer.isBuffer(body)) return JSON.stringify(body);
    if (body.subarray(0, 2).toString() !== 'PK') return body.toString('utf8');
    const folder = await mkdtemp(join(tmpdir(), 'dengji-canary-'));
    try {
      const file = join(folder, 'file.xlsx');
      await writeFile(file, body);
      const reader = await openWorkbook(file);
      const cells: string[] = [];
      for (const [at] of reader.sheets.entries())
        for await (const rows of reader.rows(at))
          for (const row of rows) cells.push(...row.cells.map(({ text }) => text));
      await reader.close();
      return cells.join('\n');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const heldIn = (text: string) => [...SIGNS, number].filter((sign) => text.includes(sign));

  beforeAll(async () => {
    world = await makeWorld();
    root = await world.staff({ name: 'root' });
    await world.form({ key: FORM, content });
    const all = [...PERMISSION_NAMES];
    blind = await world.staff({ name: 'blind', can: all });
    dim = await world.staff({ name: 'dim', can: all.filter((name) => name !== 'personal.reveal') });

    // Before there are rules: what is kept from then is covered as well.
    const sent = must(await root.post('/api/business/submissions', { form: FORM, answers }), 201).body;
    ids['submission'] = sent.id;
    ids['person'] = sent.personId;
    const edited = must(
      await root.put(`/api/business/submissions/${sent.id}`, {
        answers: { ...answers, ...CHANGED },
        rev: sent.rev,
      }),
      200,
    ).body;
    await settle(FORM, KEYS, ['score']);
    await settle('_people', ['name', 'phone', 'document', 'address', 'birthDate', 'gender', 'region']);
    must(
      await root.put(`/api/business/submissions/${sent.id}`, {
        answers: { ...answers, note: 'canarynoteone' },
        rev: edited.rev,
      }),
      200,
    );
    const gone = must(
      await root.post('/api/business/submissions', {
        form: FORM,
        answers: { ...answers, document: { type: 'passport', number: 'E12345678' } },
      }),
      201,
    ).body;
    must(await root.delete(`/api/business/submissions/${gone.id}`, { reason: '试一试' }), 204);
    ids['deleted'] = gone.id;

    const csv = `姓名,手机,备注,密语,分数,心情,日子,公开,其他\n${CANARIES.name},${CANARIES.phone},${CANARIES.note},${CANARIES.secret},x${CANARIES.score},好,${CANARIES.day},看得见,${CANARIES.secret}\n`;
    const table = must(
      await root.post('/api/business/imports', tableForm(csv, { form: FORM }), { 'idempotency-key': newKey() }),
      202,
    ).body;
    ids['import'] = table.id;
    await world.app.features.imports.worker.drain();
  }, 120_000);
  afterAll(() => world.close());

  it('the walk is one: whoever has no rules finds them', async () => {
    const text = await textOf((await root.get(`/api/business/submissions/${ids['submission']}`)).body);
    expect(heldIn(text)).toContain(CANARIES.note);
    const errors = await textOf((await root.get(`/api/business/imports/${ids['import']}/errors`)).body);
    expect(heldIn(errors)).toContain(CANARIES.secret);
  });

  it('no operation that reads shows one, in JSON or in a workbook', async () => {
    const operations = operationsOf(world.app.openapi).filter(
      ({ method, audience }) => method === 'GET' && ['business', 'system', 'staff'].includes(audience),
    );
    const known: Record<string, string[]> = {
      people: [ids['person']!],
      submissions: [ids['submission']!, ids['deleted']!],
      imports: [ids['import']!],
      accounts: [],
    };
    const found: string[] = [];
    let reached = 0;
    for (const operation of operations) {
      if (operation.path.endsWith('/events')) continue;
      const kind = operation.path.split('/')[3] ?? '';
      const paths = operation.path.includes('{id}')
        ? (known[kind] ?? []).map((id) => ({ id }))
        : [{ formKey: FORM, subject: FORM, number: '1', list: 'submissions' }];
      const queries: Record<string, string>[] = [
        {},
        ...(operation.operationId === 'listSubmissions'
          ? [{ form: FORM }, { form: FORM, facet: 'open:看得见' }, { deleted: 'true' }, { queue: 'true' }]
          : []),
        ...(operation.operationId.startsWith('export') ? [{ clear: 'true', reason: '核对' }, { form: FORM }] : []),
        ...(operation.operationId === 'exportSubmissions' ? [{ form: FORM, clear: 'true', reason: '核对' }] : []),
      ];
      for (const path of paths)
        for (const query of queries)
          for (const [who, browser] of Object.entries({ blind, dim })) {
            const { status, body } = await browser.get(addressOf(operation, { path, query }));
            if (status !== 200) continue;
            reached += 1;
            const signs = heldIn(await textOf(body)).filter((sign) => !isAlwaysShown(operation.operationId, sign));
            if (signs.length)
              found.push(`${who} ${operation.operationId} ${JSON.stringify(query)}: ${signs.join(' ')}`);
          }
    }
    expect(found).toEqual([]);
    expect(reached).toBeGreaterThan(60);
  }, 120_000);

  it('nothing can be found, filtered, sorted or counted by it', async () => {
    const list = (query: string) => blind.get(`/api/business/submissions?${query}`);
    for (const query of [
      `form=${FORM}&q=${CANARIES.name}`,
      `form=${FORM}&phone=${CANARIES.phone}`,
      `form=${FORM}&document=${number}`,
      `form=${FORM}&facet=note:${CANARIES.note}`,
      `form=${FORM}&facet=secret:${CANARIES.secret}`,
      `form=${FORM}&facet=score:${CANARIES.score}`,
      `form=${FORM}&facet=mood:${CANARIES.mood}`,
    ]) {
      const { status, body } = await list(query);
      expect([query, status, body.issues?.[0]?.code]).toEqual([query, 422, 'field_right']);
    }
    // Without a form, the forms that it would tell of are left out.
    for (const query of [`q=${CANARIES.name}`, `phone=${CANARIES.phone}`, `document=${number}`]) {
      expect((await list(query)).body.items).toEqual([]);
      expect((await root.get(`/api/business/submissions?${query}`)).body.items.length).toBeGreaterThan(0);
    }
    for (const query of [`q=${CANARIES.name}`, `phone=${CANARIES.phone}`, `document=${number}`])
      expect((await blind.get(`/api/business/people?${query}`)).body.issues?.[0]?.code).toBe('field_right');
    expect((await list(`form=${FORM}&sort=answers.score`)).status).toBe(422);
    expect((await blind.get(`/api/business/submissions/statistics?form=${FORM}&by=mood`)).status).toBe(422);
    const { body } = must(await root.get(`/api/business/submissions/statistics?form=${FORM}&by=mood`), 200);
    // One record: too few to be said.
    expect(body.cells.find(({ value }: { value: string }) => value === CANARIES.mood).count).toBeNull();
  });

  it('is not revealed to who may not see it masked', async () => {
    const reveal = await blind.post(`/api/business/submissions/${ids['submission']}/reveal`, {
      fields: ['secret'],
      reason: '试一试',
    });
    expect(reveal.status).toBe(422);
    const person = await blind.post(`/api/business/people/${ids['person']}/reveal`, {
      fields: ['phone'],
      reason: '试一试',
    });
    expect(person.status).toBe(422);
  });

  it('an edit by who does not see it leaves it as it is, and one that sends it is no way to set it', async () => {
    const path = `/api/business/submissions/${ids['submission']}`;
    const seen = must(await blind.get(path), 200).body;
    expect(Object.keys(seen.answers)).toEqual(['open']);
    expect(seen.hidden.sort()).toEqual([...KEYS].sort());
    must(await blind.put(path, { answers: { open: '改过了', note: '硬写' }, rev: seen.rev }), 200);
    const whole = must(await root.get(path), 200).body;
    expect(whole.answers).toMatchObject({ open: '改过了', note: CANARIES.note, score: CANARIES.score });
    const revealed = must(await root.post(`${path}/reveal`, { fields: ['secret', 'phone'], reason: '核对' }), 200).body;
    expect(revealed.values).toEqual({ secret: CANARIES.secret, phone: CANARIES.phone });
    const masked = must(await dim.get(path), 200).body;
    const refused = await dim.put(path, { answers: { open: '再改', note: 'x' }, rev: masked.rev });
    must(refused, 200);
    expect(must(await root.get(path), 200).body.answers.note).toBe(CANARIES.note);
    const created = await dim.post('/api/business/submissions', { form: FORM, answers: { name: '某人', note: 'x' } });
    expect([created.status, created.body.issues?.[0]?.code]).toEqual([422, 'field_right']);
  });

  it('no log line and no message holds one', async () => {
    expect(heldIn(JSON.stringify(world.logged))).toEqual([]);
    expect(heldIn(JSON.stringify(await world.sentMessages()))).toEqual([]);
  });
});

/** A form's own text may hold a code of its options. */
const isAlwaysShown = (operation: string, sign: string): boolean =>
  sign === CANARIES.mood && /Form|Schema|Settings/.test(operation);
