/** Types of mutex.mjs for tests. */
export function acquire(file: string, who: { fence: number; command: string }): Promise<null | (() => Promise<void>)>;
