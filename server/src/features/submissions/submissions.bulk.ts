import { fieldsOf, KINDS, type Answers } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { insertNew, updateRead } from '../../infra/mongo/index.ts';
import { byOf, entryOf } from '../history/index.ts';
import type { Match } from '../people/index.ts';
import type { Access } from '../record-settings/index.ts';
import { asUpdate } from './submissions.codec.ts';
import { rulesStep } from './submissions.rules.ts';
import { createLook } from './submissions.look.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import {
  candidatesOf,
  type Candidate,
  type ImportedRow,
  type ImportRun,
  type RowOutcome,
  type RowResult,
} from './submissions.rows.ts';
import { RECORD_RIGHTS } from './submissions.sight.ts';
import type { SubmissionParts, SubmissionStore } from './submissions.store.ts';
import { verdictOf, type Claims, type Verdict } from './submissions.verdict.ts';

/** How often a batch is looked at again because others wrote the same submissions meanwhile. */
const ROUNDS = 5;

/** What a batch is written by beside the run. */
interface Rules {
  access: Access;
  sorts: readonly string[];
}

interface Judged extends Verdict {
  candidate: Candidate;
}

/** Many submissions at once, at the database's own speed. */
export function createSubmissionBulk(
  deps: Deps,
  { people, codec, recordSettings }: SubmissionParts,
  store: SubmissionStore,
) {
  const { mongo, clock, cipher } = deps;
  const submissions = submissionModel(mongo);
  const look = createLook(submissions, codec);

  async function judge(rows: readonly Candidate[], run: ImportRun, claims: Claims, again: boolean): Promise<Judged[]> {
    const found = await look(rows, run, again);
    return rows.map((candidate) => ({ candidate, ...verdictOf(candidate, run, found, claims) }));
  }

  const rulesOf = async ({ caller, form }: ImportRun): Promise<Rules> => ({
    access: await recordSettings.access(caller, RECORD_RIGHTS),
    sorts: (await recordSettings.of(form.key)).sorts,
  });

  function newDoc(
    { candidate, holder, write }: Judged,
    match: Match,
    { form, caller, importId }: ImportRun,
    { sorts }: Rules,
  ) {
    const { row, answers, scope } = candidate;
    const beside = write === 'beside';
    return store.build({
      form,
      answers,
      scope,
      source: 'import',
      accountId: null,
      by: byOf(caller),
      ...match,
      sorts,
      known: beside ? { ...candidate, dedupeKey: codec.besideKey(candidate.dedupeKey!, importId) } : candidate,
      imported: { importId, row, ...(beside ? { beside: holder!._id } : {}) },
    });
  }

  /** What a row may not change of a submission that it is written over: for its importer's rights, or since no table holds it. */
  function keptOf(doc: SubmissionDoc, { form }: ImportRun, { access }: Rules): Answers {
    const ruled = access.subjects.includes(form.key);
    const fixed = fieldsOf(form.content).filter(
      (field) =>
        KINDS[field.kind].attached ||
        (ruled && (!access.mayWrite(form.key, field, doc.scope) || access.see(form.key, field, doc.scope) === 'hide')),
    );
    if (fixed.length === 0) return {};
    const old = codec.open(doc);
    return Object.fromEntries(fixed.flatMap(({ key }) => (old[key] === undefined ? [] : [[key, old[key]]])));
  }

  function changeOf(doc: SubmissionDoc, candidate: Candidate, run: ImportRun, rules: Rules) {
    const { caller, form, importId } = run;
    const { row, dedupeKey, scope } = candidate;
    const id = String(doc._id);
    const kept = keptOf(doc, run, rules);
    const whole = Object.keys(kept).length === 0;
    const answers = whole ? candidate.answers : { ...candidate.answers, ...kept };
    const place = { formKey: form.key, content: form.content, regionPath: scope.regionPath };
    const stored = codec.seal(id, place, answers, whole ? candidate : undefined);
    const { $set, $unset } = asUpdate(stored, dedupeKey);
    const sort = codec.sort(form.content, answers, rules.sorts);
    const { version, rev } = doc;
    return {
      filter: { _id: doc._id, rev, deletedAt: null },
      update: {
        $set: {
          ...$set,
          ...(sort ? { sort } : {}),
          version: form.version,
          scope: { ...doc.scope, regionPath: scope.regionPath },
          updatedAt: clock(),
          changedBy: { importId, row, rev: rev + 1, version, regionPath: doc.scope.regionPath },
        },
        ...($unset ? { $unset } : {}),
        $inc: { rev: 1 },
        $push: {
          ...(version === form.version ? {} : rulesStep(doc, form.version, clock())),
          history: entryOf(cipher, codec.historyContext(id), {
            at: clock(),
            by: byOf(caller),
            action: 'imported',
            before: codec.open(doc),
            after: answers,
          }),
        },
      },
    };
  }

  /** @returns the rows whose place somebody else has taken meanwhile */
  async function insert(
    rows: readonly Judged[],
    matches: readonly Match[],
    run: ImportRun,
    rules: Rules,
  ): Promise<Judged[]> {
    const docs = rows.map((row, i) => newDoc(row, matches[i]!, run, rules));
    const refused = new Set(await insertNew(submissions, docs));
    return rows.filter((_, i) => refused.has(i));
  }

  /** @returns the rows to be looked at again, when somebody else changed one of them meanwhile: all; those done are then known */
  async function change(rows: readonly Judged[], run: ImportRun, rules: Rules): Promise<readonly Judged[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ holder }) => holder!._id);
    const docs = await submissions.find({ _id: { $in: ids } }, { history: 0 }).lean<SubmissionDoc[]>();
    const byId = new Map(docs.map((doc) => [String(doc._id), doc]));
    const updates = rows.flatMap(({ holder, candidate }) => {
      const doc = byId.get(String(holder!._id));
      return doc ? [changeOf(doc, candidate, run, rules)] : [];
    });
    return updates.length === rows.length && (await updateRead(submissions, updates)) ? [] : rows;
  }

  async function write(judged: readonly Judged[], run: ImportRun, rules: Rules): Promise<Set<Candidate>> {
    const written = judged.filter((row) => row.write !== null);
    if (written.length === 0) return new Set();
    const matches = await people.upsertMany(
      written.map(({ candidate }) => candidate),
      { caller: run.caller, importId: run.importId, onExisting: run.onDuplicate === 'update' ? 'update' : 'keep' },
    );
    const isNew = written.map((row) => row.write !== 'over');
    const fresh = written.filter((_, i) => isNew[i]);
    const [refused, contested] = [
      await insert(
        fresh,
        matches.filter((_, i) => isNew[i]),
        run,
        rules,
      ),
      await change(
        written.filter((_, i) => !isNew[i]),
        run,
        rules,
      ),
    ];
    return new Set([...refused, ...contested].map(({ candidate }) => candidate));
  }

  const empty = (rows: readonly ImportedRow[]): RowResult[] =>
    rows.map(() => ({ outcome: 'outOfScope' as RowOutcome, holder: null }));
  const result = ({ outcome, holder }: Verdict): RowResult => ({ outcome, holder: holder?._id ?? null });

  return {
    /**
     * Writes a batch (≤ 1,000 rows) of an import: people first, then new submissions, then those that change. What becomes of
     * a row follows from what is stored and from nothing else, so a batch that was cut and runs again leaves every row once,
     * with the same outcome; rows that somebody else writes at the same moment are looked at again.
     * @returns the result of each row, in order
     * @throws Error when others went on writing the same submissions or people: run the batch again later
     */
    async writeMany(rows: readonly ImportedRow[], run: ImportRun): Promise<RowResult[]> {
      const results = empty(rows);
      const rules = await rulesOf(run);
      let open = await candidatesOf(rows, run, { codec, people, access: rules.access });
      for (let round = 0; open.length > 0; round += 1) {
        if (round === ROUNDS) throw new Error('submissions that others went on writing');
        const judged = await judge(open, run, new Map<string, Candidate>(), round > 0);
        const again = await write(judged, run, rules);
        for (const row of judged) {
          if (row.leader && again.has(row.leader)) again.add(row.candidate);
          if (!again.has(row.candidate)) results[row.candidate.at] = result(row);
        }
        open = open.filter((candidate) => again.has(candidate));
      }
      return results;
    },

    /**
     * Says what `writeMany` would make of a batch, by the same code, and writes nothing. Give the same `claims` (of
     * `createClaims`) with every batch of a file, from its first row on: rows with the same values are known by it.
     */
    async judgeMany(rows: readonly ImportedRow[], run: ImportRun, claims: Claims): Promise<RowResult[]> {
      const results = empty(rows);
      const { access } = await rulesOf(run);
      const candidates = await candidatesOf(rows, run, { codec, people, access });
      for (const row of await judge(candidates, run, claims, false)) results[row.candidate.at] = result(row);
      return results;
    },
  };
}
