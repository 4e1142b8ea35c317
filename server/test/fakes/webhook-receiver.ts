import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  /** Of a json receiver: `x-webhook-id`. */
  id: string | null;
  event: string | null;
  body: any;
}

export interface WebhookReceiver {
  url: string;
  port: number;
  /** What was taken, oldest first. */
  taken: ReceivedWebhook[];
  /** Connections, whatever came of them. */
  readonly connections: number;
  /** Does this with the next calls, in order; then takes what is right. */
  next(...modes: WebhookMode[]): void;
  close(): Promise<void>;
}

export type WebhookMode =
  | { status: number; body?: string; headers?: Record<string, string> }
  | { broken: 'silent' | 'hangup' | 'endless' };

export interface ReceiverOptions {
  kind: 'json' | 'dingtalk';
  secret: string | null;
  clock: () => Date;
  host?: string;
}

/**
 * A receiver as customers write one, or a DingTalk robot: checks the signature and the time, keeps what is right. A robot
 * answers 200 to everything, and says in errcode what it thinks; it takes 20 messages in a minute, and is silent for ten
 * minutes after more.
 */
export async function createWebhookReceiver(options: ReceiverOptions): Promise<WebhookReceiver> {
  const taken: ReceivedWebhook[] = [];
  const modes: WebhookMode[] = [];
  let connections = 0;
  const judge = options.kind === 'json' ? judgeJson(options) : judgeDingtalk(options);

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const mode = modes.shift();
      if (mode) return misbehave(mode, response);
      const { status, answer, right } = judge(request, text);
      const header = (name: string) => (request.headers[name] as string | undefined) ?? null;
      if (right) taken.push({ id: header('x-webhook-id'), event: header('x-webhook-event'), body: JSON.parse(text) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  server.on('connection', () => void (connections += 1));
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${options.kind === 'dingtalk' ? '/robot/send?access_token=a-token-of-the-robot' : '/hook'}`,
    port,
    taken,
    get connections() {
      return connections;
    },
    next: (...some) => void modes.push(...some),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Judged {
  status: number;
  answer: object;
  right: boolean;
}
type Judge = (request: IncomingMessage, text: string) => Judged;

function judgeJson({ secret, clock }: ReceiverOptions): Judge {
  return ({ headers, method }, text) => {
    const timestamp = String(headers['x-timestamp']);
    const fresh = Math.abs(clock().getTime() / 1000 - Number(timestamp)) <= 300;
    const signed =
      secret === null
        ? headers['x-signature'] === undefined
        : equal(
            String(headers['x-signature']),
            createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex'),
          );
    const right =
      method === 'POST' && fresh && signed && String(headers['content-type']).startsWith('application/json');
    return { status: right ? 204 : 401, answer: {}, right };
  };
}

function judgeDingtalk({ secret, clock }: ReceiverOptions): Judge {
  const told: number[] = [];
  let silentUntil = 0;
  const refuse = (errcode: number, errmsg: string): Judged => ({
    status: 200,
    answer: { errcode, errmsg },
    right: false,
  });
  return ({ url = '' }, text) => {
    const now = clock().getTime();
    const query = new URL(url, 'http://robot').searchParams;
    if (query.get('access_token') !== 'a-token-of-the-robot') return refuse(300001, 'token is not exist');
    const timestamp = query.get('timestamp') ?? '';
    if (secret !== null) {
      const wanted = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
      if (!equal(query.get('sign') ?? '', wanted)) return refuse(310000, 'sign not match');
      if (Math.abs(now - Number(timestamp)) > 3_600_000) return refuse(310000, 'invalid timestamp');
    }
    const { msgtype, markdown } = JSON.parse(text) as {
      msgtype?: string;
      markdown?: { title?: string; text?: string };
    };
    if (msgtype !== 'markdown' || !markdown?.title || !markdown.text) return refuse(40035, 'missing parameter');
    const lastMinute = told.filter((at) => at > now - 60_000);
    if (lastMinute.length >= 20) silentUntil = now + 600_000;
    if (now < silentUntil) return refuse(130101, 'send too fast, exceed 20 times per minute');
    told.push(now);
    return { status: 200, answer: { errcode: 0, errmsg: 'ok' }, right: true };
  };
}

function equal(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function misbehave(mode: WebhookMode, response: ServerResponse): void {
  if ('status' in mode) return void response.writeHead(mode.status, mode.headers ?? {}).end(mode.body ?? '');
  if (mode.broken === 'silent') return;
  if (mode.broken === 'hangup') return void response.destroy();
  response.writeHead(200);
  const more = () => {
    if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
  };
  more();
}
