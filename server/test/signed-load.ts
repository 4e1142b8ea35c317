import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { signMessage } from '../src/infra/crypto/signature.ts';

/** What became of one request. */
export interface Sent {
  how: 'keep-alive' | 'new' | 'slow';
  kind: 'write' | 'read';
  /** null: no answer. */
  status: number | null;
  fault: string | null;
  /** The answer said that its connection ends. */
  closes: boolean;
  release: string;
  seq: number;
}

export interface SignedLoad {
  sent: Sent[];
  /** Resolves when so many more than now have been answered. */
  more(count: number): Promise<void>;
  /** A write whose body takes `ms` to arrive; resolves when its first half is on the wire. */
  slow(ms: number): Promise<void>;
  /** Begins nothing any more; resolves when everything has been answered. */
  end(): Promise<void>;
}

const EVENTS_OF_A_RELEASE = 10;
let names = 0;

/**
 * Clients that write release events, each of its own number, and read records, one request after the other: over connections
 * that they keep, and over a new one each time. Nobody tries anything twice.
 */
export function startSignedLoad(
  origin: string,
  { secret, keepAlive, fresh, pauseMs }: { secret: string; keepAlive: number; fresh: number; pauseMs: number },
): SignedLoad {
  const sent: Sent[] = [];
  const slow: Promise<void>[] = [];
  let over = false;

  /** @param half called when the first half of a slow body has been sent */
  const send = (
    sending: Omit<Sent, 'status' | 'fault' | 'closes'>,
    agent: Agent | false,
    slowMs = 0,
    half?: () => void,
  ) =>
    new Promise<void>((done) => {
      const { kind, release, seq } = sending;
      const event = { release, seq, at: new Date().toISOString(), state: 'created', by: 'load' };
      const body = JSON.stringify(kind === 'write' ? event : { id: release });
      const timestamp = String(Math.floor(Date.now() / 1000));
      const call = request(`${origin}/api/callbacks/releases/${kind === 'write' ? 'events' : 'query'}`, {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-timestamp': timestamp,
          'x-signature': signMessage(secret, timestamp, body),
        },
      });
      const tell = (status: number | null, fault: string | null, closes = false) => {
        sent.push({ ...sending, status, fault, closes });
        done();
      };
      call.once('error', (error: NodeJS.ErrnoException) => tell(null, error.code ?? error.message));
      call.once('response', (response) => {
        response.resume();
        response.once('error', (error: NodeJS.ErrnoException) => tell(null, error.code ?? error.message));
        response.once('end', () => tell(response.statusCode!, null, response.headers.connection === 'close'));
      });
      if (slowMs === 0) return void call.end(body);
      const middle = Math.floor(body.length / 2);
      call.write(body.slice(0, middle), () => half?.());
      setTimeout(() => call.end(body.slice(middle)), slowMs);
    });

  async function client(how: 'keep-alive' | 'new'): Promise<void> {
    const agent = how === 'keep-alive' ? new Agent({ keepAlive: true, maxSockets: 1 }) : false;
    while (!over) {
      names += 1;
      const release = `load-${process.pid}-${how}-${names}`;
      for (let seq = 0; seq < EVENTS_OF_A_RELEASE && !over; seq += 1) {
        await send({ how, kind: 'write', release, seq }, agent);
        if (seq % 3 === 2) await send({ how, kind: 'read', release, seq }, agent);
        await sleep(pauseMs);
      }
    }
    if (agent) agent.destroy();
  }
  const clients = [
    ...Array.from({ length: keepAlive }, () => client('keep-alive')),
    ...Array.from({ length: fresh }, () => client('new')),
  ];

  return {
    sent,
    async more(count) {
      for (const wanted = sent.length + count; sent.length < wanted;) await sleep(10);
    },
    slow: (ms) =>
      new Promise<void>((half) => {
        names += 1;
        const release = `load-${process.pid}-slow-${names}`;
        slow.push(send({ how: 'slow', kind: 'write', release, seq: 0 }, false, ms, half));
      }),
    async end() {
      over = true;
      await Promise.all([...clients, ...slow]);
    },
  };
}
