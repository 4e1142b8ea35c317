/** What other features need of the form that is being filled in. The screens are loaded by the app's routes. */
export { default as AlreadySent } from './AlreadySent.vue';
export { default as DraftConflict } from './DraftConflict.vue';
export { stopSaving } from './autosave.ts';
export { forgetCopy, keepOnDevice, recallCopy } from './keep-copy.ts';
export { localCopy } from './local-copy.ts';
export { closeForm, openForm, updateForm, type OpenForm } from './open-form.ts';
export { visibleSteps, type VisibleStep } from './steps.ts';
export { useForm } from './use-form.ts';
