import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import {
  checkForm,
  formNow,
  type Field,
  type FieldNow,
  type FormContent,
} from '../../../../server/shared/fields/index.ts';
import { loadFieldTexts, sayFault, type Texts } from '../../../../server/shared/messages/index.ts';
import type { ProblemIssue } from '../api/problem.ts';
import { dayOf } from '../text/format.ts';
import { locale } from '../text/locale.ts';

export interface FieldIssue {
  /** Where it is among the answers: `name`, `members.0.name`. */
  key: string;
  message: string;
}

/**
 * The answers of one form while they are edited, judged by the same rules as on the server. `masked` are fields whose
 * value is known to be there but hidden: they are judged only once they are given anew.
 */
export function useFormState(content: Ref<FormContent | null>, masked: Ref<ReadonlySet<string>>) {
  const answers = ref<Record<string, unknown>>({});
  const texts = shallowRef<Texts>({});
  const serverIssues = ref<FieldIssue[]>([]);
  const tried = ref(false);
  const saved = ref('{}');
  watch(locale, async (next) => (texts.value = await loadFieldTexts(next)), { immediate: true });

  const now = computed<FieldNow[]>(() =>
    content.value ? formNow(content.value, answers.value, { today: dayOf(new Date()) }) : [],
  );
  const fields = computed<Field[]>(() => now.value.map(({ field }) => field));
  const hiddenValue = (key: string) => masked.value.has(key) && answers.value[key] === undefined;

  const issues = computed<FieldIssue[]>(() => {
    if (!tried.value || !content.value) return serverIssues.value;
    const found = checkForm(content.value, answers.value, { today: dayOf(new Date()) }).issues.flatMap((issue) => {
      const [, key = '', ...rest] = issue.path.split('.');
      const whole = fields.value.find((one) => one.key === key);
      const field = whole?.fields?.find((one) => one.key === rest[1]) ?? whole;
      const place = [key, ...rest].join('.');
      return hiddenValue(key) ? [] : [{ key: place, message: sayFault(texts.value, issue, field, locale.value) }];
    });
    const local = new Set(found.map((one) => one.key));
    return [...found, ...serverIssues.value.filter((one) => !local.has(one.key))];
  });

  function put(key: string, value: unknown): void {
    const next = { ...answers.value };
    if (value === undefined) delete next[key];
    else next[key] = value;
    answers.value = next;
    serverIssues.value = serverIssues.value.filter((one) => one.key.split('.')[0] !== key);
  }
  /** Judges everything and answers whether it may be sent. */
  function validate(): boolean {
    tried.value = true;
    serverIssues.value = [];
    return issues.value.length === 0;
  }
  /** Shows the server's issues beside their fields. Returns those that belong to no field. */
  function takeIssues(list: ProblemIssue[]): ProblemIssue[] {
    const keys = new Set(fields.value.map((field) => field.key));
    // Submissions name their fields `answers.KEY`, other records just `KEY`; some paths begin with `body.`.
    const placeOf = (issue: ProblemIssue) => issue.path.replace(/^(?:body\.)?(?:answers\.)?/, '');
    const keyOf = (issue: ProblemIssue) => placeOf(issue).split('.')[0] ?? '';
    serverIssues.value = list
      .filter((one) => keys.has(keyOf(one)))
      .map((one) => ({ key: placeOf(one), message: one.message }));
    return list.filter((one) => !keys.has(keyOf(one)));
  }
  /** The normalised answers without hidden ones, as they are sent. */
  function result(): Record<string, unknown> {
    return content.value ? checkForm(content.value, answers.value, { today: dayOf(new Date()) }).answers : {};
  }
  /** Takes answers as they are stored; nothing is unsaved after it. */
  function start(values: Record<string, unknown>): void {
    answers.value = { ...values };
    saved.value = JSON.stringify(values);
    serverIssues.value = [];
    tried.value = false;
  }
  const dirty = computed(() => JSON.stringify(answers.value) !== saved.value);
  return { answers, now, fields, issues, dirty, start, put, validate, takeIssues, result };
}

export type FormState = ReturnType<typeof useFormState>;
