import type { FormContent } from '../../../server/shared/fields/types.ts';
import type { Answer, Item } from '../../common/admin/api/types.ts';

export type FormSummary = Item<'listForms'>;
type Detail = Answer<'getForm'>;
/** The API's document calls a content an open map; what it holds is a FormContent. */
export type FormDetail = Omit<Detail, 'workingVersion'> & {
  workingVersion: Omit<Detail['workingVersion'], 'content'> & { content: FormContent };
};
export type FormVersion = Omit<Answer<'getFormVersion'>, 'content'> & { content: FormContent };
