import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexHtmlTransformContext, Plugin } from 'vite';

/** The boot script as it stands in the page: without comments and indentation, else as it was written. */
export function bootScript(): string {
  const lines = readFileSync(new URL('boot.js', import.meta.url), 'utf8').split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('//'))
    .join('\n');
}

/**
 * Names the build, in the pages (`<html data-build>`) and in `/version.json`, and puts the boot script first into their heads.
 * The name is BUILD, the id of the release; without one it follows from the files, so that the same pages have the same name.
 */
export function bootPlugin(version: string, build: string | undefined): Plugin {
  let name = 'development';
  return {
    name: 'boot',
    transformIndexHtml: {
      order: 'post',
      handler(html: string, { bundle }: IndexHtmlTransformContext) {
        if (bundle) name = build || `${version}-${printOf(Object.keys(bundle))}`;
        const charset = '<meta charset="utf-8" />';
        return html
          .replace('<html ', `<html data-build="${name}" `)
          .replace(charset, () => `${charset}\n    <script>${bootScript()}</script>`);
      },
    },
    writeBundle({ dir }) {
      if (!dir) return;
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'version.json'), `${JSON.stringify({ build: name })}\n`);
    },
  };
}

/** The names of the files hold their contents' hashes. */
const printOf = (names: string[]) => createHash('sha256').update(names.toSorted().join('\n')).digest('hex').slice(0, 8);
