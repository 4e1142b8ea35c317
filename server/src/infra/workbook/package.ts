import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { corrupt, WorkbookError } from './errors.ts';
import type { Limits } from './limits.ts';
import { Styles } from './styles.ts';
import { scanXmlPart, type XmlTag } from './xml-part.ts';
import type { ZipEntry } from './zip.ts';

/** Which parts of the zip make up the workbook. */
export interface WorkbookParts {
  sheets: { name: string; hidden: boolean; entry: ZipEntry }[];
  strings: ZipEntry | undefined;
  styles: Styles;
  epoch1904: boolean;
}

interface Relation {
  id: string;
  /** The last word of the type: the same in the transitional and the strict dialect. */
  type: string;
  entry: ZipEntry | undefined;
}

/** Follows the relations from the package's root to the workbook and its sheets. Part names play no part. */
export async function readParts(
  file: FileHandle,
  entries: Map<string, ZipEntry>,
  limits: Limits,
  signal?: AbortSignal,
): Promise<WorkbookParts> {
  const scan = (entry: ZipEntry, handler: Parameters<typeof scanXmlPart>[3]): Promise<void> =>
    scanXmlPart(file, entry, { limits, maxBytes: limits.partBytes, signal }, handler);
  const relationsOf = async (name: string): Promise<Relation[]> => {
    const rels = entries.get(posix.join(posix.dirname(name), '_rels', `${posix.basename(name)}.rels`).toLowerCase());
    const found: Relation[] = [];
    if (rels) await scan(rels, { open: (tag) => addRelation(found, tag, name, entries) });
    return found;
  };

  const root = await relationsOf('');
  const workbook = root.find((relation) => relation.type === 'officeDocument')?.entry ?? entries.get('xl/workbook.xml');
  if (!workbook) throw new WorkbookError('file_not_workbook', { kind: otherKind(entries) });
  if (!workbook.name.toLowerCase().endsWith('.xml')) throw new WorkbookError('file_not_workbook', { kind: 'xlsb' });

  const relations = await relationsOf(workbook.name);
  const listed: { name: string; hidden: boolean; id: string }[] = [];
  let epoch1904 = false;
  let rootTag = '';
  await scan(workbook, {
    open: (tag) => {
      rootTag ||= tag.name;
      if (tag.name === 'workbookPr') epoch1904 = isTrue(tag.attribute('date1904'));
      if (tag.name === 'sheet') listed.push(sheetOf(tag));
      if (listed.length > limits.sheets) throw new WorkbookError('file_bomb', { limit: 'sheets', max: limits.sheets });
    },
  });
  if (rootTag !== 'workbook') throw new WorkbookError('file_not_workbook', { kind: otherKind(entries) });

  const styles = new Styles();
  const stylesEntry = relations.find((relation) => relation.type === 'styles')?.entry;
  if (stylesEntry) await scan(stylesEntry, styles);
  const byId = new Map(relations.map((relation) => [relation.id, relation]));
  const sheets = listed.flatMap(({ id, ...sheet }) => {
    const relation = byId.get(id);
    if (relation && relation.type !== 'worksheet') return [];
    if (!relation?.entry) throw corrupt('missing_sheet', { sheet: sheet.name });
    return [{ ...sheet, entry: relation.entry }];
  });
  if (sheets.length === 0) throw corrupt('no_sheet');
  return { sheets, strings: relations.find((relation) => relation.type === 'sharedStrings')?.entry, styles, epoch1904 };
}

function addRelation(found: Relation[], tag: XmlTag, source: string, entries: Map<string, ZipEntry>): void {
  if (tag.name !== 'Relationship' || tag.attribute('TargetMode') === 'External') return;
  const target = (tag.attribute('Target') ?? '').replaceAll('\\', '/');
  const base = posix.dirname(source);
  const path = target.startsWith('/') ? target.slice(1) : posix.normalize(posix.join(base, target));
  const entry = entries.get(path.toLowerCase()) ?? entries.get(safeDecode(path).toLowerCase());
  const type = (tag.attribute('Type') ?? '').split('/').at(-1) ?? '';
  found.push({ id: tag.attribute('Id') ?? '', type, entry });
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function sheetOf(tag: XmlTag): { name: string; hidden: boolean; id: string } {
  const state = tag.attribute('state') ?? 'visible';
  return { name: tag.attribute('name') ?? '', hidden: state !== 'visible', id: tag.attribute(':id') ?? '' };
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function otherKind(entries: Map<string, ZipEntry>): string {
  for (const [kind, part] of [
    ['docx', 'word/document.xml'],
    ['pptx', 'ppt/presentation.xml'],
    ['ods', 'content.xml'],
    ['numbers', 'index/document.iwa'],
  ] as const) {
    if (entries.has(part)) return kind;
  }
  return 'zip';
}
