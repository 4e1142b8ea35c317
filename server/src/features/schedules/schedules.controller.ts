import { access, responses, routeConfig, type Req } from '../../http/index.ts';
import { JobParams, RunItem, RunPage, RunsQuery, ScheduleItem, ScheduleList } from './schedules.schema.ts';
import type { createSchedulesService } from './schedules.service.ts';

type Params = { params: typeof JobParams };

export class SchedulesController {
  readonly #service: ReturnType<typeof createSchedulesService>;

  constructor(service: ReturnType<typeof createSchedulesService>) {
    this.#service = service;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/schedules',
    operationId: 'listSchedules',
    summary: 'All jobs with their plan, last run and warnings',
    tags: ['schedules'],
  })
  @access({ audience: 'system', permission: 'job.read' })
  @responses(ScheduleList)
  listSchedules({ caller }: Req) {
    return this.#service.list(caller);
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/schedules/{job}/runs',
    operationId: 'listJobRuns',
    summary: 'Runs of a job, newest first',
    tags: ['schedules'],
    request: { params: JobParams, query: RunsQuery },
  })
  @access({ audience: 'system', permission: 'job.read' })
  @responses(RunPage)
  listJobRuns({ caller, params, query }: Req<Params & { query: typeof RunsQuery }>) {
    return this.#service.runs(caller, params.job, query);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/schedules/{job}/run',
    operationId: 'runJobNow',
    summary: 'Have a job run now, also while it is paused',
    tags: ['schedules'],
    request: { params: JobParams },
  })
  @access({
    audience: 'system',
    permission: 'job.manage',
    idempotency: 'optional',
    status: 202,
    errors: ['not_ready', 'in_progress'],
  })
  @responses(RunItem)
  runJobNow({ caller, ip, params }: Req<Params>) {
    return this.#service.runNow({ caller, ip }, params.job);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/schedules/{job}/pause',
    operationId: 'pauseJob',
    summary: 'Begin no run of a job any more, on any host; what runs goes on',
    tags: ['schedules'],
    request: { params: JobParams },
  })
  @access({ audience: 'system', permission: 'job.manage', errors: ['not_ready'] })
  @responses(ScheduleItem)
  pauseJob({ caller, ip, params }: Req<Params>) {
    return this.#service.pause({ caller, ip }, params.job);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/schedules/{job}/resume',
    operationId: 'resumeJob',
    summary: 'Go on with the next tick of a paused job',
    tags: ['schedules'],
    request: { params: JobParams },
  })
  @access({ audience: 'system', permission: 'job.manage', errors: ['not_ready'] })
  @responses(ScheduleItem)
  resumeJob({ caller, ip, params }: Req<Params>) {
    return this.#service.resume({ caller, ip }, params.job);
  }
}
