import { sleep } from '../../common/client/backoff.ts';
import { deviceShelf } from '../../common/storage.ts';
import { COPIES, copyName, LIST, type Kept, type LocalCopy } from './local-copy.ts';
import { laterOf } from './which-draft.ts';

/**
 * A copy lies twice on the device. `localStorage` is read at once, but browsers write it to disk seconds later: a browser that is killed as a
 * whole comes back with an old one. IndexedDB is with the system as soon as it says so. The later of the two counts; where a browser has
 * no IndexedDB, or a broken one, it is `localStorage` alone.
 */

/** Copies are small: a save need not wait longer for one. */
const PATIENCE_MS = 400;
/** After a kill the browser puts its database in order first, on a slow phone for long: without it what was typed would be lost. */
const RECALL_MS = 4000;

let last = 0;
/** The browser's database does not answer: nobody waits for it a second time. */
let mute = false;
let opening: Promise<IDBDatabase> | null = null;
let writing: Promise<unknown> = Promise.resolve();

/** Keeps a copy on the phone, until the server has it. False if there is no room. */
export function keepOnDevice(formKey: string, copy: LocalCopy): boolean {
  return keep(formKey, copy);
}

/** The server has it, it was sent, or it is not wanted. */
export function forgetCopy(formKey: string): void {
  keep(formKey, {});
}

/** Waits until what was kept and forgotten outlives the browser. */
export const onDisk = (): Promise<unknown> => Promise.race([writing, sleep(PATIENCE_MS)]);

/** Puts in order what `localCopy` reads, after a browser that was killed. */
export async function recallCopy(formKey: string): Promise<void> {
  const there = mute ? null : await Promise.race([read(formKey).catch(() => (opening = null)), sleep(RECALL_MS)]);
  if (there === undefined) mute = true;
  const here = deviceShelf.get<Kept>(copyName(formKey));
  const kept = laterOf(here, there || null);
  if (kept && kept !== here) shelve(formKey, kept);
  last = Math.max(last, (kept && kept.at) || 0);
}

function keep(formKey: string, copy: Partial<LocalCopy>): boolean {
  // Later than what was before, though the clock may have been put back.
  last = Math.max(Date.now(), last + 1);
  const kept: Kept = { ...copy, at: last };
  if (!shelve(formKey, kept)) return false;
  // An answer may be a proxy of vue's, which only text takes in.
  writing = write(formKey, JSON.stringify(kept)).catch(() => (opening = null));
  return true;
}

function shelve(formKey: string, kept: Kept): boolean {
  const listed = deviceShelf.get<string[]>(LIST) || [];
  if (listed.indexOf(formKey) < 0) deviceShelf.set(LIST, listed.concat(formKey));
  return deviceShelf.set(copyName(formKey), kept);
}

/** Rejects where there is no such thing, or it does not answer. */
function database(): Promise<IDBDatabase> {
  opening =
    opening ||
    new Promise((opened, failed) => {
      const asked = indexedDB.open(COPIES, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(COPIES);
      asked.onerror = failed;
      asked.onsuccess = () => {
        // It is deleted at log-out, perhaps in another tab: nobody may stand in the way.
        asked.result.onversionchange = () => {
          asked.result.close();
          opening = null;
        };
        opened(asked.result);
      };
      setTimeout(failed, RECALL_MS);
    });
  return opening;
}

async function write(formKey: string, text: string): Promise<void> {
  const work = (await database()).transaction(COPIES, 'readwrite');
  work.objectStore(COPIES).put(text, formKey);
  // Not when the page has nothing more to say: it may be on its way out. (Chromium 69 and iOS 12 can't be told.)
  if (work.commit) work.commit();
  await new Promise((done, failed) => {
    work.oncomplete = done;
    work.onabort = failed;
  });
}

async function read(formKey: string): Promise<Kept | null> {
  const asked = (await database()).transaction(COPIES).objectStore(COPIES).get(formKey) as IDBRequest<
    string | undefined
  >;
  await new Promise((done, failed) => {
    asked.onsuccess = done;
    asked.onerror = failed;
  });
  return JSON.parse(asked.result || 'null') as Kept | null;
}
