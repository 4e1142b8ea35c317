/** An API process, or a worker, as the host program sees one. `inflight` in the root says what is in flight. */
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [port, internal] = process.argv.slice(2).map(Number);
const { id } = JSON.parse(readFileSync('release.json', 'utf8'));
const behaviour = JSON.parse(readFileSync('behaviour.json', 'utf8'));
const settings = JSON.parse(readFileSync(process.env.DENGJI_SETTINGS, 'utf8'));
if (behaviour.dies) process.exit(1);

const inFlight = () => {
  try {
    return Number(readFileSync(join(dirname(process.env.DENGJI_SETTINGS), 'inflight'), 'utf8'));
  } catch {
    return 0;
  }
};
const build = behaviour.build ?? id;
const answers = {
  '/health/ready': () => [behaviour.neverReady ? 503 : 200, { build }],
  '/health/live': () => [200, {}],
  '/health/in-flight': () => [200, { inFlight: inFlight() }],
  '/health/dependencies': () => [behaviour.noDatabase ? 503 : 200, { build, mongo: { ok: !behaviour.noDatabase } }],
  '/api/citizen/forms': () => [behaviour.smokeFails ? 500 : 200, { items: [] }],
};
const handler = (request, response) => {
  const [status, body] = answers[request.url]?.() ?? [404, {}];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
setTimeout(() => {
  createServer(handler).listen(internal, settings.loopback);
  if (port) createServer(handler).listen(port, settings.loopback);
}, behaviour.startMs ?? 0);
process.on('SIGINT', () => setTimeout(() => process.exit(0), behaviour.stopMs ?? 0));
process.on('SIGTERM', () => setTimeout(() => process.exit(0), behaviour.stopMs ?? 0));
