import type { RegionLookup } from '../types.ts';

const NAMES: Record<string, string> = {
  '110000': '北京市',
  '110100': '市辖区',
  '110105': '朝阳区',
  '440000': '广东省',
  '440300': '深圳市',
  '440305': '南山区',
  '441900': '东莞市',
  '810000': '香港特别行政区',
};

/** A few regions, for cases and tests. */
export const SAMPLE_REGIONS: RegionLookup = {
  name: (code) => NAMES[code],
  path(code) {
    if (!NAMES[code]) return [];
    const codes = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code];
    return [...new Set(codes)].flatMap((each) => NAMES[each] ?? []);
  },
  find(path) {
    const wanted = path.join('/');
    return Object.keys(NAMES).find((code) => SAMPLE_REGIONS.path(code).join('/') === wanted);
  },
};
