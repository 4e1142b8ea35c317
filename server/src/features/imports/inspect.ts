import type { FormContent } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import type { TableReader } from '../../infra/workbook/index.ts';
import type { Forms } from '../forms/index.ts';
import { findHeader, isCertain, missingFields, namesIn, onlyCertain, type FoundHeader } from './header.ts';
import { importSheetModel } from './import-rows.model.ts';
import type { ImportMapping, SheetName } from './imports.model.ts';
import type { Mappings } from './mapping.ts';
import { createPace, type Desk, type ImportHold } from './phase.ts';
import { SheetScan, type SheetHead } from './sheet-scan.ts';

/** Sheets that are looked at; nobody chooses among more. */
const MAX_SHEETS = 50;

export type Inspect = (hold: ImportHold, reader: TableReader, signal: AbortSignal) => Promise<void>;

interface Looked {
  name: SheetName;
  head: SheetHead;
}

/**
 * Looks what is in the file. With a person behind it: all of it, so that all texts are known, then it waits. Else only its
 * beginning, and it goes on if that leaves no doubt.
 */
export function createInspect(
  { mongo }: Deps,
  { desk, forms, mappings }: { desk: Desk; forms: Forms; mappings: Mappings },
): Inspect {
  const sheets = importSheetModel(mongo);

  return async (hold, reader, signal) => {
    const { doc } = hold;
    const form = await forms.version(doc.formKey, doc.version);
    if (!form) throw new Problem('not_found');
    const looked = await look(hold, reader, signal);
    if (looked === 'cancelled') return desk.end(hold, 'cancelled');
    const names = mappings.seal(
      doc._id,
      looked.map(({ name }) => name),
    );
    if (!doc.review) {
      const mapping = await certain(hold, form.content, looked);
      await desk.checkpoint(hold, { $set: { sheets: names, mapping, state: 'running', phase: 'run' } });
      return;
    }
    if (looked.every(({ head }) => head.rows.length === 0)) throw new Problem('file_empty');
    const mapping = await likely(hold, form.content, looked);
    for (const [sheet, { head }] of looked.entries())
      await sheets.updateOne(
        { importId: doc._id, sheet },
        { $set: { head: mappings.seal(doc._id, head) } },
        { upsert: true },
      );
    await desk.park(hold, 'mapping', { sheets: names, mapping });
  };

  async function look(hold: ImportHold, reader: TableReader, signal: AbortSignal): Promise<Looked[] | 'cancelled'> {
    const visible = [...reader.sheets.entries()].filter(([, { hidden }]) => !hidden).slice(0, MAX_SHEETS);
    const pace = createPace();
    const looked: Looked[] = [];
    let rows = 0;
    for (const [index, { name }] of visible) {
      const scan = new SheetScan();
      for await (const some of reader.rows(index, { signal })) {
        scan.add(some);
        if (!hold.doc.review && scan.hasHead) break;
        if (!pace.due) continue;
        const rate = pace.rows(rows + scan.rows - hold.doc.progress.rows);
        if ((await desk.note(hold, { rows: rows + scan.rows, total: null, rate })) === 'cancel') return 'cancelled';
        hold.doc.progress.rows = rows + scan.rows;
        pace.noted();
      }
      rows += scan.rows;
      looked.push({ name: { index, name, rows: hold.doc.review ? scan.rows : null }, head: scan.result() });
    }
    return looked;
  }

  /** The first sheet whose header leaves no doubt. @throws Problem file_wrong_template naming what is missing */
  async function certain({ doc }: ImportHold, content: FormContent, looked: readonly Looked[]): Promise<ImportMapping> {
    const options = { form: doc.formKey, content };
    const found = looked.map(({ head }) => findHeader(head.rows, options));
    const sheet = found.findIndex((header) => isCertain(header, content));
    if (sheet < 0) {
      const fields = onlyCertain(found[0]?.columns ?? []).map(({ field }) => field);
      const missing = namesIn(missingFields(content, fields));
      throw new Problem('file_wrong_template', { params: { reason: 'columns', missing } });
    }
    const { row, columns } = found[sheet]!;
    // Nobody looked at the values, so none is put in another's place.
    const head = { ...looked[sheet]!.head, texts: [] };
    return mappings.write(doc, content, head, { sheet }, { row, columns: onlyCertain(columns) });
  }

  /** The first of the sheets whose header names most fields. */
  async function likely({ doc }: ImportHold, content: FormContent, looked: readonly Looked[]): Promise<ImportMapping> {
    const found: FoundHeader[] = [];
    for (const { head } of looked)
      found.push(findHeader(head.rows, await mappings.guessing(doc.formKey, content, head)));
    const best = found.reduce((before, { score }, at) => (score > found[before]!.score ? at : before), 0);
    return mappings.write(doc, content, looked[best]!.head, { sheet: best }, found[best]!);
  }
}
