import { checkResidentId } from '../residentId.ts';
import { compact, maskMiddle } from '../strings.ts';
import {
  DOCUMENT_TYPES,
  type DocumentType,
  type DocumentValue,
  type Fault,
  type Field,
  type Locale,
  type Text,
} from '../types.ts';
import { fault, flaw, hasOnly, HIDDEN, isBlank, isRecord, textOf, type Kind, type KindProjection } from './kind.ts';

export const DOCUMENT_LABELS: Record<DocumentType, Text> = {
  residentId: { 'zh-CN': '居民身份证', en: 'Resident ID' },
  passport: { 'zh-CN': '护照', en: 'Passport' },
  hkMacauPermit: { 'zh-CN': '港澳居民来往内地通行证', en: 'HK/Macau permit' },
  taiwanPermit: { 'zh-CN': '台湾居民来往大陆通行证', en: 'Taiwan permit' },
};

const SHAPES: Record<Exclude<DocumentType, 'residentId'>, [RegExp, Fault]> = {
  passport: [/^[A-Z0-9]{5,17}$/, fault('passport_invalid')],
  hkMacauPermit: [/^[HM]\d{8}(?:\d{2})?$/, fault('hk_macau_permit_invalid')],
  taiwanPermit: [/^\d{8}(?:\d{2})?$/, fault('taiwan_permit_invalid')],
};

/** The types that may be chosen, in their order. */
export function documentTypes(field: Field): readonly DocumentType[] {
  return field.documentTypes ?? DOCUMENT_TYPES;
}

const normaliseNumber = (number: string): string => compact(number).toUpperCase();

/** A document with a type and a number, both texts and nothing else. */
function isDocument(value: unknown): value is DocumentValue {
  return (
    isRecord(value) &&
    hasOnly(value, ['type', 'number']) &&
    typeof value.type === 'string' &&
    typeof value.number === 'string'
  );
}

/** An identity document: a type and a number without spaces, in upper case. */
export const document: Kind = {
  several: true,
  normalise(raw) {
    return isDocument(raw) ? { type: raw.type, number: normaliseNumber(raw.number) } : raw;
  },
  check(field, value, ctx) {
    if (!isRecord(value) || !hasOnly(value, ['type', 'number'])) return fault('wrong_type');
    const { type, number } = value;
    if (typeof number !== 'string' || !(type === undefined || typeof type === 'string')) return fault('wrong_type');
    if (!documentTypes(field).includes(type as DocumentType)) return fault('document_type');
    if (type === 'residentId') return checkResidentId(number, ctx.today);
    const [shape, found] = SHAPES[type as keyof typeof SHAPES];
    return shape.test(number) ? null : found;
  },
  sensitive: true,
  /** A type without a number is still nothing: pages choose one from the start. */
  isEmpty(value) {
    if (!isRecord(value)) return isBlank(value);
    return (
      isBlank(value.number) &&
      hasOnly(value, ['type', 'number']) &&
      (isBlank(value.type) || typeof value.type === 'string')
    );
  },
  /** A resident ID is known by its looks; the others carry their type. */
  format(value, _field, locale) {
    if (!isDocument(value)) return '';
    const label = DOCUMENT_LABELS[value.type];
    return value.type === 'residentId' || !label ? value.number : `${textOf(label, locale)} ${value.number}`;
  },
};

/** The type that a bare number looks like. */
function guessType(number: string, field: Field): DocumentType {
  const [only, second] = documentTypes(field);
  if (only !== undefined && second === undefined) return only;
  if (/^[\dX]{14,}$/.test(number)) return 'residentId';
  const fitting = (['hkMacauPermit', 'taiwanPermit'] as const).find((type) => SHAPES[type][0].test(number));
  return fitting ?? 'passport';
}

/** A type's label, in any language, and the number behind it. */
function readLabelled(text: string): DocumentValue | undefined {
  for (const type of DOCUMENT_TYPES) {
    for (const label of [DOCUMENT_LABELS[type]['zh-CN'], DOCUMENT_LABELS[type].en ?? '', type]) {
      if (!text.toLowerCase().startsWith(label.toLowerCase())) continue;
      return { type, number: normaliseNumber(text.slice(label.length).replace(/^\s*[:：]/, '')) };
    }
  }
  return undefined;
}

const HOW_TO: Text = {
  'zh-CN': '身份证直接填号码；其他证件在号码前写证件名称，可用：',
  en: 'For a resident ID type the number; for others put the name of the document before it: ',
};

function howTo(field: Field, locale: Locale): string {
  const names = documentTypes(field).map((type) => textOf(DOCUMENT_LABELS[type], locale));
  return textOf(HOW_TO, locale) + names.join(locale === 'en' ? ', ' : '、');
}

export const documentProjection: KindProjection = {
  parse(cell, field) {
    const text = cell.trim();
    if (text === '') return undefined;
    // No label begins with a digit, and most cells do.
    const named = /^\d/.test(text) ? undefined : readLabelled(text);
    if (named) return named;
    const number = normaliseNumber(text);
    return { type: guessType(number, field), number };
  },
  mask(value, field, locale) {
    if (!isDocument(value)) return HIDDEN;
    const resident = value.type === 'residentId';
    const number =
      resident && value.number.length === 18 ? maskMiddle(value.number, 4, 4) : maskMiddle(value.number, 1, 2);
    return document.format({ type: value.type, number }, field, locale);
  },
  jsonSchema: (field) => ({
    type: 'object',
    properties: {
      type: { type: 'string', enum: [...documentTypes(field)] },
      number: { type: 'string', pattern: '^[A-Z0-9]{5,18}$' },
    },
    required: ['type', 'number'],
    additionalProperties: false,
  }),
  dedupe: true,
  maps: ['person.document'],
  cell: { howTo },
  uses: ['documentTypes'],
  vet(field) {
    const types = documentTypes(field);
    const known = types.every((type) => DOCUMENT_TYPES.includes(type)) && new Set(types).size === types.length;
    return known && types.length > 0 ? [] : [flaw('documentTypes', 'unknown_document_type')];
  },
};
