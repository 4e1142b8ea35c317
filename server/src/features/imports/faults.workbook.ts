import { PassThrough, type Readable } from 'node:stream';
import type { Deps } from '../../deps.ts';
import { fieldsOf, textOf, type Locale } from '../../../shared/fields/index.ts';
import { loadMessages, sayFault } from '../../../shared/messages/index.ts';
import { createWorkbookWriter } from '../../infra/workbook/index.ts';
import type { Forms } from '../forms/index.ts';
import { importFaultModel } from './import-rows.model.ts';
import type { ImportDoc } from './imports.model.ts';
import type { Mappings } from './mapping.ts';

export type FaultsWorkbook = ReturnType<typeof createFaultsWorkbook>;

const HEADS = {
  'zh-CN': { sheet: '未导入的行', row: '原行号', reason: '原因' },
  en: { sheet: 'Rows not imported', row: 'Row', reason: 'Reason' },
} as const;

/** The refused rows: their own columns in their own order, with the row number before and the reason behind. */
export function createFaultsWorkbook(
  { mongo, cipher, log }: Deps,
  { forms, mappings }: { forms: Forms; mappings: Mappings },
) {
  const faults = importFaultModel(mongo);
  return async (doc: ImportDoc, locale: Locale, signal: AbortSignal): Promise<Readable> => {
    const form = await forms.version(doc.formKey, doc.version);
    const fields = new Map((form ? fieldsOf(form.content) : []).map((field) => [field.key, field]));
    const { issues: texts } = await loadMessages(locale);
    const reason = ({
      path,
      code,
      params,
    }: {
      path: string;
      code: string;
      params: Record<string, string | number>;
    }) => {
      const field = fields.get(path.replace(/^answers\./, ''));
      const said = sayFault(texts, { code, params }, field, locale);
      return field ? `${textOf(field.label, locale)}：${said}` : said;
    };
    const out = new PassThrough();
    const heads = HEADS[locale];

    const write = async () => {
      const writer = createWorkbookWriter(out, { signal });
      const header = mappings.columns(doc).map((column) => column.header);
      const sheet = writer.sheet(heads.sheet, {
        columns: [
          { header: heads.row, width: 8 },
          ...header.map((name) => ({ header: name, width: 20, textFormat: true })),
          { header: heads.reason, width: 60 },
        ],
      });
      const cursor = faults.find({ importId: doc._id }).sort({ row: 1 }).batchSize(500).lean().cursor();
      try {
        for await (const fault of cursor) {
          const cells = cipher.openJson(fault.cells, `import:${doc._id}`) as string[];
          await sheet.row([
            fault.row,
            ...header.map((_name, i) => cells[i] ?? ''),
            fault.issues.map(reason).join('；'),
          ]);
        }
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
