import { createHash } from 'node:crypto';
import { createAddressRule } from '../infra/webhook/addresses.ts';
import { WEBHOOK_KINDS, type WebhookKind, type WebhookTarget } from '../infra/webhook/types.ts';
import { Fault, type Parser } from './parse.ts';

const MOST = 20;
const KEYS = new Set(['url', 'kind', 'secret', 'events']);
const SHAPE =
  'must be JSON: [{ "url": "https://…", "kind": "json" or "dingtalk", "secret"?, "events"?: ["release.done"] }]';

/** The targets of webhooks. A fault names the place in the list, never an address or a secret. */
export const webhooks: Parser<WebhookTarget[]> = (raw) => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    throw new Fault(SHAPE);
  }
  if (!Array.isArray(parsed) || parsed.length > MOST) throw new Fault(`${SHAPE}, ${MOST} at most`);
  const targets = parsed.map((entry: unknown, at) => {
    const wrong = (what: string) => new Fault(`number ${at + 1}: ${what}`);
    if (typeof entry !== 'object' || entry === null) throw wrong(SHAPE);
    const unknown = Object.keys(entry).find((key) => !KEYS.has(key));
    if (unknown !== undefined) throw wrong('holds a key that is none of url, kind, secret and events');
    const { url, kind, secret = null, events = null } = entry as Record<string, unknown>;
    if (!WEBHOOK_KINDS.includes(kind as WebhookKind)) throw wrong('"kind" must be json or dingtalk');
    const address = typeof url === 'string' ? parseUrl(url) : null;
    if (!address) throw wrong('"url" must begin with https:// or http://, without a name or password in it');
    if (secret !== null && (typeof secret !== 'string' || secret.length < 16))
      throw wrong('"secret" must have 16 characters or more');
    if (events !== null && !isEvents(events)) throw wrong('"events" must list names like release.done');
    return {
      id: createHash('sha256')
        .update(`${String(kind)} ${address.href}`)
        .digest('hex')
        .slice(0, 12),
      host: address.host,
      kind: kind as WebhookKind,
      url: address.href,
      secret,
      events,
    };
  });
  if (new Set(targets.map(({ id }) => id)).size < targets.length) throw new Fault('names the same address twice');
  return targets;
};

/** Faults of targets that would be spoken to in clear: only an address in one's own house, which is allowed, may be. */
export function unsafeWebhooks(targets: readonly WebhookTarget[], allow: readonly string[]): string[] {
  const [mayGoTo, isPublic] = [createAddressRule(allow), createAddressRule([])];
  return targets.flatMap(({ url, host }, at) => {
    const { protocol, hostname } = new URL(url);
    const address = hostname.replace(/^\[|\]$/g, '');
    const inHouse = mayGoTo(address) && !isPublic(address);
    return protocol === 'https:' || inHouse
      ? []
      : [`WEBHOOKS number ${at + 1} (${host}) must begin with https:// in production`];
  });
}

function parseUrl(text: string): URL | null {
  try {
    const url = new URL(text);
    return ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password ? url : null;
  } catch {
    return null;
  }
}

const isEvents = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((name) => typeof name === 'string' && /^[a-z]+\.[a-zA-Z]{2,30}$/.test(name));
