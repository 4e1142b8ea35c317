import { sample, type KindCases } from '../cases/case.ts';
import { createAttachment, createAttachmentProjection, FILE_TYPES } from './attachment.ts';
import type { Kind, KindProjection } from './kind.ts';

/** Documents as PDF, or photographed: what every phone opens, and no macros. */
export const file: Kind = createAttachment(FILE_TYPES.file);

export const fileProjection: KindProjection = createAttachmentProjection(FILE_TYPES.file);

export function fileCases(): KindCases {
  const field = sample('file');
  const proof = { id: '65f0000000000000000000b1', name: '证明.pdf', type: 'application/pdf', bytes: 40_000 };
  return {
    empty: [undefined, null, '', []],
    good: [{ field, raw: [proof], value: [proof], text: '证明.pdf', masked: '1 个文件' }],
    bad: [
      { field, raw: [{ ...proof, type: 'text/html' }], code: 'file_type' },
      { field, raw: [{ ...proof, name: '' }], code: 'unknown_file' },
      { field, raw: [{ ...proof, bytes: Number.NaN }], code: 'unknown_file' },
      { field, raw: [[proof]], code: 'wrong_type' },
      { field, raw: { $ne: null }, code: 'wrong_type' },
    ],
  };
}
