import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { Answer, BodyOf } from '../../common/admin/api/types.ts';

export type RecordSettings = Answer<'getRecordSettings'>;
export type SettingsInput = BodyOf<'changeRecordSettings'>;
export type Rule = SettingsInput['rules'][number];

const PATH = '/api/business/record-settings/{subject}';

export const getRecordSettings = (subject: string) => answer(api.GET(PATH, { params: { path: { subject } } }));

export const changeRecordSettings = (subject: string, body: SettingsInput) =>
  answer(api.PUT(PATH, { params: { path: { subject }, header: write(newKey()) }, body }));
