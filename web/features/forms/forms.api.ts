import type { FormContent, Text } from '../../../server/shared/fields/types.ts';
import { saveFile } from '../../common/admin/api/download.ts';
import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { Answer, QueryOf } from '../../common/admin/api/types.ts';
import type { FormDetail, FormVersion } from './forms.types.ts';

const PATH = '/api/business/forms';
const at = (formKey: string, key?: string) => ({ params: { path: { formKey }, header: write(key) } });
const detail = async (call: Promise<Answer<'getForm'>>) => (await call) as unknown as FormDetail;
const plain = (content: FormContent) => content as unknown as Record<string, unknown>;

export const listForms = (query: QueryOf<'listForms'>, signal: AbortSignal | null = null) =>
  answer(api.GET(PATH, { params: { query }, signal }));

export const getForm = (formKey: string) =>
  detail(answer(api.GET(`${PATH}/{formKey}`, { params: { path: { formKey } } })));

export const createForm = (form: { key: string; title: Text; content: FormContent }, key: string) =>
  detail(
    answer(
      api.POST(PATH, { params: { header: write(key) }, body: { ...form, content: plain(form.content), region: null } }),
    ),
  );

export const saveWorkingVersion = (formKey: string, content: FormContent, rev: number) =>
  detail(
    answer(api.PUT(`${PATH}/{formKey}/working-version`, { ...at(formKey), body: { content: plain(content), rev } })),
  );

/** Publishes the working version, or the content of an older one again under a new number. */
export const publishForm = (
  formKey: string,
  rev: number,
  rollBackTo?: number,
  more: { graceHours?: number; note?: string; mappings?: Record<string, unknown>[] } = {},
) =>
  detail(
    answer(
      api.POST(`${PATH}/{formKey}/publish`, {
        ...at(formKey, newKey()),
        body: { rev, ...more, ...(rollBackTo ? { rollBackTo } : {}) },
      }),
    ),
  );

export const setFormStatus = (formKey: string, status: 'open' | 'closed') =>
  detail(answer(api.PUT(`${PATH}/{formKey}/status`, { ...at(formKey), body: { status } })));

const versions = new Map<string, Promise<FormVersion>>();

/** A published version never changes, so it is asked for once. */
export function getFormVersion(key: string, number: number): Promise<FormVersion> {
  const name = `${key}@${number}`;
  let version = versions.get(name);
  if (!version) {
    version = answer(
      api.GET('/api/business/forms/{formKey}/versions/{number}', { params: { path: { formKey: key, number } } }),
    ) as Promise<unknown> as Promise<FormVersion>;
    versions.set(name, version);
    version.catch(() => versions.delete(name));
  }
  return version;
}

export const downloadTemplate = (key: string, number: number): Promise<void> =>
  saveFile(`${PATH}/${key}/versions/${number}/template`, { fallbackName: `${key}-v${number}.xlsx` });
