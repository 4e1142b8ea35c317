/** Prepares the mini-program's upload folder: TypeScript becomes what phones run, settings.ts that of one environment. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { Fault } from './fault.mjs';

/** WeChat takes 2 MB; people on slow networks shall not wait for more than this. */
export const LARGEST_BYTES = 300 * 1024;

/** What a phone gets. Everything else of the folder is for those who build it. */
const CARRIED = new Set(['.ts', '.json', '.wxml', '.wxss', '.wxs', '.png', '.svg']);
const LEFT = new Set(['tsconfig.json', 'environments.json', 'project.config.json', 'project.private.config.json']);
const LEFT_FOLDERS = ['dist/', 'test/', 'contract/fixtures/', 'node_modules/'];

/**
 * @param {string} from the folder `miniapp`
 * @param {{ version?: string, env?: string }} wanted
 * @param {string} [folder] where to; it is emptied first
 * @returns {Promise<{ folder: string, files: number, bytes: number, settings: { site: string, version: string, environment: string } }>}
 * @throws {Fault} a wrong version or environment, a broken project, 300 KB or more
 */
export async function prepareShell(from, wanted, folder = join(from, 'dist', String(wanted.env))) {
  const { settings, appId } = readWish(from, wanted);
  const sources = list(from);
  const { default: ts } = await import('typescript');
  const out = new Map();
  for (const path of sources) {
    const bytes = readFileSync(join(from, path));
    if (extname(path) !== '.ts') out.set(path, bytes);
    else out.set(`${path.slice(0, -3)}.js`, compile(ts, path, bytes.toString()));
  }
  out.set('settings.js', compile(ts, 'settings.ts', `export const settings = ${JSON.stringify(settings)};\n`));
  out.set('project.config.json', projectOf(from, appId));
  judge(out);
  const bytes = [...out.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  if (bytes >= LARGEST_BYTES)
    throw new Fault(
      `The mini-program has ${Math.ceil(bytes / 1024)} KB; it must stay below ${LARGEST_BYTES / 1024} KB.`,
    );
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of out) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { folder, files: out.size, bytes, settings };
}

function readWish(from, { version, env }) {
  if (!/^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$/.test(version ?? ''))
    throw new Fault('Give a version of three numbers: --version 1.4.0');
  const environments = JSON.parse(readFileSync(join(from, 'environments.json'), 'utf8'));
  const environment = Object.hasOwn(environments, env ?? '') ? environments[env] : undefined;
  if (!environment)
    throw new Fault(
      `Give an environment of miniapp/environments.json: --env ${Object.keys(environments).join(' or ')}`,
    );
  const { site, appId } = environment;
  const local = /^http:\/\/localhost(:\d+)?$/;
  if (!/^https:\/\/[a-z\d.-]+$/.test(site) && !(env === 'development' && local.test(site)))
    throw new Fault(`The site of "${env}" must be https:// and a host name: phones load nothing else.`);
  if (!/^(wx[\da-f]{16}|touristappid)$/.test(appId)) throw new Fault(`The appId of "${env}" is none of WeChat's.`);
  return { settings: { site, version, environment: env }, appId };
}

/** Paths below the folder that are carried, with `/`. */
function list(from) {
  return readdirSync(from, { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => CARRIED.has(extname(path)) && !LEFT.has(path) && !path.endsWith('.d.ts'))
    .filter((path) => !LEFT_FOLDERS.some((one) => path.startsWith(one)) && statSync(join(from, path)).isFile())
    .toSorted();
}

function compile(ts, path, text) {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2018, module: ts.ModuleKind.CommonJS, removeComments: true },
  });
  if (diagnostics?.length) throw new Fault(`miniapp/${path}: ${diagnostics[0].messageText}`);
  return outputText;
}

/** The project file of the folder: everything is compiled already, and belongs to one AppID. */
function projectOf(from, appId) {
  const project = JSON.parse(readFileSync(join(from, 'project.config.json'), 'utf8'));
  const { useCompilerPlugins: _, ...setting } = project.setting;
  return `${JSON.stringify({ ...project, appid: appId, setting, packOptions: { ignore: [], include: [] } }, null, 2)}\n`;
}

/** WeChat says these faults only when it runs the page. */
function judge(out) {
  /** @type {string[]} */
  const faults = [];
  const app = JSON.parse(String(out.get('app.json') ?? '{}'));
  for (const page of app.pages ?? [])
    for (const end of ['js', 'json', 'wxml']) if (!out.has(`${page}.${end}`)) faults.push(`${page}.${end} is missing`);
  for (const name of [app.sitemapLocation, app.themeLocation])
    if (name && !out.has(name)) faults.push(`${name} is missing`);
  for (const [path, content] of out) {
    if (path.endsWith('.json')) {
      try {
        JSON.parse(String(content));
      } catch {
        faults.push(`${path} is no JSON`);
      }
    }
    if (!path.endsWith('.js')) continue;
    for (const [, to] of String(content).matchAll(/require\("([^"]+)"\)/g))
      if (!out.has(`${posix.join(posix.dirname(path), to)}.js`))
        faults.push(`${path} requires ${to}, which is not there`);
  }
  if (!app.pages?.length) faults.push('app.json names no pages');
  if (faults.length) throw new Fault(`The mini-program is broken: ${faults.join('; ')}.`);
}
