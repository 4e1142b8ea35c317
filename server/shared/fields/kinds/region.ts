import { readRegion } from './regionText.ts';
import { toAscii } from '../strings.ts';
import type { CheckContext, Fault, Locale, Look, RegionLevel, Text } from '../types.ts';
import { fault, flaw, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

const CODE = /^[1-9]\d{5}$/;
const LEVELS: readonly RegionLevel[] = ['province', 'city', 'county'];
/** Hong Kong, Macau and Taiwan have no divisions in GB/T 2260; four cities have no counties. */
const WHOLE = new Set(['710000', '810000', '820000', '441900', '442000', '460400', '620200']);

/** How deep a code goes. */
function levelOf(code: string): RegionLevel {
  if (code.endsWith('0000')) return 'province';
  return code.endsWith('00') ? 'city' : 'county';
}

/** Judges a region code against the depth that is asked for. */
export function checkRegion(value: unknown, level: RegionLevel, ctx: CheckContext): Fault | null {
  if (typeof value !== 'string') return fault('wrong_type');
  if (!CODE.test(value) || (ctx.regions && ctx.regions.name(value) === undefined)) return fault('unknown_region');
  const depth = LEVELS.indexOf(levelOf(value)) - LEVELS.indexOf(level);
  if (depth > 0) return fault('unknown_region');
  return depth < 0 && !WHOLE.has(value) ? fault('region_incomplete') : null;
}

/** Names from the province down; the code where names are unknown. */
export function formatRegion(code: string, look?: Look): string {
  return look?.regions?.path(code).join('/') || code;
}

/** A region of China, by GB/T 2260 code. */
export const region: Kind = {
  several: true,
  normalise: (raw) => (typeof raw === 'string' ? toAscii(raw).trim() : raw),
  check: (field, value, ctx) => checkRegion(value, field.level ?? 'county', ctx),
  isEmpty: isBlank,
  format: (value, _field, _locale, look) => (typeof value === 'string' ? formatRegion(value, look) : ''),
};

const HOW_TO: Text = {
  'zh-CN': '例：广东省/深圳市/南山区，或六位区划代码',
  en: 'Like 广东省/深圳市/南山区, or the six-digit code',
};

export const regionProjection: KindProjection = {
  parse(cell, _field, look) {
    const found = readRegion(cell.trim(), look);
    return found?.rest === '' ? found.code : toAscii(cell).trim();
  },
  mask(value, _field, _locale: Locale, look) {
    if (typeof value !== 'string' || !CODE.test(value)) return HIDDEN;
    const [province] = look?.regions?.path(value) ?? [];
    return province === undefined ? `${value.slice(0, 2)}****` : `${province}/${HIDDEN}`;
  },
  jsonSchema: () => ({ type: 'string', pattern: CODE.source }),
  gives: 'choice',
  filterable: true,
  dedupe: true,
  maps: ['person.region'],
  cell: { howTo: HOW_TO },
  groups: (value) => [String(value)],
  uses: ['level'],
  vet: (field) => (field.level === undefined || LEVELS.includes(field.level) ? [] : [flaw('level', 'unknown_level')]),
};
