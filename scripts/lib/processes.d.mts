/** Types of processes.mjs for the lab. */
export function isAlive(pid: number): boolean;
export function processStamp(pid: number): string | undefined;
export function parentOf(pid: number): number | undefined;
export function commandOf(pid: number): string;
export function signal(pid: number, name: NodeJS.Signals): boolean;
export function waitGone(pid: number, ms: number): Promise<boolean>;
