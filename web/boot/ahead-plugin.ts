import type { Plugin, Rolldown } from 'vite';

/** What the form's steps load beside the app; and what the shell's ticket does. Chunks are found by these modules. */
const FORM = ['/features/forms/StepScreen.vue', '/i18n/zh-CN.later.ts', '/messages/fields.zh-CN.ts'];
const SHELL = ['/features/login/by-shell.ts'];

/** Puts `ahead.ts`, built as an entry of that name, into the page, and names the files that it may fetch. */
export function aheadPlugin(): Plugin {
  return {
    name: 'ahead',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (!bundle) return html;
        const chunks = Object.values(bundle).filter((file): file is Rolldown.OutputChunk => file.type === 'chunk');
        const ahead = one(chunks, ({ isEntry, name }) => isEntry && name === 'ahead', 'ahead.ts');
        if (ahead.imports.length) throw new Error(`ahead.ts would wait for ${ahead.imports.join()}`);
        const names = (modules: string[]) =>
          [...withImports(chunks, modules)]
            .filter((file) => !html.includes(file))
            .map((file) => file.replace(/^.*\//, ''))
            .join(' ');
        const tag = `<script type="module" async crossorigin src="/${ahead.fileName}" data-form="${names(FORM)}" data-shell="${names(SHELL)}"></script>`;
        return html.replace('<script type="module"', (main) => `${tag}\n    ${main}`);
      },
    },
  };
}

/** The chunks that hold these modules, with all that they import statically, by file name. */
function withImports(chunks: Rolldown.OutputChunk[], modules: string[]): Set<string> {
  const found = new Set<string>();
  const visit = (chunk: Rolldown.OutputChunk) => {
    if (found.has(chunk.fileName)) return;
    found.add(chunk.fileName);
    for (const file of chunk.imports) visit(one(chunks, ({ fileName }) => fileName === file, file));
  };
  for (const module of modules)
    visit(one(chunks, ({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)), module));
  return found;
}

function one<T>(all: T[], is: (each: T) => boolean, what: string): T {
  const found = all.find(is);
  if (!found) throw new Error(`the build has no ${what}`);
  return found;
}
