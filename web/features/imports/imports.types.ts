export type DuplicateRule = 'skip' | 'update';

export interface ImportView {
  id: string;
  form: string;
  version: number;
  duplicates: DuplicateRule;
  filename: string;
  bytes: number;
  state: 'waiting' | 'running' | 'finished' | 'failed' | 'cancelled';
  fault: { code: string; message: string } | null;
  /** read = created + updated + skipped + failed, always. */
  counts: { read: number; created: number; updated: number; skipped: number; failed: number };
  createdBy: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}
