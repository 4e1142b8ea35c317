import type { Answers } from '../../../shared/fields/index.ts';
import { carryOver, type Carried } from '../../../shared/forms/carry.ts';
import { mapThrough, trustedBetween, type Forms, type PublishedVersion } from '../forms/index.ts';
import type { Regions } from '../regions/index.ts';
import type { FormMigrationDoc } from './form-migrations.model.ts';

/** How answers of any version go over to a target. */
export type CarryTo = (from: number, answers: Answers, day: string) => Promise<Carried>;

/** What records of a migration go over to, as if it were published. */
export const targetOf = (
  { formKey, content, mappings, createdAt, createdBy }: FormMigrationDoc,
  version: number,
): PublishedVersion => ({
  key: formKey,
  version,
  content,
  mappings,
  publishedAt: createdAt.toISOString(),
  publishedBy: createdBy.name,
});

interface Road {
  version: PublishedVersion;
  trusted: ReadonlySet<string>;
}

/** Works out for each version once what its answers go through. */
export function createCarryTo(
  { forms, regions }: { forms: Pick<Forms, 'version'>; regions: Pick<Regions, 'lookup'> },
  target: PublishedVersion,
): CarryTo {
  const roads = new Map<number, Promise<Road>>();

  async function roadFrom(number: number): Promise<Road> {
    const version = await forms.version(target.key, number);
    if (!version) throw new Error(`version ${number} of form ${target.key} is gone`);
    return { version, trusted: await trustedBetween(forms, version, target) };
  }

  return async (number, answers, day) => {
    let road = roads.get(number);
    if (!road) {
      roads.set(number, (road = roadFrom(number)));
      // A read that failed with its transaction is made again with the next.
      road.catch(() => roads.delete(number));
    }
    const { version, trusted } = await road;
    const mapped = await mapThrough(forms, regions.lookup, version, target, answers);
    return carryOver(target.content, mapped, { today: day, regions: regions.lookup }, trusted);
  };
}
