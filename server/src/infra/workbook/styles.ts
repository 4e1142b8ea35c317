import type { DateFormat } from './dates.ts';
import type { XmlHandler, XmlTag } from './xml-part.ts';

/** Built-in formats that show dates; 27–36 and 50–58 are those of Chinese, Japanese and Korean programs. */
const BUILT_IN: [from: number, to: number, format: DateFormat][] = [
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'date'],
  [27, 31, 'date'],
  [32, 35, 'time'],
  [36, 36, 'date'],
  [45, 45, 'time'],
  [46, 46, 'elapsed'],
  [47, 47, 'time'],
  [50, 54, 'date'],
  [55, 56, 'time'],
  [57, 58, 'date'],
];

/** What a number format code shows, judged by its first section outside quotes, escapes and brackets. */
export function dateFormatOf(code: string): DateFormat {
  const bare = code.replace(/"[^"]*"?|\\.|[_*]./g, '').split(';')[0] ?? '';
  if (/\[(?:h+|m+|s+)\]/i.test(bare)) return 'elapsed';
  const letters = bare
    .replace(/\[[^\]]*\]?/g, '')
    .replace(/general|standard|g\/通用格式/gi, '')
    .replace(/am\/pm|a\/p/gi, 'h');
  if (/[yd]/i.test(letters)) return 'date';
  if (/[hs]/i.test(letters)) return 'time';
  // A month or an era alone; with a digit it is the exponent of a number.
  return /[me]/i.test(letters) && !/[0#?]/.test(letters) ? 'date' : 'none';
}

/** Collects, for each cell style of a workbook, whether it shows a number as a date. */
export class Styles implements XmlHandler {
  readonly #formats: DateFormat[] = [];
  readonly #custom = new Map<number, DateFormat>();
  readonly #ids: number[] = [];
  #inCellStyles = false;

  /** @param style the index in a cell's `s`; unknown styles show no date */
  of(style: number): DateFormat {
    const id = this.#ids[style];
    return id === undefined ? 'none' : (this.#formats[style] ??= this.#formatOf(id));
  }

  open(tag: XmlTag): void {
    if (tag.name === 'numFmt') {
      this.#custom.set(Number(tag.attribute('numFmtId')), dateFormatOf(tag.attribute('formatCode') ?? ''));
    } else if (tag.name === 'cellXfs') {
      this.#inCellStyles = true;
    } else if (tag.name === 'xf' && this.#inCellStyles) {
      this.#ids.push(Number(tag.attribute('numFmtId') ?? 0));
    }
  }

  close(name: string): void {
    if (name === 'cellXfs') this.#inCellStyles = false;
  }

  #formatOf(id: number): DateFormat {
    return this.#custom.get(id) ?? BUILT_IN.find(([from, to]) => id >= from && id <= to)?.[2] ?? 'none';
  }
}
