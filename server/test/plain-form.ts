import { healthDeclaration } from '../shared/demo/healthDeclaration.ts';
import type { FormContent } from '../shared/fields/types.ts';

/** The demonstration's form without its patterns: judging one takes a second of a processor, and has tests of its own. */
export function plainForm(): FormContent {
  const steps = healthDeclaration.steps.map((step) => ({
    ...step,
    fields: step.fields.map(({ pattern: _pattern, patternHint: _hint, ...field }) => field),
  }));
  return { ...healthDeclaration, steps };
}
