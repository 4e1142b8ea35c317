import { randomBytes } from 'node:crypto';
import type { Types } from 'mongoose';
import { healthDeclaration } from '../../shared/demo/healthDeclaration.ts';
import type { FormContent } from '../../shared/fields/index.ts';
import type { Deps } from '../../src/deps.ts';
import { demoAnswers } from '../../src/features/seed/demo.people.ts';
import type { Features } from '../../src/features/index.ts';
import type { PersonDoc } from '../../src/features/people/index.ts';
import { listsOf, type SubmissionDoc } from '../../src/features/submissions/index.ts';
import { connectMongo } from '../../src/infra/mongo/index.ts';
import { ROOT, ROOT_ACTOR } from '../../test/demo-form.ts';

export const MAIN = 'health';
export const SMALL = 'small';
/** What the main form's records are sorted by. */
export const SORTS = ['lastDoseDate', 'gender', 'vaccineDoses', 'temperature'];
/** Different people; every record is one of theirs, under an id, a time and a number of its own. */
const DIFFERENT = 4_000;
const BATCH = 2_000;
const DAY_MS = 24 * 3_600_000;
const DAYS = 730;

export interface Filled {
  rows: number;
  importId: string;
  personId: string;
  phone: string;
  document: string;
  /** A receipt number that is there. */
  receipt: string;
  county: string;
}

/** Patterns are judged at publishing for a second each, and mean nothing here. */
const plain = (content: FormContent): FormContent => ({
  ...content,
  steps: content.steps.map((step) => ({
    ...step,
    fields: step.fields.map(({ pattern: _pattern, patternHint: _hint, ...field }) => field),
  })),
});

