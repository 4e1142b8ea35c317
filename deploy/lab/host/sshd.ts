import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { startChild, stopProcess } from '../../../scripts/lib/children.mjs';
import { until, untilConnects } from '../wait.ts';
import { systemProgram } from './system-program.ts';

/** A host's ssh server. */
export interface Sshd {
  readonly address: string;
  readonly port: number;
  /** A line for known_hosts. */
  readonly hostKey: string;
  /** Lets programs that are run over ssh see another time: `+1h`; null for the true one. Counts for new connections. */
  skewClock(by: string | null): Promise<void>;
  /** As a host that can't be reached: nothing listens any more, connections break. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** sshd wants to be called by its whole path. */
const PROGRAM = systemProgram('sshd');
const FAKETIME = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((arch) => `/usr/lib/${arch}/faketime/libfaketime.so.1`);

/** Makes a pair of keys without a passphrase, once. @returns the public one */
export function makeKey(path: string): string {
  if (!existsSync(path))
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'dengji lab', '-f', path], { stdio: 'ignore' });
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

export async function startSshd(options: {
  folder: string;
  address: string;
  port: number;
  authorizedKey: string;
}): Promise<Sshd> {
  const { folder, address, port, authorizedKey } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(folder, name);
  const hostKey = makeKey(at('host_key'));
  writeFileSync(at('authorized_keys'), `${authorizedKey}\n`);
  chmodSync(at('authorized_keys'), 0o600);
  // sshd as root wants this one, and a bare container has it only when ssh was started as a service.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  let pid: number | undefined;
  let environment: Record<string, string> = {};
  const configure = () => writeFileSync(at('sshd_config'), configOf(options, at, environment));
  const sshd: Sshd = {
    address,
    port,
    hostKey: `[${address}]:${port} ${hostKey.split(' ').slice(0, 2).join(' ')}`,
    async start() {
      configure();
      const child = startChild(PROGRAM, ['-D', '-e', '-f', at('sshd_config')], { log: at('sshd.log') });
      pid = child.pid!;
      await Promise.race([
        untilConnects(address, port),
        child.exited.then(() => Promise.reject(new Error(`sshd ended at once: ${at('sshd.log')}`))),
      ]);
    },
    async stop() {
      if (pid === undefined) return;
      const ending = pid;
      pid = undefined;
      await stopProcess(ending, 2_000);
    },
    async skewClock(by) {
      const library = FAKETIME.find((path) => existsSync(path));
      if (by && !library) throw new Error('libfaketime is not installed');
      environment = by ? { LD_PRELOAD: library!, FAKETIME: by } : {};
      await sshd.stop();
      await until('the port is free', async () => !(await untilConnects(address, port, 0).catch(() => false)), 5_000);
      await sshd.start();
    },
  };
  await sshd.start();
  return sshd;
}

function configOf(
  { address, port }: { address: string; port: number },
  at: (name: string) => string,
  environment: Record<string, string>,
): string {
  const path = `${join(process.execPath, '..')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const set = Object.entries({ PATH: path, ...environment }).map(([name, value]) => `${name}=${value}`);
  return `AddressFamily inet
ListenAddress ${address}:${port}
HostKey ${at('host_key')}
AuthorizedKeysFile ${at('authorized_keys')}
PidFile ${at('sshd.pid')}
AllowUsers ${userInfo().username}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PrintMotd no
MaxStartups 200
MaxSessions 100
LogLevel ERROR
SetEnv ${set.join(' ')}
`;
}
