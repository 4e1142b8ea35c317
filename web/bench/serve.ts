import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { healthDeclaration } from '../../server/shared/demo/healthDeclaration.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** Answers of the API as the server gives them: one open form, a citizen who is logged in and has no draft. */
function apiAnswer(path: string): { status: number; body: unknown } {
  const form = { key: 'healthDeclaration', version: 1, title: healthDeclaration.title, content: healthDeclaration };
  if (path === '/api/citizen/forms')
    return { status: 200, body: { items: [{ key: form.key, title: form.title, version: 1 }] } };
  if (path === `/api/citizen/forms/${form.key}`) return { status: 200, body: form };
  if (path === '/api/citizen/session') return { status: 200, body: { accountId: 'a1', phone: '138****8000' } };
  if (path === '/api/citizen/regions')
    return { status: 200, body: { items: [{ code: '440000', name: '广东省', leaf: false }] } };
  return { status: 404, body: { code: 'not_found', status: 404 } };
}

export interface Pages {
  url: string;
  close(): void;
}

/** Serves a folder of built pages compressed, as nginx does, and an API that answers at once. Loopback only. */
export async function servePages(root: string): Promise<Pages> {
  const kept = new Map<string, Buffer>();
  const zipped = (key: string, make: () => string | Buffer) => {
    const found = kept.get(key) ?? gzipSync(make(), { level: 9 });
    kept.set(key, found);
    return found;
  };
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const send = (status: number, type: string, body: Buffer) => {
      response.writeHead(status, { 'Content-Type': type, 'Content-Encoding': 'gzip', 'Content-Length': body.length });
      response.end(body);
    };
    if (pathname.startsWith('/api/')) {
      const { status, body } = apiAnswer(pathname);
      return send(
        status,
        'application/json',
        zipped(pathname, () => JSON.stringify(body)),
      );
    }
    const file = join(root, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    if (!existsSync(file)) return send(404, 'text/plain', gzipSync('not found'));
    send(
      200,
      TYPES[extname(file)] ?? 'application/octet-stream',
      zipped(file, () => readFileSync(file)),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
