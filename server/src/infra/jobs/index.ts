/** Background work that survives its workers: documents with a lease and a fence, taken, renewed, retried, given up. */
export { newWork, WORK_STATES, workDefinition, type Work, type WorkDoc, type WorkState } from './work.ts';
export { Hold, LeaseLost, type Ended } from './hold.ts';
export { takeWork } from './take.ts';
export { createWorker, LEASE_MS, type Worker, type WorkerOptions } from './worker.ts';
export type { DeadWork, Place, WorkCount, WorkKind } from './kind.ts';
export { listenForWake, wakeWorkers, type Wake } from './wake.ts';
export { createCron, type Cron } from './cron.ts';
export type { CronJob, JobRun } from './cron-job.ts';
export type { Asker, CronRunDoc, ScheduleDoc } from './cron.model.ts';
export { cron, type Missed, type Ticks } from './ticks.ts';
export { forgetDone } from './forget-done.ts';
export { trimHistory } from './history.ts';
export { removeAll } from './remove-all.ts';
export { watchWork } from './metrics.ts';
export { answerWait, newWait, waitDefinition, type Answered, type WaitDoc } from './wait.ts';
