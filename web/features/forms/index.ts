/** What other features need of the form that is being filled in. The screens are loaded by the app's routes. */
export { default as DraftConflict } from './DraftConflict.vue';
export { stopSaving } from './autosave.ts';
export { forgetCopy } from './local-copy.ts';
export { closeForm, openForm, updateForm, type OpenForm } from './open-form.ts';
export { visibleSteps, type VisibleStep } from './steps.ts';
export { useForm } from './use-form.ts';
