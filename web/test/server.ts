import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { healthDeclaration } from '../../server/shared/demo/healthDeclaration.ts';
import type { FormContent } from '../../server/shared/fields/types.ts';
import type { Config } from '../../server/src/config.ts';
import { PERMISSION_NAMES } from '../../server/shared/permissions.ts';
import { makeApp, type TestApp } from '../../server/test/app.ts';
import type { Answer, Browser } from '../../server/test/browser.ts';
// For its declaration of what vitest hands to test files.
import type {} from '../../server/test/databases.ts';
import { makeDeps, type TestDeps } from '../../server/test/deps.ts';
import { createFakeWechat, type FakeWechat } from '../../server/test/fakes/wechat.ts';
import { logInStaff, makeStaff, type Staff } from '../../server/test/logins.ts';

/** The day for which the invented answers of `demo-table.ts` are right. */
export const DEMO_DAY = '2026-11-21T02:00:00Z';

const webRoot = fileURLToPath(new URL('../dist', import.meta.url));

export interface Site extends TestDeps {
  baseUrl: string;
  app: TestApp;
  /** Somebody who may do everything everywhere, by HTTP. */
  chief: Browser;
  /** Another account, which can be logged in at a desk. */
  staff(staff: Staff): Promise<void>;
  /** Publishes the first version of a form; the demo's content unless told. */
  publishForm(key: string, content?: FormContent): Promise<void>;
  /** Publishes the next version. */
  republishForm(key: string, content: FormContent): Promise<void>;
}

/** A machine that stands still for a second is not what tests of pages are about. */
const SILENCE_MS = 10_000;

/** The built pages and the real API on a free port of 127.0.0.1; its clock begins at `now` and stands still until it is turned. */
export async function startSite(now = new Date().toISOString(), config: Partial<Config> = {}): Promise<Site> {
  if (!existsSync(webRoot)) throw new Error('web/dist is missing: run `npm run build:web` first');
  const parts = await makeDeps({ config: { webRoot, ...config }, now, silenceMs: SILENCE_MS });
  const app = await makeApp(parts.deps);
  await makeStaff(parts.deps, app.features, { name: 'chief', can: [...PERMISSION_NAMES] });
  const chief = await logInStaff(app, 'chief');
  const forms = '/api/business/forms';
  return {
    ...parts,
    app,
    chief,
    baseUrl: app.origin,
    async staff(staff) {
      await makeStaff(parts.deps, app.features, staff);
    },
    async publishForm(key, content = healthDeclaration) {
      prepared(await chief.post(forms, { key, title: content.title, content }));
      prepared(await chief.post(`${forms}/${key}/publish`, { rev: 1 }));
    },
    async republishForm(key, content) {
      const { body } = prepared(await chief.get(`${forms}/${key}`));
      const { rev } = (body as { workingVersion: { rev: number } }).workingVersion;
      prepared(await chief.put(`${forms}/${key}/working-version`, { content, rev }));
      prepared(await chief.post(`${forms}/${key}/publish`, { rev: rev + 1 }));
    },
    async close() {
      await app.close();
      await parts.close();
    },
  };
}

export interface WechatSite extends Site {
  wechat: FakeWechat;
}

/** A site that shares its clock with a WeChat, and has the demo's form. */
export async function startSiteWithWechat(): Promise<WechatSite> {
  let clock = () => new Date();
  const wechat = await createFakeWechat({ clock: () => clock() });
  const site = await startSite(undefined, { wechat: wechat.config });
  clock = site.clock;
  await site.publishForm('healthDeclaration');
  return {
    ...site,
    wechat,
    async close() {
      await site.close();
      await wechat.close();
    },
  };
}

/** Passes on the answer to a step of the preparation. @throws when it was refused */
export function prepared(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(`preparing failed: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Uploads a table as the chief, into the demo's form unless `fields` says another; answers the import's id. */
export async function uploadTable(
  site: Site,
  filename: string,
  content: Uint8Array<ArrayBuffer>,
  fields: Record<string, string> = {},
): Promise<string> {
  const body = new FormData();
  for (const [name, value] of Object.entries({ form: 'healthDeclaration', ...fields })) body.set(name, value);
  body.set('file', new Blob([content]), filename);
  const answer = prepared(
    await site.chief.post('/api/business/imports', body, { 'idempotency-key': crypto.randomUUID() }),
  );
  return (answer.body as { id: string }).id;
}

/** Does what a worker process would: works off every import that waits. */
export const drainImports = (site: Site): Promise<void> => site.app.features.imports.worker.drain();
