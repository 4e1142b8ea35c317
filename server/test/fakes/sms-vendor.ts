import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the vendor does next: its own codes, or ways to be broken. */
export type VendorMode =
  | { answer: string; status?: number; messageId?: unknown }
  | { broken: 'silent' | 'half' | 'html' | 'hangup' | 'redirect' };

export interface TakenMessage {
  id: string;
  phone: string;
  template: string;
  params: Record<string, string>;
  /** What the vendor calls it. */
  messageId: string;
}

export interface Receipt {
  messageId: string;
  status: 'delivered' | 'failed';
  code?: string;
}

/** Signs like the real one; `wrong` changes what is sent after signing. */
export interface ReceiptOptions {
  secret?: string;
  /** Default the vendor's clock. */
  at?: Date;
  wrong?: (body: string) => string;
}

export interface SmsVendor {
  url: string;
  /** Messages taken, oldest first. */
  taken: TakenMessage[];
  behave(mode: VendorMode): void;
  /** Tells the customer at `url` what became of a message. */
  receipt(url: string, receipt: Receipt, options?: ReceiptOptions): Promise<{ status: number; body: any }>;
  close(): Promise<void>;
}

/**
 * A small vendor of text messages over HTTP: checks signature, time (± 5 minutes), template and phone, and limits each
 * phone to 5 messages, as real ones do.
 */
export async function createSmsVendor({ secret, clock }: { secret: string; clock: () => Date }): Promise<SmsVendor> {
  const taken: TakenMessage[] = [];
  let mode: VendorMode = { answer: 'OK' };
  let given = 0;
  const nextId = () => `vendor-${process.pid}-${String((given += 1)).padStart(6, '0')}`;

  const judge = (body: string, { headers }: IncomingMessage): string => {
    const timestamp = String(headers['x-timestamp']);
    const signature = Buffer.from(String(headers['x-signature']));
    const wanted = Buffer.from(createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'));
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) return 'BAD_SIGNATURE';
    if (Math.abs(clock().getTime() / 1000 - Number(timestamp)) > 300) return 'EXPIRED_TIMESTAMP';
    const message = { ...(JSON.parse(body) as TakenMessage), messageId: nextId() };
    if (message.template !== 'login-code') return 'UNKNOWN_TEMPLATE';
    if (!/^1[3-9]\d{9}$/.test(message.phone)) return 'BAD_PHONE';
    if (taken.filter(({ phone }) => phone === message.phone).length >= 5) return 'PHONE_LIMIT';
    if ('answer' in mode && mode.answer === 'OK') taken.push(message);
    return 'OK';
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const code = judge(Buffer.concat(parts).toString('utf8'), request);
      if ('broken' in mode) return misbehave(mode.broken, response);
      const answer = code === 'OK' ? mode.answer : code;
      response.writeHead(mode.status ?? (answer === 'OK' ? 200 : 400), { 'content-type': 'application/json' });
      const messageId = 'messageId' in mode ? mode.messageId : taken.at(-1)?.messageId;
      response.end(JSON.stringify({ code: answer, message: 'quoted: 13812345678', messageId }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    taken,
    behave: (next) => void (mode = next),
    async receipt(url, receipt, { secret: signedWith = secret, at = clock(), wrong = (body: string) => body } = {}) {
      const body = JSON.stringify(receipt);
      const timestamp = String(Math.floor(at.getTime() / 1000));
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-timestamp': timestamp,
          'x-signature': createHmac('sha256', signedWith).update(`${timestamp}.${body}`).digest('hex'),
        },
        body: wrong(body),
      });
      return { status: response.status, body: await response.json() };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function misbehave(how: 'silent' | 'half' | 'html' | 'hangup' | 'redirect', response: ServerResponse): void {
  if (how === 'silent') return;
  if (how === 'hangup') return void response.destroy();
  if (how === 'redirect') return void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
  response.writeHead(200, { 'content-type': how === 'html' ? 'text/html' : 'application/json' });
  response.write(how === 'html' ? '<h1>Gateway</h1>' : '{"code":');
  if (how === 'html') response.end();
}
