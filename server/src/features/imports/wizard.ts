import { fieldsOf, formatValue, spotName, spotOf, type Locale } from '../../../shared/fields/index.ts';
import { loadMessages, sayFault, withColon } from '../../../shared/messages/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Submissions } from '../submissions/index.ts';
import type { DuplicateRule } from '../submissions/index.ts';
import { headerOf } from './header.ts';
import { importSheetModel } from './import-rows.model.ts';
import { importModel, type ImportDoc, type SheetName } from './imports.model.ts';
import type { ImportRead } from './imports.read.ts';
import { assertFrom, isEnded } from './imports.states.ts';
import { createJudge, isBlankRow } from './judge.ts';
import type { MappingChoice, Mappings } from './mapping.ts';
import type { Memory } from './memory.ts';
import type { SheetHead } from './sheet-scan.ts';
import { createRewrite } from './values.ts';

export type Wizard = ReturnType<typeof createWizard>;

const PREVIEW_ROWS = 20;

interface Others {
  read: ImportRead;
  forms: Forms;
  submissions: Pick<Submissions, 'look'>;
  mappings: Mappings;
  memory: Memory;
}

/** What a person sees and says before an import's rows are written. It never opens the file: a worker has kept what it needs. */
export function createWizard({ mongo, clock }: Deps, { read, forms, submissions, mappings, memory }: Others) {
  const imports = importModel(mongo);
  const sheets = importSheetModel(mongo);

  async function headOf(doc: ImportDoc, sheet: number): Promise<SheetHead> {
    const found = await sheets.findOne({ importId: doc._id, sheet }).lean();
    if (!found) throw new Problem('conflict', { params: { state: doc.state } });
    return mappings.open<SheetHead>(doc._id, found.head);
  }

  async function contentOf({ formKey, version }: ImportDoc) {
    const form = await forms.version(formKey, version);
    if (!form) throw new Problem('not_found');
    return form.content;
  }

  return {
    /** The first rows as they would be read. For the uploader alone: cells are shown as they stand in the file. */
    async preview(caller: StaffCaller, id: string, locale: Locale) {
      const doc = await read.get(caller, id);
      if (doc.createdBy !== caller.accountId) throw new Problem('forbidden');
      if (!doc.mapping || isEnded(doc.state)) throw new Problem('conflict', { params: { state: doc.state } });
      const content = await contentOf(doc);
      const { rows } = await headOf(doc, doc.mapping.sheet);
      const header = headerOf(doc.mapping, content);
      const rewrite = createRewrite(mappings.values(doc), header, content);
      const look = await submissions.look();
      const ctx = { today: shanghaiDay(clock()), ...look };
      const judge = createJudge(header, content, ctx);
      const { issues: texts } = await loadMessages(locale);
      const fields = new Map(fieldsOf(content).map((field) => [field.key, field]));
      const width = doc.mapping.fields.length;

      const shown = rows.filter((row) => row.number > header.row && !isBlankRow(row)).slice(0, PREVIEW_ROWS);
      return {
        rows: shown.map((row) => {
          const { answers, issues } = judge(rewrite(row));
          return {
            row: row.number,
            cells: Array.from({ length: width }, (_, at) => row.cells[at]?.text ?? ''),
            answers: Object.fromEntries(
              Object.entries(answers).map(([key, value]) => [key, formatValue(fields.get(key)!, value, locale, look)]),
            ),
            issues: issues.map(({ path, code, params }) => {
              const spot = spotOf([...fields.values()], path);
              const column = spot ? header.fields.indexOf(spot.whole) : -1;
              const message = sayFault(texts, { code, ...(params ? { params } : {}) }, spot?.field, locale);
              return {
                column: column < 0 ? null : column,
                field: spot?.whole.key ?? null,
                code,
                message: withColon(locale, spot && spotName(spot, locale), message),
              };
            }),
          };
        }),
      };
    },

    /**
     * Says what goes where; an earlier check counts for nothing then.
     * @throws Problem forbidden for anybody but the uploader, conflict in another state, edit_conflict for another `rev`
     */
    async map(
      caller: StaffCaller,
      id: string,
      { rev, duplicates, ...choice }: MappingChoice & { rev: number; duplicates: DuplicateRule },
    ): Promise<ImportDoc> {
      const doc = await read.get(caller, id);
      if (doc.createdBy !== caller.accountId) throw new Problem('forbidden');
      assertFrom(doc.state, 'map');
      if (doc.rev !== rev) throw new Problem('edit_conflict');
      const names = doc.sheets === null ? [] : mappings.open<SheetName[]>(doc._id, doc.sheets);
      if (!names[choice.sheet])
        throw new Problem('invalid_input', { issues: [{ path: 'body.sheet', code: 'unknown_option' }] });
      const mapping = await mappings.choose(doc, await contentOf(doc), await headOf(doc, choice.sheet), choice);
      const after = await imports
        .findOneAndUpdate(
          { _id: doc._id, state: 'mapping', rev },
          { $set: { mapping, duplicates, check: null }, $inc: { rev: 1 } },
          { returnDocument: 'after' },
        )
        .lean<ImportDoc>();
      if (!after) throw new Problem('edit_conflict');
      return after;
    },

    /** Keeps what people said of this file's headers and texts for the next one. */
    async remember(doc: ImportDoc): Promise<void> {
      if (!doc.mapping) return;
      const head = await headOf(doc, doc.mapping.sheet);
      await memory.keep(doc.formKey, await contentOf(doc), doc.mapping, { head, values: mappings.values(doc) });
    },
  };
}
