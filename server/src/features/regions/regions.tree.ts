import type { RegionLookup } from '../../../shared/fields/types.ts';
import { loadRegions, type Region } from './regions.data.ts';

export interface RegionItem {
  code: string;
  name: string;
  level: Region['level'];
  /** There is nothing below it to choose. */
  leaf: boolean;
}

export interface RegionTree {
  /** For the field engine: names instead of codes. */
  lookup: RegionLookup;
  exists(code: string): boolean;
  /** The codes from the province down to the region itself; empty for an unknown one. This is a document's `scope.regionPath`. */
  path(code: string): string[];
  /** One level: the provinces for null; nothing for an unknown or last one. */
  children(parent: string | null): readonly RegionItem[];
}

/** The tree in memory: about 3,400 regions, built once per process. */
export function buildTree(regions: readonly Region[] = loadRegions()): RegionTree {
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const below = new Map<string | null, Region[]>();
  for (const region of regions) {
    const siblings = below.get(region.parent);
    if (siblings) siblings.push(region);
    else below.set(region.parent, [region]);
  }
  const items = new Map(
    [...below].map(([parent, children]) => [
      parent,
      Object.freeze(
        children.map(({ code, name, level }) => Object.freeze({ code, name, level, leaf: !below.has(code) })),
      ),
    ]),
  );
  const chain = (code: string): Region[] => {
    const region = byCode.get(code);
    if (!region) return [];
    return region.parent === null ? [region] : [...chain(region.parent), region];
  };
  return {
    lookup: {
      name: (code) => byCode.get(code)?.name,
      path: (code) => chain(code).map(({ name }) => name),
      find(names) {
        let parent: string | null = null;
        for (const name of names) {
          const found: Region | undefined = below.get(parent)?.find((region) => region.name === name);
          if (!found) return undefined;
          parent = found.code;
        }
        return parent ?? undefined;
      },
    },
    exists: (code) => byCode.has(code),
    path: (code) => chain(code).map((region) => region.code),
    children: (parent) => items.get(parent) ?? [],
  };
}