/** A number from 0 up to 1 that follows from `i` alone. */
function chance(i: number, salt: number): number {
  let hash = Math.imul(i + 1, 2_654_435_761) ^ Math.imul(salt + 7, 40_503);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
const random = () => randomBytes(32).toString('base64url');

/** Takes the indexes off, and builds them again in one go: far faster than keeping them up. */
async function withoutIndexes({ config, log }: Deps, collections: readonly { collectionName: string }[]) {
  // Of its own, since a build may take longer than a socket is silent.
  const patient = await connectMongo(config.mongoUrl, { log, socketTimeoutMS: 0 });
  const kept = await Promise.all(
    collections.map(async ({ collectionName }) => {
      const collection = patient.getClient().db(patient.name).collection(collectionName);
      const indexes = (await collection.indexes()).filter(({ name }) => name !== '_id_');
      await collection.dropIndexes();
      return { collection, indexes };
    }),
  );
  return async () => {
    for (const { collection, indexes } of kept)
      await collection.createIndexes(indexes.map(({ v: _version, ...index }) => index));
    await patient.close();
  };
}

/** Fills a database with records and people as years of use leave them: old versions, rare states, a few that are rare altogether. */
export async function fillLists(deps: Deps, features: Features, rows: number): Promise<Filled> {
  const { mongo, cipher } = deps;
  const { ObjectId } = mongo.base.Types;
  const content = plain(healthDeclaration);
  for (const key of [MAIN, SMALL]) {
    await features.forms.create(ROOT_ACTOR, { key, title: content.title, content, region: null });
    for (let version = 1; version <= (key === MAIN ? 3 : 1); version += 1)
      await features.forms.publish(ROOT_ACTOR, key, 1);
  }
  for (const [key, sorts] of [
    [MAIN, SORTS],
    [SMALL, []],
  ] as const) {
    await features.recordSettings.change(ROOT, '127.0.0.1', key, {
      rules: [],
      review: true,
      editHours: 0,
      sorts: [...sorts],
      rev: 0,
    });
    await features.recordSettings.markSorted(key, sorts);
  }
  const form = (await features.forms.published(MAIN))!;
  const importId = new ObjectId();
  const answers = Array.from({ length: DIFFERENT }, (_, i) => demoAnswers(i, '2026-11-21'));
  for (let at = 0; at < DIFFERENT; at += 1_000)
    await features.submissions.writeMany(
      answers.slice(at, at + 1_000).map((one, i) => ({ row: at + i + 1, answers: one as never })),
      { caller: ROOT, form, importId, onDuplicate: 'create' },
    );
  const records = features.submissions.model().collection;
  const people = features.people.model().collection;
  const baseRecords = await features.submissions.model().find({}).sort({ row: 1 }).lean<SubmissionDoc[]>();
  const basePeople = await features.people.model().find({}).sort({ _id: 1 }).lean<PersonDoc[]>();
  await Promise.all([records.deleteMany({}), people.deleteMany({})]);

  const now = deps.clock().getTime();
  const opened = baseRecords.map(
    (doc) => doc.sealed && cipher.openJson(doc.sealed, `submission.answers:${String(doc._id)}`),
  );
  const facts = basePeople.map((doc) => doc.sealed && cipher.openJson(doc.sealed, `person.facts:${String(doc._id)}`));
  const imports = Array.from({ length: 20 }, () => new ObjectId());

  function record(i: number): SubmissionDoc {
    const base = baseRecords[i % baseRecords.length]!;
    const _id = new ObjectId();
    // Older first, with days of rush.
    const submittedAt = new Date(now - Math.floor((1 - (i + chance(i, 1)) / rows) * DAYS * DAY_MS));
    const luck = chance(i, 2);
    const status =
      luck < 0.9
        ? 'accepted'
        : luck < 0.98
          ? 'withdrawn'
          : luck < 0.9995
            ? 'submitted'
            : luck < 0.9999
              ? 'returned'
              : 'rejected';
    const small = chance(i, 3) < 0.02;
    const age = i / rows;
    const imported = chance(i, 4) < 0.3;
    const formKey = small ? SMALL : MAIN;
    // The invented people of one county are all of one gender.
    const facets = base.facets.map((one) =>
      one.k === 'gender' ? { k: 'gender', v: chance(i, 20) < 0.5 ? 'male' : 'female' } : one,
    );
    const doc: SubmissionDoc = {
      ...base,
      _id,
      formKey,
      version: small ? 1 : age < 0.05 ? 1 : age < 0.6 ? 2 : 3,
      personId: new ObjectId(),
      claimed: chance(i, 5) < 0.0005,
      source: imported ? 'import' : chance(i, 6) < 0.001 ? 'staff' : 'citizen',
      status,
      sealed: opened[i % opened.length]
        ? cipher.sealJson(opened[i % opened.length], `submission.answers:${String(_id)}`)
        : null,
      facets,
      listed: listsOf(formKey, base.scope.regionPath, facets),
      phoneIndex: random(),
      documentIndex: random(),
      dedupeKey: random(),
      receiptNumber: `${String(20_200_101 + (i % 300))}-${(i + 1_000_000)
        .toString(36)
        .toUpperCase()
        .padStart(8, '0')
        .replace(/(.{4})(.{4})/, '$1-$2')}`,
      history: [],
      submittedAt,
      updatedAt: submittedAt,
      deletedAt: chance(i, 7) < 0.003 ? submittedAt : null,
      deletedBy: null,
      ...(small
        ? {}
        : {
            sort: {
              s0: `${1940 + Math.floor(chance(i, 8) * 80)}-01-01`,
              s1: `00000${Math.floor(chance(i, 9) * 2)}`,
              s2: String(Math.floor(chance(i, 10) * 6)),
              s3: chance(i, 11) < 0.1 ? String(chance(i, 12)) : '',
            },
          }),
    };
    delete doc.importId;
    delete doc.row;
    if (imported) Object.assign(doc, { importId: imports[Math.floor(age * 20)], row: i + 1 });
    else doc.accountId = random();
    return doc;
  }
  function person(i: number): PersonDoc {
    const base = basePeople[i % basePeople.length]!;
    const _id = new ObjectId();
    const createdAt = new Date(now - Math.floor((1 - i / rows) * DAYS * DAY_MS));
    const known = facts[i % facts.length];
    const doc: PersonDoc = {
      ...base,
      _id,
      sealed: known ? cipher.sealJson(known, `person.facts:${String(_id)}`) : null,
      documentIndex: random(),
      phoneIndex: random(),
      history: [],
      createdAt,
      updatedAt: createdAt,
      deletedAt: chance(i, 13) < 0.003 ? createdAt : null,
    };
    delete doc.importId;
    return doc;
  }

  const indexed = await withoutIndexes(deps, [records, people]);
  const loose = { ordered: false, writeConcern: { w: 1, journal: false } } as const;
  let writing: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < rows; at += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, rows - at) }, (_, i) => at + i);
    const [someRecords, somePeople] = [some.map(record), some.map(person)];
    // One batch is made while the one before is written.
    await writing;
    writing = Promise.all([
      records.insertMany(someRecords as never[], loose),
      people.insertMany(somePeople as never[], loose),
    ]);
    if (at % 100_000 === 0) console.log(`${at} of ${rows}`);
  }
  await writing;
  await indexed();

  // One that is looked for by its numbers.
  const middle = (await records
    .find({ formKey: MAIN, deletedAt: null })
    .skip(Math.min(1_000, rows >> 1))
    .limit(1)
    .next())!;
  const someone = (await people
    .find({ deletedAt: null })
    .skip(Math.min(1_000, rows >> 1))
    .limit(1)
    .next())!;
  const [phone, document] = ['13912345678', '440305199001011235'];
  const indexes = { phoneIndex: features.people.indexes.searchedPhone(phone) };
  const [, documentIndex] = [null, features.people.indexes.documentIndexes(document)[0]!];
  await records.updateOne({ _id: middle._id }, { $set: { ...indexes, documentIndex } });
  await people.updateOne({ _id: someone._id }, { $set: { ...indexes, documentIndex } });
  const { regionPath } = (middle as unknown as SubmissionDoc).scope;
  return {
    rows,
    importId: String(imports[3]),
    personId: String((middle['personId'] as Types.ObjectId | null) ?? ''),
    phone,
    document,
    receipt: middle['receiptNumber'] as string,
    county: regionPath.at(-1)!,
  };
}
