/** Types of miniapp.mjs for the server's tests. */
export interface Prepared {
  folder: string;
  files: number;
  bytes: number;
  settings: { site: string; version: string; environment: string };
}

export const LARGEST_BYTES: number;
export function prepareShell(
  from: string,
  wanted: { version?: string; env?: string },
  folder?: string,
): Promise<Prepared>;
