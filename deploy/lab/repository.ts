import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

/** A git repository with what is in this checkout, committed or not, and commits that differ from it. */
export interface Repository {
  readonly folder: string;
  /**
   * Adds a commit on top of the first one under a tag.
   * @param changes new text of files by path, from their old one ('' for a new file)
   * @param asset four characters: the citizens' pages load another file, whose name has them in it
   */
  commit(tag: string, changes: Record<string, (text: string) => string>, asset?: string): void;
}

const SKIPPED = /(^|\/)(node_modules|dist|\.data|\.git)(\/|$)/;

/** @param built folder with server/dist and web/dist of this checkout */
export function makeRepository(folder: string, built: string): Repository {
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: 'pipe' });
  copyCheckout(folder);
  const packageFile = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(packageFile, 'utf8')) as { scripts: Record<string, string> };
  manifest.scripts['build'] = 'node deploy/lab/build-commit.mjs';
  writeFileSync(packageFile, `${JSON.stringify(manifest, null, 2)}\n`);
  const note = (changed: string[], asset?: string) =>
    writeFileSync(join(folder, 'lab.json'), JSON.stringify({ built, changed, asset: asset ?? null }));
  note([]);
  git('init', '-q', '-b', 'main');
  for (const [key, value] of [
    ['user.name', 'Lab'],
    ['user.email', 'lab@example.org'],
    ['commit.gpgsign', 'false'],
    ['gc.auto', '0'],
  ] as const)
    git('config', key, value);
  // A link of that name is no folder, so .gitignore lets it through.
  writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'As it is');
  git('tag', 'base');
  // Ignored by git: what is built from a commit finds the installed modules.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    commit(tag, changes, asset) {
      git('checkout', '-q', '--detach', 'base');
      for (const [path, change] of Object.entries(changes)) {
        const file = join(folder, path);
        const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
        const after = change(before);
        if (after === before) throw new Error(`${path}: nothing changed for "${tag}"`);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, after);
      }
      note(Object.keys(changes), asset);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', tag);
      git('tag', tag);
    },
  };
}

/** Files that git knows or would know; all but the well-known output folders where there is no git. */
function copyCheckout(to: string): void {
  let names: string[];
  try {
    names = execFileSync('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 64 * 1_024 * 1_024,
    })
      .split('\0')
      .filter(Boolean);
  } catch {
    cpSync(root, to, { recursive: true, filter: (path) => !SKIPPED.test(path.slice(root.length)) });
    return;
  }
  for (const name of names) {
    // Deleted, but not committed yet.
    if (!existsSync(join(root, name))) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true });
    copyFileSync(join(root, name), join(to, name));
  }
}
