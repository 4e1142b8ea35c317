/**
 * What `npm run build` is in the lab's repository: takes what this checkout has built, and compiles only the files that a
 * commit has changed. A whole build takes a minute of a processor, and the lab makes ten releases.
 * `lab.json` of the commit: `{ built: folder, changed: paths, asset: text | null }`.
 */
import { cpSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const { built, changed, asset } = JSON.parse(readFileSync('lab.json', 'utf8'));
for (const path of ['server/dist', 'web/dist']) cpSync(join(built, path), path, { recursive: true });

const { compilerOptions } = ts.readConfigFile('tsconfig.base.json', ts.sys.readFile).config;
// One file alone does not tell that its package is of ES modules: NodeNext would make CommonJS of it.
const options = { ...ts.convertCompilerOptionsFromJson(compilerOptions, '.').options, module: ts.ModuleKind.ESNext };
for (const path of changed.filter((one) => one.startsWith('server/') && one.endsWith('.ts'))) {
  const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions: options, fileName: path });
  writeFileSync(path.replace('server/', 'server/dist/').replace(/\.ts$/, '.js'), outputText);
}

// As a change of a page does: the file that it loads first has another content and so another name.
if (asset) {
  const folder = 'web/dist/assets/citizen';
  const name = readdirSync(folder).find((one) => /^register-[\w-]+\.js$/.test(one));
  const other = name.replace(/-[\w-]{4}([\w-]*)\.js$/, `-${asset}$1.js`);
  writeFileSync(join(folder, name), `${readFileSync(join(folder, name), 'utf8')}\n/* ${asset} */\n`);
  renameSync(join(folder, name), join(folder, other));
  for (const file of readdirSync('web/dist', { recursive: true }).map(String)) {
    if (!/\.(html|js|css)$/.test(file)) continue;
    const path = join('web/dist', file);
    const text = readFileSync(path, 'utf8');
    if (text.includes(name)) writeFileSync(path, text.replaceAll(name, other));
  }
}
