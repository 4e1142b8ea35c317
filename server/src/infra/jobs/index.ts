/** Background work that survives its workers: documents with a lease and a fence, taken, renewed, retried, given up. */
export { newWork, WORK_STATES, workDefinition, type Work, type WorkDoc, type WorkState } from './work.ts';
export { Hold, LeaseLost, type Ended } from './hold.ts';
export { takeWork } from './take.ts';
export { createWorker, LEASE_MS, type Worker, type WorkerOptions } from './worker.ts';
export type { DeadWork, Place, WorkCount, WorkKind } from './kind.ts';
export { listenForWake, wakeWorkers, type Wake } from './wake.ts';
