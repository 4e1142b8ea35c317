import { fieldsOf, type FormContent, type Issue } from '../../../shared/fields/index.ts';
import { vetForm } from '../../../shared/fields/vet/index.ts';
import type { FormDoc } from './forms.model.ts';
import { vetPatterns } from './patterns.ts';

/** A key that an earlier version has used for another kind of field: stored answers would change their meaning. */
function vetKinds(content: FormContent, kinds: FormDoc['kinds']): Issue[] {
  const used = new Map(kinds.map(({ key, kind }) => [key, kind]));
  return content.steps.flatMap((step, s) =>
    step.fields.flatMap((field, f) => {
      const kind = used.get(field.key);
      return kind === undefined || kind === field.kind
        ? []
        : [{ path: `steps.${s}.fields.${f}.kind`, code: 'kind_changed', params: { kind } }];
    }),
  );
}

/** What can be said at once about a working version, with paths into the content. */
export function vetNow(content: unknown, kinds: FormDoc['kinds']): Issue[] {
  const issues = vetForm(content);
  return issues.length ? issues : vetKinds(content as FormContent, kinds);
}

/** Everything that keeps a content from being published; takes up to seconds where there are patterns. */
export async function vetToPublish(content: unknown, kinds: FormDoc['kinds']): Promise<Issue[]> {
  const issues = vetNow(content, kinds);
  return issues.length ? issues : vetPatterns(content as FormContent);
}

/** The keys used so far, with those of a content. */
export function usedKinds(content: FormContent, kinds: FormDoc['kinds']): FormDoc['kinds'] {
  const used = new Map(kinds.map(({ key, kind }) => [key, kind]));
  for (const { key, kind } of fieldsOf(content)) used.set(key, kind);
  return [...used].map(([key, kind]) => ({ key, kind }));
}
