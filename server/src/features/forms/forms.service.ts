import type { FormContent, Text } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Regions } from '../regions/index.ts';
import { assertInScope, holdsEverywhere } from '../scope/index.ts';
import { createReach, type Reach } from './forms.reach.ts';
import { formModel, type FormStatus } from './forms.model.ts';
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
  const mine: Reach = createReach(deps);

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
            reviewed: false,
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

    /** Opens, closes or retires a form for citizens. What is retired can be opened or closed again. */
    async setStatus({ caller, ip }: Actor, key: string, status: FormStatus): Promise<void> {
      await transact(mongo, async () => {
        const form = await mine(caller, 'form.publish', key);
        if (form.status === status) return;
        await forms.updateOne({ _id: key }, { $set: { status } });
        await audit.record({
          caller,
          ip,
          action: STATUS_ACTIONS[status],
          object: { type: 'form', id: key },
          detail: { status },
        });
        await published.drop(key);
      });
      await published.drop(key);
    },

    /**
     * Whether another person has to look at a version before it is published. Whoever may publish may ask for that; doing
     * without it again takes the right for everywhere, or a publisher could lift it alone.
     */
    async setReviewed({ caller, ip }: Actor, key: string, reviewed: boolean): Promise<void> {
      await transact(mongo, async () => {
        const form = await mine(caller, 'form.publish', key);
        if ((form.reviewed ?? false) === reviewed) return;
        if (!reviewed && !holdsEverywhere(caller, 'form.publish')) throw new Problem('forbidden');
        await forms.updateOne({ _id: key }, { $set: { reviewed } });
        await audit.record({
          caller,
          ip,
          action: 'form.review_rule',
          object: { type: 'form', id: key },
          detail: { reviewed },
        });
      });
    },
  };
}

const STATUS_ACTIONS = { open: 'form.opened', closed: 'form.closed', retired: 'form.retired' } as const;

export type FormsService = ReturnType<typeof createFormsService>;
