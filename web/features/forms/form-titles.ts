import { shallowRef } from 'vue';
import { can } from '../../common/admin/session.ts';
import { say } from '../../common/admin/text/texts.ts';
import { listForms } from './forms.api.ts';
import type { FormSummary } from './forms.types.ts';

const forms = shallowRef<FormSummary[]>([]);
let asked: Promise<FormSummary[]> | null = null;

/** All forms (up to 100), asked for once per page load; `again` asks anew. */
export async function allForms(again = false): Promise<FormSummary[]> {
  if (!asked || again) {
    asked = listForms({ limit: 100 }).then((page) => (forms.value = page.items));
    asked.catch(() => (asked = null));
  }
  return asked;
}

/** The title of a form by its key, filled in when it is known. */
export function formTitle(key: string): string {
  if (!asked && can('form.read')) void allForms().catch(() => {});
  return say(forms.value.find((form) => form.key === key)?.title) || key;
}
