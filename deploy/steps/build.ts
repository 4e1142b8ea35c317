import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { releaseId, type ReleaseFile } from '../commands/build.ts';
import type { Environment } from '../config/schema.ts';
import { EXIT, Fault } from '../faults.ts';
import { putModules } from './modules.ts';
import { nodeBinary } from './node-binary.ts';
import { artifactsFolder, repositoryOf } from './places.ts';
import { must, run } from './process.ts';
import type { Context } from './session.ts';

/** A commit that is to be released, and what is known of it before anything is built. */
export interface Source {
  id: string;
  ref: string;
  commit: string;
  /** It was built before: the artifact is here already. */
  artifact?: Artifact;
}

/** One release, packed. */
export interface Artifact {
  file: string;
  sha256: string;
  bytes: number;
  release: ReleaseFile;
}

/** Finds the commit of a ref, and the artifact if it was built before. @throws Fault (usage) for an unknown ref */
export async function findSource(environment: Environment, ref: string, now = new Date()): Promise<Source> {
  const git = ['git', '-C', repositoryOf(environment), 'rev-parse', '--verify', '--quiet', '--end-of-options'];
  const { code, stdout } = await run([...git, `${ref}^{commit}`]);
  if (code !== 0) throw new Fault(`There is no commit ${ref} in ${repositoryOf(environment)}.`, EXIT.usage);
  const commit = stdout.trim();
  const artifact = await readArtifact(environment, commit);
  return { id: artifact?.release.id ?? releaseId(now, commit), ref, commit, ...(artifact ? { artifact } : {}) };
}

/** The artifact of a release that was built here. */
export async function keptArtifact(environment: Environment, id: string): Promise<Artifact | undefined> {
  const { code, stdout } = await run([
    'git',
    '-C',
    repositoryOf(environment),
    'rev-parse',
    '--verify',
    `${id.split('-')[2]}^{commit}`,
  ]);
  const artifact = code === 0 ? await readArtifact(environment, stdout.trim()) : undefined;
  return artifact?.release.id === id ? artifact : undefined;
}

const noteOf = (environment: Environment, commit: string) =>
  join(artifactsFolder(environment), `${commit}-${environment.build.platform}-${environment.build.node}.json`);

async function readArtifact(environment: Environment, commit: string): Promise<Artifact | undefined> {
  const note = noteOf(environment, commit);
  if (!existsSync(note)) return undefined;
  const artifact = JSON.parse(await readFile(note, 'utf8')) as Artifact;
  return existsSync(artifact.file) ? artifact : undefined;
}

/**
 * Builds a commit into one packed artifact: from git, never from the working tree. Built once, it is kept.
 * @throws Fault with the end of what the failing tool said
 */
export async function build(context: Context, source: Source, signal: AbortSignal): Promise<Artifact> {
  if (source.artifact) return source.artifact;
  const { environment } = context.loaded;
  if (context.remote.dry) return unbuilt(environment, source);
  const scratch = await mkdtemp(join(tmpdir(), 'dengji-build-'));
  try {
    const tree = join(scratch, 'tree');
    await checkout(environment, source.commit, tree, signal);
    await putModules(environment, tree, false, signal);
    // The pages name their build; /version.json of nginx says the release's id, and both must be the same.
    const env = { BUILD: source.id };
    await must(['npm', 'run', '--silent', 'build'], { cwd: tree, env, signal, what: 'npm run build' });
    const release = await describe(environment, source, tree);
    const packed = join(scratch, 'packed');
    await assemble(context, tree, packed, release, signal);
    return await pack(environment, packed, release);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a dry run speaks of in place of an artifact that is not built yet. */
function unbuilt(environment: Environment, { id, commit, ref }: Source): Artifact {
  const file = join(artifactsFolder(environment), `${id}.tar.gz`);
  const release = { id, commit, ref, node: environment.build.node, platform: environment.build.platform };
  return { file, sha256: 'SHA256', bytes: 0, release: { ...release, builtAt: '', migrations: [], contracts: [] } };
}

async function checkout(environment: Environment, commit: string, tree: string, signal: AbortSignal): Promise<void> {
  await mkdir(tree, { recursive: true });
  const archive = `${tree}.tar`;
  await must(['git', '-C', repositoryOf(environment), 'archive', '-o', archive, commit], {
    signal,
    what: 'git archive',
  });
  await must(['tar', '-xf', archive, '-C', tree], { signal });
  await rm(archive);
}

async function describe({ build }: Environment, { id, commit, ref }: Source, tree: string): Promise<ReleaseFile> {
  const script = `import('./server/dist/migrations/index.js').then(({ migrations }) => console.log(JSON.stringify(
    migrations.map(({ id, contract }) => ({ id, contract: contract === true })))))`;
  const found = JSON.parse(
    await must([process.execPath, '-e', script], { cwd: tree, what: 'reading the migrations' }),
  ) as {
    id: string;
    contract: boolean;
  }[];
  const all = found.sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...{ id, commit, ref },
    node: build.node,
    platform: build.platform,
    builtAt: new Date().toISOString(),
    migrations: all.map((one) => one.id),
    contracts: all.filter((one) => one.contract).map((one) => one.id),
  };
}

/** What travels: built code, production modules, node, nginx templates, the host program, the worker's backup command. No sources, no secrets. */
const TAKEN = [
  ...['server/dist', 'web/dist', 'package.json', 'ecosystem.config.js', 'nginx', 'deploy/host'],
  ...['scripts/backup.mjs', 'scripts/restore.mjs', 'scripts/lib'],
];

async function assemble(
  context: Context,
  tree: string,
  packed: string,
  release: ReleaseFile,
  signal: AbortSignal,
): Promise<void> {
  const { environment } = context.loaded;
  await mkdir(join(packed, 'node', 'bin'), { recursive: true });
  for (const path of TAKEN) {
    if (!existsSync(join(tree, path))) throw new Fault(`${release.ref} has no ${path}: it can't be released.`);
    await cp(join(tree, path), join(packed, path), { recursive: true });
  }
  await cp(join(tree, 'package-lock.json'), join(packed, 'package-lock.json'));
  if (existsSync(join(tree, '.npmrc'))) await cp(join(tree, '.npmrc'), join(packed, '.npmrc'));
  await putModules(environment, packed, true, signal);
  await cp(await nodeBinary(context.loaded, context.terminal), join(packed, 'node', 'bin', 'node'));
  await writeFile(join(packed, 'release.json'), `${JSON.stringify(release, null, 2)}\n`);
}

async function pack(environment: Environment, packed: string, release: ReleaseFile): Promise<Artifact> {
  const folder = artifactsFolder(environment);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${release.id}.tar.gz`);
  const argv = ['tar', '-I', 'gzip -1', '-cf', `${file}.tmp`, '-C', packed, '.'];
  const { code, stderr } = await run(argv);
  // 1: "file changed as we read it". Nobody writes here, but another build may link the same kept modules, which counts as that.
  if (code > 1) throw new Fault(`packing failed (${code}):\n${stderr.trim()}`);
  await rename(`${file}.tmp`, file);
  const artifact = { file, sha256: await sha256Of(file), bytes: (await stat(file)).size, release };
  const note = noteOf(environment, release.commit);
  await writeFile(`${note}.tmp`, JSON.stringify(artifact));
  await rename(`${note}.tmp`, note);
  return artifact;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
