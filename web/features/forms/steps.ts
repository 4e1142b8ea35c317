import { checkForm, formNow, KINDS, type FieldNow } from '../../../server/shared/fields/index.ts';
import type { Fault, Field, FormContent, Step } from '../../../server/shared/fields/types.ts';
import { today } from '../../common/i18n/time.ts';

/** A step with the fields that exist for the present answers. */
export interface VisibleStep {
  step: Step;
  /** As the answers have them now: what is required, which options may be chosen. */
  fields: Field[];
  now: FieldNow[];
}

/** The steps that have anything to show for these answers, in order. */
export function visibleSteps(content: FormContent, answers: Record<string, unknown>): VisibleStep[] {
  const shown = new Map(formNow(content, answers, { today: today() }).map((one) => [one.field.key, one]));
  return content.steps
    .map((step) => {
      const now = step.fields
        .map(({ key }) => shown.get(key))
        .filter((one): one is FieldNow => !!one && !KINDS[one.field.kind].unseen);
      return { step, now, fields: now.map(({ field }) => field) };
    })
    .filter(({ fields }) => fields.length > 0);
}

/** Everything that is wrong with these fields of a form, by path: `name`, `members.0.name`. */
export function faultsOf(
  content: FormContent,
  fields: Field[],
  answers: Record<string, unknown>,
): Record<string, Fault> {
  const keys = new Set(fields.map(({ key }) => key));
  const faults: Record<string, Fault> = {};
  checkForm(content, answers, { today: today() }).issues.forEach(({ path, ...found }) => {
    const [, key = '', ...rest] = path.split('.');
    const place = [key].concat(rest).join('.');
    if (keys.has(key) && !faults[place]) faults[place] = found;
  });
  return faults;
}
