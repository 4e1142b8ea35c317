import type { FileHandle } from 'node:fs/promises';
import { WorkbookError } from './errors.ts';

export const HEAD_BYTES = 4096;
const OLE_WINDOW = 64 * 1024;

/**
 * Says by the first bytes what a file is; its name and declared type play no part.
 * @throws WorkbookError for everything that is neither a zip nor text
 */
export async function sniff(file: FileHandle, size: number): Promise<'zip' | 'text'> {
  const head = await readAt(file, 0, Math.min(size, HEAD_BYTES));
  const content = sniffHead(head);
  if (content === 'ole') throw await refuseOle(file, size, head);
  return content;
}

/**
 * The same of a file's first `HEAD_BYTES` (all of a shorter one). `ole`: the old container, which is refused whatever is in
 * it; only the rest of the file tells for what reason.
 */
export function sniffHead(head: Buffer): 'zip' | 'text' | 'ole' {
  if (head.length === 0) throw new WorkbookError('file_not_workbook', { kind: 'empty' });
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04])) return 'zip';
  if (startsWith(head, [0x50, 0x4b])) throw new WorkbookError('file_not_workbook', { kind: 'zip' });
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) return 'ole';
  if (startsWith(head, [0x09, 0x08]) || startsWith(head, [0x09, 0x04])) throw new WorkbookError('file_old_xls');
  const utf16 = startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff]);
  const markup = markupOf(head);
  if (markup === 'xml') throw new WorkbookError('file_not_workbook', { kind: 'xml' });
  if (markup === 'html') throw new WorkbookError('file_html');
  if (utf16) return 'text';
  if (startsWith(head, [0x25, 0x50, 0x44, 0x46, 0x2d])) throw new WorkbookError('file_not_workbook', { kind: 'pdf' });
  if (head.includes(0)) throw new WorkbookError('file_not_workbook', { kind: 'binary' });
  return 'text';
}

/** Reads exactly `length` bytes. @throws WorkbookError file_truncated when the file ends before */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new WorkbookError('file_truncated');
    done += bytesRead;
  }
  return buffer;
}

function startsWith(head: Buffer, bytes: number[]): boolean {
  return bytes.every((byte, i) => head[i] === byte);
}

/** Pages and their archives (many systems export these as .xls), and the XML tables of 2003. */
function markupOf(head: Buffer): 'html' | 'xml' | undefined {
  const text = head.toString('latin1').replaceAll('\0', '');
  if (/^MIME-Version:/i.test(text)) return 'html';
  if (!/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?\s*</.test(text)) return undefined;
  return text.includes('urn:schemas-microsoft-com:office:spreadsheet') && !/<html/i.test(text) ? 'xml' : 'html';
}

/** The old container holds either an encrypted xlsx or an .xls: the stream names in its directory tell. */
async function refuseOle(file: FileHandle, size: number, head: Buffer): Promise<WorkbookError> {
  const sectorSize = head.length >= 52 ? 1 << Math.min(head.readUInt16LE(30), 16) : 512;
  const directory = head.length >= 52 ? (head.readUInt32LE(48) + 1) * sectorSize : 0;
  const windows: Buffer[] = [];
  for (const start of [0, directory, Math.max(0, size - OLE_WINDOW)]) {
    if (start < size) windows.push(await readAt(file, start, Math.min(OLE_WINDOW, size - start)));
  }
  return oleFault((name) => windows.some((window) => window.includes(Buffer.from(name, 'utf16le'))));
}

/** Names of streams in an OLE container that tell what it is. */
export const OLE_NAMES = ['EncryptedPackage', 'WordDocument', 'PowerPoint Document'] as const;

/** Why an OLE container is refused, by the names that occur in it. */
export function oleFault(has: (name: (typeof OLE_NAMES)[number]) => boolean): WorkbookError {
  if (has('EncryptedPackage')) return new WorkbookError('file_encrypted');
  if (has('WordDocument') || has('PowerPoint Document')) return new WorkbookError('file_not_workbook', { kind: 'ole' });
  return new WorkbookError('file_old_xls');
}
