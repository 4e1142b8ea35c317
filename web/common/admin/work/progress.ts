/** How far work has come, as the API tells it; `total` and `secondsLeft` are null while nobody knows. */
export interface Progress {
  rows: number;
  total: number | null;
  /** The total is an estimate. */
  about?: boolean;
  rowsPerSecond: number;
  secondsLeft: number | null;
}

/** 0 to 100, or null where the total is not known. Never 100 before the last row. */
export function percentOf({ rows, total }: Pick<Progress, 'rows' | 'total'>): number | null {
  if (!total) return null;
  return rows >= total ? 100 : Math.min(99.9, (rows / total) * 100);
}
