import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSION_NAMES } from '../../shared/permissions.ts';
import { openWorkbook } from '../../src/infra/workbook/index.ts';
import type { Browser } from '../browser.ts';
import {
  BEIJING,
  BEIJING_CHAOYANG,
  GUANGDONG,
  makeWorld,
  must,
  newKey,
  SHENZHEN_NANSHAN,
  type Answers,
  type World,
} from '../factories.ts';
import { tableForm } from '../operations.ts';

/** One administrator's corner, and everything in it that another one might get at. */
interface Corner {
  name: string;
  browser: Browser;
  region: string;
  answers: Answers;
  ids: Record<
    'person' | 'submission' | 'deletedPerson' | 'deletedSubmission' | 'import' | 'export' | 'account' | 'organisation',
    string
  >;
  receiptNumber: string;
}

const REASON = { reason: '核对身份' };
const ONE_STEP = (path: string, id: string) => `/api/business/${path}/${id}`;

describe('data scope: what lies elsewhere does not exist (24)', () => {
  let world: World;
  let root: Browser;
  const corners: Corner[] = [];

  async function corner(
    name: string,
    place: { region?: string; organisation?: string },
    region: string,
  ): Promise<Corner> {
    const browser = await world.staff({ name, can: [...PERMISSION_NAMES], ...place });
    const answers = world.answers({
      region,
      name: `欧阳${name === 'guangdong' ? '南' : name === 'beijing' ? '北' : '机构'}`,
    });
    const submit = async (given: Answers) =>
      must(await browser.post('/api/business/submissions', { form: 'healthDeclaration', answers: given }), 201).body;
    const submission = await submit(answers);
    const deleted = await submit(world.answers({ region }));
    must(await browser.delete(ONE_STEP('submissions', deleted.id), REASON), 204);
    const deletedPerson = must(await world.person(browser, { region }), 201).body.id;
    must(await browser.delete(ONE_STEP('people', deletedPerson), REASON), 204);
    const table = must(
      await browser.post('/api/business/imports', tableForm(), { 'idempotency-key': newKey() }),
      202,
    ).body;
    const asked = must(await browser.post('/api/business/exports', { list: 'people', ...REASON }), 202).body;
    const { region: where = null, organisation = null } = place;
    const grants = [{ role: `of${name}0`, region: where, organisation, own: false }];
    const account = must(
      await browser.post('/api/system/accounts', { name: `clerk.${name}`, displayName: name, grants }),
      201,
    ).body.account;
    const parent = organisation ?? (await world.organisation(`${name}总部`, where));
    const made = must(
      await browser.post('/api/system/organisations', { name: `${name}分部`, parent, region: where }),
      201,
    ).body;
    return {
      name,
      browser,
      region,
      answers,
      receiptNumber: submission.receiptNumber,
      ids: {
        person: submission.personId,
        submission: submission.id,
        deletedPerson,
        deletedSubmission: deleted.id,
        import: table.id,
        export: asked.id,
        account: account.id,
        organisation: made.id,
      },
    };
  }

  beforeAll(async () => {
    world = await makeWorld();
    root = await world.staff({ name: 'root' });
    await world.form();
    const organisation = await world.organisation('疾控中心');
    corners.push(await corner('guangdong', { region: GUANGDONG }, SHENZHEN_NANSHAN));
    corners.push(await corner('beijing', { region: BEIJING }, BEIJING_CHAOYANG));
    corners.push(await corner('centre', { organisation }, BEIJING_CHAOYANG));
  }, 120_000);
  afterAll(() => world.close());

  /** Every one with every other whose things he must not see: an organisation's things in Beijing are Beijing's too. */
  const pairs = () =>
    corners.flatMap((own) =>
      corners
        .filter((other) => other !== own && !(own.name === 'beijing' && other.name === 'centre'))
        .map((other) => [own, other] as const),
    );
  const all = ({ ids }: Corner) => Object.values(ids);
  const text = (value: unknown) => JSON.stringify(value);

  it('by id: not read, changed, deleted, restored, revealed, cancelled', async () => {
    const found: string[] = [];
    for (const [own, { name, ids, answers }] of pairs()) {
      const calls: [string, string, unknown?][] = [
        ...(['person', 'deletedPerson'] as const).flatMap((key): [string, string, unknown?][] => [
          ['GET', ONE_STEP('people', ids[key])],
          ['PUT', ONE_STEP('people', ids[key]), { name: '改名', rev: 1 }],
          ['DELETE', ONE_STEP('people', ids[key]), REASON],
          ['POST', `${ONE_STEP('people', ids[key])}/restore`],
          ['POST', `${ONE_STEP('people', ids[key])}/reveal`, { fields: ['phone'], ...REASON }],
          ['GET', `${ONE_STEP('people', ids[key])}/timeline`],
          ['GET', `${ONE_STEP('people', ids[key])}/duplicates`],
          ['GET', `${ONE_STEP('people', ids[key])}/merges`],
          [
            'POST',
            `${ONE_STEP('people', own.ids.person)}/merge`,
            { into: ids[key], rev: 1, intoRev: 1, take: [], ...REASON },
          ],
          [
            'POST',
            `${ONE_STEP('people', ids[key])}/merge`,
            { into: own.ids.person, rev: 1, intoRev: 1, take: [], ...REASON },
          ],
        ]),
        ...(['submission', 'deletedSubmission'] as const).flatMap((key): [string, string, unknown?][] => [
          ['GET', ONE_STEP('submissions', ids[key])],
          ['PUT', ONE_STEP('submissions', ids[key]), { answers, rev: 1 }],
          ['DELETE', ONE_STEP('submissions', ids[key]), REASON],
          ['POST', `${ONE_STEP('submissions', ids[key])}/restore`],
          ['POST', `${ONE_STEP('submissions', ids[key])}/review`, { decision: 'accept', rev: 1 }],
          ['POST', `${ONE_STEP('submissions', ids[key])}/reveal`, { fields: ['phone'], ...REASON }],
        ]),
        ['GET', ONE_STEP('imports', ids.import)],
        ...['errors', 'preview', 'events', 'reviews'].map((what): [string, string] => [
          'GET',
          `${ONE_STEP('imports', ids.import)}/${what}`,
        ]),
        ...['check', 'start', 'pause', 'resume', 'cancel', 'undo'].map((what): [string, string] => [
          'POST',
          `${ONE_STEP('imports', ids.import)}/${what}`,
        ]),
        ['PUT', `${ONE_STEP('imports', ids.import)}/mapping`, { rev: 1, sheet: 0, duplicates: 'skip' }],
        ['POST', `${ONE_STEP('imports', ids.import)}/reviews/2`, { decision: 'keep' }],
        ['GET', ONE_STEP('exports', ids.export)],
        ['GET', `${ONE_STEP('exports', ids.export)}/events`],
        ['GET', `${ONE_STEP('exports', ids.export)}/file?token=${'A'.repeat(43)}`],
        ['POST', `${ONE_STEP('exports', ids.export)}/cancel`],
        ['POST', `${ONE_STEP('exports', ids.export)}/link`],
        ['POST', `${ONE_STEP('exports', ids.export)}/approve`, { decision: 'approve', ...REASON }],
        ['GET', `/api/system/accounts/${ids.account}`],
        ['PUT', `/api/system/accounts/${ids.account}`, { displayName: 'x', grants: [], disabled: true, rev: 1 }],
        ...['reset-password', 'unlock', 'end-sessions'].map((what): [string, string] => [
          'POST',
          `/api/system/accounts/${ids.account}/${what}`,
        ]),
        ['PUT', `/api/system/organisations/${ids.organisation}`, { name: 'x', rev: 1 }],
      ];
      for (const [method, path, body] of calls) {
        const { status } = await own.browser.call(method, path, body);
        if (status !== 404) found.push(`${own.name} ${method} ${path} of ${name}: ${status}`);
      }
    }
    expect(found).toEqual([]);
    for (const { ids } of corners) expect((await root.get(ONE_STEP('people', ids.person))).body.deletedAt).toBeNull();
  });

  it('in lists: not found by name, phone, document, receipt, region, answer or in the recycle bin, and not counted', async () => {
    const found: string[] = [];
    for (const [own, other] of pairs()) {
      const { name, phone, document } = other.answers as { name: string; phone: string; document: { number: string } };
      const queries: Record<string, string>[] = [
        {},
        { q: name },
        { phone },
        { document: document.number },
        { region: other.region },
        { deleted: 'true' },
      ];
      const lists = [
        ...queries.flatMap((query) => [
          `people?${new URLSearchParams({ ...query, count: 'true', limit: '200' })}`,
          `submissions?${new URLSearchParams({ ...query, count: 'true', limit: '200' })}`,
        ]),
        ...[`q=${other.receiptNumber}`, `person=${other.ids.person}`, 'form=healthDeclaration&facet=gender:male'].map(
          (query) => `submissions?${query}&count=true`,
        ),
        'imports',
        'exports',
        'exports/approvals',
      ].map((list) => `/api/business/${list}`);
      for (const list of [
        ...lists,
        '/api/system/accounts?limit=200',
        '/api/system/accounts?q=clerk',
        '/api/system/organisations',
        `/api/system/organisations?parent=${other.ids.organisation}`,
        '/api/system/audit?limit=200',
        ...all(other).map((id) => `/api/system/audit?objectId=${id}`),
      ]) {
        const { status, body } = await own.browser.get(list);
        if (status !== 200) found.push(`${own.name} ${list}: ${status}`);
        const ids = (body.items as { id: string; object?: { id: string } }[]).flatMap(({ id, object }) => [
          id,
          object?.id,
        ]);
        if (all(other).some((id) => ids.includes(id))) found.push(`${own.name} ${list} shows what is ${other.name}'s`);
        if (body.total && body.total.count !== body.items.length)
          found.push(`${own.name} ${list} counts ${body.total.count}, shows ${body.items.length}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('in numbers: the overview counts one’s own only', async () => {
    for (const { name, browser } of corners) {
      const { body } = await browser.get('/api/business/overview');
      const mine = name === 'beijing' ? corners.filter(({ region }) => region === BEIJING_CHAOYANG).length : 1;
      expect([name, body.submissions, body.submissionsToday, body.byDay.at(-1).count]).toEqual([
        name,
        mine,
        mine,
        mine,
      ]);
      expect(body.people).toBeLessThanOrEqual(mine * 2);
    }
    expect((await root.get('/api/business/overview')).body.submissions).toBe(3);
  });

  it('in exported files, also in clear', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dengji-isolation-'));
    try {
      for (const own of corners) {
        for (const list of ['people', 'submissions']) {
          for (const query of ['', '?clear=true&reason=check', `?region=${BEIJING}`, '?deleted=true']) {
            const { body } = must(await own.browser.get(`/api/business/${list}/export${query}`), 200);
            const file = join(folder, 'export.xlsx');
            await writeFile(file, body as Buffer);
            const reader = await openWorkbook(file);
            const cells: string[] = [];
            for await (const rows of reader.rows(0))
              for (const row of rows) cells.push(...row.cells.map((cell) => cell.text));
            await reader.close();
            if (query === '') expect(cells).toContain(own.answers['name']);
            for (const [one, other] of pairs()) {
              if (one !== own) continue;
              const { number } = other.answers['document'] as { number: string };
              for (const secret of [other.answers['name'], other.answers['phone'], number])
                expect(cells.includes(secret as string), `${own.name} ${list}${query}`).toBe(false);
            }
          }
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it('in audit records: only what accounts in one’s scope did', async () => {
    for (const [own, other] of pairs()) {
      const { body } = await own.browser.get('/api/system/audit?limit=200');
      expect(body.items.length).toBeGreaterThan(3);
      expect(body.items.filter(({ actor }: { actor: { name: string } }) => actor.name === other.name)).toEqual([]);
    }
  });

  it('nothing is written there: no new record, no move, no right given, no row imported', async () => {
    const [gd, bj] = [corners[0]!, corners[1]!];
    expect((await world.person(gd.browser, { region: BEIJING_CHAOYANG })).status).toBe(403);
    expect(
      (
        await gd.browser.post('/api/business/submissions', {
          form: 'healthDeclaration',
          answers: world.answers({ region: BEIJING_CHAOYANG }),
        })
      ).status,
    ).toBe(403);
    const mine = (await gd.browser.get(ONE_STEP('people', gd.ids.person))).body;
    expect(
      (
        await gd.browser.put(ONE_STEP('people', gd.ids.person), {
          name: mine.name,
          region: BEIJING_CHAOYANG,
          rev: mine.rev,
        })
      ).status,
    ).toBe(403);
    expect(
      (
        await gd.browser.put(ONE_STEP('submissions', gd.ids.submission), {
          answers: { ...gd.answers, region: BEIJING_CHAOYANG },
          rev: 1,
        })
      ).status,
    ).toBe(403);
    const grant = (region: string | null, organisation: string | null = null) => ({
      name: `intruder.${newKey().slice(-3)}`,
      displayName: 'x',
      grants: [{ role: 'ofguangdong0', region, organisation, own: false }],
    });
    for (const body of [grant(BEIJING), grant(null), grant(null, corners[2]!.ids.organisation)])
      expect((await gd.browser.post('/api/system/accounts', body)).status).toBe(403);
    expect(
      (await gd.browser.post('/api/system/organisations', { name: '越界', parent: null, region: BEIJING })).status,
    ).toBe(403);

    // A file that names the other's people, with the order to change what is there.
    const before = await world.deps.mongo
      .collection('people')
      .findOne({ _id: new world.deps.mongo.base.Types.ObjectId(bj.ids.person) });
    const { document, phone } = bj.answers as { document: { number: string }; phone: string };
    const answers = {
      ...bj.answers,
      document: document.number,
      phone,
      stay: '北京市/朝阳区 越界路1号',
      region: BEIJING_CHAOYANG,
      truthful: '是',
      name: '被改名',
    };
    const keys = Object.keys(answers).filter((key) => !Array.isArray(answers[key as keyof typeof answers]));
    const csv = `${keys.join(',')}\n${keys.map((key) => String(answers[key as keyof typeof answers])).join(',')}\n`;
    const { body: table } = must(
      await gd.browser.post(
        '/api/business/imports',
        tableForm(csv, { form: 'healthDeclaration', duplicates: 'update' }),
        { 'idempotency-key': newKey() },
      ),
      202,
    );
    await world.app.features.imports.worker.drain();
    const { state, counts } = (await gd.browser.get(ONE_STEP('imports', table.id))).body;
    expect([state, counts.created, counts.updated]).toEqual(['finished', 0, 0]);
    expect(counts.read).toBe(1);
    expect(await world.deps.mongo.collection('people').findOne({ _id: before!._id })).toEqual(before);
    expect((await root.get(`/api/business/people?q=${encodeURIComponent('被改名')}`)).body.items).toEqual([]);
  }, 60_000);

  it('two citizens: drafts, submissions, answers under a key and withdrawals are each one’s own', async () => {
    const [one, two] = [await world.citizen(), await world.citizen()];
    const key = newKey();
    const sent = must(await world.submit(one, { key }), 201).body;
    must(
      await one.put('/api/citizen/forms/healthDeclaration/draft', {
        version: 1,
        answers: { name: '某人' },
        step: 0,
        rev: 0,
      }),
      200,
    );
    expect((await two.get('/api/citizen/forms/healthDeclaration/draft')).status).toBe(404);
    expect((await two.delete('/api/citizen/forms/healthDeclaration/draft')).status).toBe(204);
    expect((await one.get('/api/citizen/forms/healthDeclaration/draft')).status).toBe(200);
    expect((await two.get(`/api/citizen/submissions/${sent.id}`)).status).toBe(404);
    expect((await two.post(`/api/citizen/submissions/${sent.id}/withdraw`)).status).toBe(404);
    expect((await two.get('/api/citizen/submissions')).body.items).toEqual([]);
    const other = must(await world.submit(two, { key }), 201).body;
    expect(other.id).not.toBe(sent.id);
    expect((await one.get(`/api/citizen/submissions/${sent.id}`)).body.status).toBe('submitted');
    expect(text((await one.get('/api/citizen/submissions')).body)).not.toContain(other.id);
    for (const path of [`/api/business/submissions/${sent.id}`, '/api/business/people', '/api/system/audit'])
      expect((await one.get(path)).status).toBe(401);
  });
});
