import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WorkbookError } from './errors.ts';
import { sniffed } from './sniff-stream.ts';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const ole = (...parts: Buffer[]) =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(6_000), ...parts]);
const zip = (...parts: Buffer[]) => Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(90_000, 7), ...parts]);
const END = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]);

/** The same bytes, cut every so often. */
function* cut(content: Buffer, every: number): Generator<Buffer> {
  for (let at = 0; at < content.length; at += every) yield content.subarray(at, at + every);
}

async function outcomeOf(content: Buffer, every: number): Promise<string> {
  try {
    const passed = await buffer(sniffed(Readable.from(cut(content, every))));
    return passed.equals(content) ? 'passed' : 'changed';
  } catch (error) {
    if (error instanceof WorkbookError) return error.code;
    throw error;
  }
}

describe('a file judged while it streams', () => {
  it.each<[string, Buffer, string]>([
    ['a zip with its end', zip(END), 'passed'],
    ['a zip with a comment behind its end', zip(END, Buffer.alloc(60_000, 32)), 'passed'],
    ['a zip cut short', zip(), 'file_truncated'],
    ['a short zip cut short', Buffer.from('504b0304140000000800', 'hex'), 'file_truncated'],
    ['CSV', Buffer.from('姓名,手机\n张三,13800138000\n'), 'passed'],
    ['a web page', Buffer.from(' \n<html><body>table</body></html>'), 'file_html'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'file_not_workbook'],
    ['nothing', Buffer.alloc(0), 'file_not_workbook'],
    ['an encrypted workbook', ole(utf16('EncryptedPackage'), Buffer.alloc(70_000)), 'file_encrypted'],
    ['an old workbook', ole(utf16('Workbook')), 'file_old_xls'],
    ['an old text document', ole(Buffer.alloc(99_999), utf16('WordDocument')), 'file_not_workbook'],
  ])('control 34: %s, however it is cut', async (_name, content, expected) => {
    for (const every of [1_000, 4_096, 65_536, content.length + 1])
      expect(await outcomeOf(content, every), `cut every ${every}`).toBe(expected);
  });
});
