import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WechatConfig } from '../../src/infra/wechat/index.ts';

type Call = 'jscode2session' | 'stable_token' | 'getuserphonenumber';
type Broken = 'silent' | 'half' | 'html' | 'hangup' | 'redirect' | 'status';

export interface FakeWechat {
  /** What the server is to be configured with. */
  config: WechatConfig;
  /** Every call that came, oldest first; `force` of stable_token. */
  calls: { call: Call; force?: boolean }[];
  /** A code of `wx.login` of this user: five minutes, once. */
  loginCode(openid: string, unionid?: string): string;
  /** A code of the phone button. `appid`: of another mini-program. */
  phoneCode(phone: string, options?: { countryCode?: string; appid?: string }): string;
  /** The next calls of this kind answer so (a number of WeChat's, or a way to be broken); null: as they should. */
  behave(call: Call, mode: number | Broken | null, times?: number): void;
  /** The present access token is worth nothing any more; `stable_token` goes on handing it out until it is forced, unless `known`. */
  spoilToken(known?: boolean): void;
  /** How long stable_token takes, ms: so that others come meanwhile. */
  slowTokens(ms: number): void;
  close(): Promise<void>;
}

const CODE_MS = 5 * 60_000;

/** WeChat's server as far as we ask it anything: the same paths, parameters, answers and numbers. */
export async function createFakeWechat({ clock }: { clock: () => Date }): Promise<FakeWechat> {
  const appId = 'wx0123456789abcdef';
  const appSecret = '0123456789abcdef0123456789abcdef';
  const calls: FakeWechat['calls'] = [];
  const modes = new Map<Call, { mode: number | Broken; left: number }>();
  const codes = new Map<string, { kind: string; answer: Record<string, unknown>; until: number; used: boolean }>();
  const good = new Set<string>();
  let issued: { token: string; until: number } | null = null;
  let count = 0;
  let tokenMs = 0;

  const newCode = (kind: string, answer: Record<string, unknown>): string => {
    const code = `${kind}-${process.pid}-${String((count += 1)).padStart(26, '0')}`;
    codes.set(code, { kind, answer, until: clock().getTime() + CODE_MS, used: false });
    return code;
  };
  const redeem = (kind: string, code: unknown): Record<string, unknown> => {
    const found = codes.get(String(code));
    if (found?.kind !== kind || found.until <= clock().getTime())
      return { errcode: 40029, errmsg: `invalid code: ${String(code)}` };
    if (found.used) return { errcode: 40163, errmsg: `code been used: ${String(code)}` };
    found.used = true;
    return found.answer;
  };
  const credentials = (appid: unknown, secret: unknown): Record<string, unknown> | null => {
    if (appid !== appId) return { errcode: 40013, errmsg: 'invalid appid' };
    return secret === appSecret ? null : { errcode: 40125, errmsg: `invalid appsecret ${String(secret)}` };
  };

  const answers: Record<Call, (url: URL, body: Record<string, unknown>) => Record<string, unknown>> = {
    jscode2session: ({ searchParams: query }) =>
      credentials(query.get('appid'), query.get('secret')) ??
      (query.get('grant_type') === 'authorization_code' ? redeem('login', query.get('js_code')) : { errcode: 40002 }),
    stable_token(_url, { grant_type: grant, appid, secret, force_refresh: force }) {
      const refused = credentials(appid, secret);
      if (refused || grant !== 'client_credential') return refused ?? { errcode: 40002, errmsg: 'invalid grant_type' };
      const now = clock().getTime();
      if (force || !issued || issued.until - now < CODE_MS) {
        if (force) good.clear();
        issued = { token: `TOKEN-${process.pid}-${(count += 1)}`, until: now + 7_200_000 };
        good.add(issued.token);
      }
      return { access_token: issued.token, expires_in: Math.floor((issued.until - now) / 1000) };
    },
    getuserphonenumber({ searchParams: query }, { code }) {
      const token = query.get('access_token') ?? '';
      if (!good.has(token)) return { errcode: token.startsWith('TOKEN-') ? 42001 : 40001, errmsg: `expired ${token}` };
      const answer = redeem('phone', code);
      return 'errcode' in answer ? answer : { errcode: 0, errmsg: 'ok', ...answer };
    },
  };

  const answer = (request: IncomingMessage, response: ServerResponse, text: string) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const call = url.pathname.split('/').at(-1) as Call;
    const known = Object.hasOwn(answers, call) && (request.method === 'GET') === (call === 'jscode2session');
    if (!known) return void response.writeHead(404).end();
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    calls.push({ call, ...(call === 'stable_token' ? { force: body['force_refresh'] === true } : {}) });
    const set = modes.get(call);
    if (set && (set.left -= 1) <= 0) modes.delete(call);
    if (typeof set?.mode === 'string') return misbehave(set.mode, response);
    const said = set ? { errcode: set.mode, errmsg: 'as told' } : answers[call](url, body);
    // As the real one: JSON that says it is plain text.
    const send = () => response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(said));
    if (call === 'stable_token' && tokenMs > 0) setTimeout(send, tokenMs);
    else send();
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => answer(request, response, Buffer.concat(parts).toString('utf8')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    config: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, appId, appSecret },
    calls,
    loginCode: (openid, unionid) =>
      newCode('login', { openid, session_key: 'c2Vzc2lvbiBrZXk=', ...(unionid ? { unionid } : {}) }),
    phoneCode: (phone, { countryCode = '86', appid = appId } = {}) =>
      newCode('phone', {
        phone_info: {
          phoneNumber: countryCode === '86' ? phone : `+${countryCode}${phone}`,
          purePhoneNumber: phone,
          countryCode,
          watermark: { timestamp: Math.floor(clock().getTime() / 1000), appid },
        },
      }),
    behave: (call, mode, times = Infinity) => {
      if (mode === null) modes.delete(call);
      else modes.set(call, { mode, left: times });
    },
    spoilToken(known = false) {
      good.clear();
      if (known) issued = null;
    },
    slowTokens: (ms) => void (tokenMs = ms),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function misbehave(how: Broken, response: ServerResponse): void {
  if (how === 'silent') return;
  if (how === 'hangup') return void response.destroy();
  if (how === 'status') return void response.writeHead(502).end('{}');
  if (how === 'redirect') return void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
  response.writeHead(200, { 'content-type': how === 'html' ? 'text/html' : 'application/json' });
  response.write(how === 'html' ? '<h1>Gateway</h1>' : '{"errcode":');
  if (how === 'html') response.end();
}
