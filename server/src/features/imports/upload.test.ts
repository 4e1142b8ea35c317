import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableFile, tableRow } from '../../../test/demo-table.ts';
import { makeImportTest, type ImportTest } from '../../../test/imports.ts';

describe('uploading a table', () => {
  let test: ImportTest;
  beforeAll(async () => {
    test = await makeImportTest({ config: { importMaxBytes: 300_000 } });
  });
  afterAll(() => test.close());

  /** Files and pieces of files in storage, and uploads that are noted. */
  const stored = async () => [
    await test.count('storage.files'),
    await test.count('storage.chunks'),
    await test.count('importUploads'),
  ];

  it('is taken as an import that waits for a worker', async () => {
    const accepted = await test.upload(await tableFile([tableRow(1)]));
    expect(accepted).toMatchObject({
      status: 202,
      body: { state: 'inspecting', filename: 'people.xlsx', repeatOf: null, actions: ['cancel'] },
    });
    expect(await stored()).toEqual([1, 1, 0]);
    await test.work(accepted.body.id);
    expect(await stored()).toEqual([0, 0, 0]);
  });

  it('control 51: the same key starts one import and keeps one file', async () => {
    const file = await tableFile([tableRow(2)]);
    const first = await test.upload(file, {}, { key: 'same-key-1' });
    const second = await test.upload(file, {}, { key: 'same-key-1' });
    expect(second.body.id).toBe(first.body.id);
    const [third, fourth] = await Promise.all([
      test.upload(file, {}, { key: 'same-key-2' }),
      test.upload(file, {}, { key: 'same-key-2' }),
    ]);
    expect(fourth.body.id).toBe(third.body.id);
    expect(await stored()).toEqual([2, 2, 0]);
    await test.work(first.body.id);
    expect(await stored()).toEqual([0, 0, 0]);
  });

  it.each([
    ['an old .xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), 'file_old_xls'],
    [
      'an encrypted workbook',
      Buffer.concat([
        Buffer.from('d0cf11e0a1b11ae1', 'hex'),
        Buffer.alloc(600),
        Buffer.from('EncryptedPackage', 'utf16le'),
      ]),
      'file_encrypted',
    ],
    ['a web page', Buffer.from('<html><body>not a table</body></html>'), 'file_html'],
    ['a cut zip', Buffer.from('504b0304140000000800', 'hex'), 'file_truncated'],
    ['a PDF', Buffer.from('%PDF-1.7 and so on'), 'file_not_workbook'],
    ['nothing', Buffer.alloc(0), 'file_not_workbook'],
  ])('control 34: refuses %s at the door, and keeps nothing of it', async (_name, content, code) => {
    const before = await stored();
    const answer = await test.upload(new Uint8Array(content));
    expect(answer.body).toMatchObject({ code });
    expect(answer.body.title).toMatch(/\p{Script=Han}/u);
    expect(await stored()).toEqual(before);
  });

  it('control 34: refuses what is too large, said in the head or found while it comes', async () => {
    const before = await stored();
    const large = new Uint8Array(400_000).fill(65);
    const said = await test.upload(large);
    expect(said).toMatchObject({ status: 413, body: { code: 'payload_too_large', params: { max: 300_000 } } });
    // A little over the limit: what stands around the file hides it.
    const found = await test.upload(new Uint8Array(310_000).fill(65));
    expect(found).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(await stored()).toEqual(before);
  });

  it('control 34: refuses no file, two files, an unknown form and unknown fields, and keeps nothing', async () => {
    const before = await stored();
    const send = (form: FormData) =>
      test.admin.post('/api/business/imports', form, { 'idempotency-key': crypto.randomUUID() });
    const empty = new FormData();
    empty.set('form', 'healthDeclaration');
    expect((await send(empty)).body.code).toBe('file_missing');
    const two = new FormData();
    two.set('form', 'healthDeclaration');
    two.append('file', new Blob(['a,b\n1,2\n']), 'one.csv');
    two.append('file', new Blob(['a,b\n1,2\n']), 'two.csv');
    expect((await send(two)).status).toBe(400);
    const file = await tableFile([tableRow(3)]);
    expect((await test.upload(file, { form: 'nothing' })).status).toBe(404);
    expect((await test.upload(file, { role: 'admin' })).body.issues[0]).toMatchObject({ path: 'body.role' });
    expect((await test.upload(file, { constructor: 'x' })).body.issues[0]).toMatchObject({ path: 'body.constructor' });
    expect(await stored()).toEqual(before);
  });

  it('leaves nothing when the sender leaves', async () => {
    const before = await stored();
    const leave = new AbortController();
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        if (sent === 1)
          controller.enqueue(
            '--cut\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + 'a,b\n'.repeat(20_000),
          );
        else leave.abort();
      },
    }).pipeThrough(new TextEncoderStream());
    const cookie = [...test.admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const request = fetch(`${test.app.origin}/api/business/imports`, {
      method: 'POST',
      body,
      duplex: 'half',
      signal: leave.signal,
      headers: {
        cookie,
        'x-requested-with': 'dengji',
        'idempotency-key': 'who-leaves-early',
        'content-type': 'multipart/form-data; boundary=cut',
      },
    } as RequestInit);
    await expect(request).rejects.toThrow();
    await expect.poll(stored).toEqual(before);
  });

  it('a file that came before is known again, as far as its import can be seen', async () => {
    const south = await test.staff({ name: 'south', can: ['import.run', 'submission.write'], region: '440000' });
    const file = await tableFile([tableRow(40)]);
    const first = await test.upload(file);
    await test.work(first.body.id);
    const again = (await test.upload(file)).body;
    expect(again.repeatOf).toMatchObject({ id: first.body.id, createdBy: 'importer' });
    expect((await test.upload(file, {}, { who: south })).body.repeatOf).toBeNull();
    expect((await test.upload(await tableFile([tableRow(41)]))).body.repeatOf).toBeNull();
  });
});
