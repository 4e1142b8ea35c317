import type { FormContent, Issue } from '../../../shared/fields/index.ts';
import { vetMappings } from '../../../shared/forms/vet-mappings.ts';
import type { Mapping } from '../../../shared/forms/mappings.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type Caller } from '../../http/index.ts';
import { isDuplicateKey, transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { createReach } from './forms.reach.ts';
import { formModel, formVersionModel, GRACE_HOURS, type FormDoc } from './forms.model.ts';
import type { Actor } from './forms.service.ts';
import { usedKinds, vetToPublish } from './publish.ts';
import type { Published, PublishedVersion } from './published.ts';

/** Issues of a content as those of the request's body. */
export const inContent = (issues: Issue[]): Issue[] =>
  issues.slice(0, 100).map((issue) => ({ ...issue, path: issue.path ? `content.${issue.path}` : 'content' }));

const HOUR_MS = 3_600_000;

/** How a version is published, besides what it says. */
export interface PublishOptions {
  rollBackTo?: number | undefined;
  graceHours?: number | undefined;
  /** Default: those of the versions between, none for the content of before. */
  mappings?: unknown;
  note?: string | undefined;
}

/** What is to be frozen, ready and judged. */
export interface Frozen {
  content: FormContent;
  rollBackTo: number | null;
  graceHours: number;
  mappings: Mapping[];
  note: string | null;
  publishedBy: string;
  reviewedBy: string | null;
}

/** Makes a content a published version for ever. */
export function createPublishing(deps: Deps, { audit, published }: { audit: Audit; published: Published }) {
  const { mongo, clock } = deps;
  const forms = formModel(mongo);
  const versions = formVersionModel(mongo);
  const reach = createReach(deps);

  /** What a form would publish: its working version, or an old version again. @throws edit_conflict, invalid_input */
  async function contentOf(
    form: FormDoc,
    rev: number,
    rollBackTo: number | undefined,
  ): Promise<{ content: FormContent; old: PublishedVersion | null }> {
    if (form.workingVersion.rev !== rev) throw new Problem('edit_conflict');
    const old = rollBackTo === undefined ? null : await published.version(form._id, rollBackTo);
    if (rollBackTo !== undefined && !old)
      throw new Problem('invalid_input', { issues: [{ path: 'body.rollBackTo', code: 'unknown_option' }] });
    return { content: old?.content ?? form.workingVersion.content, old };
  }

  /**
   * Judges everything that keeps a content from being published over the current version.
   * @returns its mappings, as they may be used
   * @throws invalid_input with all of it
   */
  async function judge(form: FormDoc, content: FormContent, mappings: unknown, vetted: boolean): Promise<Mapping[]> {
    const issues = vetted ? [] : await vetToPublish(content, form.kinds);
    if (issues.length) throw new Problem('invalid_input', { issues: inContent(issues) });
    const current = form.currentVersion === null ? null : await published.version(form._id, form.currentVersion);
    if (mappings === undefined || (Array.isArray(mappings) && mappings.length === 0)) return [];
    const wrong = vetMappings(mappings, current?.content ?? content, content);
    if (wrong.length)
      throw new Problem('invalid_input', {
        issues: wrong.slice(0, 100).map((issue) => ({ ...issue, path: `body.${issue.path}` })),
      });
    return mappings as Mapping[];
  }

  /**
   * Makes it the next version; earlier ones are taken for the grace time, unless another one ends theirs before. Runs in a
   * transaction; call `published.drop` again once it has committed.
   * @param before the form as it was when the content was judged
   * @throws edit_conflict when another version was published since, or the working version that it is of was changed
   */
  async function freeze(before: FormDoc, what: Frozen, rev?: number): Promise<number> {
    const { content, rollBackTo, graceHours, mappings, note, publishedBy, reviewedBy } = what;
    const key = before._id;
    const number = (before.currentVersion ?? 0) + 1;
    const moved = await forms.updateOne(
      {
        _id: key,
        currentVersion: before.currentVersion,
        ...(rev === undefined ? {} : { 'workingVersion.rev': rev }),
      },
      { $set: { currentVersion: number, title: content.title, kinds: usedKinds(content, before.kinds) } },
    );
    if (!moved.matchedCount) throw new Problem('edit_conflict');
    const now = clock();
    const until = new Date(now.getTime() + graceHours * HOUR_MS);
    await versions.updateMany(
      { formKey: key, number: { $lt: number }, $or: [{ acceptedUntil: null }, { acceptedUntil: { $gt: until } }] },
      { $set: { acceptedUntil: until } },
    );
    await versions.create([
      {
        formKey: key,
        number,
        content,
        publishedAt: now,
        publishedBy,
        reviewedBy,
        note,
        rollBackTo,
        graceHours,
        mappings,
        acceptedUntil: null,
      },
    ]);
    await published.drop(key, number);
    return number;
  }

  return {
    contentOf,
    judge,
    freeze,

    /**
     * Freezes the working version, or an old version again, under the next number, at once.
     * @throws invalid_input with everything that keeps it from being published; edit_conflict; review_needed
     */
    async publish({ caller, ip }: Actor, key: string, rev: number, options: PublishOptions = {}): Promise<void> {
      const before = await reach(caller, 'form.publish', key);
      if (before.reviewed) throw new Problem('review_needed');
      const { content, old } = await contentOf(before, rev, options.rollBackTo);
      const mappings = await judge(before, content, options.mappings, old !== null);
      try {
        const number = await transact(mongo, async () => {
          const made = await freeze(
            before,
            {
              content,
              mappings,
              rollBackTo: old?.version ?? null,
              graceHours: options.graceHours ?? GRACE_HOURS,
              note: options.note ?? null,
              publishedBy: caller.name,
              reviewedBy: null,
            },
            rev,
          );
          await this.record(caller, ip, key, made, { ...(old ? { rollBackTo: old.version } : {}) });
          return made;
        });
        await published.drop(key, number);
      } catch (error) {
        if (isDuplicateKey(error)) throw new Problem('edit_conflict');
        throw error;
      }
    },

    record: (
      caller: Caller | { kind: 'system' },
      ip: string | undefined,
      key: string,
      number: number,
      detail: Record<string, unknown> = {},
    ) =>
      audit.record({
        caller,
        ...(ip === undefined ? {} : { ip }),
        action: 'form.published',
        object: { type: 'form', id: key },
        detail: { number, ...detail },
      }),

    /**
     * Ends the grace time of an earlier version at once.
     * @throws not_found; conflict for the current version (close the form instead)
     */
    async retireVersion({ caller, ip }: Actor, key: string, number: number): Promise<void> {
      await transact(mongo, async () => {
        const form = await reach(caller, 'form.publish', key);
        if (form.currentVersion === number) throw new Problem('conflict');
        const now = clock();
        const found = await versions.findOne({ formKey: key, number }, { acceptedUntil: 1 }).lean();
        if (!found) throw new Problem('not_found');
        if (found.acceptedUntil && found.acceptedUntil <= now) return;
        await versions.updateOne({ formKey: key, number }, { $set: { acceptedUntil: now } });
        await audit.record({
          caller,
          ip,
          action: 'form.version_retired',
          object: { type: 'form', id: key },
          detail: { number },
        });
        await published.drop(key);
      });
      await published.drop(key);
    },
  };
}

export type Publishing = ReturnType<typeof createPublishing>;
