import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { tellGuard } from '../../scripts/lib/children.mjs';
import { waitGone } from '../../scripts/lib/processes.mjs';
import { CHROMIUM } from './citizen.ts';

/** Chromium with a folder of its own, in which it keeps what a phone's browser keeps on disk. */
export interface Profile {
  /** Starts it, the first time or after it was killed. */
  start(): Promise<BrowserContext>;
  /** Kills it with all its processes at once: nothing is written any more. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

const GONE_MS = 20_000;

export function makeProfile(options: BrowserContextOptions): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'dengji-profile-'));
  tellGuard({ removeDir: folder });
  let context: BrowserContext;
  let leader = 0;
  return {
    async start() {
      context = await chromium.launchPersistentContext(folder, { ...CHROMIUM, ...options });
      const session = await context.browser()!.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      leader = processInfo.find(({ type }) => type === 'browser')!.id;
      return context;
    },
    async kill() {
      const closed = new Promise((resolve) => context.once('close', resolve));
      // playwright starts it as the leader of a group.
      process.kill(-leader, 'SIGKILL');
      await closed;
      if (!(await waitGone(leader, GONE_MS))) throw new Error(`process ${leader} is still there`);
    },
    async remove() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
