import type { FieldKind, FileValue, Field, Locale } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import { fault, hasOnly, isBlank, isRecord, type Kind, type KindProjection } from './kind.ts';

/** What kinds share whose value is a list of uploaded files: `photo`, `file`, `signature`. */

/** Of one file. */
export const FILE_BYTES = 10 * 1024 * 1024;
/** So many files an answer may have at most, whatever the field says. */
const MOST_FILES = 9;
const NAME_LENGTH = 120;

const ID = /^[0-9a-f]{24}$/;
/** Neither control characters nor signs that turn the direction of writing: they make one name look like another. */
// eslint-disable-next-line no-control-regex -- control characters are just what is refused
const UNFIT = /[\u0000-\u001f\u007f\u200e\u200f\u2028-\u202e\u2066-\u2069/\\]/;
const KEYS = ['id', 'name', 'type', 'bytes'] as const;

/** The types by kind, as their content says. */
export const FILE_TYPES = {
  photo: ['image/jpeg', 'image/png'],
  file: ['application/pdf', 'image/jpeg', 'image/png'],
  signature: ['image/png'],
} as const;
/** The kinds of this file. */
export type FileKind = keyof typeof FILE_TYPES;

/** Whether values of this kind are uploaded files. */
export const isFileKind = (kind: FieldKind): kind is FieldKind & FileKind =>
  Object.prototype.hasOwnProperty.call(FILE_TYPES, kind);

/** How many files a field takes at most. */
export const filesAtMost = (field: Field): number => (typeof field.max === 'number' ? field.max : 1);

const looksRight = (value: unknown): value is FileValue =>
  isRecord(value) &&
  hasOnly(value, KEYS) &&
  typeof value['id'] === 'string' &&
  typeof value['name'] === 'string' &&
  typeof value['type'] === 'string' &&
  typeof value['bytes'] === 'number';

const isList = (value: unknown): value is FileValue[] => Array.isArray(value) && value.every(looksRight);

/**
 * A kind over references to files that were uploaded before. It judges their shape; whether they exist and whose they are, only
 * the server can tell (features/files).
 */
export function createAttachment(types: readonly string[]): Kind {
  return {
    several: true,
    attached: true,
    /** Each file once. */
    normalise: (raw) => (isList(raw) ? raw.filter(({ id }, at) => raw.findIndex((one) => one.id === id) === at) : raw),
    check(field, value) {
      if (!isList(value)) return fault('wrong_type');
      if (value.some(({ id, name }) => !ID.test(id) || !name || name.length > NAME_LENGTH || UNFIT.test(name)))
        return fault('unknown_file');
      if (value.some(({ bytes }) => !(bytes > 0 && bytes <= FILE_BYTES))) return fault('unknown_file');
      if (value.some(({ type }) => types.indexOf(type) < 0)) return fault('file_type');
      const max = filesAtMost(field);
      if (value.length > max) return fault('too_many_files', { max });
      if (typeof field.min === 'number' && value.length < field.min) return fault('too_few_files', { min: field.min });
      return null;
    },
    isEmpty: isBlank,
    format: (value, _field, locale) =>
      isList(value) ? value.map(({ name }) => name).join(locale === 'en' ? ', ' : '、') : '',
  };
}

/** The same for the back office: a cell shows the names, and none is read. */
export function createAttachmentProjection(types: readonly string[]): KindProjection {
  return {
    parse: () => undefined,
    mask: (value, _field, locale: Locale) => {
      const count = Array.isArray(value) ? value.length : 0;
      return locale === 'en' ? `${count} ${count === 1 ? 'file' : 'files'}` : `${count} 个文件`;
    },
    jsonSchema: () => ({
      type: 'array',
      maxItems: MOST_FILES,
      items: {
        type: 'object',
        properties: {
          id: { type: 'string', pattern: ID.source },
          name: { type: 'string', maxLength: NAME_LENGTH },
          type: { type: 'string', enum: [...types] },
          bytes: { type: 'integer', minimum: 1, maximum: FILE_BYTES },
        },
        required: [...KEYS],
        additionalProperties: false,
      },
    }),
    alone: true,
    cell: { width: 28 },
    uses: ['min', 'max'],
    vet: (field) => vetBounds(field, { whole: true, lowest: 1, highest: MOST_FILES }),
  };
}
