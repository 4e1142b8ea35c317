import { PassThrough, type Readable } from 'node:stream';
import type { Deps } from '../../deps.ts';
import { fieldsOf, spotName, spotOf, type Locale } from '../../../shared/fields/index.ts';
import { loadMessages, sayFault, withColon, withSemicolons } from '../../../shared/messages/index.ts';
import { HIDDEN, maskValue, parseCell } from '../../../shared/fields/projections.ts';
import type { StaffCaller } from '../../http/index.ts';
import { createWorkbookWriter, type CellInput } from '../../infra/workbook/index.ts';
import type { Forms } from '../forms/index.ts';
import type { RecordSettings } from '../record-settings/index.ts';
import { RECORD_RIGHTS } from '../submissions/index.ts';
import { importFaultModel, type ImportFault } from './import-rows.model.ts';
import { sealContext, type ImportDoc } from './imports.model.ts';
import type { Mappings } from './mapping.ts';

export type FaultsWorkbook = ReturnType<typeof createFaultsWorkbook>;

const HEADS = {
  'zh-CN': { sheet: '未导入的行', row: '原行号', reason: '原因', column: '第 {n} 列' },
  en: { sheet: 'Rows not imported', row: 'Row', reason: 'Reason', column: 'Column {n}' },
} as const;

/**
 * The refused rows: their own columns in their own order, the cells at fault marked, with the row number before and the reasons
 * behind. Who did not upload the file sees of its cells what the field rights let them see of a record. Mended, it can be imported again as it is: what it adds is no field.
 */
export function createFaultsWorkbook(
  { mongo, cipher, log }: Deps,
  {
    forms,
    mappings,
    recordSettings,
  }: { forms: Forms; mappings: Mappings; recordSettings: Pick<RecordSettings, 'access'> },
) {
  const faults = importFaultModel(mongo);

  return async (doc: ImportDoc, caller: StaffCaller, locale: Locale, signal: AbortSignal): Promise<Readable> => {
    const form = await forms.version(doc.formKey, doc.version);
    const fields = new Map((form ? fieldsOf(form.content) : []).map((field) => [field.key, field]));
    const { issues: texts } = await loadMessages(locale);
    const heads = HEADS[locale];
    const names = mappings.columns(doc).map(({ header }, at) => header || heads.column.replace('{n}', String(at + 1)));
    const columnOf = new Map((doc.mapping?.fields ?? []).flatMap((key, at) => (key === null ? [] : [[key, at]])));

    const access = await recordSettings.access(caller, RECORD_RIGHTS);
    const fieldAt = (doc.mapping?.fields ?? []).map((key) => (key === null ? undefined : fields.get(key)));
    /** A cell as it stood, for who has the file anyway; others get what they could see of the record that it became. */
    const cellOf = (text: string, at: number): string => {
      const field = fieldAt[at];
      if (doc.createdBy === caller.accountId || text === '') return text;
      // A column that means nothing to the form may hold anything.
      if (!field) return HIDDEN;
      const see = access.least(doc.formKey, field);
      return see === 'show' ? text : see === 'mask' ? maskValue(field, parseCell(field, text), locale) || HIDDEN : '';
    };

    const reason = ({ path, code, params }: ImportFault['issues'][number]): string => {
      const spot = spotOf([...fields.values()], path);
      const fault = sayFault(texts, { code, params }, spot?.field, locale);
      return withColon(locale, spot && spotName(spot, locale), fault);
    };
    const rowOf = ({ row, cells, issues }: ImportFault): CellInput[] => {
      const stood = cipher.openJson<string[]>(cells, sealContext(doc._id));
      const wrong = new Set(issues.map(({ path }) => columnOf.get(path.split('.')[1] ?? '')));
      return [
        row,
        ...names.map((_name, at) =>
          wrong.has(at) ? { marked: cellOf(stood[at] ?? '', at) } : cellOf(stood[at] ?? '', at),
        ),
        withSemicolons(locale, issues.map(reason)),
      ];
    };

    const out = new PassThrough();
    const write = async () => {
      const writer = createWorkbookWriter(out, { signal });
      const sheet = writer.sheet(heads.sheet, {
        columns: [
          { header: heads.row, width: 8 },
          ...names.map((header) => ({ header, width: 20, textFormat: true })),
          { header: heads.reason, width: 60 },
        ],
      });
      const cursor = faults.find({ importId: doc._id }).sort({ row: 1 }).batchSize(500).lean<ImportFault[]>().cursor();
      try {
        for await (const fault of cursor) await sheet.row(rowOf(fault as unknown as ImportFault));
      } finally {
        await cursor.close();
      }
      await sheet.close();
      await writer.close();
    };
    void write().catch((err: unknown) => {
      log.warn('export.broken', { importId: String(doc._id), err });
      out.destroy(err as Error);
    });
    return out;
  };
}
