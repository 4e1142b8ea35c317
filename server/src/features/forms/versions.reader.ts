import type { FormContent, Locale } from '../../../shared/fields/index.ts';
import { sayChange, sayReason } from '../../../shared/forms/change-words.ts';
import { compileDiff } from '../../../shared/forms/compile-mappings.ts';
import { isEditable } from '../../../shared/forms/edit.ts';
import type { Mapping } from '../../../shared/forms/mappings.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { formModel, formVersionModel, GRACE_HOURS, type FormVersionDoc } from './forms.model.ts';
import type { Published } from './published.ts';

type Facts = Omit<FormVersionDoc, 'content' | 'formKey' | 'mappings'>;

/** A version without its content. `state`: `grace` while answers begun on it are still taken. */
export function showVersion(version: Facts, current: number | null, now: Date) {
  const { number, publishedAt, publishedBy, acceptedUntil } = version;
  const accepted = acceptedUntil !== null && acceptedUntil !== undefined && acceptedUntil > now;
  return {
    number,
    publishedAt: publishedAt.toISOString(),
    publishedBy,
    reviewedBy: version.reviewedBy ?? null,
    note: version.note ?? null,
    rollBackTo: version.rollBackTo ?? null,
    graceHours: version.graceHours ?? GRACE_HOURS,
    state: number === current ? ('current' as const) : accepted ? ('grace' as const) : ('retired' as const),
    acceptedUntil: acceptedUntil?.toISOString() ?? null,
  };
}

const LOCALES: Locale[] = ['zh-CN', 'en'];
const inBoth = (say: (locale: Locale) => string) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, say(locale)])) as { 'zh-CN': string; en: string };

/** What differs, classed, in words of both languages. */
export function showDiff(before: FormContent, after: FormContent, mappings: readonly Mapping[] = []) {
  const diff = compileDiff(before, after, mappings);
  return {
    class: diff.class,
    changes: diff.changes.map((change) => ({
      ...change,
      words: inBoth((locale) => sayChange(change, [before, after], locale)),
      why: inBoth((locale) => sayReason(change.reason, locale)),
    })),
  };
}

const DAY_MS = 24 * 3_600_000;

/** Comparisons of a form's versions, and which of them held when. */
export function createVersionsReader({ mongo, clock }: Deps, { published }: { published: Published }) {
  const forms = formModel(mongo);
  const versions = formVersionModel(mongo);

  /** `working`, or a version's number. @throws not_found */
  async function side(key: string, name: string): Promise<FormContent> {
    const found =
      name === 'working'
        ? (await forms.findById(key, { workingVersion: 1 }).lean())?.workingVersion.content
        : (await published.version(key, Number(name)))?.content;
    if (!found) throw new Problem('not_found');
    return found;
  }

  return {
    /** @throws not_found; conflict when the working version is too unfinished to be compared */
    async diff(key: string, from: string, to: string) {
      const [before, after] = [await side(key, from), await side(key, to)];
      if (!isEditable(before) || !isEditable(after)) throw new Problem('conflict');
      return { from, to, ...showDiff(before, after) };
    },

    /** The versions that answers were taken on at any moment of a day in Asia/Shanghai. @throws not_found */
    async rulesOf(key: string, day: string) {
      const form = await forms.findById(key, { currentVersion: 1 }).lean();
      if (!form) throw new Problem('not_found');
      const begin = new Date(`${day}T00:00:00+08:00`);
      if (Number.isNaN(begin.getTime()))
        throw new Problem('invalid_input', { issues: [{ path: 'query.day', code: 'bad_date' }] });
      const end = new Date(begin.getTime() + DAY_MS);
      const now = clock();
      const found = await versions
        .find(
          {
            formKey: key,
            publishedAt: { $lt: end },
            $or: [{ acceptedUntil: null }, { acceptedUntil: { $gt: begin } }],
          },
          { content: 0 },
        )
        .sort({ number: -1 })
        .limit(200)
        .lean();
      const last = found.find(({ publishedAt }) => publishedAt < end)?.number;
      return {
        day,
        items: found.map((version) => ({
          ...showVersion(version, form.currentVersion, now),
          from: version.publishedAt.toISOString(),
          until: version.acceptedUntil?.toISOString() ?? null,
          current: version.number === last,
        })),
      };
    },
  };
}

export type VersionsReader = ReturnType<typeof createVersionsReader>;
