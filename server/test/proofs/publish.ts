/**
 * `npm run proof -- publish [--small]`: citizens fill in a form at two hosts while version after version of it is published,
 * each with a lossy change. Nobody gets a 5xx, no draft is lost, every record stands under the version that it was checked by,
 * and what was counted before is what is there after. The last line is one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLater, startMongo, startRedis } from '../../../scripts/lib/databases.mjs';
import { readProofOptions } from '../../../scripts/lib/proof.mjs';
import { checkForm, type FormContent } from '../../shared/fields/index.ts';
import { draftModel, submissionModel, type SubmissionDoc } from '../../src/features/submissions/index.ts';
import { shanghaiDay } from '../../src/infra/clock/index.ts';
import { makeApp } from '../app.ts';
import { makeBrowser, type Answer } from '../browser.ts';
import { makeDeps } from '../deps.ts';
import { makeWorld, must, newKey } from '../factories.ts';
import { FIRST, firstAnswers, isHit, MAPPINGS, SECOND } from '../versions-form.ts';

const { small } = readProofOptions('publish');
const CITIZENS = small ? 6 : 40;
const PUBLISHINGS = small ? 3 : 12;
const BETWEEN_MS = small ? 800 : 5_000;
/** How long a citizen thinks, at most, and so short a grace time that some are too late. */
const THINKS_MS = small ? 400 : 1_500;
const GRACE_HOURS = (small ? 0.1 : 0.7) / 3_600;
const FORM = 'changing';
const PATH = `/api/business/forms/${FORM}`;
const CITIZEN = `/api/citizen/forms/${FORM}`;

const folder = await mkdtemp(join(tmpdir(), 'dengji-proof-publish-'));
removeLater(folder);
const [mongo, redis] = await Promise.all([
  startMongo({ dataDir: join(folder, 'mongo'), log: join(folder, 'mongo.log'), durable: false }),
  startRedis({ dataDir: join(folder, 'redis'), log: join(folder, 'redis.log'), durable: false }),
]);
const mongoUrl = new URL(mongo.url);
mongoUrl.pathname = '/publish';
const databases = { mongoUrl: mongoUrl.href, redisUrl: `${redis.url}/0` };
const clock = () => new Date();

const world = await makeWorld({ databases, deps: { clock } });
// A second host: caches of its own, on the same databases.
const beside = await makeDeps({ databases, deps: { clock } });
const second = await makeApp(beside.deps);
const origins = [world.app.origin, second.origin];

const seen = { requests: 0, broken: 0, refused: 0, sent: 0, outdated: 0, drafts: 0, lostDrafts: 0 };
const odd: string[] = [];
let over = false;

/** Fills the form in again and again: reads it, saves twice, sends; too late, carries the answers over and sends these. */
async function citizen(who: number): Promise<void> {
  const { cookies } = await world.citizen(`1380003${String(who).padStart(4, '0')}`);
  const browsers = origins.map(makeBrowser);
  for (const browser of browsers) for (const [name, value] of cookies) browser.cookies.set(name, value);
  let turn = who;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> => {
    const answer = await browsers[(turn += 1) % 2]!.call(method, path, body, headers);
    seen.requests += 1;
    if (answer.status >= 500) {
      seen.broken += 1;
      odd.push(`${answer.status} ${method} ${path} ${JSON.stringify(answer.body)}`);
    }
    return answer;
  };
  const save = async (version: number, answers: object, rev: number): Promise<void> => {
    const { status, body } = await call('PUT', `${CITIZEN}/draft`, { version, answers, step: 0, rev });
    if (status !== 200) return void odd.push(`draft: ${status} ${JSON.stringify(body)}`);
    seen.drafts += 1;
    const kept = await call('GET', `${CITIZEN}/draft`);
    if (kept.body.rev !== rev + 1 || kept.body.answers.name !== (answers as { name: string }).name)
      seen.lostDrafts += 1;
  };
  const send = (version: number, answers: object) =>
    call('POST', `${CITIZEN}/submissions`, { version, answers }, { 'idempotency-key': newKey() });

  for (let count = 0; !over; count += 1) {
    const index = who * 10_000 + count;
    const { version, content } = (await call('GET', CITIZEN)).body as { version: number; content: FormContent };
    const answers = fitting(content, index);
    await save(version, answers, 0);
    await sleep(Math.random() * THINKS_MS);
    await save(version, answers, 1);
    const sent = await send(version, answers);
    if (sent.status === 201 && sent.body.version === version) seen.sent += 1;
    else if (sent.body?.code === 'version_outdated') {
      seen.outdated += 1;
      const carried = await call('POST', `${CITIZEN}/carry`, { version, answers });
      const again = await send(carried.body.version, { ...carried.body.answers, ...added(carried.body.content) });
      if (again.status === 201) seen.sent += 1;
      // Another version came while the answers were being looked at: there is still a draft.
      else if (again.body?.code === 'version_outdated') await call('DELETE', `${CITIZEN}/draft`);
      else odd.push(`carried: ${again.status} ${JSON.stringify(again.body)}`);
    } else {
      seen.refused += 1;
      odd.push(`sent: ${sent.status} ${JSON.stringify(sent.body)}`);
    }
  }
  // One that stays behind, unsent.
  const { version, content } = (await call('GET', CITIZEN)).body as { version: number; content: FormContent };
  const left = (await call('GET', `${CITIZEN}/draft`)).body as { rev?: number };
  await save(version, fitting(content, who), left.rev ?? 0);
}

