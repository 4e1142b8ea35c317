/** Types of paths.mjs for the lab. Absolute paths of a checkout. */
export const root: string;
export const dataDir: string;
export const binDir: string;
export const browsersDir: string;
export const logDir: string;
