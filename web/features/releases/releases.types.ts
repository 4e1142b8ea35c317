import type { Answer, Item } from '../../common/admin/api/types.ts';

export type Release = Item<'listReleases'>;
export type ReleaseDetail = Answer<'getRelease'>;
export type ReleaseEvent = ReleaseDetail['events'][number];
export type ReleaseState = Release['state'];
export type ReleaseHost = Release['hosts'][number];
