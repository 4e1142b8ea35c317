/** Types of ending.mjs for the lab. */
export interface Ending {
  readonly stopping: Promise<string>;
  defer(work: () => unknown): void;
  unwind(): Promise<void>;
}
export function createEnding(onStop?: (why: string) => void): Ending;
