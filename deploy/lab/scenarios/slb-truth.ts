import type { Said } from '../operator.ts';
import type { SlbView } from '../slb/view.ts';
import { stepsOf } from '../steps.ts';

/** The watcher looks ten times a second, and a busy machine is late: it may know so much later, ms. */
const LATE_MS = 1_500;

/**
 * Whether the deploy was right each time it said that the SLB had taken a host out, or put it in: what the SLB nodes themselves
 * thought then.
 * @returns how many statements were judged, and which were wrong
 */
export function judgeSlb(said: readonly Said[], view: SlbView, nodes: readonly string[]) {
  const wrong: string[] = [];
  let judged = 0;
  for (const { host, step, at, failed } of stepsOf(said)) {
    if ((step !== 'out' && step !== 'in') || failed) continue;
    const wanted = step === 'out' ? 'down' : 'up';
    for (const node of nodes) {
      judged += 1;
      const is = [at, at + LATE_MS].map((moment) => view.at(node, host, moment));
      if (!is.includes(wanted)) wrong.push(`${node} had ${host} ${is[0]} when the deploy said ${step}`);
    }
  }
  return { judged, wrong };
}
