import { obj, z } from '../../http/index.ts';

export const workbookBody = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file'],
        properties: { file: { type: 'string' as const, format: 'binary', description: 'xlsx or CSV' } },
      },
    },
  },
};

/** What an uploaded workbook says. */
export const FormWorkbook = obj({
  content: z
    .record(z.unknown())
    .nullable()
    .openapi({ description: 'FormContent, not judged yet; null where a cell could not be understood' }),
  faults: z.array(
    obj({
      row: z.number().int().openapi({ description: 'As the sheet counts, from 1' }),
      column: z.string(),
      code: z.enum(['badCell', 'unknownColumn', 'noParent']),
    }),
  ),
});
