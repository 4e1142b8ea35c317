import { Agent } from 'node:http';
import type { DriverOptions } from './protocol.ts';
import { send } from './send.ts';

/** Somebody who is logged in, with a browser's connections to each SLB node. */
export interface User {
  name: string;
  /** Each has an address of its own, since limits count by address. */
  address: string;
  headers: Record<string, string>;
  agent: Agent;
}

/** What a browser of this installation sends with every request. */
export function browserHeaders(publicOrigin: string): Record<string, string> {
  return {
    host: new URL(publicOrigin).host,
    origin: publicOrigin,
    'x-requested-with': 'dengji',
    'accept-language': 'zh-CN',
    'user-agent': 'dengji-lab',
  };
}

/** Addresses of clients: 127.1.0.1 and on. All of 127/8 is loopback on Linux. */
export const addressOf = (index: number): string => `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`;

/** Longer than any server keeps a silent connection, ms; requests have time limits of their own. */
const LONGEST_SILENCE_MS = 120_000;

/**
 * Connections that are kept for as long as the server says (`Keep-Alive: timeout=20`): browsers send again what met the end of
 * a silent connection, but this driver never sends anything twice. Node heeds what the server says only beside a time of its own.
 */
export const keepingAgent = (address: string, maxSockets: number): Agent =>
  new Agent({ keepAlive: true, maxSockets, localAddress: address, timeout: LONGEST_SILENCE_MS });

/** @throws Error when one is not let in: the load would be worthless */
export async function logIn(options: DriverOptions, name: string, index: number): Promise<User> {
  const { targets, publicOrigin, password } = options;
  const address = addressOf(index);
  const agent = keepingAgent(address, 16);
  const headers = browserHeaders(publicOrigin);
  const answer = await send({
    target: targets[index % targets.length]!,
    from: address,
    method: 'POST',
    path: '/api/staff/session',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
    agent: null,
    keep: true,
  });
  const cookie = answer.headers['set-cookie']?.map((line) => line.split(';')[0]).join('; ');
  if (answer.status !== 200 || !cookie)
    throw new Error(`${name} could not log in: ${answer.fault ?? answer.status} ${answer.text.slice(0, 300)}`);
  return { name, address, headers: { ...headers, cookie }, agent };
}
