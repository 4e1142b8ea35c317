import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormContent } from '../../../shared/fields/index.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, must, newKey, type World } from '../../../test/factories.ts';

const label = (text: string) => ({ 'zh-CN': text });
const content: FormContent = {
  title: label('来访登记'),
  steps: [
    {
      key: 'visit',
      title: label('来访'),
      fields: [
        { key: 'visitor', kind: 'text', label: label('姓名'), required: true, maps: 'person.name' },
        { key: 'school', kind: 'organisation', label: label('到访机构'), required: true },
        { key: 'host', kind: 'person', label: label('被访人'), required: true },
        {
          key: 'company',
          kind: 'group',
          label: label('同行'),
          fields: [{ key: 'from', kind: 'organisation', label: label('来自') }],
        },
        { key: 'gate', kind: 'hidden', label: label('入口') },
        {
          key: 'met',
          kind: 'computed',
          label: label('已见面'),
          compute: { if: { field: 'host', op: 'filled' }, then: { value: '是' }, else: { value: '否' } },
        },
      ],
    },
  ],
};
const NOBODY = '65f0c0ffee0ddba11ca7b0a7';

describe('answers that name organisations and people', () => {
  let world: World;
  let citizen: Browser;
  let staff: Browser;
  let school: string;
  let person: string;

  beforeAll(async () => {
    world = await makeWorld();
    await world.form({ key: 'visit', content });
    school = await world.organisation('南山区第一小学');
    citizen = await world.citizen();
    staff = await world.staff();
    person = must(await world.person(staff), 201).body.id;
  });
  afterAll(() => world.close());

  const send = (answers: Record<string, unknown>) =>
    citizen.post('/api/citizen/forms/visit/submissions', { version: 1, answers }, { 'idempotency-key': newKey() });
  const codes = (body: { issues: { path: string; code: string }[] }) =>
    body.issues.map(({ path, code }) => `${path} ${code}`);

  it('are not shown to citizens where only staff fill them in, and can’t be filled in by them', async () => {
    const { body } = must(await citizen.get('/api/citizen/forms/visit'), 200);
    expect(body.content.steps[0].fields.map(({ key }: { key: string }) => key)).toEqual([
      'visitor',
      'school',
      'company',
      'gate',
      'met',
    ]);
    const forged = await send({ visitor: '王小明', school, host: person });
    expect(codes(forged.body)).toEqual(['body.answers.host unknown_field'].map((each) => each.replace('body.', '')));
  });

  it('are refused where there is no such organisation, in groups too', async () => {
    const found = await send({ visitor: '王小明', school: NOBODY, company: [{ from: school }, { from: NOBODY }] });
    expect(found.status).toBe(422);
    expect(codes(found.body)).toEqual([
      'answers.school unknown_organisation',
      'answers.company.1.from unknown_organisation',
    ]);
  });

  it('are filled in by both sides, each its own part', async () => {
    const sent = must(await send({ visitor: '王小明', school, gate: '3' }), 201).body;
    const one = `/api/business/submissions/${sent.id}`;
    const seen = must(await staff.get(one), 200).body;
    expect(seen.answers).toMatchObject({ school, gate: '3', met: '否' });

    const answers = { visitor: '王小明', school, gate: '3' };
    const wrong = await staff.put(one, { rev: seen.rev, answers: { ...answers, host: NOBODY } });
    expect(codes(wrong.body)).toEqual(['answers.host unknown_person']);
    const saved = must(await staff.put(one, { rev: seen.rev, answers: { ...answers, host: person } }), 200).body;
    expect(saved.answers).toMatchObject({ met: '是', host: '**' });

    const own = must(await citizen.get(`/api/citizen/submissions/${sent.id}`), 200).body;
    expect(own.answers).not.toHaveProperty('host');
    expect(JSON.stringify(own)).not.toContain(person);
  });

  it('are chosen from lists by a part of the name, or named by their ids', async () => {
    await world.organisation('北山区第一小学（东校区）');
    const names = async (browser: Browser, path: string) =>
      must(await browser.get(path), 200).body.items.map(({ name }: { name: string }) => name);
    expect(await names(citizen, `/api/citizen/organisations?q=${encodeURIComponent('第一小学')}`)).toHaveLength(2);
    expect(await names(citizen, `/api/citizen/organisations?q=${encodeURIComponent('（东')}`)).toHaveLength(1);
    expect(await names(citizen, `/api/citizen/organisations?q=${encodeURIComponent('.*')}`)).toEqual([]);
    expect(await names(staff, `/api/business/organisations?ids=${school},${NOBODY}`)).toEqual(['南山区第一小学']);
    expect((await world.anonymous().get('/api/citizen/organisations')).status).toBe(401);
  });
});
