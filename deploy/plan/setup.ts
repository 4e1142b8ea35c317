import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../config/schema.ts';
import { hostSettings } from '../config/settings.ts';
import { EXIT, Fault } from '../faults.ts';
import { writeBundle } from '../setup/bundle.ts';
import { nodeBinary } from '../steps/node-binary.ts';
import { must } from '../steps/process.ts';
import type { Context } from '../steps/session.ts';

/** Longest that setting up a host may take: it installs packages. */
const SETUP_S = 1800;

/** Makes hosts ready, one after the other; each may be one that has run for long. @throws Fault with the last lines of a failing host */
export async function setUp(context: Context, hosts: readonly Host[]): Promise<void> {
  const { loaded, terminal, remote, interrupt } = context;
  if (!remote.dry && loaded.envFile !== undefined && !existsSync(loaded.envFile)) {
    throw new Fault(
      `setup.envFile: there is no ${loaded.envFile}. docs/operations.md lists what belongs into it.`,
      EXIT.usage,
    );
  }
  const node = remote.dry ? process.execPath : await nodeBinary(loaded, terminal);
  for (const host of hosts) {
    interrupt.check();
    const folder = await mkdtemp(join(tmpdir(), 'dengji-setup-'));
    try {
      terminal.say(`${host.name.padEnd(8)} setting up`);
      await setUpOne(context, host, folder, node);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function setUpOne(
  { loaded, remote, terminal }: Context,
  host: Host,
  folder: string,
  node: string,
): Promise<void> {
  const { environment, envFile, canaryKey } = loaded;
  const { user } = environment.setup;
  const bundle = join(folder, 'bundle');
  const archive = join(folder, 'bundle.tgz');
  if (!remote.dry) {
    const authorizedKey = publicKey(environment.ssh.key);
    const settings = hostSettings(environment, host, canaryKey);
    writeBundle(bundle, { settings, node, envFile, authorizedKey });
    await must(['tar', '-czf', archive, '-C', bundle, '.']);
  }
  const sudo = user === 'root' ? '' : 'sudo -n ';
  // Secrets are in it: nobody else may read the folder, and it goes whatever happens.
  const line = `umask 077 && D=$(mktemp -d) && trap 'rm -rf "$D"' EXIT && tar -xzf - -C "$D" && ${sudo}sh "$D/setup.sh" 2>&1`;
  const { code, stdout, stderr } = await remote.shell(host, line, {
    user,
    inputFile: archive,
    timeoutS: SETUP_S,
    onLine: (text) => terminal.say(`${host.name.padEnd(8)} ${text}`),
  });
  if (code !== 0)
    throw new Fault(
      `${host.name}: setup ended with ${code}:\n${(stderr || stdout).trim().split('\n').slice(-15).join('\n')}`,
    );
}

/** The key that releases log in with: that of ssh.key, else what the agent offers. */
function publicKey(key: string | undefined): string | undefined {
  if (key !== undefined && existsSync(`${key}.pub`)) return readFileSync(`${key}.pub`, 'utf8').trim();
  if (key !== undefined) return undefined;
  try {
    return (
      execFileSync('ssh-add', ['-L'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .split('\n')[0]
        ?.trim() || undefined
    );
  } catch {
    return undefined;
  }
}
