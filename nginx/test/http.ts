/** A client and fake upstreams that tell exactly what arrived. */
import { createHash } from 'node:crypto';
import { createServer, request, type IncomingHttpHeaders, type RequestListener, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Ask extends RequestOptions {
  host: string;
  port: number;
  body?: Buffer | string;
}

/** One request on a connection of its own, unless an agent says otherwise. */
export function ask({ body, ...options }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ agent: false, ...options }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(parts).toString() }),
      );
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** What a fake API saw of one request. */
export interface Seen {
  by: string;
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  bytes: number;
  sha256: string;
}

export interface Upstream {
  seen: Seen[];
  /** Sockets that are open from nginx. */
  sockets: Set<Socket>;
  stop(): Promise<void>;
}

/** An API that answers what it saw; `handler` takes over where it is given. */
export async function startUpstream(
  host: string,
  port: number,
  name: string,
  handler?: RequestListener,
): Promise<Upstream> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const answer: RequestListener = (req, res) => {
    const hash = createHash('sha256');
    let bytes = 0;
    req.on('data', (part: Buffer) => {
      bytes += part.length;
      hash.update(part);
    });
    req.on('end', () => {
      const one = {
        by: name,
        method: req.method ?? '',
        url: req.url ?? '',
        headers: req.headers,
        bytes,
        sha256: hash.digest('hex'),
      };
      seen.push(one);
      res.setHeader('Content-Type', 'application/json').end(JSON.stringify(one));
    });
  };
  const server = createServer({ keepAliveTimeout: 75_000 }, handler ?? answer);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    seen,
    sockets,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
