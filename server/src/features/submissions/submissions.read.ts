import type { QueryFilter } from 'mongoose';
import { fieldsOf, type Locale } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Actor } from '../people/index.ts';
import { narrowed, scoped, totalOf } from '../scope/index.ts';
import type { BuildFilter } from './submissions.filter.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionOrder } from './submissions.order.ts';
import type { SubmissionPresenter } from './submissions.presenter.ts';
import type { SubmissionFilters } from './submissions.schema.ts';
import { RECORD_RIGHTS, seeAnswers } from './submissions.sight.ts';
import type { SubmissionParts } from './submissions.store.ts';

export interface SubmissionListQuery extends SubmissionFilters {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
  sort?: string | undefined;
}

/** Staff's reads of submissions; each within the caller's scope. */
export function createSubmissionRead(
  { mongo }: Deps,
  {
    audit,
    codec,
    regions,
    presenter,
    buildFilter,
    orderOf,
    recordSettings,
  }: SubmissionParts & { presenter: SubmissionPresenter; buildFilter: BuildFilter; orderOf: SubmissionOrder },
) {
  const submissions = submissionModel(mongo);

  async function one(
    caller: StaffCaller,
    permission: 'submission.read' | 'personal.reveal',
    id: string,
  ): Promise<SubmissionDoc> {
    const doc = await scoped(submissions, caller, permission).findOne({ _id: id }).lean<SubmissionDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  return {
    async list(caller: StaffCaller, locale: Locale, query: SubmissionListQuery) {
      const access = await recordSettings.access(caller, RECORD_RIGHTS);
      const filter = await buildFilter(narrowed(caller, 'submission.read', query, regions.path), access);
      const paging = await orderOf(query, access);
      const reach = scoped(submissions, caller, 'submission.read');
      const [{ rows, nextCursor }, total] = await Promise.all([
        paging.page(query.limit, (range, most) =>
          reach
            .find({ $and: [filter, range.filter] } as QueryFilter<SubmissionDoc>, { history: 0, facets: 0, listed: 0 })
            .sort(range.sort)
            .limit(most)
            .lean<SubmissionDoc[]>(),
        ),
        query.count ? reach.countSoon(filter) : undefined,
      ]);
      const items = [];
      for (const row of rows) items.push(await presenter.summary(row, locale, access));
      return { items, nextCursor, ...totalOf(total, items, query.cursor ?? nextCursor) };
    },

    detail: async (caller: StaffCaller, locale: Locale, id: string) =>
      presenter.detail(
        await one(caller, 'submission.read', id),
        locale,
        await recordSettings.access(caller, RECORD_RIGHTS),
      ),

    /** Clear values, recorded with the reason before they leave. @throws invalid_input for a field that isn't masked */
    reveal({ caller, ip }: Actor, id: string, fields: readonly string[], reason: string) {
      return transact(mongo, async () => {
        // Both: what may not be seen masked may not be seen in clear.
        await one(caller, 'submission.read', id);
        const doc = await one(caller, 'personal.reveal', id);
        const see = seeAnswers(await recordSettings.access(caller, RECORD_RIGHTS), doc);
        const secret = new Set(
          fieldsOf(await presenter.contentOf(doc))
            .filter((field) => see(field) === 'mask')
            .map(({ key }) => key),
        );
        const issues = fields.flatMap((key, at) =>
          secret.has(key) ? [] : [{ path: `body.fields.${at}`, code: 'unknown_option' }],
        );
        if (issues.length) throw new Problem('invalid_input', { issues });
        const clear = codec.open(doc);
        await audit.record({
          caller,
          ip,
          action: 'submission.revealed',
          object: { type: 'submission', id },
          detail: { fields, reason },
        });
        return {
          values: Object.fromEntries(fields.flatMap((key) => (clear[key] === undefined ? [] : [[key, clear[key]]]))),
        };
      });
    },
  };
}

export type SubmissionRead = ReturnType<typeof createSubmissionRead>;
