import type { Text } from '../../../server/shared/fields/types.ts';
import { citizenApi } from '../../common/client/citizen.ts';
import type { PublishedForm, SubmissionListItem } from '../../common/client/types.ts';

export interface Titled extends SubmissionListItem {
  formTitle: Text;
}

const versions = new Map<string, Promise<PublishedForm>>();

/** A form version, asked for once: it never changes. Throws ApiProblem. */
export function formVersion(key: string, version: number): Promise<PublishedForm> {
  const name = `${key}@${version}`;
  let found = versions.get(name);
  if (!found) {
    found = citizenApi.formVersion(key, version);
    versions.set(name, found);
    found.catch(() => versions.delete(name));
  }
  return found;
}

/** Submissions with the titles of their forms; the key stands in where a title cannot be had. */
export function titlesOf(items: SubmissionListItem[]): Promise<Titled[]> {
  return Promise.all(
    items.map(async (item) => {
      if (item.title) return { ...item, formTitle: item.title };
      const form = await formVersion(item.formKey, item.version).catch(() => null);
      return { ...item, formTitle: form ? form.content.title : { 'zh-CN': item.formKey } };
    }),
  );
}
