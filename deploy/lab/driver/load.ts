import type { Lab } from '../lab.ts';
import { doubledTicks, findTruth, type Truth } from '../world/truth.ts';
import type { DriverOptions, DriverReport } from './protocol.ts';
import { startLoad } from './start.ts';

/** How much is asked of a fleet, in short requests a second and long ones all the time. */
export type Amount = Pick<DriverOptions, 'rate' | 'steady' | 'idle'>;

/** What `npm test` can bear beside everything else on two processors. */
export const LIGHT: Amount = { rate: 30, steady: { slowWrite: 2, upload: 1, download: 1, events: 2 }, idle: 30 };
/** What two hosts, two SLB nodes and the databases can bear together on two processors, with some left for a build. */
export const FULL: Amount = { rate: 45, steady: { slowWrite: 8, upload: 3, download: 3, events: 6 }, idle: 200 };

/** What came of a load: what clients saw, and what the database says about it. */
export interface Outcome {
  report: DriverReport;
  truth: Truth;
  ticks: { ticks: number; doubled: string[] };
}

export interface LabLoad {
  report(): Promise<DriverReport>;
  stop(): Promise<Outcome>;
}

/**
 * Puts a load on a lab.
 * @param mark letters; names of the people that this load makes begin so
 */
export async function loadLab(lab: Lab, mark: string, amount: Amount): Promise<LabLoad> {
  const load = await startLoad(lab.folder, {
    targets: lab.slbs.map(({ url }) => url),
    publicOrigin: lab.publicOrigin,
    accounts: [...lab.accounts],
    password: lab.password,
    mark,
    ...amount,
  });
  return {
    report: () => load.report(),
    async stop() {
      const { report, writes } = await load.stop();
      const { mongoUrl } = lab.databases;
      return { report, truth: await findTruth(mongoUrl, mark, writes), ticks: await doubledTicks(mongoUrl) };
    },
  };
}

/** A table of an outcome for people. */
export function tableOf({ report, truth, ticks }: Outcome): string {
  const head = ['kind', 'requests', 'failed', 'slow', 'p50 ms', 'p99 ms', 'max ms'];
  const rows = Object.entries(report.kinds).map(([kind, one]) =>
    [kind, one.requests, one.failed, one.slow, one.p50, one.p99, one.max].map(String),
  );
  const total = ['all', report.requests, report.failed, report.slow, '', '', ''].map(String);
  const lines = [head, ...rows, total].map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(9))).join(''),
  );
  const failures = report.failures.slice(0, 20).map((one) => `  ${one.at} ${one.kind} ${one.path}: ${one.why}`);
  return [
    ...lines,
    `${truth.acknowledged} writes acknowledged: ${truth.lost.length} lost, ${truth.duplicated.length} duplicated; ` +
      `${truth.happenedUnseen} happened without an answer; ${ticks.ticks} ticks of schedules, ${ticks.doubled.length} doubled`,
    ...failures,
  ].join('\n');
}