const keysOf = (content: FormContent) => content.steps.flatMap(({ fields }) => fields.map(({ key }) => key));
const isSecond = (content: FormContent) => keysOf(content).includes('source');
/** What a new version asks besides. */
const added = (content: FormContent) => (isSecond(content) ? { source: '现场' } : {});

/** Right answers to whichever version it is. */
function fitting(content: FormContent, index: number): Record<string, unknown> {
  const first = firstAnswers(index);
  if (!isSecond(content)) return first;
  const { tel, place: _place, colour, people, ...rest } = first;
  return { ...rest, line: tel, ...(colour === 'red' ? { colour } : {}), people: Number(people) % 100, source: '现场' };
}

let failed = true;
try {
  const root = await world.staff({ name: 'root' });
  must(await root.post('/api/business/forms', { key: FORM, title: FIRST.title, content: FIRST }), 201);
  must(await root.post(`${PATH}/publish`, { rev: 1 }), 200);
  const check = async (input: object) => {
    const { body } = must(await root.post(`${PATH}/migrations`, { dropLost: true, ...input }), 202);
    await world.app.features.formMigrations.worker.drain();
    return (await root.get(`${PATH}/migrations/${body.id}`)).body;
  };
  const records = () =>
    submissionModel(world.deps.mongo).find({ formKey: FORM }).sort({ _id: 1 }).lean<SubmissionDoc[]>();
  /** By plain code: how many of those on a first version would lose something on a second. */
  const hits = async (odds: (version: number) => boolean) =>
    (await records()).filter((doc) => odds(doc.version) && isHit(world.app.features.submissions.open(doc))).length;

  const citizens = Array.from({ length: CITIZENS }, (_, who) => citizen(who));
  let rev = 1;
  let wrongCounts = 0;
  for (let turn = 1; turn <= PUBLISHINGS; turn += 1) {
    await sleep(BETWEEN_MS);
    const toSecond = turn % 2 === 1;
    const content = toSecond ? SECOND : FIRST;
    must(await root.put(`${PATH}/working-version`, { content, rev }), 200);
    rev += 1;
    const mappings = toSecond ? MAPPINGS : [{ op: 'rename', from: 'line', to: 'tel' }];
    // The load goes on while it is counted: what was said lies between the plain counts before and after.
    const first = (version: number) => version % 2 === 1;
    const [low, said, high] = [await hits(first), await check({ target: 'working', rev, mappings }), await hits(first)];
    const { lossy } = said.check.records;
    if (turn === 1 && (lossy < low || lossy > high)) wrongCounts += 1;
    must(await root.post(`${PATH}/publish`, { rev, mappings, graceHours: GRACE_HOURS }), 200);
    console.log(`version ${turn + 1} published: said ${lossy} lossy of ${said.check.records.read}, ${seen.sent} sent`);
  }
  await sleep(BETWEEN_MS);
  over = true;
  await Promise.all(citizens);

  // The quiet after: what is counted now is what the migration does.
  const last = await check({ target: 'current' });
  must(await root.post(`${PATH}/migrations/${last.id}/start`), 200);
  const all = await records();
  let strange = 0;
  for (const doc of all) {
    const form = (await world.app.features.forms.version(FORM, doc.version))!;
    const answers = world.app.features.submissions.open(doc);
    const today = shanghaiDay(doc.submittedAt);
    if (checkForm(form.content, answers, { today }).issues.length > 0) strange += 1;
  }
  await world.app.features.formMigrations.worker.drain();
  const done = (await root.get(`${PATH}/migrations/${last.id}`)).body;
  const sameCounts = JSON.stringify(done.counts) === JSON.stringify(last.check.records) && done.counts.read > 0;
  const drafts = await draftModel(world.deps.mongo).countDocuments({ formKey: FORM });
  for (const line of odd.slice(0, 10)) console.log(line);
  failed =
    seen.broken + seen.refused + seen.lostDrafts + strange + wrongCounts + odd.length > 0 ||
    !sameCounts ||
    all.length !== seen.sent ||
    drafts !== CITIZENS ||
    seen.outdated === 0;
  console.log(
    JSON.stringify({
      proof: 'publish',
      versions: PUBLISHINGS + 1,
      ...seen,
      stored: all.length,
      underOtherRules: strange,
      countsWrong: wrongCounts + (sameCounts ? 0 : 1),
      draftsLeft: drafts,
      ok: !failed,
    }),
  );
} finally {
  over = true;
  await second.close();
  await beside.close().catch(() => undefined);
  await world.close().catch(() => undefined);
  await Promise.all([mongo.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
