import { randomUUID } from 'node:crypto';
import type { DriverOptions, Kind } from './protocol.ts';
import { send, type Answer, type Sending } from './send.ts';
import type { Tally } from './tally.ts';
import type { User } from './users.ts';

/** A client as far as a request needs it. */
export type Speaker = Pick<User, 'address' | 'headers'> & { agent: User['agent'] | null };

const APPS = ['/register/', '/business/', '/system/'];
const READS = [
  '/api/citizen/forms',
  '/api/citizen/forms/healthDeclaration',
  '/api/business/people?limit=10',
  '/api/staff/session',
];
const ASSET = /\/assets\/[\w./-]+\.(?:js|css)/g;

export type Short = ReturnType<typeof createShort>;

/** The short requests. */
export function createShort({ targets, mark }: DriverOptions, tally: Tally) {
  /** Every asset that any page named so far: people keep pages of old releases open. */
  const assets = new Set<string>();
  let turn = 0;
  let written = 0;
  const nextTarget = () => targets[turn++ % targets.length]!;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!;
  const speak = (by: Speaker, sending: Omit<Sending, 'target' | 'agent' | 'from' | 'headers'>, headers = {}) => {
    const target = nextTarget();
    return send({
      ...sending,
      target,
      from: by.address,
      agent: by.agent,
      headers: { ...by.headers, ...headers },
    }).then((answer) => ({ target, answer }));
  };

  async function page(by: Speaker, kind: Kind = 'page'): Promise<void> {
    const path = pick(APPS);
    const { target, answer } = await speak(by, { path, keep: true });
    const named = answer.text.match(ASSET) ?? [];
    for (const asset of named) assets.add(asset);
    tally.count(kind, { target, path }, answer, answer.status === 200 && named.length > 0);
  }

  async function asset(by: Speaker): Promise<void> {
    if (assets.size === 0) return page(by);
    const path = pick([...assets]);
    const { target, answer } = await speak(by, { path });
    const right = answer.status === 200 && !String(answer.headers['content-type']).includes('html') && answer.bytes > 0;
    tally.count('asset', { target, path }, answer, right);
  }

  async function read(by: Speaker, kind: Kind = 'read'): Promise<void> {
    const path = pick(READS);
    const { target, answer } = await speak(by, { path, keep: true });
    tally.count(kind, { target, path }, answer, answer.status === 200 && answer.text.startsWith('{'));
  }

  /** Makes a person; half of what browsers send carries a key, by which the server would know a repetition. */
  async function write(by: Speaker, kind: Kind, trickle?: Sending['trickle']): Promise<void> {
    const name = `${mark}${(written += 1)}`;
    const key = kind === 'plainWrite' || (kind === 'idleWrite' && written % 2) ? null : randomUUID();
    const path = '/api/business/people';
    const { target, answer } = await speak(
      by,
      {
        method: 'POST',
        path,
        body: JSON.stringify({ name, gender: 'other' }),
        keep: true,
        ...(trickle && { trickle }),
      },
      { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    );
    const right = answer.status === 201 && named(answer) === name;
    tally.wrote({ kind, name, key, seen: right ? 'acknowledged' : answer.status ? 'refused' : 'unknown' });
    tally.count(kind, { target, path }, answer, right);
  }

  return { page, asset, read, write, assets };
}

function named({ text }: Answer): unknown {
  try {
    return (JSON.parse(text) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
