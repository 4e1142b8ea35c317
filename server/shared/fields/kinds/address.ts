import { oneLine, toAscii } from '../strings.ts';
import type { AddressValue, Text } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import { fault, hasOnly, HIDDEN, isBlank, isRecord, type Kind, type KindProjection } from './kind.ts';
import { checkRegion, formatRegion } from './region.ts';
import { readRegion } from './regionText.ts';
import { checkText } from './text.ts';

/** The longest detail of a field that names no `max`, and the highest `max`. */
const DETAIL_MAX = 200;

/** A region and a detail, both texts and nothing else. */
function isAddress(value: unknown): value is AddressValue {
  return (
    isRecord(value) &&
    hasOnly(value, ['region', 'detail']) &&
    typeof value.region === 'string' &&
    typeof value.detail === 'string'
  );
}

const isPart = (part: unknown): part is string | undefined => part === undefined || typeof part === 'string';

/** A county and what stands on the envelope below it. */
export const address: Kind = {
  several: true,
  normalise(raw) {
    return isAddress(raw) ? { region: toAscii(raw.region).trim(), detail: oneLine(raw.detail) } : raw;
  },
  check(field, value, ctx) {
    if (!isRecord(value) || !hasOnly(value, ['region', 'detail'])) return fault('wrong_type');
    const { region, detail } = value;
    if (!isPart(region) || !isPart(detail)) return fault('wrong_type');
    if (!region) return fault('address_region_missing');
    const found = checkRegion(region, 'county', ctx);
    if (found) return found;
    return detail ? checkText(field, detail, DETAIL_MAX) : fault('address_detail_missing');
  },
  sensitive: true,
  isEmpty(value) {
    if (!isRecord(value)) return isBlank(value);
    return isBlank(value.region) && isBlank(value.detail) && hasOnly(value, ['region', 'detail']);
  },
  format: (value, _field, _locale, look) =>
    isAddress(value) ? `${formatRegion(value.region, look)} ${value.detail}`.trim() : '',
};

const HOW_TO: Text = {
  'zh-CN': '例：广东省/深圳市/南山区 科技路1号（地区与详址之间空一格）',
  en: 'Like 广东省/深圳市/南山区 科技路1号 (a space between region and detail)',
};

export const addressProjection: KindProjection = {
  /** A text without a known region is all detail, so that `check` asks for the region. */
  parse(cell, _field, look) {
    const text = oneLine(cell);
    const { code, rest } = readRegion(text, look) ?? { code: '', rest: text };
    return text === '' ? undefined : { region: code, detail: rest };
  },
  mask(value, _field, _locale, look) {
    return isAddress(value) ? `${formatRegion(value.region, look)} ${HIDDEN}`.trim() : HIDDEN;
  },
  jsonSchema: (field) => ({
    type: 'object',
    properties: {
      region: { type: 'string', pattern: '^[1-9]\\d{5}$' },
      detail: {
        type: 'string',
        minLength: typeof field.min === 'number' ? field.min : 1,
        maxLength: typeof field.max === 'number' ? field.max : DETAIL_MAX,
      },
    },
    required: ['region', 'detail'],
    additionalProperties: false,
  }),
  maps: ['person.address'],
  cell: { howTo: HOW_TO, width: 36 },
  uses: ['min', 'max'],
  vet: (field) => vetBounds(field, { whole: true, lowest: 1, highest: DETAIL_MAX }),
};
