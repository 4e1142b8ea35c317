import { citizenApi } from '../../common/client/citizen.ts';
import { stopSaving } from './autosave.ts';
import { forgetCopy, recallCopy } from './keep-copy.ts';
import { localCopy } from './local-copy.ts';
import { closeForm, openForm } from './open-form.ts';

/** Throws the draft away, here and on the server. Throws ApiProblem. */
export async function throwDraftAway(formKey: string): Promise<void> {
  const form = await openForm(formKey);
  if (form) await stopSaving(form);
  await citizenApi.deleteDraft(formKey);
  closeForm();
  forgetCopy(formKey);
}

/** Whether the copy that is found on this device is still there after a look at what it wrote last. */
export async function stillKept(formKey: string, accountId: string): Promise<boolean> {
  await recallCopy(formKey);
  return !!localCopy(formKey, accountId);
}
