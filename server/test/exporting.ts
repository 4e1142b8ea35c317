import type { Answer, Browser } from './browser.ts';
import { must, type World } from './factories.ts';
import { sheetsOf } from './rows-of.ts';

/** What the API tells of an export, as far as tests look at it. */
export interface ExportAnswer {
  id: string;
  state: string;
  rows: { expected: number; capped: boolean; written: number | null };
  snapshotAt: string | null;
  snapshots: number;
  restarts: number;
  file: { name: string; bytes: number; expiresAt: string } | null;
  fault: { code: string; message: string } | null;
  approval: { decision: string | null; by: string | null } | null;
  actions: string[];
}

const PATH = '/api/business/exports';

/** Exports as a member of staff has them made. */
export const ask = async (browser: Browser, body: Record<string, unknown>): Promise<ExportAnswer> =>
  must(await browser.post(PATH, { filter: {}, reason: '月度核对', ...body }), 202).body as ExportAnswer;

export const look = async (browser: Browser, id: string): Promise<ExportAnswer> =>
  must(await browser.get(`${PATH}/${id}`), 200).body as ExportAnswer;

/** Lets a worker make what waits. */
export const workOff = (world: World): Promise<void> => world.app.features.exports.worker().drain();

/** A link to a file, made anew. */
export const linkTo = async (browser: Browser, id: string): Promise<string> =>
  (must(await browser.post(`${PATH}/${id}/link`), 200).body as { url: string }).url;

export async function fetchFile(browser: Browser, id: string): Promise<Answer<Buffer>> {
  return must(await browser.get(await linkTo(browser, id)), 200) as Answer<Buffer>;
}

/** Asks, has it made, fetches it: the sheets with data, and what the last one says about them. */
export async function exported(
  world: World,
  browser: Browser,
  body: Record<string, unknown>,
): Promise<{ sheets: { name: string; rows: string[][] }[]; about: Record<string, string>; view: ExportAnswer }> {
  const { id } = await ask(browser, body);
  await workOff(world);
  const view = await look(browser, id);
  if (view.state !== 'ready') throw new Error(`the export is ${view.state}: ${JSON.stringify(view.fault)}`);
  const sheets = await sheetsOf((await fetchFile(browser, id)).body);
  const about = Object.fromEntries(sheets.pop()!.rows.map(([item = '', value = '']) => [item, value]));
  return { sheets, about, view };
}
