import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';

/**
 * One GET over a connection of its own.
 * @param {{ host: string, port: number, path: string, headers?: Record<string, string>, timeoutMs?: number, method?: string, body?: string,
 *   proxyLine?: boolean, tls?: { servername: string } }} what `proxyLine`: begin as the load balancer would, with the PROXY protocol.
 *   `tls`: the certificate is not judged, it is our own nginx on our own host
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, body: string }>}
 * @throws Error with a code (ECONNREFUSED …) when there is no answer in time
 */
export function ask({
  host,
  port,
  path,
  headers = {},
  timeoutMs = 5_000,
  method = 'GET',
  body,
  proxyLine,
  tls: secure,
}) {
  return new Promise((resolve, reject) => {
    /** @type {import('node:https').RequestOptions} */
    const options = { host, port, path, method, headers: { connection: 'close', ...headers }, agent: false };
    options.createConnection = () => {
      const socket = net.connect({ host, port });
      if (proxyLine) socket.write(`PROXY TCP4 127.0.0.1 127.0.0.1 1 ${port}\r\n`);
      return secure ? tls.connect({ socket, rejectUnauthorized: false, ...secure }) : socket;
    };
    const request = http.request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        if (text.length < 4_000_000) text += part;
      });
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
      response.on('error', reject);
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(body);
  });
}

/**
 * @param {Parameters<typeof ask>[0]} what
 * @returns {Promise<{ status: number, json: any, body: string, error: string | null }>} status 0 and the error's code when nobody answered
 */
export async function askJson(what) {
  try {
    const { status, body } = await ask(what);
    return { status, json: tryJson(body), body, error: null };
  } catch (error) {
    return { status: 0, json: null, body: '', error: error.code ?? error.message };
  }
}

/** @param {string} text @returns {any} */
export function tryJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
