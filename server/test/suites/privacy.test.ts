import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Browser } from '../browser.ts';
import { makeWorld, must, newKey, SHENZHEN_NANSHAN, type World } from '../factories.ts';
import { addressOf, operationsOf, tableForm } from '../operations.ts';

/** Values that occur nowhere else. Names are kept in clear: lists are searched and sorted by them. */
const MARKED = {
  loginPhone: '13577774321',
  phone: '13888865432',
  document: '440305199003075115',
  street: '梅林暗号街七十七号',
  illness: '暗号慢性病甲',
  emergencyPhone: '13699912345',
  imported: '110105198802026611',
  importedPhone: '13911122277',
  personPhone: '13722233388',
  personDocument: '440305198501013610',
  editedPhone: '13511100099',
  draftPhone: '13733300011',
};
const PHONE_OR_ID = /(?<![\d.])1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)/;
const REASON = { reason: '核对身份' };

/** With the right check character. */
function withCheck(digits: string): string {
  const sum = [...digits.slice(0, 17)].reduce((total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11), 0);
  return digits.slice(0, 17) + '10X98765432'[sum % 11];
}

describe('personal data stays sealed and masked', () => {
  let world: World;
  let root: Browser;
  let citizen: Browser;
  /** Whether a text holds one; codes are short, so they count only as a word of their own. */
  let secrets: { value: string; pattern: RegExp }[];
  const heldIn = (text: string) => secrets.filter(({ pattern }) => pattern.test(text)).map(({ value }) => value);
  const ids: Record<'submission' | 'person' | 'created' | 'import', string> = {
    submission: '',
    person: '',
    created: '',
    import: '',
  };
  const marked = { ...MARKED };

  beforeAll(async () => {
    for (const key of ['document', 'imported', 'personDocument'] as const) marked[key] = withCheck(MARKED[key]);
    world = await makeWorld();
    await world.form();
    root = await world.staff({ name: 'root' });
    citizen = await world.citizen(marked.loginPhone);
    const mine = {
      phone: marked.phone,
      document: { type: 'residentId', number: marked.document },
      birthDate: '1990-03-07',
      gender: 'male',
      region: SHENZHEN_NANSHAN,
      stay: { region: SHENZHEN_NANSHAN, detail: marked.street },
      chronic: 'yes',
      chronicDetail: marked.illness,
      emergencyPhone: marked.emergencyPhone,
    };
    must(
      await citizen.put('/api/citizen/forms/healthDeclaration/draft', {
        version: 1,
        answers: { ...mine, phone: marked.draftPhone },
        step: 1,
        rev: 0,
      }),
      200,
    );
    const key = newKey();
    const sent = must(await world.submit(citizen, { key, answers: mine }), 201).body;
    must(
      await citizen.put('/api/citizen/forms/healthDeclaration/draft', {
        version: 1,
        answers: { ...mine, phone: marked.draftPhone },
        step: 1,
        rev: 0,
      }),
      200,
    );
    ids.submission = sent.id;
    const seen = must(await root.get(`/api/business/submissions/${sent.id}`), 200).body;
    ids.person = seen.personId;

    // Refused input is marked too: it must not stay behind in an answer kept for the key, nor in the log.
    must(
      await citizen.post(
        '/api/citizen/forms/healthDeclaration/submissions',
        { version: 1, answers: { ...mine, [marked.phone]: marked.document } },
        { 'idempotency-key': newKey() },
      ),
      422,
    );
    must(await root.get(`/api/business/people?phone=${marked.phone}`), 200);
    must(await root.get(`/api/business/submissions?document=${marked.document}`), 200);
    must(await root.get(`/api/nothing/${marked.phone}`), 404);

    const facts = {
      phone: marked.personPhone,
      document: { type: 'residentId', number: marked.personDocument },
      birthDate: '1985-01-01',
      gender: 'male',
      address: { region: SHENZHEN_NANSHAN, detail: marked.street },
    };
    const created = must(
      await root.post(
        '/api/business/people',
        { name: '王证', region: SHENZHEN_NANSHAN, ...facts },
        { 'idempotency-key': newKey() },
      ),
      201,
    ).body;
    ids.created = created.id;
    must(
      await root.put(`/api/business/people/${created.id}`, {
        name: '王证',
        region: SHENZHEN_NANSHAN,
        birthDate: '1985-01-01',
        gender: 'male',
        phone: marked.editedPhone,
        rev: created.rev,
      }),
      200,
    );
    const revealed = must(
      await root.post(`/api/business/people/${created.id}/reveal`, { fields: ['phone', 'document'], ...REASON }),
      200,
    );
    if (!JSON.stringify(revealed.body).includes(marked.editedPhone))
      throw new Error('what was revealed is not what was stored');
    must(await root.post(`/api/business/submissions/${sent.id}/reveal`, { fields: ['phone'], ...REASON }), 200);
    must(
      await root.put(`/api/business/submissions/${sent.id}`, {
        answers: {
          ...seen.answers,
          ...Object.fromEntries(seen.sensitive.map((field: string) => [field, undefined])),
          phone: marked.editedPhone,
        },
        rev: seen.rev,
      }),
      200,
    );
    must(await root.get('/api/business/people/export?clear=true&reason=check'), 200);

    const row = {
      ...world.answers(mine),
      name: '李表',
      phone: marked.importedPhone,
      document: marked.imported,
      birthDate: '1988-02-02',
      region: SHENZHEN_NANSHAN,
      stay: `广东省/深圳市/南山区 ${marked.street}`,
      truthful: '是',
      symptoms: undefined,
      travelPlaces: undefined,
    };
    const keys = Object.keys(row).filter((name) => typeof row[name as keyof typeof row] !== 'undefined');
    const line = (phone: string) =>
      keys.map((name) => (name === 'phone' ? phone : String(row[name as keyof typeof row]))).join(',');
    // The second row is refused: its cells are kept for the file of faults.
    const csv = `${keys.join(',')}\n${line(marked.importedPhone)}\n${line(`${marked.importedPhone}9`)}\n`;
    ids.import = must(
      await root.post('/api/business/imports', tableForm(csv, { form: 'healthDeclaration' }), {
        'idempotency-key': newKey(),
      }),
      202,
    ).body.id;
    await world.app.features.imports.worker.drain();
    const { counts } = must(await root.get(`/api/business/imports/${ids.import}`), 200).body;
    if (counts.read !== 2 || counts.failed !== 1)
      throw new Error(`the import went otherwise: ${JSON.stringify(counts)}`);
    // One that nobody has worked on yet: its file lies in the storage.
    must(
      await root.post('/api/business/imports', tableForm(csv, { form: 'healthDeclaration' }), {
        'idempotency-key': newKey(),
      }),
      202,
    );
    await root.post('/api/staff/session', { name: marked.phone, password: marked.document });
    const codes = await world.sentCodes();
    secrets = [
      ...Object.values(marked).map((value) => ({ value, pattern: new RegExp(value) })),
      ...codes.map((value) => ({ value, pattern: new RegExp(`(?<![\\w.+/-])${value}(?![\\w.+/-])`) })),
    ];
  }, 120_000);
  afterAll(() => world.close());

  it('nobody is shown a phone or document number in a list or in details (25)', async () => {
    const clerk = await world.staff({
      name: 'clerk',
      can: ['submission.read', 'person.read', 'personal.reveal', 'export.run', 'import.run'],
    });
    const path: Record<string, Record<string, string>> = {
      getPerson: { id: ids.person },
      getPersonTimeline: { id: ids.created },
      getSubmission: { id: ids.submission },
      getImport: { id: ids.import },
    };
    const shown: string[] = [];
    const look = (what: string, { status, body }: Answer) => {
      if (status !== 200 || Buffer.isBuffer(body)) return;
      const text = JSON.stringify(body);
      const [hit] = PHONE_OR_ID.exec(text) ?? [];
      if (hit) shown.push(`${what}: ${hit}`);
      for (const secret of [marked.street, marked.illness]) if (text.includes(secret)) shown.push(`${what}: ${secret}`);
    };
    for (const operation of operationsOf(world.app.openapi).filter(
      ({ method, audience }) => method === 'GET' && ['business', 'system'].includes(audience),
    )) {
      const given = { path: path[operation.operationId] ?? {} };
      for (const who of [root, clerk]) look(operation.operationId, await who.get(addressOf(operation, given)));
    }
    for (const query of [
      `?phone=${marked.editedPhone}`,
      '?deleted=true',
      '?q=王',
      `?document=${marked.personDocument}`,
    ])
      look(`people${query}`, await root.get(`/api/business/people${query}`));
    look('my session', await citizen.get('/api/citizen/session'));
    look('my submissions', await citizen.get('/api/citizen/submissions'));
    expect(shown).toEqual([]);
    // The looks above did see something.
    expect((await root.get(`/api/business/people?phone=${marked.editedPhone}`)).body.items[0].phone).toMatch(
      /^1\d\d\*+\d+$/,
    );
    const own = (await citizen.get(`/api/citizen/submissions/${ids.submission}`)).body;
    expect(own.answers.phone).toBe(marked.editedPhone);
  });

  it('MongoDB holds none of it in clear, wherever it may lie (42)', async () => {
    const db = world.deps.mongo.db!;
    const found: string[] = [];
    const seen: Record<string, number> = {};
    for (const { name } of await db.listCollections().toArray()) {
      for await (const doc of db.collection(name).find()) {
        seen[name] = (seen[name] ?? 0) + 1;
        const text = textOf(doc);
        found.push(...heldIn(text).map((secret) => `${name}: ${secret}`));
      }
    }
    expect(found).toEqual([]);
    expect(Object.keys(seen)).toEqual(
      expect.arrayContaining(['accounts', 'audit', 'drafts', 'idempotency', 'imports', 'people', 'submissions']),
    );
    expect(Object.keys(seen).some((name) => name.endsWith('.chunks'))).toBe(true);
  });

  it('Redis holds none of it, in keys or in values (10, 42)', async () => {
    const { redis } = world.deps;
    const keys = await redis.keys('*');
    const found: string[] = [];
    for (const key of keys) {
      const type = await redis.type(key);
      const value =
        type === 'hash'
          ? await redis.hgetall(key)
          : type === 'list'
            ? await redis.lrange(key, 0, -1)
            : type === 'set'
              ? await redis.smembers(key)
              : type === 'zset'
                ? await redis.zrange(key, '0', '-1')
                : await redis.get(key);
      const text = `${key} ${JSON.stringify(value)}`;
      found.push(...heldIn(text).map((secret) => `${key}: ${secret}`));
    }
    expect(found).toEqual([]);
    expect(keys.length).toBeGreaterThan(2);
  });

  it('no log line holds any of it (48)', () => {
    const lines = world.logged.map((line) => JSON.stringify(line));
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.flatMap((line) => heldIn(line).map((secret) => `${secret}: ${line}`))).toEqual([]);
  });
});

/** Everything in a document as text, bytes included. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  const { _bsontype: bson, buffer } = value as { _bsontype?: string; buffer?: Uint8Array };
  if (bson === 'Binary' && buffer) return textOf(new Uint8Array(buffer));
  // ids and dates know how to write themselves
  if (bson || value instanceof Date) return (value as Date).toString();
  return Object.entries(value as object)
    .map(([key, child]) => `${key}=${textOf(child)}`)
    .join('\n');
}
