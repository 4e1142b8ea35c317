/** One page in Chromium 69. */
export interface OldChromium {
  userAgent: string;
  /** What the page reported as errors. */
  faults: string[];
  /** Begins to load an address; does not wait for it. */
  open(url: string): Promise<void>;
  /** Says another user agent from the next load on: that of a WebView. */
  pretend(agent: string): Promise<void>;
  /** The value of an expression (JavaScript of 2018, JSON values) in the page. Throws what it throws. */
  evaluate<T = unknown>(expression: string): Promise<T>;
  close(): Promise<void>;
}

export function ensureOldChromium(): Promise<void>;
export function startOldChromium(): Promise<OldChromium>;
