import { connect } from 'node:net';
import type { SlbNode } from './haproxy.ts';

/** What one SLB node thinks of a host at a moment. */
export type Standing = 'up' | 'down';

/** A change of mind, with its moment (ms since 1970). */
export interface SlbEvent {
  at: number;
  node: string;
  host: string;
  is: Standing;
}

export interface SlbView {
  /** All changes so far, in order, the first look included. */
  readonly events: readonly SlbEvent[];
  /** What every node thinks of a host now. */
  of(host: string): Standing[];
  /** What a node thought of a host at a moment. */
  at(node: string, host: string, moment: number): Standing | undefined;
  stop(): void;
}

const LOOK_MS = 100;

/** Watches the SLB nodes themselves through their sockets: the judge of what the deploy concluded from the hosts' logs. */
export function watchSlb(nodes: readonly SlbNode[]): SlbView {
  const events: SlbEvent[] = [];
  const now = new Map<string, Standing>();
  let stopped = false;
  const look = async (node: SlbNode) => {
    const states = await standings(node.socket).catch(() => new Map<string, Standing>());
    for (const [host, is] of states) {
      const key = `${node.name} ${host}`;
      if (now.get(key) === is) continue;
      now.set(key, is);
      events.push({ at: Date.now(), node: node.name, host, is });
    }
  };
  const timers = nodes.map((node) => setInterval(() => !stopped && void look(node), LOOK_MS));
  return {
    events,
    of: (host) => nodes.map(({ name }) => now.get(`${name} ${host}`) ?? 'down'),
    at: (node, host, moment) =>
      events.findLast((one) => one.node === node && one.host === host && one.at <= moment)?.is,
    stop() {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/** Hosts by name, from `show stat` (CSV; the status is in column 18). "UP 1/2" still serves, "DOWN 1/2" does not yet. */
async function standings(socket: string): Promise<Map<string, Standing>> {
  const text = await ask(socket, 'show stat');
  const found = new Map<string, Standing>();
  for (const line of text.split('\n')) {
    const columns = line.split(',');
    const [backend, host = ''] = columns;
    if (backend !== 'hosts' || host === 'BACKEND') continue;
    found.set(host, columns[17]?.startsWith('UP') ? 'up' : 'down');
  }
  return found;
}

function ask(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(1_000, () => socket.destroy(new Error('the SLB does not answer')));
    socket.on('data', (part: string) => (text += part));
    socket.once('end', () => resolve(text)).once('error', reject);
    socket.write(`${command}\n`);
  });
}
