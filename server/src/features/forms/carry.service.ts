import { citizensContent, fieldsOf, type FormContent } from '../../../shared/fields/index.ts';
import { loadMessages, sayIssue } from '../../../shared/messages/index.ts';
import { applyMappings, fieldsOfBoth } from '../../../shared/forms/apply-mappings.ts';
import { carryOver, trustedKeys, type Carried, type Loss } from '../../../shared/forms/carry.ts';
import { sayChange } from '../../../shared/forms/change-words.ts';
import { diffForms, placesOf } from '../../../shared/forms/diff.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Published, PublishedVersion } from './published.ts';

/** Versions that answers may be carried over at once; older ones go over by their keys alone. */
const MOST_STEPS = 50;

type Values = Record<string, unknown>;

/** Answers through the mappings of every version between two, oldest first; nothing is judged. */
export async function mapThrough(
  published: Pick<Published, 'version'>,
  look: Regions['lookup'],
  from: PublishedVersion,
  to: PublishedVersion,
  answers: Values,
): Promise<Values> {
  let mapped = answers;
  let before = from;
  for (let number = Math.max(from.version + 1, to.version - MOST_STEPS); number <= to.version; number += 1) {
    const next = number === to.version ? to : await published.version(to.key, number);
    if (!next) continue;
    if (next.mappings?.length)
      mapped = applyMappings(mapped, next.mappings, fieldsOfBoth(before.content, next.content, { regions: look }));
    before = next;
  }
  return mapped;
}

/** The fields that ask the same in both versions, and that no version between has mapped. */
export async function trustedBetween(
  published: Pick<Published, 'version'>,
  from: PublishedVersion,
  to: PublishedVersion,
): Promise<ReadonlySet<string>> {
  const between = [...(to.mappings ?? [])];
  for (let number = from.version + 1; number < to.version; number += 1)
    between.push(...((await published.version(to.key, number))?.mappings ?? []));
  return trustedKeys(from.content, to.content, between);
}

/** What matters to who fills a form in: not the order, settings, or words in passing. */
const MATTERS = new Set([
  'required_added',
  'check_added',
  'option_removed',
  'narrowed',
  'field_removed',
  'optional_added',
]);

function labelOf(key: string, contents: readonly FormContent[]) {
  const label = contents.map((content) => placesOf(content).get(key)?.field.label).find(Boolean);
  return { 'zh-CN': label?.['zh-CN'] || key, en: label?.en || label?.['zh-CN'] || key };
}

/** What a citizen's answers come to on the version that is current now. Nothing is stored. */
export function createCarry({ clock }: Deps, { published, regions }: { published: Published; regions: Regions }) {
  return async function carry(formKey: string, number: number, answers: Values) {
    const current = await published.published(formKey);
    const from = await published.version(formKey, number);
    if (!current || !from || number > current.version) throw new Problem('not_found');
    // What citizens are not asked is not told to them either.
    const [before, after] = [citizensContent(from.content), citizensContent(current.content)];
    const mapped = await mapThrough(published, regions.lookup, from, current, answers);
    // What was only half typed stays where the question is the same: its field will say what is wrong.
    const trusted = await trustedBetween(published, from, current);
    const ctx = { today: shanghaiDay(clock()), regions: regions.lookup };
    const carried: Carried = carryOver(after, mapped, ctx, trusted);
    const [zh, en] = await Promise.all([loadMessages('zh-CN'), loadMessages('en')]);
    const contents = [after, before];
    const inBoth = (loss: Loss) => ({ 'zh-CN': sayIssue(zh, loss), en: sayIssue(en, loss) });
    // What is hidden or worked out is no loss to anybody: the form will ask again where it matters.
    const lost = carried.lost.filter(({ code }) => code !== 'hidden' && code !== 'recomputed');
    const pair = [before, after] as const;
    return {
      version: current.version,
      content: after,
      answers: keepHidden(after, mapped, carried),
      lost: lost.map((loss) => ({
        key: loss.key,
        label: labelOf(loss.key, contents),
        code: loss.code,
        words: inBoth(loss),
      })),
      changes: diffForms(...pair)
        .filter(({ reason, of }) => of !== 'step' && MATTERS.has(reason))
        .slice(0, 50)
        .map((change) => ({ 'zh-CN': sayChange(change, pair, 'zh-CN'), en: sayChange(change, pair, 'en') })),
    };
  };
}

/** A draft keeps what a condition hides: the citizen may change their mind. */
function keepHidden(content: FormContent, mapped: Values, { answers, lost }: Carried): Values {
  const hidden = new Set(lost.filter(({ code }) => code === 'hidden').map(({ key }) => key));
  const kept = fieldsOf(content).filter(({ key }) => hidden.has(key));
  return { ...answers, ...Object.fromEntries(kept.map(({ key }) => [key, mapped[key]])) };
}

export type Carry = ReturnType<typeof createCarry>;
