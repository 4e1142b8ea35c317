import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Sending {
  target: string;
  /** The client's own address: the SLB passes it on, and limits count by it. */
  from?: string;
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
  /** Sends the body in so many pieces over so many ms. */
  trickle?: { pieces: number; ms: number };
  /** Takes at most so many bytes a second of the answer. */
  sip?: number;
  /** null: a connection of its own. */
  agent: Agent | null;
  /** No answer, or no more of it, after so many ms. */
  timeoutMs?: number;
  /** Keeps the answer's text. */
  keep?: boolean;
  /** Told every piece of the answer. */
  onData?: (text: string) => void;
}

export interface Answer {
  /** null: none came, or only a part of it. */
  status: number | null;
  headers: IncomingHttpHeaders;
  text: string;
  bytes: number;
  /** ECONNRESET, cut, timeout; null when the whole answer came. */
  fault: string | null;
  reused: boolean;
  ms: number;
}

/** Sends one request once: nothing is ever tried again, whatever becomes of it. */
export function send(sending: Sending): Promise<Answer> {
  const { target, from, method = 'GET', path, headers, body, agent, timeoutMs = 30_000 } = sending;
  const { hostname, port } = new URL(target);
  const began = performance.now();
  return new Promise((resolve) => {
    let reused = false;
    let settled = false;
    const answer = { status: null as number | null, headers: {} as IncomingHttpHeaders, text: '', bytes: 0 };
    const settle = (fault: string | null) => {
      if (settled) return;
      settled = true;
      resolve({
        ...answer,
        status: fault ? null : answer.status,
        fault: fault && answer.status ? `${fault} (in a ${answer.status})` : fault,
        reused,
        ms: performance.now() - began,
      });
    };
    const req = request(
      {
        hostname,
        port,
        method,
        path,
        headers: body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        agent: agent ?? false,
        timeout: timeoutMs,
        ...(from && { localAddress: from }),
      },
      (res) => {
        answer.status = res.statusCode!;
        answer.headers = res.headers;
        res.on('data', (part: Buffer) => {
          answer.bytes += part.length;
          if (sending.keep) answer.text += part.toString('utf8');
          sending.onData?.(part.toString('utf8'));
          if (sending.sip) {
            res.pause();
            setTimeout(() => res.resume(), (part.length / sending.sip) * 1_000);
          }
        });
        res.once('end', () => settle(res.complete ? null : 'cut'));
        res.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNRESET' ? 'cut' : error.code!));
        res.once('close', () => settle('cut'));
      },
    );
    req.once('timeout', () => {
      settle('timeout');
      req.destroy();
    });
    req.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    req.once('socket', () => (reused = req.reusedSocket));
    void write(req, sending).catch(() => undefined);
  });
}

async function write(req: ReturnType<typeof request>, { body, trickle }: Sending): Promise<void> {
  if (body === undefined || !trickle) {
    req.end(body);
    return;
  }
  const bytes = Buffer.from(body);
  const size = Math.ceil(bytes.length / trickle.pieces);
  for (let at = 0; at < bytes.length && !req.destroyed; at += size) {
    req.write(bytes.subarray(at, at + size));
    await sleep(trickle.ms / trickle.pieces);
  }
  if (!req.destroyed) req.end();
}
