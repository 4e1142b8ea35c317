import type { FormContent } from '../../../../server/shared/fields/types.ts';

/** Hands a form to the browser's downloads as JSON. */
export function saveJson(content: FormContent, name: string): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A form out of a JSON file, also one wrapped as the API gives it; null where there is none. */
export function formIn(text: string): FormContent | null {
  try {
    const found = JSON.parse(text) as { content?: unknown; workingVersion?: { content?: unknown } } | null;
    const content = found?.workingVersion?.content ?? found?.content ?? found;
    const steps = (content as Partial<FormContent> | null)?.steps;
    return Array.isArray(steps) ? (content as FormContent) : null;
  } catch {
    return null;
  }
}
