/** Types of programs.mjs for tests. */
export function programName(folder: string): string;
