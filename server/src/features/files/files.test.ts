import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormContent } from '../../../shared/fields/index.ts';
import type { Browser } from '../../../test/browser.ts';
import { BEIJING, GUANGDONG, makeWorld, must, newKey, type World } from '../../../test/factories.ts';
import { runJob } from '../../../test/jobs.ts';
import { jpeg, pdf, png } from '../../../test/pictures.ts';

const label = (text: string) => ({ 'zh-CN': text });
const content: FormContent = {
  title: label('居住证明'),
  steps: [
    {
      key: 'proof',
      title: label('证明'),
      fields: [
        { key: 'name', kind: 'text', label: label('姓名'), required: true, maps: 'person.name' },
        { key: 'region', kind: 'region', label: label('地区'), maps: 'person.region' },
        { key: 'photo', kind: 'photo', label: label('照片'), required: true, max: 2 },
        { key: 'proof', kind: 'file', label: label('证明材料'), sensitive: true },
      ],
    },
  ],
};
const DAY_MS = 24 * 3_600_000;

describe('files in answers', () => {
  let world: World;
  let citizen: Browser;
  let other: Browser;
  let staff: Browser;

  beforeAll(async () => {
    world = await makeWorld();
    await world.form({ key: 'proof', content });
    [citizen, other] = [await world.citizen(), await world.citizen()];
    staff = await world.staff();
  });
  afterAll(() => world.close());

  const files = () => world.deps.mongo.collection('files');
  const stored = async () => world.deps.mongo.collection('storage.files').countDocuments();
  const upload = (
    who: Browser,
    content: Buffer,
    { field = 'photo', name = '正面.jpg', form = 'proof', side = 'citizen' } = {},
  ) => {
    const body = new FormData();
    body.append('file', new File([new Uint8Array(content)], name));
    return who.post(`/api/${side}/files?form=${form}&field=${field}`, body);
  };
  const send = (who: Browser, answers: Record<string, unknown>) =>
    who.post('/api/citizen/forms/proof/submissions', { version: 1, answers }, { 'idempotency-key': newKey() });
  const photo = async (who: Browser, data: number) => must(await upload(who, jpeg({ data })), 201).body;
  const codes = ({ body }: { body: { issues?: { path: string; code: string }[] } }) =>
    body.issues?.map(({ path, code }) => `${path} ${code}`);

  it('are uploaded, sent, and read by their sender and by staff as attachments', async () => {
    const file = await photo(citizen, 700);
    expect(file).toMatchObject({ name: '正面.jpg', type: 'image/jpeg' });
    expect(Object.keys(file).sort()).toEqual(['bytes', 'id', 'name', 'type']);
    const { id } = must(await send(citizen, { name: '欧阳测试', photo: [file] }), 201).body;
    expect(must(await citizen.get(`/api/citizen/submissions/${id}`), 200).body.answers.photo).toEqual([file]);
    const answers = [
      must(await citizen.get(`/api/citizen/files/${file.id}`), 200),
      must(await staff.get(`/api/business/submissions/${id}/files/${file.id}`), 200),
    ];
    for (const { headers, body } of answers) {
      expect(headers.get('content-type')).toBe('image/jpeg');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-disposition')).toMatch(/^attachment; /);
      expect(body).toHaveLength(file.bytes);
      expect(body.includes('GPS')).toBe(false);
    }
    const listed = must(await staff.get(`/api/business/submissions/${id}`), 200).body;
    expect(listed.answers.photo).toEqual([file]);
  });

  it('are one when they are sent twice, also at once', async () => {
    const before = await stored();
    const sent = await Promise.all([1, 2, 3].map(() => upload(citizen, png())));
    expect(sent.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(sent.map(({ body }) => body.id)).size).toBe(1);
    expect((await stored()) - before).toBe(1);
    expect(must(await upload(other, png()), 201).body.id).not.toBe(sent[0]!.body.id);
  });

  it('belong to their uploader: nobody else reads, removes or sends them', async () => {
    const file = await photo(citizen, 710);
    must(await other.get(`/api/citizen/files/${file.id}`), 404);
    must(await other.delete(`/api/citizen/files/${file.id}`), 204);
    must(await citizen.get(`/api/citizen/files/${file.id}`), 200);
    expect(codes(must(await send(other, { name: '甲', photo: [file] }), 422))).toEqual(['answers.photo unknown_file']);
    must(await world.anonymous().get(`/api/citizen/files/${file.id}`), 401);
  });

  it('say of themselves what was found in them, and answer the field that they were uploaded for', async () => {
    const file = await photo(citizen, 720);
    const proof = must(await upload(citizen, pdf('a'), { field: 'proof', name: '证明.pdf' }), 201).body;
    const wrong = [
      [{ ...file, name: '别的.jpg' }],
      [{ ...file, bytes: file.bytes + 1 }],
      [{ ...file, type: 'image/png' }],
      [{ ...file, id: String(new mongo.ObjectId()) }],
    ];
    for (const value of wrong)
      expect(codes(must(await send(citizen, { name: '甲', photo: value }), 422))).toEqual([
        'answers.photo unknown_file',
      ]);
    const crossed = await send(citizen, { name: '甲', photo: [file], proof: [{ ...file }] });
    expect(codes(must(crossed, 422))).toEqual(['answers.proof unknown_file']);
    must(await send(citizen, { name: '甲', photo: [file], proof: [proof] }), 201);
    // What one submission has taken no other can.
    expect(codes(must(await send(citizen, { name: '乙', photo: [file] }), 422))).toEqual([
      'answers.photo unknown_file',
    ]);
  });

  it('are refused by content, size and place; what is refused leaves nothing (34)', async () => {
    const before = [await files().countDocuments(), await stored()];
    must(await upload(citizen, Buffer.from('<html>'), { name: 'a.jpg' }), 415);
    must(await upload(citizen, pdf(), { name: 'a.jpg' }), 415);
    must(await upload(citizen, jpeg().subarray(0, 300)), 422);
    must(await upload(citizen, jpeg({ data: 11 * 1024 * 1024 })), 413);
    must(await upload(citizen, jpeg(), { field: 'name' }), 404);
    must(await upload(citizen, jpeg(), { field: 'none' }), 404);
    must(await upload(citizen, jpeg(), { form: 'none' }), 404);
    must(await upload(world.anonymous(), jpeg()), 401);
    expect([await files().countDocuments(), await stored()]).toEqual(before);
  });

  it('are stored sealed, their names too', async () => {
    const secret = 'very-secret-place-in-a-document';
    must(await upload(citizen, pdf(secret), { field: 'proof', name: '欧阳秘密.pdf' }), 201);
    const docs = JSON.stringify(await files().find().toArray());
    expect(docs).not.toContain('秘密');
    const chunks = await world.deps.mongo.collection('storage.chunks').find().toArray();
    expect(chunks.some(({ data }) => Buffer.from(data.buffer).includes(secret))).toBe(false);
  });

  it('of a masked answer take the right to reveal; in another region there are none (24)', async () => {
    const file = await photo(citizen, 730);
    const proof = must(await upload(citizen, pdf('b'), { field: 'proof', name: '证明.pdf' }), 201).body;
    const sent = { name: '丙', region: '440305', photo: [file], proof: [proof] };
    const { id } = must(await send(citizen, sent), 201).body;
    const at = (fileId: string) => `/api/business/submissions/${id}/files/${fileId}`;
    const reader = await world.staff({ can: ['submission.read'], region: GUANGDONG });
    expect(must(await reader.get(`/api/business/submissions/${id}`), 200).body.answers.proof).toBe('1 个文件');
    must(await reader.get(at(file.id)), 200);
    must(await reader.get(at(proof.id)), 404);
    const revealer = await world.staff({ can: ['submission.read', 'personal.reveal'], region: GUANGDONG });
    must(await revealer.get(at(proof.id)), 200);
    const elsewhere = await world.staff({ can: ['submission.read', 'personal.reveal'], region: BEIJING });
    must(await elsewhere.get(at(file.id)), 404);
    const loose = await photo(citizen, 731);
    must(await staff.get(at(loose.id)), 404);
    const actions = await world.deps.mongo.collection('audit').countDocuments({ action: 'submission.file_downloaded' });
    expect(actions).toBeGreaterThanOrEqual(2);
  });

  it('stay when a record is changed, and are added by staff for its sender to read', async () => {
    const file = await photo(citizen, 740);
    const { id } = must(await send(citizen, { name: '丁', photo: [file] }), 201).body;
    const { rev, answers } = must(await staff.get(`/api/business/submissions/${id}`), 200).body;
    const added = must(await upload(staff, png({ shade: 3 }), { side: 'business', name: '补.png' }), 201).body;
    const renamed = await staff.put(`/api/business/submissions/${id}`, {
      rev,
      answers: { ...answers, photo: [{ ...file, name: '改名.jpg' }] },
    });
    expect(codes(must(renamed, 422))).toEqual(['answers.photo unknown_file']);
    must(
      await staff.put(`/api/business/submissions/${id}`, { rev, answers: { ...answers, photo: [file, added] } }),
      200,
    );
    must(await citizen.get(`/api/citizen/files/${added.id}`), 200);
  });

  it('of a draft stay as long as the draft; loose ones go after two days, those of a record with the record', async () => {
    const [drafted, loose, given] = [await photo(citizen, 750), await photo(citizen, 751), await photo(citizen, 752)];
    const draft = { version: 1, step: 0, rev: 0, answers: { photo: [drafted] } };
    must(await citizen.put('/api/citizen/forms/proof/draft', draft), 200);
    must(await citizen.delete(`/api/citizen/files/${given.id}`), 204);
    const there = async () => {
      const docs = await files().find().toArray();
      return [drafted, loose, given].map(({ id }) => docs.some(({ _id }) => String(_id) === id));
    };
    const sweep = async (ms: number) => {
      world.clock.advance(ms);
      await runJob(world.app.features, 'expired-files');
    };
    await sweep(60_000);
    expect(await there()).toEqual([true, true, false]);
    await sweep(3 * DAY_MS);
    expect(await there()).toEqual([true, false, false]);
    must(await citizen.delete('/api/citizen/forms/proof/draft'), 204);
    await sweep(60_000);
    expect(await there()).toEqual([false, false, false]);
    expect(await stored()).toBe(await files().countDocuments());
  });
});
