import { citizenApi } from '../client/citizen.ts';
import type { Region } from '../client/types.ts';

const known = new Map<string, Promise<Region[]>>();

/** The regions below `parent` (`''`: the provinces); asked once, a failure is asked again. */
export function regionsOf(parent: string): Promise<Region[]> {
  let found = known.get(parent);
  if (!found) {
    found = citizenApi.regions(parent).then(({ items }) => items);
    known.set(parent, found);
    found.catch(() => known.delete(parent));
  }
  return found;
}

/** The codes from the province down to `code` (GB/T 2260: two digits a level): `440305` → 440000, 440300, 440305. */
export function regionChain(code: string): string[] {
  if (!/^\d{6}$/.test(code)) return [];
  const chain = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code];
  return chain.filter((each, index) => chain.indexOf(each) === index);
}

/** The names from the province down; codes where a name is unknown. Throws ApiProblem. */
export async function regionPath(code: string): Promise<string[]> {
  const chain = regionChain(code);
  const levels = await Promise.all(chain.map((_, index) => regionsOf(chain[index - 1] || '')));
  return chain.map((each, index) => {
    const region = (levels[index] || []).find((candidate) => candidate.code === each);
    return region ? region.name : each;
  });
}
