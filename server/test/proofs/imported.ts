import type { Types } from 'mongoose';
import { importFaultModel } from '../../src/features/imports/import-rows.model.ts';
import { importModel, sealContext, type ImportCounts } from '../../src/features/imports/imports.model.ts';
import { personModel, type PersonDoc } from '../../src/features/people/index.ts';
import { submissionModel, type SubmissionDoc } from '../../src/features/submissions/index.ts';
import type { HistoryEntry } from '../../src/features/history/index.ts';
import type { ImportTest } from '../imports.ts';
import { rowsOf } from '../rows-of.ts';

/** What an import left, in clear, without what differs by nature: ids, times, receipt numbers, nonces. */
export interface Imported {
  counts: ImportCounts;
  /** Each a text, by what it is known by. */
  people: Map<string, string>;
  submissions: Map<string, string>;
  faults: Map<string, string>;
  /** Rows of the error workbook. */
  workbook: string[];
  /** Submissions and people that stand for something that another one stands for already. */
  twice: number;
}

/** Reads all that is stored, past the API; and the error workbook through it. */
export async function contentOf(test: ImportTest, id: string): Promise<Imported> {
  const { mongo, cipher } = test.deps;
  const { features } = test.app;
  let twice = 0;
  const put = (map: Map<string, string>, key: string, value: object) => {
    if (map.has(key)) twice += 1;
    map.set(key, JSON.stringify(value));
  };
  const historyOf = (context: string, history: readonly HistoryEntry[]) =>
    history.map(({ by, action, keys, before }) => ({
      by: by.name,
      action,
      keys,
      before: before && cipher.openJson(before, context),
    }));

  const people = new Map<string, string>();
  const keyOf = new Map<string, string>();
  for await (const doc of personModel(mongo).find().lean<PersonDoc[]>().cursor() as AsyncIterable<PersonDoc>) {
    const { _id, documentIndex, phoneIndex, rev, history, scope } = doc;
    keyOf.set(String(_id), documentIndex!);
    put(people, documentIndex!, {
      facts: features.people.open(doc),
      phoneIndex,
      rev,
      regionPath: scope.regionPath,
      history: historyOf(`person.history:${String(_id)}`, history),
    });
  }

  const submissions = new Map<string, string>();
  const docs = submissionModel(mongo).find().lean<SubmissionDoc[]>().cursor() as AsyncIterable<SubmissionDoc>;
  for await (const doc of docs) {
    const { _id, dedupeKey, version, status, row, changedBy, claimed, personId, rev, history, scope } = doc;
    const { answersHash, facets, name, phoneIndex, documentIndex, source } = doc;
    put(submissions, dedupeKey!, {
      answers: features.submissions.open(doc),
      person: personId && keyOf.get(String(personId)),
      changedRow: changedBy?.row ?? null,
      regionPath: scope.regionPath,
      history: historyOf(`submission.history:${String(_id)}`, history),
      ...{ version, status, row, claimed, rev, answersHash, facets, name, phoneIndex, documentIndex, source },
    });
  }

  const importId = new mongo.base.Types.ObjectId(id) as Types.ObjectId;
  const faults = new Map<string, string>();
  for (const { row, cells, issues } of await importFaultModel(mongo).find({ importId }).lean())
    put(faults, String(row), { cells: cipher.openJson(cells, sealContext(importId)), issues });

  const errors = await test.admin.get(`/api/business/imports/${id}/errors`);
  if (errors.status !== 200) throw new Error(`errors: ${errors.status}`);
  const workbook = (await rowsOf(errors.body as unknown as Buffer)).map((cells) => JSON.stringify(cells));
  const { counts } = (await importModel(mongo).findById(id).orFail().lean())!;
  return { counts, people, submissions, faults, workbook, twice };
}

/** What is not the same in both; a line each. */
export function differences(wanted: Imported, found: Imported): string[] {
  const lines: string[] = [];
  const compare = (what: string, one: string | undefined, other: string | undefined) => {
    if (one !== other) lines.push(`${what}: ${one ?? 'nothing'} / ${other ?? 'nothing'}`);
  };
  compare('counts', JSON.stringify(wanted.counts), JSON.stringify(found.counts));
  for (const name of ['people', 'submissions', 'faults'] as const)
    for (const key of new Set([...wanted[name].keys(), ...found[name].keys()]))
      compare(`${name} ${key}`, wanted[name].get(key), found[name].get(key));
  for (let row = 0; row < Math.max(wanted.workbook.length, found.workbook.length); row += 1)
    compare(`error workbook, row ${row + 1}`, wanted.workbook[row], found.workbook[row]);
  return lines;
}
