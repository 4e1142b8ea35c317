import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PORTS, startHost } from '../../nginx/test/host.ts';
import { ask } from '../../nginx/test/http.ts';
import { createLogger } from '../../server/src/infra/logger/index.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const vector = read('vector.yaml');

/** The source of one transform. */
const transform = (name: string) => new RegExp(`\\n  ${name}:\\n(?: {4}.*\\n| *\\n)*`).exec(vector)?.[0] ?? '';
/** Fields that a transform reads of a parsed line: `line.x`, and `.x` unless it was set there before. */
function used(name: string): string[] {
  const source = transform(name)
    .replaceAll(/#.*/g, '')
    .replaceAll(/r'[^']*'/g, '');
  const made = new Set([...source.matchAll(/^\s+\.(\w+) =/gm)].map((found) => found[1]!));
  const all = [...source.matchAll(/(?:^|[ (!])(?:line)?\.([a-zA-Z]\w*)/gm)].map((found) => found[1]!);
  return [...new Set(all)].filter((field) => !made.has(field));
}
/** Fields in the first column of a table of docs/logs.md. */
const documented = (title: string) =>
  [
    ...read('../../docs/logs.md')
      .split(`\n## ${title}`)[1]!
      .split('\n## ')[0]!
      .matchAll(/^\| (`.*?`) \|/gm),
  ]
    .flatMap((found) => [...found[1]!.matchAll(/`(\w+)`/g)].map((one) => one[1]!))
    .toSorted();

describe('logs', () => {
  it("nginx's have exactly the fields that are documented, and those that are shipped", async () => {
    const host = await startHost();
    await ask({ host: host.settings.address, port: PORTS.https, path: '/health/ready' });
    await ask({ host: host.settings.address, port: PORTS.https, path: '/register/?name=Zhang' });
    const [access] = await host.lines('access', 1);
    const [health] = await host.lines('health', 1);
    await host.stop();
    expect(Object.keys(access!).toSorted()).toEqual(documented('access.log'));
    expect(Object.keys(health!).toSorted()).toEqual(documented('health.log'));
    const fields = used('access');
    expect(fields).toEqual(expect.arrayContaining(['t', 'id', 'status', 'upstreamTime']));
    expect(fields.filter((field) => !(field in access!) && field !== 'message')).toEqual([]);
  });

  it("the server's have the fields that are documented, and those that are shipped", () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    createLogger({ level: 'info', name: 'api', destination }).info('server.started', { port: 1 });
    const line = JSON.parse(lines[0]!) as object;
    expect(Object.keys(line)).toEqual(expect.arrayContaining(documented('api.log')));
    const fields = used('app');
    expect(fields).toEqual(expect.arrayContaining(['time', 'name']));
    expect(fields.filter((field) => !(field in line) && !['message', 'file'].includes(field))).toEqual([]);
  });

  it('every stream that is shipped has the labels, and both targets take every stream', () => {
    const names = ['access', 'nginx_error', 'app', 'console'];
    for (const name of names)
      for (const label of ['timestamp', 'stream', 'side', 'level']) {
        // The lines of nginx and of the server bring some of them along.
        const brought = { access: ['side'], app: ['level'] }[name] ?? [];
        expect([
          name,
          label,
          brought.includes(label) || new RegExp(`\\.${label} =|"${label}":`).test(transform(name)),
        ]).toEqual([name, label, true]);
      }
    for (const file of ['to-loki.yaml', 'to-sls.yaml']) expect(read(file)).toContain(`inputs: [${names.join(', ')}]`);
  });

  it('no query string leaves with an error of nginx', () => {
    const pattern = /replace\(text, r'(.*?)', "(.*?)"\)/.exec(transform('nginx_error'))!;
    const text =
      '2026/11/21 21:28:14 [error] 1#1: *37 connect() failed, client: 127.0.0.1, request: "GET /api/people?name=Zhang&phone=138 HTTP/1.1", upstream: "http://127.0.0.1:3000/api/people?name=Zhang&phone=138", referrer: "https://reg/business/?q=Zhang"';
    const shipped = text.replaceAll(new RegExp(pattern[1]!, 'g'), pattern[2]!);
    expect(shipped).not.toMatch(/Zhang|138/);
    expect(shipped).toContain('GET /api/people?… HTTP/1.1');
  });
});
