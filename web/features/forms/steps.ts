import { checkField, visibleFields } from '../../../server/shared/fields/index.ts';
import type { Fault, Field, FormContent, Step } from '../../../server/shared/fields/types.ts';
import { today } from '../../common/i18n/time.ts';

/** A step with the fields that exist for the present answers. */
export interface VisibleStep {
  step: Step;
  fields: Field[];
}

/** The steps that have anything to show for these answers, in order. */
export function visibleSteps(content: FormContent, answers: Record<string, unknown>): VisibleStep[] {
  const visible = new Set(visibleFields(content, answers));
  return content.steps
    .map((step) => ({ step, fields: step.fields.filter((field) => visible.has(field)) }))
    .filter(({ fields }) => fields.length > 0);
}

/** Everything that is wrong with these fields, by key. */
export function faultsOf(fields: Field[], answers: Record<string, unknown>): Record<string, Fault> {
  const faults: Record<string, Fault> = {};
  fields.forEach((field) => {
    const found = checkField(field, answers[field.key], { today: today() });
    if (found) faults[field.key] = found;
  });
  return faults;
}
