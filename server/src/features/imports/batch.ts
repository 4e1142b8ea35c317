import type { Types } from 'mongoose';
import type { Answers, Issue } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import { insertNew } from '../../infra/mongo/index.ts';
import type { Row } from '../../infra/workbook/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { createClaims, type RowOutcome, type Submissions } from '../submissions/index.ts';
import { headerOf, type Header } from './header.ts';
import { importFaultModel, importReviewModel } from './import-rows.model.ts';
import { sealContext, type ImportCounts, type ImportDoc } from './imports.model.ts';
import { createJudge } from './judge.ts';
import type { Mappings } from './mapping.ts';
import { createRewrite } from './values.ts';

/** Judges and writes some rows, or only says what writing them would come to; the same rows again change nothing. */
export type Batch = (rows: readonly Row[]) => Promise<ImportCounts>;

/** The way of an import's rows, with the rights that its account has now, not with those of the upload. */
export type OpenBatch = (doc: ImportDoc, what: 'check' | 'run') => Promise<{ header: Header; batch: Batch }>;

interface Others {
  forms: Forms;
  submissions: Submissions;
  sessions: Sessions;
  mappings: Mappings;
}

interface JudgedRow {
  cells: Row;
  row: number;
  answers: Answers;
  issues: Issue[];
}

const OUT_OF_SCOPE: Issue[] = [{ path: 'answers', code: 'out_of_scope' }];

export function createOpenBatch(
  { mongo, cipher, clock }: Deps,
  { forms, submissions, sessions, mappings }: Others,
): OpenBatch {
  const faults = importFaultModel(mongo);
  const reviews = importReviewModel(mongo);
  const { ObjectId } = mongo.base.Types;

  /** Refused rows, as they stood. Those that are there already are the same: the batch was cut and runs again. */
  async function keepFaults(importId: Types.ObjectId, refused: readonly JudgedRow[]): Promise<void> {
    await insertNew(
      faults,
      refused.map(({ cells, row, issues }) => ({
        _id: new ObjectId(),
        importId,
        row,
        cells: cipher.sealJson(
          cells.cells.map(({ text }) => text),
          sealContext(importId),
        ),
        issues: issues.map(({ path, code, params }) => ({ path, code, params: params ?? {} })),
      })),
    );
  }

  async function keepReviews(
    importId: Types.ObjectId,
    rows: readonly (JudgedRow & { holder: Types.ObjectId | null })[],
  ): Promise<void> {
    await insertNew(
      reviews,
      rows.map(({ row, answers, holder }) => ({
        _id: new ObjectId(),
        importId,
        row,
        answers: cipher.sealJson(answers, sealContext(importId)),
        submissionId: holder,
        decision: null,
        decidedBy: null,
        decidedAt: null,
        done: false,
      })),
    );
  }

  return async (doc, what) => {
    const form = await forms.version(doc.formKey, doc.version);
    const caller = await sessions.staffCaller(doc.createdBy);
    if (!form || !doc.mapping) throw new Problem('not_found');
    if (!caller?.permissions.has('import.run')) throw new Problem('forbidden');
    const header = headerOf(doc.mapping, form.content);
    const rewrite = createRewrite(mappings.values(doc), header, form.content);
    const ctx = { today: shanghaiDay(clock()), ...(await submissions.look()) };
    const run = { form, caller, importId: doc._id, onDuplicate: doc.duplicates, repeatOf: doc.repeatOf?.id };
    const claims = createClaims();
    const judge = createJudge(header, form.content, ctx);

    const batch: Batch = async (rows) => {
      const judged = rows.map((cells): JudgedRow => ({
        cells,
        ...judge(rewrite(cells)),
      }));
      const good = judged.filter(({ issues }) => issues.length === 0);
      const results =
        what === 'run' ? await submissions.writeMany(good, run) : await submissions.judgeMany(good, run, claims);
      const become = (...outcomes: RowOutcome[]) =>
        good.flatMap((row, at) => {
          const { outcome, holder } = results[at]!;
          return outcomes.includes(outcome) ? [{ ...row, holder }] : [];
        });
      const refused = [
        ...judged.filter(({ issues }) => issues.length > 0),
        ...become('outOfScope').map((row) => ({ ...row, issues: OUT_OF_SCOPE })),
      ];
      await keepFaults(doc._id, refused);
      if (what === 'run') await keepReviews(doc._id, become('review'));
      return {
        read: rows.length,
        created: become('inserted').length,
        updated: become('updated').length,
        skipped: become('duplicate').length,
        unchanged: become('unchanged').length,
        review: become('review').length,
        failed: refused.length,
      };
    };
    return { header, batch };
  };
}
