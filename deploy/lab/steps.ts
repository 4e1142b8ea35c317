import type { Said } from './operator.ts';

/** A step of a plan, as the operator's program told it. */
export interface Step {
  /** A host, or `all`. */
  host: string;
  step: string;
  ms: number;
  failed: boolean;
  /** When its end was told, ms since 1970. */
  at: number;
}

/** `21:44:53  h1       drain       2.2 s` */
const LINE = /^\d\d:\d\d:\d\d {2}(\S+) +([a-z]+) +(\d+\.\d) s( +FAILED)?$/;

export function stepOf({ at, line }: Said): Step | undefined {
  const found = LINE.exec(line);
  if (!found) return undefined;
  const [, host = '', step = '', seconds = '', failed] = found;
  return { host, step, ms: Number(seconds) * 1_000, failed: failed !== undefined, at };
}

export const stepsOf = (said: readonly Said[]): Step[] => said.flatMap((one) => stepOf(one) ?? []);
