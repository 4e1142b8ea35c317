import { citizenApi } from '../../common/client/citizen.ts';
import { stopSaving } from './autosave.ts';
import { forgetCopy } from './local-copy.ts';
import { closeForm, openForm } from './open-form.ts';

/** Throws the draft away, here and on the server. Throws ApiProblem. */
export async function throwDraftAway(formKey: string): Promise<void> {
  const form = await openForm(formKey);
  if (form) await stopSaving(form);
  await citizenApi.deleteDraft(formKey);
  closeForm();
  forgetCopy(formKey);
}
