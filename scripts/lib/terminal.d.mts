/** Types of terminal.mjs for the lab. */
export const bold: (text: string) => string;
export const dim: (text: string) => string;
export const green: (text: string) => string;
export const red: (text: string) => string;
export const yellow: (text: string) => string;
export function say(text?: string): void;
export function step<T>(label: string, work: (say: (text: string) => void) => Promise<T>): Promise<T>;
export function showFault(error: unknown): void;
export function elapsed(ms: number): string;
