import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeBrowser, type Answer, type Browser } from './browser.ts';

/** What became of one submission. */
export interface Sent {
  name: string;
  status: number;
  code?: string;
  tries: number;
}

export interface CitizenOptions {
  /** Hosts that do the same; after a failure the next one is tried. */
  origins: string[];
  outbox: string;
  phone: string;
  beforeCode: () => Promise<unknown>;
  over: () => boolean;
  next: (count: number) => { name: string; key: string; path: string; body: unknown };
  done: (sent: Sent) => void;
}

/** A failure that passes: nobody at the other end, a server in trouble, another try still going on. */
const passes = ({ status, body }: Answer) =>
  status === 0 || status >= 500 || status === 429 || body?.code === 'in_progress';
const NOBODY: Answer = { status: 0, body: null, headers: new Headers() };
const PATIENCE_MS = 90_000;

/** Submits one form after another, each until it is answered for good. Resolves when it is over and nothing is in flight. */
export async function startCitizen(options: CitizenOptions): Promise<void> {
  const { origins, outbox, phone, beforeCode, over, next, done } = options;
  const browsers = origins.map(makeBrowser);
  let turn = 0;

  /** One call that waits for an answer that counts, at one host after another. */
  async function insist(call: (browser: Browser) => Promise<Answer>): Promise<{ answer: Answer; tries: number }> {
    const end = Date.now() + PATIENCE_MS;
    for (let tries = 1; ; tries += 1) {
      const answer = await call(browsers[turn % browsers.length]!).catch(() => NOBODY);
      if (!passes(answer) || Date.now() > end) return { answer, tries };
      turn += 1;
      await sleep(150 + Math.random() * 250);
    }
  }

  async function logIn(): Promise<void> {
    for (let attempt = 0; attempt < 30; attempt += 1) {
      // Before every try: a code may have been sent although its answer was lost with the host.
      const { answer: asked } = await insist(async (browser) => {
        await beforeCode().catch(() => undefined);
        return browser.post('/api/citizen/login-codes', { phone });
      });
      if (asked.status !== 202) continue;
      const messages = (await readFile(outbox, 'utf8')).split('\n').filter((line) => line.includes(phone));
      const code = (JSON.parse(messages.at(-1)!) as { params: { code: string } }).params.code;
      const { answer } = await insist((browser) =>
        browser.post('/api/citizen/session', { loginCodeId: asked.body.loginCodeId, phone, code }),
      );
      if (answer.status !== 200) continue;
      // One browser to the citizen, whichever host answers.
      const cookies = browsers[turn % browsers.length]!.cookies;
      for (const browser of browsers) for (const [name, value] of cookies) browser.cookies.set(name, value);
      return;
    }
    throw new Error(`${phone} could not log in`);
  }

  await logIn();
  for (let count = 1; !over(); count += 1) {
    const { name, key, path, body } = next(count);
    let tries = 0;
    let last: Answer = NOBODY;
    for (let logins = 0; logins < 10; logins += 1) {
      const { answer, tries: more } = await insist((browser) => browser.post(path, body, { 'idempotency-key': key }));
      tries += more;
      last = answer;
      if (answer.status !== 401) break;
      await logIn();
    }
    done({ name, status: last.status, ...(last.body?.code ? { code: last.body.code as string } : {}), tries });
    turn += 1;
    await sleep(50);
  }
}
