import type { FormContent } from '../../../../server/shared/fields/types.ts';
import { saveFile } from '../../../common/admin/api/download.ts';
import { write } from '../../../common/admin/api/http.ts';
import { ApiProblem, problemOf } from '../../../common/admin/api/problem.ts';
import { locale } from '../../../common/admin/text/locale.ts';

/** What a workbook's cell has that no form can: where, and a code of `forms/table`. */
export interface WorkbookFault {
  row: number;
  column: string;
  code: 'badCell' | 'unknownColumn' | 'noParent';
}

const PATH = '/api/business/forms';

/** The saved working version as a workbook of one row a field. @throws ApiProblem */
export const saveWorkbook = (formKey: string): Promise<void> =>
  saveFile(`${PATH}/${formKey}/working-version/workbook`, { fallbackName: `${formKey}.xlsx` });

/** What a workbook says; no content where a cell can't be understood. @throws ApiProblem */
export async function readWorkbook(file: File): Promise<{ content: FormContent | null; faults: WorkbookFault[] }> {
  const body = new FormData();
  body.set('file', file);
  const answer = await fetch('/api/business/form-workbooks', {
    method: 'POST',
    body,
    headers: { ...write(), 'Accept-Language': locale.value },
    credentials: 'same-origin',
  }).catch(() => {
    throw new ApiProblem({ status: 0, code: 'offline', detail: '' });
  });
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()) as { content: FormContent | null; faults: WorkbookFault[] };
}
