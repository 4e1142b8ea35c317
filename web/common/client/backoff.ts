/** Milliseconds to wait before try number `attempt` (0 = first retry): 1, 2, 4, 8, then 15 s, spread by a quarter. */
export function backoff(attempt: number, retryAfterSeconds: number | null): number {
  const base = Math.min(1000 * 2 ** attempt, 15_000);
  const wait = Math.max(base, Math.min((retryAfterSeconds || 0) * 1000, 60_000));
  return wait * (1 + Math.random() / 4);
}

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** 128 random bits in hex. `crypto.randomUUID` is missing in old WebViews and on plain http. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
}
