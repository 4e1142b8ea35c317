import type { FormContent, Issue, Text } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { isDuplicateKey, transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Regions } from '../regions/index.ts';
import { assertInScope } from '../scope/index.ts';
import { formModel, formVersionModel, type FormDoc, type FormStatus } from './forms.model.ts';
import { usedKinds, vetToPublish } from './publish.ts';
import type { Published } from './published.ts';

/** Who does something, and from where. */
export interface Actor {
  caller: StaffCaller;
  ip: string;
}

export interface NewForm {
  key: string;
  title: Text;
  content?: unknown;
  /** The region whose administrators may edit it; null: none, only administrators of the whole installation. */
  region: string | null;
}

/** Issues of a content as those of the request's body. */
const inContent = (issues: Issue[]): Issue[] =>
  issues.slice(0, 100).map((issue) => ({ ...issue, path: issue.path ? `content.${issue.path}` : 'content' }));

/**
 * Writes of forms: create, work on, publish. Reading forms is not narrowed by data scope, since citizens can read them
 * too; changing one is.
 */
export function createFormsService(
  deps: Deps,
  { audit, regions, published }: { audit: Audit; regions: Pick<Regions, 'path' | 'exists'>; published: Published },
) {
  const { mongo, clock } = deps;
  const forms = formModel(mongo);
  const versions = formVersionModel(mongo);

  /** @throws not_found, forbidden */
  async function mine(caller: StaffCaller, permission: 'form.write' | 'form.publish', key: string): Promise<FormDoc> {
    const form = await forms.findById(key).lean();
    if (!form) throw new Problem('not_found');
    assertInScope(caller, permission, form.scope);
    return form;
  }

  return {
    /** @throws name_taken; forbidden outside of the caller's region */
    async create({ caller, ip }: Actor, input: NewForm): Promise<void> {
      if (input.region !== null && !regions.exists(input.region)) {
        throw new Problem('invalid_input', { issues: [{ path: 'body.region', code: 'unknown_region' }] });
      }
      const scope = {
        regionPath: input.region === null ? [] : regions.path(input.region),
        orgPath: [],
        createdBy: caller.accountId,
      };
      assertInScope(caller, 'form.write', scope);
      const content = (input.content ?? { title: input.title, steps: [] }) as FormContent;
      const now = clock();
      await transact(mongo, async () => {
        if (await forms.exists({ _id: input.key })) throw new Problem('name_taken');
        await forms.create([
          {
            _id: input.key,
            title: input.title,
            status: 'open',
            currentVersion: null,
            kinds: [],
            workingVersion: { content, rev: 1, updatedBy: caller.name, updatedAt: now },
            scope,
            createdAt: now,
          },
        ]);
        await audit.record({ caller, ip, action: 'form.created', object: { type: 'form', id: input.key } });
      });
    },

    /** Keeps what is being worked on, complete or not. @throws edit_conflict when someone else saved since `rev` */
    async saveWorkingVersion({ caller, ip }: Actor, key: string, content: unknown, rev: number): Promise<void> {
      await transact(mongo, async () => {
        await mine(caller, 'form.write', key);
        const saved = await forms.updateOne(
          { _id: key, 'workingVersion.rev': rev },
          {
            $set: {
              'workingVersion.content': content,
              'workingVersion.updatedBy': caller.name,
              'workingVersion.updatedAt': clock(),
            },
            $inc: { 'workingVersion.rev': 1 },
          },
        );
        if (!saved.matchedCount) throw new Problem('edit_conflict');
        await audit.record({
          caller,
          ip,
          action: 'form.saved',
          object: { type: 'form', id: key },
          detail: { rev: rev + 1 },
        });
      });
    },

    /**
     * Freezes the working version, or an old version again, under the next number.
     * @throws invalid_input with everything that keeps it from being published; edit_conflict
     */
    async publish({ caller, ip }: Actor, key: string, rev: number, rollBackTo?: number): Promise<void> {
      const before = await mine(caller, 'form.publish', key);
      if (before.workingVersion.rev !== rev) throw new Problem('edit_conflict');
      const old = rollBackTo === undefined ? null : await published.version(key, rollBackTo);
      if (rollBackTo !== undefined && !old)
        throw new Problem('invalid_input', { issues: [{ path: 'body.rollBackTo', code: 'unknown_option' }] });
      const content = old?.content ?? before.workingVersion.content;
      const issues = old ? [] : await vetToPublish(content, before.kinds);
      if (issues.length) throw new Problem('invalid_input', { issues: inContent(issues) });

      const number = (before.currentVersion ?? 0) + 1;
      try {
        await transact(mongo, async () => {
          // Neither the content that was judged nor the number may have changed meanwhile.
          const moved = await forms.updateOne(
            { _id: key, 'workingVersion.rev': rev, currentVersion: before.currentVersion },
            { $set: { currentVersion: number, title: content.title, kinds: usedKinds(content, before.kinds) } },
          );
          if (!moved.matchedCount) throw new Problem('edit_conflict');
          await versions.create([{ formKey: key, number, content, publishedAt: clock(), publishedBy: caller.name }]);
          await audit.record({
            caller,
            ip,
            action: 'form.published',
            object: { type: 'form', id: key },
            detail: { number, ...(old ? { rollBackTo: old.version } : {}) },
          });
          await published.drop(key, number);
        });
      } catch (error) {
        if (isDuplicateKey(error)) throw new Problem('edit_conflict');
        throw error;
      }
      await published.drop(key, number);
    },

    /** Opens or closes a form for citizens. */
    async setStatus({ caller, ip }: Actor, key: string, status: FormStatus): Promise<void> {
      await transact(mongo, async () => {
        const form = await mine(caller, 'form.publish', key);
        if (form.status === status) return;
        await forms.updateOne({ _id: key }, { $set: { status } });
        await audit.record({
          caller,
          ip,
          action: status === 'open' ? 'form.opened' : 'form.closed',
          object: { type: 'form', id: key },
          detail: { status },
        });
        await published.drop(key);
      });
      await published.drop(key);
    },
  };
}

export type FormsService = ReturnType<typeof createFormsService>;
