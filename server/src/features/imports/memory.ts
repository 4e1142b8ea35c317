import type { Deps } from '../../deps.ts';
import { columnFields, guessColumns, plain, type Remembered } from './header.ts';
import type { FormContent } from '../../../shared/fields/index.ts';
import { importMemoryModel } from './import-rows.model.ts';
import type { SheetHead } from './sheet-scan.ts';
import type { ImportMapping, ValueRow } from './imports.model.ts';

export type Memory = ReturnType<typeof createMemory>;

/**
 * Remembers what people map by hand, and forgets it when they leave the guess as it was. Texts are kept as HMACs: what
 * stands over a column may be anything.
 */
export function createMemory({ mongo, cipher, clock }: Deps) {
  const memories = importMemoryModel(mongo);
  const keyOf = (...parts: string[]) => cipher.index('import-mapping', JSON.stringify(parts));
  const headerKey = (form: string, header: string) => keyOf(form, 'header', plain(header));
  const valueKey = (form: string, field: string, text: string) => keyOf(form, 'value', field, plain(text));

  async function read(keys: string[]): Promise<Map<string, string | null>> {
    const found = keys.length ? await memories.find({ _id: { $in: keys } }, { means: 1 }).lean() : [];
    return new Map(found.map(({ _id, means }) => [_id, means]));
  }

  return {
    /** What people said of headers in earlier imports of a form. */
    async headers(form: string, texts: readonly string[]): Promise<Remembered> {
      const named = texts.filter((text) => plain(text) !== '');
      const known = await read([...new Set(named.map((text) => headerKey(form, text)))]);
      return (header) => known.get(headerKey(form, header));
    },

    /** What they said that texts of option fields mean: a code. */
    async values(form: string, rows: readonly Pick<ValueRow, 'field' | 'text'>[]) {
      const known = await read(rows.map(({ field, text }) => valueKey(form, field, text)));
      return (field: string, text: string): string | null => known.get(valueKey(form, field, text)) ?? null;
    },

    /** Keeps what a mapping that is now used says beyond what would be guessed without it. Joins an open transaction. */
    async keep(
      form: string,
      content: FormContent,
      mapping: ImportMapping,
      { head, values }: { head: SheetHead; values: readonly ValueRow[] },
    ): Promise<void> {
      const plainGuess = guessColumns(head.rows, mapping.headerRow, { form, content });
      const texts = head.rows.find(({ number }) => number === mapping.headerRow)?.cells ?? [];
      const rows = mapping.fields.flatMap((means, at) => {
        const header = texts[at]?.text ?? '';
        if (plain(header) === '') return [];
        const same = (plainGuess[at]?.field?.key ?? null) === means;
        return [{ key: headerKey(form, header), means, same }];
      });
      const known = new Set(columnFields(content).map(({ key }) => key));
      for (const { field, text, code } of values)
        if (known.has(field)) rows.push({ key: valueKey(form, field, text), means: code, same: code === null });
      if (rows.length === 0) return;
      await memories.bulkWrite(
        rows.map(({ key, means, same }) =>
          same
            ? { deleteOne: { filter: { _id: key } } }
            : {
                updateOne: {
                  filter: { _id: key },
                  update: { $set: { formKey: form, means, usedAt: clock() } },
                  upsert: true,
                },
              },
        ),
      );
    },
  };
}
