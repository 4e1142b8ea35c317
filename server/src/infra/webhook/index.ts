/** Telling other systems of events, at addresses that an operator has configured. */
export { createAddressRule } from './addresses.ts';
export { sendWebhook, TOO_FAST } from './kinds.ts';
export { createPost, type Post, type Resolve } from './post.ts';
export { WEBHOOK_KINDS, WebhookError, type WebhookKind, type WebhookMessage, type WebhookTarget } from './types.ts';
