import { shallowReactive } from 'vue';
import { answer, api } from '../api/http.ts';
import type { Item } from '../api/types.ts';

export type Region = Item<'listRegions'>;

const levels = shallowReactive(new Map<string, Region[]>());
const running = new Map<string, Promise<Region[]>>();

/** The regions right below `parent` (provinces where it is absent), asked for once per page. */
export async function loadRegions(parent = ''): Promise<Region[]> {
  const known = levels.get(parent);
  if (known) return known;
  let request = running.get(parent);
  if (!request) {
    request = answer(api.GET('/api/citizen/regions', { params: { query: parent ? { parent } : {} } })).then(
      ({ items }) => {
        levels.set(parent, items);
        return items;
      },
    );
    running.set(parent, request);
    request.catch(() => {}).finally(() => running.delete(parent));
  }
  return request;
}

export const loadedRegions = (parent = ''): Region[] => levels.get(parent) ?? [];

/** A code with those above it, from the province down: `440305` → `440000`, `440300`, `440305`. */
export function ancestry(code: string | undefined | null): string[] {
  if (!code || !/^\d{6}$/.test(code)) return [];
  const codes = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code];
  return codes.filter((one, index) => codes.indexOf(one) === index);
}

const wanted = new Set<string>();

/** The name of a region with those above it, filled in when it is known; the code until then. */
export function regionName(code: string | undefined | null): string {
  const names: string[] = [];
  let parent = '';
  for (const one of ancestry(code)) {
    const list = levels.get(parent);
    if (!list) {
      if (!wanted.has(parent)) {
        wanted.add(parent);
        void loadRegions(parent).catch(() => wanted.delete(parent));
      }
      break;
    }
    const found = list.find((region) => region.code === one);
    if (found) names.push(found.name);
    parent = one;
  }
  return names.length ? names.join(' ') : (code ?? '');
}

/** The API's `省/市/县` as people read it. */
export const placeText = (path: string | null | undefined): string => (path ?? '').replace(/\//g, ' ');
