import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, stopProcess, tailOf, tellGuard, type Child } from '../../scripts/lib/children.mjs';
import { signal } from '../../scripts/lib/processes.mjs';
import { newSession, type WebDriver } from './webdriver.ts';

export interface WebKitPage extends WebDriver {
  /** Errors of scripts, refusals of the policy and what the page wrote as an error, from when a document had loaded. */
  faults(): Promise<string[]>;
}

export interface WebKit {
  /**
   * A private window that nobody has used before; the one before is closed.
   * `options`: what MiniBrowser takes, as `name=value`; settings of WebKitGTK among them.
   */
  newPage(...options: string[]): Promise<WebKitPage>;
  close(): Promise<void>;
}

const START_MS = 60_000;
const PAUSE_MS = 50;
/** The bars above the page would not let the window be as narrow as a phone. */
const SMALL_BARS = '* { min-width: 0; min-height: 0; margin: 0; padding: 0; border-width: 0; font-size: 1px; }';
/** Where Debian, Ubuntu and Fedora have the small browser that comes with the library. */
const browser = () => {
  const folders = ['/usr/libexec', '/usr/lib64', '/usr/lib', ...archFolders()];
  const found = folders.map((folder) => join(folder, 'webkit2gtk-4.1/MiniBrowser')).find((path) => existsSync(path));
  if (!found) throw new Error('MiniBrowser of WebKitGTK is missing (apt-get install webkit2gtk-driver xvfb)');
  return found;
};
const archFolders = () =>
  readdirSync('/usr/lib')
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join('/usr/lib', name));

/**
 * Starts the real WebKit of this machine (WebKitGTK) on a screen that nobody sees, by its WebDriver: taps, keys and choices are the browser's own.
 * @throws when one of its programs is missing or does not start
 */
export async function startWebKit(): Promise<WebKit> {
  const binary = browser();
  const home = mkdtempSync(join(tmpdir(), 'dengji-webkit-'));
  tellGuard({ removeDir: home });
  const children: Child[] = [];
  const start = (file: string, args: string[], env: NodeJS.ProcessEnv) => {
    const child = startChild(file, args, { log: join(home, `${file}.log`), env: { ...process.env, ...env } });
    children.push(child);
    return child;
  };
  const close = async () => {
    for (const { pid } of children.reverse()) {
      if (!pid) continue;
      await stopProcess(pid);
      // The driver leaves the browser behind.
      signal(-pid, 'SIGKILL');
    }
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const screen = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {});
    const display = await ready(screen, async () => /^(\d+)$/m.exec(readFileSync(screen.log!, 'utf8'))?.[1]);
    mkdirSync(join(home, 'run'), { mode: 0o700 });
    mkdirSync(join(home, 'CONFIG/gtk-3.0'), { recursive: true });
    writeFileSync(join(home, 'CONFIG/gtk-3.0/gtk.css'), SMALL_BARS);
    const port = await freePort();
    const driver = start('WebKitWebDriver', [`--port=${port}`], {
      DISPLAY: `:${display}`,
      GDK_BACKEND: 'x11',
      HOME: home,
      ...Object.fromEntries(['CONFIG', 'DATA', 'CACHE', 'STATE'].map((kind) => [`XDG_${kind}_HOME`, join(home, kind)])),
      XDG_RUNTIME_DIR: join(home, 'run'),
      LIBGL_ALWAYS_SOFTWARE: '1',
      NO_AT_BRIDGE: '1',
    });
    const origin = `http://127.0.0.1:${port}`;
    await ready(driver, async () => (await fetch(`${origin}/status`)).ok || undefined);
    let page: WebDriver | undefined;
    return {
      async newPage(...options) {
        await page?.close();
        page = undefined;
        page = await newSession(origin, {
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': { binary, args: ['--automation', ...options.map((one) => `--${one}`)] },
        });
        return watched(page);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Gathers what the page reports, over all documents: WebDriver does not tell, and an automated WebKit writes no console. */
function watched(page: WebDriver): WebKitPage {
  const found: string[] = [];
  const gather = async () => {
    // A page that is just loading itself anew has nothing to tell yet.
    found.push(...(await page.evaluate<string[]>(WATCH).catch(() => [])));
  };
  const across =
    <T extends unknown[]>(go: (...args: T) => Promise<void>) =>
    async (...args: T) => {
      await gather();
      await go(...args);
      await gather();
    };
  return {
    ...page,
    open: across(page.open),
    back: across(page.back),
    forward: across(page.forward),
    reload: across(page.reload),
    async faults() {
      await gather();
      return found;
    },
  };
}

/** Runs in the page: begins to listen in a new document, else hands out what was heard. */
const WATCH = `(function () {
  if (!window.faultsHeard) {
    var heard = (window.faultsHeard = []);
    addEventListener('error', function (event) { heard.push(event.message || 'not loaded: ' + (event.target.src || event.target.href)); }, true);
    addEventListener('unhandledrejection', function (event) { heard.push('unhandled: ' + event.reason); });
    addEventListener('securitypolicyviolation', function (event) { heard.push('refused: ' + event.blockedURI); });
    var say = console.error;
    console.error = function () { heard.push([].join.call(arguments, ' ')); say.apply(console, arguments); };
  }
  return window.faultsHeard.splice(0);
})()`;

/** Waits until a program that was started answers. @throws when it ends before that, or is too late */
async function ready<T>({ exited, log }: Child, ask: () => Promise<T | undefined>): Promise<T> {
  let ended = false;
  void exited.then(() => (ended = true));
  const until = Date.now() + START_MS;
  while (!ended && Date.now() < until) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await sleep(PAUSE_MS);
  }
  throw new Error(`${log}: ${ended ? 'it ended' : 'it did not start'}: ${tailOf(log!) || 'it says no reason'}`);
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
