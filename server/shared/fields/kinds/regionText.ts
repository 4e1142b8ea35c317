import { toAscii } from '../strings.ts';
import type { Look, RegionLookup } from '../types.ts';

/** How people write regions: with and without separators, and without the levels that nobody says. */

const LONGEST_NAME = 16;
const CODE = /^[1-9]\d{5}(?!\d)/;
/** Levels between a province and its counties that are in the codes but not in addresses: `北京市朝阳区`. */
const UNSPOKEN = ['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'];

export interface RegionText {
  code: string;
  /** What comes after the region. */
  rest: string;
}

const SEPARATORS = /^[\s/>|\-,]*/;

/** Reads the region that a text begins with, as deep as it goes; undefined when it begins with none. */
export function readRegion(text: string, look?: Look): RegionText | undefined {
  // As long as the text itself, so that places in the one are places in the other.
  const ascii = toAscii(text);
  const bare = CODE.exec(ascii)?.[0];
  if (bare !== undefined) return { code: bare, rest: text.slice(bare.length).trim() };
  const { regions } = look ?? {};
  let path: string[] = [];
  let end = 0;
  while (regions && path.length < 3) {
    const start = end + (SEPARATORS.exec(ascii.slice(end))?.[0].length ?? 0);
    const longer = step(ascii.slice(start), path, regions);
    if (!longer) break;
    path = longer;
    end = start + (path.at(-1) ?? '').length;
  }
  const code = path.length > 0 ? regions?.find(path) : undefined;
  return code === undefined ? undefined : { code, rest: text.slice(end).trim() };
}

/** The path, one name longer: the longest name that the text begins with. */
function step(text: string, path: string[], regions: RegionLookup): string[] | undefined {
  const ways = path.length === 1 ? [path, ...UNSPOKEN.map((level) => [...path, level])] : [path];
  for (const way of ways) {
    if (way.length > path.length && regions.find(way) === undefined) continue;
    for (let end = Math.min(LONGEST_NAME, text.length); end > 0; end -= 1) {
      const longer = [...way, text.slice(0, end)];
      if (regions.find(longer) !== undefined) return longer;
    }
  }
  return undefined;
}
