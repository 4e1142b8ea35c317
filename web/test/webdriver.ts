/** One page by the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/), as much of it as the tests need. */
export interface WebDriver {
  /** Loads an address; ends when it has loaded. */
  open(url: string): Promise<void>;
  back(): Promise<void>;
  forward(): Promise<void>;
  reload(): Promise<void>;
  /** The window's size in px, frame and bars included. */
  resize(width: number, height: number): Promise<void>;
  /** The value of an expression (JSON values) in the page. Throws what it throws. */
  evaluate<T = unknown>(expression: string): Promise<T>;
  /** Presses what the selector finds first, as a finger would: waits until it is there, in sight and covered by nothing. */
  click(selector: string): Promise<void>;
  /** Types with the keys of a keyboard, over what was there. */
  fill(selector: string, text: string): Promise<void>;
  /** Chooses of a native list. */
  choose(selector: string, value: string): Promise<void>;
  /** Forgets the site's cookies, those that scripts can't see too. */
  forgetCookies(): Promise<void>;
  close(): Promise<void>;
}

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** A page on a loaded machine is given this long to show something, and the driver a little longer to say so. */
const THERE_MS = 20_000;
const CALL_MS = 60_000;
const PAUSE_MS = 50;
/** What is cured by waiting: the page is changing. */
const CHANGING = new Set([
  'no such element',
  'stale element reference',
  'element not interactable',
  'element click intercepted',
]);

class Refused extends Error {
  code: string;
  constructor(code: string, message: string, what: string) {
    super(`${code} (${what}): ${message}`);
    this.code = code;
  }
}

/** Opens a session at a driver. @throws what the driver says against it */
export async function newSession(driver: string, capabilities: Record<string, unknown>): Promise<WebDriver> {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${driver}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      signal: AbortSignal.timeout(CALL_MS),
    });
    const { value } = (await answer.json()) as { value: any };
    if (!answer.ok) throw new Refused(value.error, value.message, `${method} ${path} ${JSON.stringify(body ?? '')}`);
    return value as T;
  };
  const { sessionId } = await call<{ sessionId: string }>('POST', '/session', {
    capabilities: { alwaysMatch: capabilities },
  });
  const own = `/session/${sessionId}`;
  const post = <T = void>(path: string, body: object = {}) => call<T>('POST', `${own}${path}`, body);

  /** Does something with what a selector finds, again and again while the page is changing. */
  async function withElement(selector: string, act: (path: string) => Promise<void>): Promise<void> {
    const until = Date.now() + THERE_MS;
    for (;;) {
      try {
        const found = await post<Record<string, string>>('/element', { using: 'css selector', value: selector });
        return await act(`/element/${found[ELEMENT]}`);
      } catch (error) {
        if (!(error instanceof Refused) || !CHANGING.has(error.code) || Date.now() > until) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  return {
    open: (url) => post('/url', { url }),
    back: () => post('/back'),
    forward: () => post('/forward'),
    reload: () => post('/refresh'),
    resize: (width, height) => post('/window/rect', { width, height }),
    evaluate: (expression) => post('/execute/sync', { script: `return (${expression});`, args: [] }),
    click: (selector) => withElement(selector, (path) => post(`${path}/click`)),
    fill: (selector, text) =>
      withElement(selector, async (path) => {
        await post(`${path}/clear`);
        await post(`${path}/value`, { text });
      }),
    choose: (selector, value) => withElement(`${selector} option[value="${value}"]`, (path) => post(`${path}/click`)),
    forgetCookies: () => call('DELETE', `${own}/cookie`),
    close: () => call('DELETE', own),
  };
}
