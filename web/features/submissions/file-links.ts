import type { Field, FileValue } from '../../../server/shared/fields/index.ts';
import { isFileKind } from '../../../server/shared/fields/kinds/attachment.ts';

/** Where staff read a file of a record. */
export const fileLink = (submission: string, file: string): string =>
  `/api/business/submissions/${submission}/files/${file}`;

/** The files in an answer, as far as they may be seen; none for other kinds. */
export const filesOf = (field: Field, value: unknown): FileValue[] =>
  isFileKind(field.kind) && Array.isArray(value) ? (value as FileValue[]) : [];
