import { sample, type KindCases } from '../cases/case.ts';
import { createAttachment, createAttachmentProjection, FILE_TYPES } from './attachment.ts';
import type { Kind, KindProjection } from './kind.ts';

/** A signature, drawn or written on the page and kept as a picture. */
export const signature: Kind = { ...createAttachment(FILE_TYPES.signature), sensitive: true };

/** One, always. */
export const signatureProjection: KindProjection = {
  ...createAttachmentProjection(FILE_TYPES.signature),
  uses: [],
  vet: () => [],
};

export function signatureCases(): KindCases {
  const field = sample('signature');
  const drawn = { id: '65f0000000000000000000c1', name: 'signature.png', type: 'image/png', bytes: 9_000 };
  return {
    empty: [undefined, null, '', []],
    good: [{ field, raw: [drawn], value: [drawn], text: 'signature.png', masked: '1 个文件' }],
    bad: [
      { field, raw: [drawn, { ...drawn, id: '65f0000000000000000000c2' }], code: 'too_many_files', params: { max: 1 } },
      { field, raw: [{ ...drawn, type: 'image/jpeg' }], code: 'file_type' },
      { field, raw: [{ ...drawn, id: '' }], code: 'unknown_file' },
      { field, raw: 'data:image/png;base64,iVBORw0', code: 'wrong_type' },
      { field, raw: true, code: 'wrong_type' },
    ],
  };
}
