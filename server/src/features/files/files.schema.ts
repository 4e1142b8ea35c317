import { FILE_TYPES } from '../../../shared/fields/kinds/attachment.ts';
import { Id, obj, z } from '../../http/index.ts';

/** What an upload is for. */
export const UploadQuery = obj({
  form: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]{0,39}$/)
    .openapi({ example: 'healthDeclaration' }),
  version: z.coerce.number().int().min(1).max(1_000_000).optional(),
  field: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]{0,39}$/)
    .openapi({ example: 'photo' }),
});

export const FileParams = obj({ id: Id });

/** Types in which uploads are kept and handed out. */
export const CONTENT_TYPES = [...new Set(Object.values(FILE_TYPES).flat())];

/** An uploaded file, as answers refer to it. */
export const UploadedFile = obj({
  id: Id,
  name: z.string(),
  type: z.string().openapi({ example: 'image/jpeg' }),
  bytes: z.number().int(),
});

/** For the documentation: a multipart body is read by the handler. */
export const fileBody = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file'],
        properties: { file: { type: 'string' as const, format: 'binary', description: 'JPEG, PNG or PDF' } },
      },
    },
  },
};
