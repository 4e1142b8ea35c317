import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ZodIssue } from 'zod';
import { EXIT, Fault } from '../faults.ts';
import { crossFaults } from './cross.ts';
import { Environment } from './schema.ts';

const FOLDER = fileURLToPath(new URL('../environments/', import.meta.url));

/** An environment as the program uses it: validated, secrets read, paths absolute. */
export interface Loaded {
  environment: Environment;
  /** HMAC key of the canary cookie. */
  canaryKey: string;
  /** Absolute path of the hosts' secrets, when the environment names one. */
  envFile?: string;
}

/**
 * Reads an environment.
 * @param which a name in deploy/environments, or a path to a .ts or .json file
 * @throws Fault (usage) that names every wrong field with its path
 */
export async function loadEnvironment(which: string): Promise<Loaded> {
  const file = findFile(which);
  const environment = parseEnvironment(await read(file), file);
  const near = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path));
  const { canary, setup } = environment;
  return {
    environment,
    canaryKey: canary.key ?? readKey(near(canary.keyFile ?? '')),
    ...(setup.envFile === undefined ? {} : { envFile: near(setup.envFile) }),
  };
}

/** @throws Fault (usage) with one line per fault */
export function parseEnvironment(value: unknown, where: string): Environment {
  const result = Environment.safeParse(value);
  // With the defaults filled in where they can be: a port may overlap with one that was left out.
  const cross = crossFaults(result.success ? result.data : value);
  if (result.success && cross.length === 0) return result.data;
  const own = result.success ? [] : result.error.issues.flatMap(issueLines);
  const lines = [...own, ...cross.map(({ path, message }) => `${path.join('.')}: ${message}`)];
  throw new Fault(`${where} is not a valid environment:\n${lines.map((line) => `  ${line}`).join('\n')}`, EXIT.usage);
}

function issueLines(issue: ZodIssue): string[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path || '(file)'}: ${issue.message}`];
  return issue.keys.map((key) => `${path ? `${path}.` : ''}${key}: there is no such field`);
}

function findFile(which: string): string {
  const looksLikePath = /[/\\]|\.(ts|json)$/.test(which);
  const file = looksLikePath ? resolve(which) : join(FOLDER, `${which}.ts`);
  if (!existsSync(file)) {
    throw new Fault(`There is no environment file ${file}. Copy deploy/environments/example.ts.`, EXIT.usage);
  }
  return file;
}

async function read(file: string): Promise<unknown> {
  try {
    if (extname(file) === '.json') return JSON.parse(readFileSync(file, 'utf8'));
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new Fault(`${file} can't be read: ${(error as Error).message}`, EXIT.usage, { cause: error });
  }
}

function readKey(file: string): string {
  let key: string;
  try {
    key = readFileSync(file, 'utf8').trim();
  } catch {
    throw new Fault(`canary.keyFile: ${file} can't be read. Make one: openssl rand -hex 32 > ${file}`, EXIT.usage);
  }
  if (key.length < 32) throw new Fault(`canary.keyFile: the key in ${file} is shorter than 32 characters.`, EXIT.usage);
  return key;
}
