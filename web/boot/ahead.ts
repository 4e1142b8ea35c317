/**
 * Asks for what the first screen is about to need while the app itself is still on its way: its data, and the files of the form. A
 * script of its own that imports nothing, so that it runs long before the app; it begins when it is sure that this page stays.
 * The app takes the answers in `common/client/early.ts`. Without it, or if it fails, the app asks by itself.
 */
import type { Answered, Boot } from '../common/boot.ts';

const boot = (globalThis as { dengjiBoot?: Boot }).dengjiBoot;
if (boot) boot.ready(() => boot.app || begin(boot));

function begin(from: Boot): void {
  const script = document.querySelector<HTMLScriptElement>('script[data-form]');
  const [place, form = '', inside] = /^(\/forms\/[\w-]+)(\/)?|^\/$/.exec(placeOf(from.entry)) || [];
  if (from.entry) preload(script && script.dataset['shell']);
  if (!place) return;
  if (inside) preload(script && script.dataset['form']);
  if (form) void ask(from, form);
  else void askList(from).catch(() => undefined);
  // A ticket changes who is logged in: what is a citizen's own waits for it.
  if (from.entry) return;
  void ask(from, '/session');
  if (inside) void ask(from, `${form}/draft`);
}

/** Where the app will begin: as `startAt` and `currentPlace` in `common/routing.ts` say it. */
function placeOf(entry: string): string {
  const [, to = ''] = /[#&]to=([^&]*)/.exec(entry) || [];
  try {
    return (entry ? decodeURIComponent(to) : location.hash.slice(1)) || '/';
  } catch {
    return '/';
  }
}

function ask(from: Boot, path: string): Promise<Answered | undefined> {
  const headers = { Accept: 'application/json', 'X-Build': from.build, 'X-Contract': __CONTRACT__ };
  const url = `/api/citizen${path}`;
  const asked = fetch(url, { headers, credentials: 'same-origin' })
    .then(async (response) => ({ response, text: await response.text() }))
    .catch(() => undefined);
  from.early = from.early || {};
  from.early[url] = asked;
  return asked;
}

/** Where one form alone is open, the first screen is its start. */
async function askList(from: Boot): Promise<void> {
  const list = await ask(from, '/forms');
  if (from.app || !list || !list.response.ok) return;
  const { items } = JSON.parse(list.text) as { items: { key: string }[] };
  if (items.length === 1) void ask(from, `/forms/${encodeURIComponent(items[0]!.key)}`);
}

function preload(files: string | null | undefined): void {
  for (const file of (files || '').split(' ').filter(Boolean)) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = `/assets/citizen/${file}`;
    document.head.appendChild(link);
  }
}
