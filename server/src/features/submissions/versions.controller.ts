import { access, Id, Moment, obj, responses, routeConfig, z, type Req } from '../../http/index.ts';
import { SubmissionParams } from './submissions.schema.ts';
import type { SubmissionVersions } from './submissions.versions.ts';

const answer = obj({ key: z.string(), text: z.string().openapi({ description: 'As the caller may see it' }) });
const VersionsOfSubmission = obj({
  version: z.number().int(),
  rules: z
    .array(
      obj({
        version: z.number().int(),
        from: Moment,
        until: Moment.nullable(),
        publishedAt: Moment,
        publishedBy: z.string(),
      }),
    )
    .openapi({ description: 'The versions whose rules it was under, oldest first' }),
  originals: z.array(
    obj({
      migrationId: Id,
      version: z.number().int(),
      at: Moment,
      answers: z.array(answer).nullable().openapi({ description: 'null: the migration left them as they were' }),
    }),
  ),
});

/** The versions that a submission was under. */
export class SubmissionVersionsController {
  constructor(private readonly versions: SubmissionVersions) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/submissions/{id}/versions',
    operationId: 'getSubmissionVersions',
    summary: 'Under which versions’ rules a submission was on any day, and its answers before each migration',
    tags: ['submissions'],
    request: { params: SubmissionParams },
  })
  @access({ audience: 'business', permission: 'submission.read', errors: ['not_found'] })
  @responses(VersionsOfSubmission)
  getSubmissionVersions({ params, caller, locale }: Req<{ params: typeof SubmissionParams }>) {
    return this.versions.of(caller, locale, params.id);
  }
}
