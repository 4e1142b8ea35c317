import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import type { Issue } from '../../../shared/fields/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { Row } from '../../infra/workbook/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { RowOutcome, Submissions } from '../submissions/index.ts';
import type { Header } from './header.ts';
import { importFaultModel, type ImportCounts, type ImportDoc } from './imports.model.ts';
import { judgeRow } from './judge.ts';
import type { OpenBatch } from './run.ts';

/** Judges and writes some rows; answers what became of them. Running the same rows again changes nothing. */
export type Batch = (rows: Row[], header: Header) => Promise<ImportCounts>;

type Others = { forms: Forms; submissions: Submissions; regions: Regions; sessions: Sessions };

const OUT_OF_SCOPE: Issue[] = [{ path: 'answers', code: 'out_of_scope' }];

/** Rows are written with the rights that the importing account has now, not with those of the upload. */
export function createOpenBatch(
  { mongo, cipher, clock }: Deps,
  { forms, submissions, regions, sessions }: Others,
): OpenBatch {
  const faults = importFaultModel(mongo);

  return async (doc) => {
    const form = await forms.version(doc.formKey, doc.version);
    const caller = await sessions.staffCaller(doc.createdBy);
    if (!form) throw new Problem('not_found');
    if (!caller?.permissions.has('import.run')) throw new Problem('forbidden');
    const ctx = { today: shanghaiDay(clock()), regions: regions.lookup };

    const write: Batch = async (rows, header) => {
      const judged = rows.map((row) => ({ cells: row, ...judgeRow(row, header, form.content, ctx) }));
      const good = judged.filter(({ issues }) => issues.length === 0);
      const outcomes = await submissions.writeMany(good, {
        form,
        caller,
        importId: doc._id,
        onDuplicate: doc.duplicates,
      });
      const count = (...which: RowOutcome[]) => outcomes.filter(({ outcome }) => which.includes(outcome)).length;
      const refused = [
        ...judged.filter(({ issues }) => issues.length > 0),
        ...good.filter((_, at) => outcomes[at]?.outcome === 'outOfScope').map((row) => ({ ...row, issues: OUT_OF_SCOPE })),
      ];
      await keep(doc, refused);
      return {
        read: rows.length,
        created: count('inserted'),
        updated: count('updated'),
        skipped: count('unchanged', 'duplicate'),
        failed: refused.length,
      };
    };
    return { content: form.content, write };
  };

  async function keep(doc: ImportDoc, refused: { cells: Row; issues: Issue[] }[]): Promise<void> {
    if (!refused.length) return;
    await faults.collection.bulkWrite(
      refused.map(({ cells: row, issues }) => ({
        updateOne: {
          filter: { importId: doc._id, row: row.number },
          update: {
            $set: {
              cells: cipher.sealJson(
                row.cells.map((cell) => cell.text),
                `import:${doc._id}`,
              ),
              issues: issues.map(({ path, code, params }) => ({ path, code, params: params ?? {} })),
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }
}
