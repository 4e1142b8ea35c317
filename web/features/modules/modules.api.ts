import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { Answer } from '../../common/admin/api/types.ts';

const PATH = '/api/system/modules';

/** The home page of the mini-program, as it is changed: all of it at once, under the `rev` that was read. */
export type HomeSettings = Answer<'getModuleSettings'>;
export type HomeModule = HomeSettings['items'][number];
export type Maintenance = NonNullable<HomeSettings['maintenance']>;

export const getHomeSettings = (): Promise<HomeSettings> => answer(api.GET(PATH));
export const saveHomeSettings = (body: HomeSettings): Promise<HomeSettings> =>
  answer(api.PUT(PATH, { params: { header: write(newKey()) }, body }));
