import { randomBytes, randomUUID } from 'node:crypto';
import type { DriverOptions } from './protocol.ts';
import { send } from './send.ts';
import type { Tally } from './tally.ts';
import type { User } from './users.ts';

/** How fast the long downloads are taken, bytes a second: as over a slow mobile network. */
const SIP = 400_000;
const UPLOAD_MS = 10_000;
const UPLOAD_BYTES = 512 * 1_024;

/** Requests of ten seconds and more. */
export function createLong({ targets, download }: DriverOptions, tally: Tally) {
  let turn = 0;
  const nextTarget = () => targets[turn++ % targets.length]!;

  /** Uploads a table over ten seconds. It has none of the form's columns, so that a worker is done with it at once. */
  async function upload(by: User): Promise<void> {
    const target = nextTarget();
    const path = '/api/business/imports';
    const key = randomUUID();
    const boundary = `lab${randomBytes(8).toString('hex')}`;
    const part = (name: string, more = '') =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`;
    const rows = Array.from({ length: UPLOAD_BYTES / 64 }, () => randomBytes(31).toString('hex')).join('\n');
    const body = Buffer.from(
      `${part('form')}\r\nhealthDeclaration\r\n${part('file', '; filename="lab.csv"')}Content-Type: text/csv\r\n\r\nx${key}\n${rows}\r\n--${boundary}--\r\n`,
    );
    const answer = await send({
      target,
      from: by.address,
      method: 'POST',
      path,
      headers: {
        ...by.headers,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'idempotency-key': key,
      },
      body,
      trickle: { pieces: 50, ms: UPLOAD_MS },
      agent: null,
      keep: true,
      timeoutMs: 60_000,
    });
    const id = answer.status === 202 ? String((JSON.parse(answer.text) as { id: unknown }).id) : '';
    tally.wrote({ kind: 'upload', name: id, key, seen: id ? 'acknowledged' : answer.status ? 'refused' : 'unknown' });
    tally.count('upload', { target, path }, answer, id !== '');
  }

  /** Takes a big file slowly, from a link made a moment before. */
  async function take(by: User): Promise<void> {
    const target = nextTarget();
    const common = { target, from: by.address, headers: by.headers, agent: null };
    const linkPath = `/api/business/exports/${download!.exportId}/link`;
    const link = await send({ ...common, method: 'POST', path: linkPath, keep: true });
    tally.count('read', { target, path: linkPath }, link, link.status === 200);
    if (link.status !== 200) return;
    const { url } = JSON.parse(link.text) as { url: string };
    const answer = await send({ ...common, path: url, sip: SIP, timeoutMs: 60_000 });
    const whole = answer.status === 200 && answer.bytes === Number(answer.headers['content-length'] ?? answer.bytes);
    tally.count('download', { target, path: url.split('?')[0]! }, answer, whole && answer.bytes > 0);
  }

  const known = new Map<string, string>();
  /** Follows the progress of imports until the stream ends by itself, and comes back with what was told last. */
  async function events(by: User): Promise<void> {
    const target = nextTarget();
    const path = '/api/business/imports/events';
    const last = known.get(by.name);
    let text = '';
    const answer = await send({
      target,
      from: by.address,
      path,
      headers: { ...by.headers, accept: 'text/event-stream', ...(last && { 'last-event-id': last }) },
      agent: null,
      timeoutMs: 15_000,
      onData: (part) => (text += part),
    });
    const ids = [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id!);
    if (ids.length > 0) known.set(by.name, ids.at(-1)!);
    tally.count('events', { target, path }, answer, answer.status === 200 && text.startsWith('retry:'));
  }

  return { upload, take, events };
}
