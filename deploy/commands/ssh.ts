import type { Environment, Host } from '../config/schema.ts';
import { commandLine } from './quote.ts';

/** What an ssh call needs to know beside the environment. */
export interface SshPlace {
  /** Private folder of this run, for the sockets of the shared connections. */
  sockets: string;
  /** Another account than ssh.user (setup logs in as root). */
  user?: string;
  /** A connection of its own, not the one that others use. */
  lane?: string;
}

/**
 * Pure: the ssh call that runs `remote` on a host. One connection per host and account is shared by all calls (a call costs
 * 20 ms in place of 200), it never asks for anything, and notices within 15 s that the other side is gone.
 * @param remote an argv; quoted here for the host's shell. A text is taken as a command line that is quoted already
 */
export function sshArgv(
  environment: Environment,
  host: Host,
  place: SshPlace,
  remote: readonly string[] | string,
): string[] {
  return ['ssh', ...sshOptions(environment, host, place), '--', host.ssh ?? host.address, lineOf(remote)];
}

/** Pure: ends the shared connection of a host. */
export function sshExitArgv(environment: Environment, host: Host, place: SshPlace): string[] {
  return ['ssh', ...sshOptions(environment, host, place), '-O', 'exit', '--', host.ssh ?? host.address];
}

const lineOf = (remote: readonly string[] | string) => (typeof remote === 'string' ? remote : commandLine(remote));

function sshOptions({ ssh }: Environment, host: Host, { sockets, user = ssh.user, lane }: SshPlace): string[] {
  const options = [
    'BatchMode=yes',
    `ConnectTimeout=${ssh.connectTimeoutS}`,
    'ServerAliveInterval=5',
    'ServerAliveCountMax=3',
    'ControlMaster=auto',
    `ControlPath=${sockets}/${[host.name, user, lane].filter(Boolean).join('-')}`,
    'ControlPersist=30',
    'LogLevel=ERROR',
    ...ssh.options,
  ];
  return [
    ...(ssh.config === undefined ? [] : ['-F', ssh.config]),
    ...options.flatMap((one) => ['-o', one]),
    ...(ssh.key === undefined ? [] : ['-i', ssh.key]),
    ...['-p', String(host.sshPort ?? ssh.port), '-l', user],
  ];
}
