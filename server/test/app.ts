import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp, type App, type AppOptions } from '../src/app.ts';
import type { Deps } from '../src/deps.ts';
import { createLifecycle } from '../src/http/lifecycle.ts';
import { makeBrowser, type Browser } from './browser.ts';

export type { Answer, Browser } from './browser.ts';

export interface TestApp extends App {
  origin: string;
  server: Server;
  browser(): Browser;
  close(): Promise<void>;
}

/** The real app on a free port of 127.0.0.1, with answers checked against their schemas; event streams end soon. */
export async function makeApp(deps: Deps, options: Partial<AppOptions> = {}): Promise<TestApp> {
  const lifecycle = options.lifecycle ?? createLifecycle();
  const app = await createApp(deps, {
    checkAnswers: true,
    rateFactor: 1000,
    eventStreamMs: 300,
    ...options,
    lifecycle,
  });
  const server = createServer(app.koa.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  lifecycle.booted();
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...app,
    origin,
    server,
    browser: () => makeBrowser(origin),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
