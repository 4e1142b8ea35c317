import { sample, type KindCases } from '../cases/case.ts';
import { createAttachment, createAttachmentProjection, FILE_BYTES, FILE_TYPES } from './attachment.ts';
import type { Kind, KindProjection } from './kind.ts';

/** Pictures from the camera or the album. */
export const photo: Kind = { ...createAttachment(FILE_TYPES.photo), widget: 'file' };

export const photoProjection: KindProjection = createAttachmentProjection(FILE_TYPES.photo);

export function photoCases(): KindCases {
  const one = sample('photo');
  const three = sample('photo', { min: 2, max: 3 });
  const front = { id: '65f0000000000000000000a1', name: '正面.jpg', type: 'image/jpeg', bytes: 120_000 };
  const back = { id: '65f0000000000000000000a2', name: '背面.png', type: 'image/png', bytes: 5 };
  return {
    empty: [undefined, null, '', []],
    good: [
      { field: one, raw: [front], value: [front], text: '正面.jpg', masked: '1 个文件' },
      { field: one, raw: [front, front], value: [front], text: '正面.jpg', masked: '1 个文件' },
      { field: three, raw: [front, back], value: [front, back], text: '正面.jpg、背面.png', masked: '2 个文件' },
    ],
    bad: [
      { field: one, raw: [front, back], code: 'too_many_files', params: { max: 1 } },
      { field: three, raw: [front], code: 'too_few_files', params: { min: 2 } },
      { field: one, raw: [{ ...front, type: 'application/pdf' }], code: 'file_type' },
      { field: one, raw: [{ ...front, id: '../../etc/passwd' }], code: 'unknown_file' },
      { field: one, raw: [{ ...front, name: 'a/b.jpg' }], code: 'unknown_file' },
      { field: one, raw: [{ ...front, name: 'gpj.\u202Eexe' }], code: 'unknown_file' },
      { field: one, raw: [{ ...front, bytes: FILE_BYTES + 1 }], code: 'unknown_file' },
      { field: one, raw: [{ ...front, more: 1 }], code: 'wrong_type' },
      { field: one, raw: front, code: 'wrong_type' },
      { field: one, raw: ['正面.jpg'], code: 'wrong_type' },
      { field: one, raw: '正面.jpg', code: 'wrong_type' },
      { field: one, raw: 5, code: 'wrong_type' },
    ],
  };
}
