/** Types of test-set.mjs for tests of the server. */
export const SETUP_MS: number;
export function startTestSet(): Promise<{
  folder: string;
  /** Of its backups. */
  dir: string;
  env: Record<string, string | undefined> & { BACKUP_KEY: string };
  /** With the replica set; the database is `dengji`. */
  url: string;
  run(script: 'backup' | 'restore', args?: readonly string[]): Promise<{ code: number; out: string }>;
  close(): Promise<void>;
}>;
