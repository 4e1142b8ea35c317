import type { JobRun, Schedule } from './schedules.types.ts';

type Tone = 'success' | 'warn' | 'danger' | 'primary' | undefined;

const TONES: Partial<Record<JobRun['state'] | Schedule['state'], Tone>> = {
  done: 'success',
  running: 'primary',
  paused: 'warn',
  held: 'warn',
  dead: 'danger',
};
export const toneOf = (state: JobRun['state'] | Schedule['state']): Tone => TONES[state];
