/** The door for readers of values, the citizen's browser included. `projections.ts` and `vet/` are for the back office. */
export { checkDraft, checkField, checkForm, gather, visibleFields, type Checked } from './check.ts';
export { addDays, addMonths, boundDay, isBound, isDay } from './days.ts';
export {
  citizensContent,
  factsOf,
  fieldsOf,
  isAsked,
  isSensitive,
  mappedFields,
  personOf,
  spotName,
  spotOf,
  type PersonFacts,
  type Spot,
} from './fields.ts';
export { formatValue, formatWithUnit } from './format.ts';
export { isEmpty, judgeValue, normalise, type Judgement } from './judge.ts';
export { DOCUMENT_LABELS, documentTypes } from './kinds/document.ts';
export { FIELD_KINDS, KINDS } from './kinds/index.ts';
export { textOf } from './kinds/kind.ts';
export { evaluate } from './logic.ts';
export { formNow, type FieldNow } from './now.ts';
export { planOf, type Plan } from './plan.ts';
export { residentIdFacts, type ResidentIdFacts } from './residentId.ts';
export * from './types.ts';
