import type { SubmissionDoc } from './submissions.model.ts';

/** Stands for every region, as the code of a county stands for its own. */
export const EVERYWHERE = '';
/** Stands for every form. */
export const ANY_FORM = '';

type Facet = SubmissionDoc['facets'][number];

/**
 * One of the lists that a record is in: all of a region, those of a form there, or only those of them with an answer. A look into one
 * list finds what was asked for and nothing else: form, region and answer are one word of the index, where three conditions
 * would be one look-up and two that are filtered record by record.
 */
export const listOf = (formKey: string, region: string, facet?: Facet): string =>
  facet ? `${formKey}|${region}|${facet.k}|${facet.v}` : `${formKey}|${region}`;

/** Lists are kept for everywhere and for counties: each entry is one more that an import writes. */
const isListed = (region: string): boolean => region === EVERYWHERE || !region.endsWith('00');

/** Where to look for what lies in these regions; for a province or a city everywhere, of which it is no small part. */
export const placesOf = (regions: readonly string[]): readonly string[] =>
  regions.every(isListed) ? regions : [EVERYWHERE];

/** All lists that a record is in. `server/migrations/2026-11-22-listed.ts` says the same. */
export function listsOf(formKey: string, regionPath: readonly string[], facets: readonly Facet[]): string[] {
  const lists: string[] = [];
  for (const region of [EVERYWHERE, ...regionPath]) {
    if (!isListed(region)) continue;
    lists.push(listOf(ANY_FORM, region), listOf(formKey, region));
    for (const facet of facets) lists.push(listOf(formKey, region, facet));
  }
  return lists;
}
