import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { QueryOf } from '../../common/admin/api/types.ts';
import type { DeadWork } from './schedules.types.ts';

const PATH = '/api/system/schedules';
const DEAD = '/api/system/dead-work';
const act = (job: string) => ({ params: { path: { job }, header: write(newKey()) } });
const at = ({ kind, id }: DeadWork) => ({ params: { path: { kind, id }, header: write(newKey()) } });

export const listSchedules = () => answer(api.GET(PATH));
export const listRuns = (job: string, query: QueryOf<'listJobRuns'>, signal: AbortSignal) =>
  answer(api.GET(`${PATH}/{job}/runs`, { params: { path: { job }, query }, signal }));
export const runNow = (job: string) => answer(api.POST(`${PATH}/{job}/run`, act(job)));
export const pauseJob = (job: string) => answer(api.POST(`${PATH}/{job}/pause`, act(job)));
export const resumeJob = (job: string) => answer(api.POST(`${PATH}/{job}/resume`, act(job)));

export const listDeadWork = (query: QueryOf<'listDeadWork'>, signal: AbortSignal) =>
  answer(api.GET(DEAD, { params: { query }, signal }));
export const retryDeadWork = (work: DeadWork) => answer(api.POST(`${DEAD}/{kind}/{id}/retry`, at(work)));
export const dismissDeadWork = (work: DeadWork) => answer(api.POST(`${DEAD}/{kind}/{id}/dismiss`, at(work)));
