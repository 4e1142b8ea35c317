/** One page of a list; `total` only when it was asked for. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: { count: number; capped: boolean } | undefined;
}
