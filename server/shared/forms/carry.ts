import { gather } from '../fields/check.ts';
import { fieldsOf } from '../fields/fields.ts';
import { isEmpty, judgeValue, normalise } from '../fields/judge.ts';
import { isRecord } from '../fields/kinds/kind.ts';
import { planOf } from '../fields/plan.ts';
import type { Answers, CheckContext, Fault, Field, FormContent } from '../fields/types.ts';
import { sameJson } from './changes.ts';
import { endsOf, type Mapping } from './mappings.ts';

/**
 * What becomes of answers that were given on one version of a form when another one judges them. One rule for a citizen's
 * draft, for counting before publishing and for a migration.
 */

/**
 * An answer that does not come along: `key` as in a diff (`members.name`), and why: the code of a wrong answer, `field_removed`
 * (nobody asks any more), `hidden` (by a condition), `recomputed` (it is worked out now) or `consent_changed` (it was given to
 * another text).
 */
export interface Loss extends Fault {
  key: string;
}

export interface Carried {
  /** Judged and normalised by the new content; hidden ones dropped. */
  answers: Answers;
  lost: Loss[];
  /** What keeps the answers from being complete on the new version: a field or check, and the code. */
  missing: Loss[];
}

type Values = Record<string, unknown>;

/**
 * The fields that ask the same on both sides and that no mapping touches: their answers were judged when they were given, and
 * fit as they are, also where a list that they were chosen from (regions) has changed since.
 */
export function trustedKeys(before: FormContent, after: FormContent, mappings: readonly Mapping[]): Set<string> {
  const touched = new Set(
    mappings.flatMap((mapping) => Object.values(endsOf(mapping)).flat()).map((name) => name.split('.')[0]!),
  );
  const old = new Map(fieldsOf(before).map((field) => [field.key, field]));
  return new Set(
    fieldsOf(after)
      .filter((field) => !touched.has(field.key) && asksTheSame(old.get(field.key), field))
      .map(({ key }) => key),
  );
}

/** Of a consent its text counts, and nothing else. */
const asksTheSame = (before: Field | undefined, after: Field): boolean =>
  before?.kind === 'consent' && after.kind === 'consent'
    ? sameJson([before.label, before.hint], [after.label, after.hint])
    : sameJson(before, after);

const NONE: ReadonlySet<string> = new Set();

/** The values that their fields accept; the others as losses. */
function fitting(
  fields: readonly Field[],
  given: Readonly<Values>,
  ctx: CheckContext,
  { group, trusted, lost }: { group: string; trusted: ReadonlySet<string>; lost: Loss[] },
): Values {
  const kept: Values = {};
  const known = new Set(fields.map(({ key }) => key));
  const name = (key: string) => (group ? `${group}.${key}` : key);
  for (const key of Object.keys(given)) if (!known.has(key)) lost.push({ key: name(key), code: 'field_removed' });
  for (const field of fields) {
    if (trusted.has(field.key) && given[field.key] !== undefined) {
      kept[field.key] = given[field.key];
      continue;
    }
    const value = normalise(field, given[field.key]);
    if (isEmpty(field, value)) continue;
    if (field.kind === 'consent') {
      lost.push({ key: name(field.key), code: 'consent_changed' });
      continue;
    }
    // Its records first: one that asks for less now may fit by that.
    const whole =
      field.fields && Array.isArray(value)
        ? value.map((record) =>
            isRecord(record) ? fitting(field.fields!, record, ctx, { group: field.key, trusted: NONE, lost }) : record,
          )
        : value;
    const { answer, fault } = judgeValue(field, whole, ctx);
    if (fault) lost.push({ key: name(field.key), ...fault });
    else if (answer !== undefined) kept[field.key] = answer;
  }
  return kept;
}

/** `answers.members.0.name` → `members.name`; a form's own as they are. */
const keyOfPath = (path: string): string =>
  path
    .split('.')
    .slice(1)
    .filter((part) => !/^\d+$/.test(part))
    .slice(0, 2)
    .join('.');

const distinct = (losses: readonly Loss[]): Loss[] => [
  ...new Map(losses.map((loss) => [`${loss.key} ${loss.code}`, loss])).values(),
];

/**
 * Judges answers (after their mappings) by a content. Every answer that fits stays; each that does not is named once.
 * @param ctx judge records as of the day they were given, or a bound that moves with today would refuse them
 * @param trusted of `trustedKeys`: fields whose answers need no judging
 */
export function carryOver(
  content: FormContent,
  mapped: Readonly<Values>,
  ctx: CheckContext,
  trusted: ReadonlySet<string> = NONE,
): Carried {
  const lost: Loss[] = [];
  const fields = fieldsOf(content);
  const kept = fitting(fields, mapped, ctx, { group: '', trusted, lost });
  const { answers, issues } = gather(planOf(content), { ...ctx, before: kept }, ({ field }) =>
    kept[field.key] === undefined ? judgeValue(field, undefined, ctx) : { answer: kept[field.key], fault: null },
  );
  for (const { key, compute } of fields) {
    if (kept[key] === undefined) continue;
    if (answers[key] === undefined && !issues.some(({ path }) => keyOfPath(path) === key))
      lost.push({ key, code: 'hidden' });
    else if (compute && answers[key] !== undefined && !sameJson(answers[key], kept[key]))
      lost.push({ key, code: 'recomputed' });
  }
  const missing = issues.map(({ path, ...fault }) => ({ key: keyOfPath(path), ...fault }));
  return { answers, lost: distinct(lost), missing: distinct(missing) };
}
