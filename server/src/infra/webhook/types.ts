export const WEBHOOK_KINDS = ['json', 'dingtalk'] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** A system that wants to be told of events. */
export interface WebhookTarget {
  /** Made of kind and address, and tells neither: an address may carry a token. */
  id: string;
  /** Its host: what may be shown and logged of the address. */
  host: string;
  kind: WebhookKind;
  url: string;
  /** What messages to it are signed with. */
  secret: string | null;
  /** null: all of them. */
  events: readonly string[] | null;
}

/** What is told, in a form for machines and in one for people. */
export interface WebhookMessage {
  /** The same each time that it is sent; a receiver knows a repetition by it. */
  id: string;
  event: string;
  /** JSON. */
  body: string;
  /** For people: a headline and Markdown. */
  title: string;
  text: string;
}

/**
 * It could not be delivered. `code` says why and is safe to be kept and shown; no message or cause is, since they may quote
 * the address.
 */
export class WebhookError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`webhook: ${code}`);
    this.name = 'WebhookError';
    this.code = code;
  }
}
