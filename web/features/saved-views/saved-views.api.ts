import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { BodyOf, Item } from '../../common/admin/api/types.ts';

export type SavedView = Item<'listSavedViews'>;
export type ViewInput = BodyOf<'saveView'>;

const ALL = '/api/business/saved-views';

export const listSavedViews = (list: ViewInput['list']) => answer(api.GET(ALL, { params: { query: { list } } }));

/** One's own of the same name is replaced. */
export const saveView = (body: ViewInput) => answer(api.POST(ALL, { params: { header: write(newKey()) }, body }));

export const deleteSavedView = (id: string) =>
  answer(api.DELETE('/api/business/saved-views/{id}', { params: { path: { id }, header: write(newKey()) } }));
