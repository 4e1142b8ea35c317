import type { Features } from '../src/features/index.ts';
import type { CronRunDoc } from '../src/infra/jobs/index.ts';

const BY = { accountId: '65f0c0ffee0ddba11ca7b0a7', name: 'test' };

/** Has a job run now, by the clock of the test, and answers its run. @throws unless it came to its end */
export async function runJob({ schedules }: Pick<Features, 'schedules'>, job: string): Promise<CronRunDoc> {
  const { cron } = schedules;
  if (!(await cron.runNow(job, BY))) throw new Error(`${job} has run at this moment already`);
  await cron.workers[1]!.drain();
  const [run] = await cron.runs(job, null, 1);
  if (run?.work.state !== 'done') throw new Error(`${job} is ${run?.work.state}: ${run?.work.fault}`);
  return run;
}
