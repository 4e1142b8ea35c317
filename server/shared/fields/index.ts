/** The door for readers of values, the citizen's browser included. `projections.ts` and `vet/` are for the back office. */
export {
  checkDraft,
  checkField,
  checkForm,
  gather,
  isEmpty,
  judgeValue,
  normalise,
  visibleFields,
  type Checked,
  type Judgement,
} from './check.ts';
export { addDays, addMonths, boundDay, isBound, isDay } from './days.ts';
export { factsOf, fieldsOf, isSensitive, mappedFields, personOf, type PersonFacts } from './fields.ts';
export { formatValue } from './format.ts';
export { DOCUMENT_LABELS, documentTypes } from './kinds/document.ts';
export { textOf } from './kinds/kind.ts';
export { evaluate } from './logic.ts';
export { residentIdFacts, type ResidentIdFacts } from './residentId.ts';
export * from './types.ts';
