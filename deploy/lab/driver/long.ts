import { randomBytes, randomUUID } from 'node:crypto';
import type { DriverOptions } from './protocol.ts';
import { send } from './send.ts';
import type { Tally } from './tally.ts';
import type { User } from './users.ts';

/** How fast downloads are taken, bytes a second: as over a very slow mobile network. */
const SIP = 20_000;
const UPLOAD_MS = 10_000;
/** A workbook is given to who has given the password within five minutes. */
const CONFIRM_MS = 4 * 60_000;
const UPLOAD_BYTES = 512 * 1_024;

/** Requests of ten seconds and more. */
export function createLong({ targets, mark, password }: DriverOptions, tally: Tally) {
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

  const loggedIn = performance.now();
  const confirmed = new Map<string, number>();
  /** Gives the password once more, as a page asks for it before a download. */
  async function confirm(by: User): Promise<void> {
    if (performance.now() - (confirmed.get(by.name) ?? loggedIn) < CONFIRM_MS) return;
    confirmed.set(by.name, performance.now());
    const target = nextTarget();
    const path = '/api/staff/session/confirm';
    const answer = await send({
      target,
      from: by.address,
      method: 'POST',
      path,
      agent: null,
      headers: { ...by.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    tally.count('download', { target, path }, answer, answer.status === 204);
  }

  /** Has the list of people written into a workbook, and takes it slowly. */
  async function take(by: User): Promise<void> {
    await confirm(by);
    const target = nextTarget();
    // A part of them: there is a limit.
    const path = `/api/business/people/export?q=${mark}1`;
    const answer = await send({
      ...{ target, from: by.address, path, headers: by.headers, agent: null },
      sip: SIP,
      timeoutMs: 60_000,
    });
    tally.count('download', { target, path }, answer, answer.status === 200 && answer.bytes > 1_000);
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
