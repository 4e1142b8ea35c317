import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createAddressRule } from './addresses.ts';
import { WebhookError } from './types.ts';

const TIMEOUT_MS = 5_000;
/** Nobody's answer is longer; what follows is not read. */
const MOST_BYTES = 64 * 1024;

/** Every address of a host name, as the system finds them. */
export type Resolve = (host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

export interface PostOptions {
  /** Addresses and CIDR ranges beside the public internet. */
  allow: readonly string[];
  timeoutMs?: number;
  resolve?: Resolve;
}

export type Post = (
  url: string,
  message: { headers: Record<string, string>; body: string },
) => Promise<{ status: number; text: string }>;

/**
 * POSTs to an address that somebody configured, and to nothing else: a name is looked up once, by ourselves, in the moment
 * of connecting, and the socket goes to just those addresses, each of which was judged. So a name that changes its
 * mind (DNS rebinding) gains nothing. Redirects are not followed, proxies of the environment are not used, no
 * connection is kept for a later call.
 */
export function createPost({ allow, timeoutMs = TIMEOUT_MS, resolve = systemResolve }: PostOptions): Post {
  const mayGoTo = createAddressRule(allow);

  const lookup: LookupFunction = (host, options, done) => {
    resolve(host, (error, found) => {
      // One address that must not be reached spoils the name: who else would give it?
      const refused = !error && !found.every(({ address }) => mayGoTo(address));
      const usable = found.filter(({ family }) => !options.family || options.family === family);
      if (error) done(error, '', 0);
      else if (refused || usable.length === 0) done(new WebhookError('address_refused'), '', 0);
      else if (options.all) done(null, [...usable]);
      else done(null, usable[0]!.address, usable[0]!.family);
    });
  };

  return (url, { headers, body }) =>
    new Promise((done, refuse) => {
      const { protocol, hostname, port, pathname, search } = new URL(url);
      // The parser has made plain addresses of all spellings (decimal, octal, hex, short); for an address nothing is looked up.
      const host = hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !mayGoTo(host)) return refuse(new WebhookError('address_refused'));
      const call = protocol === 'https:' ? httpsRequest : httpRequest;
      const bytes = Buffer.from(body);
      const signal = AbortSignal.timeout(timeoutMs);
      const request = call({
        host,
        ...(port ? { port } : {}),
        path: pathname + search,
        method: 'POST',
        headers: { ...headers, 'content-length': bytes.length },
        lookup,
        agent: false,
        signal,
      });
      const fail = (error: unknown) => {
        const known = error instanceof WebhookError ? error.code : signal.aborted ? 'timed_out' : 'unreachable';
        refuse(new WebhookError(known));
      };
      request.on('error', fail);
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('error', fail);
        response.on('data', (part: string) => {
          text += part;
          if (text.length > MOST_BYTES) response.destroy(new WebhookError('answer_too_large'));
        });
        response.on('end', () => done({ status: response.statusCode ?? 0, text }));
      });
      request.end(bytes);
    });
}

const systemResolve: Resolve = (host, done) =>
  systemLookup(host, { all: true, verbatim: true }, (error, addresses) => done(error, addresses ?? []));
