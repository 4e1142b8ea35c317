import { citizenApi } from '../../common/client/citizen.ts';
import type { SubmissionListItem } from '../../common/client/types.ts';

/**
 * The citizen's submission of a form that was made since a time (ISO, of the server if it is known). Asked when the server's draft is gone: sending ends it, and a
 * page that was killed meanwhile, or another device, does not know. Throws ApiProblem.
 */
export async function sentSince(formKey: string, since: string): Promise<SubmissionListItem | null> {
  if (!since) return null;
  const { items } = await citizenApi.submissions(null);
  const sent = (one: SubmissionListItem) => one.formKey === formKey && one.status !== 'withdrawn';
  return items.filter((one) => sent(one) && one.submittedAt >= since)[0] || null;
}
