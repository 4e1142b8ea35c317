/**
 * Takes personal data out of what is about to be logged. Two nets: values under a telling key are hidden whatever they
 * are, and telling patterns are masked inside every other text.
 */

const HIDDEN = '[hidden]';
const MAX_TEXT = 2000;
const MAX_STACK = 6000;
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;

/** Short words hide only when they are the whole key: `code` does, `formKey` and `statusCode` don't. */
const HIDDEN_KEYS = new Set([
  ...[
    'name',
    'displayname',
    'fullname',
    'username',
    'realname',
    'number',
    'code',
    'codes',
    'body',
    'payload',
    'params',
    'data',
  ],
  ...[
    'answers',
    'answer',
    'value',
    'values',
    'query',
    'querystring',
    'q',
    'search',
    'cookie',
    'cookies',
    'headers',
    'address',
  ],
  ...[
    'birthdate',
    'birthday',
    'email',
    'mail',
    'document',
    'documents',
    'openid',
    'unionid',
    'signature',
    'sid',
    'url',
    'href',
  ],
  ...[
    'csrf',
    'key',
    'keys',
    'pin',
    'otp',
    'ticket',
    'diff',
    'before',
    'after',
    'filename',
    'contact',
    'wechat',
    'session',
  ],
]);
const HIDDEN_PARTS =
  /phone|mobile|password|passwd|passphrase|secret|token|cookie|authoriz|credential|idcard|idnumber|identity|documentnumber|passport|apikey|privatekey|sessionid/;

/** What was found of a key; the keys of our own log lines are few and come with every request. */
const judged = new Map<string, boolean>();
const MAX_JUDGED = 1000;

export function isHiddenKey(key: string): boolean {
  const known = judged.get(key);
  if (known !== undefined) return known;
  const hidden = judge(key);
  if (judged.size < MAX_JUDGED) judged.set(key, hidden);
  return hidden;
}

function judge(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  return HIDDEN_KEYS.has(plain) || HIDDEN_PARTS.test(plain);
}

/** `code: 'not_found'` tells the reason of a refusal; a login code has digits. */
function isReason(key: string, item: unknown): boolean {
  return key === 'code' && typeof item === 'string' && /^[A-Za-z]+(_[A-Za-z]+)*$/.test(item);
}

/** A copy of the value that is safe to log: hidden keys, masked texts, bounded depth, width and length. */
export function scrub(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return scrubText(value);
    case 'number':
      return value >= 13_000_000_000 && value < 20_000_000_000 && Number.isInteger(value) ? HIDDEN : value;
    case 'bigint':
      return scrubText(value.toString());
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      return value === null ? null : scrubObject(value, depth);
    default:
      return `[${typeof value}]`;
  }
}

function scrubObject(value: object, depth: number): unknown {
  if (value instanceof Error) return scrubError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => scrub(item, depth + 1));
  if (value instanceof Set) return scrub([...value], depth);
  if (value instanceof Map) return scrubObject(Object.fromEntries(value), depth);
  if ('toHexString' in value && typeof value.toHexString === 'function') return String(value.toHexString());
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value).slice(0, MAX_ITEMS)) {
    const hide = item !== null && item !== undefined && isHiddenKey(key) && !isReason(key, item);
    copy[scrubText(key)] = hide ? HIDDEN : scrub(item, depth + 1);
  }
  return copy;
}

/** `{ type, message, code, stack, cause }` of an error, without the values that drivers like to quote. */
export function scrubError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: scrubMessage(String(error)) };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: scrubText(error.name || error.constructor.name),
    message: scrubMessage(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: scrub(code) } : {}),
    ...(error.stack ? { stack: scrubStack(error.stack, error.message) } : {}),
    ...(cause !== undefined && depth < 3 ? { cause: scrubError(cause, depth + 1) } : {}),
  };
}

/** Masks patterns; control characters and line separators become visible escapes, so a terminal or a line reader is not fooled. */
export function scrubText(text: string): string {
  if (text.length <= MAX_TEXT && !SUSPECT.test(text)) return text;
  return maskPatterns(text.slice(0, MAX_TEXT)).replace(UNSAFE, escape);
}

/** An error's message: also hides what it quotes, and Han characters, since our own messages are English and names are not. */
function scrubMessage(message: string): string {
  return scrubText(hideQuotes(message));
}

function scrubStack(stack: string, message: string): string {
  // The frames follow the message. Their line breaks stay (JSON escapes them); the message goes through its own scrubbing.
  const at = message === '' ? -1 : stack.indexOf(message);
  const frames = at < 0 ? stack : stack.slice(at + message.length);
  return maskPatterns(hideQuotes(frames.trimStart()).slice(0, MAX_STACK)).replace(UNSAFE, (c) =>
    c === '\n' ? c : escape(c),
  );
}

function hideQuotes(text: string): string {
  return text
    .slice(0, MAX_STACK)
    .replace(/dup key: \{[^]*?\}(?=$|\s|,)/g, 'dup key: {…}')
    .replace(/(value|input|string|name) (?:"[^"]*"|'[^']*'|`[^`]*`)/gi, '$1 "…"')
    .replace(/\p{Script=Han}+/gu, '…');
}

const PATTERNS: [RegExp, string][] = [
  [/(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d{4}[0-9Xx](?![0-9A-Za-z])/g, '[document]'],
  [/(?<!\d)\d{17}[0-9Xx](?!\d)/g, '[document]'],
  [/(?<!\d)(?:(?:00|\+)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g, '[phone]'],
  [/(?<=:\/\/)[^\s/@]+:[^\s/@]*@/g, '[hidden]@'],
];

function maskPatterns(text: string): string {
  let masked = text;
  for (const [pattern, by] of PATTERNS) masked = masked.replace(pattern, by);
  return masked;
}

// C0 and C1 controls, DEL, and the two line separators that JSON leaves as they are; also the marks that turn text around.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Anything the patterns could match, and more: most texts of a log line are past it with one look. */
const SUSPECT = /\d{4}[- \dXx]|:\/\/|[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
