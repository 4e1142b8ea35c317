import type { Answer, BodyOf, Item } from '../../common/admin/api/types.ts';

export type ExportView = Item<'listExports'>;
export type ExportState = ExportView['state'];
export type ExportRequest = BodyOf<'createExport'>;
export type ExportDecision = BodyOf<'decideExport'>['decision'];
export type ExportLink = Answer<'linkExport'>;
