import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { someEnvironment } from '../test/fake-fleet.ts';
import { isReleaseId, releaseId } from './build.ts';
import { hostArgv, hostCommands } from './host-program.ts';
import { commandLine } from './quote.ts';
import { sshArgv, sshExitArgv } from './ssh.ts';

const { environment } = someEnvironment({ ssh: { user: 'ops', port: 2200, options: ['ProxyJump=bastion'] } });
const [host] = environment.hosts as [(typeof environment.hosts)[number]];

test('every word reaches a host as it is, whatever is in it', () => {
  const words = [
    'plain',
    '',
    'two words',
    "it's",
    '$(id)',
    '`id`',
    '"',
    '\\',
    'a\nb',
    '{"name":"李雷"}',
    '*',
    '-n',
    '~',
  ];
  const said = execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine(words)}`], { encoding: 'utf8' });
  expect(said.split('\0').slice(0, -1)).toEqual(words);
});

test('an ssh call never asks, gives up, shares a connection, and can not be given an option for a host', () => {
  const argv = sshArgv(environment, host, { sockets: '/tmp/x' }, ['echo', 'it works']);
  expect(argv.join(' ')).toBe(
    'ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3 -o ControlMaster=auto ' +
      '-o ControlPath=/tmp/x/h1-ops -o ControlPersist=30 -o LogLevel=ERROR -o ProxyJump=bastion -p 2200 -l ops -- 10.0.0.11 ' +
      "echo 'it works'",
  );
  const lane = sshArgv(environment, host, { sockets: '/tmp/x', user: 'root', lane: 'beat' }, 'true').join(' ');
  expect(lane).toContain('ControlPath=/tmp/x/h1-root-beat');
  expect(sshExitArgv(environment, host, { sockets: '/tmp/x' }).slice(-4)).toEqual(['-O', 'exit', '--', '10.0.0.11']);
});

test('the host program is called by its hash, with its own node', () => {
  expect(hostArgv(environment, host, 'abc', hostCommands.stop(7))).toEqual([
    ...['/srv/dengji/host/node', '/srv/dengji/host/abc/main.mjs', '--root', '/srv/dengji', 'stop', '--fence', '7'],
  ]);
});

test('every command that changes a host carries the fence', () => {
  const free = new Set([
    'facts',
    'lockShow',
    'lockTake',
    'lockBreak',
    'approval',
    'canaryFigures',
    'record',
    'records',
    'logs',
  ]);
  const [argument] = [7] as never[];
  const without = Object.entries(hostCommands).flatMap(([name, make]) => {
    const args = (make as (...all: never[]) => readonly string[])(
      argument as never,
      {} as never,
      [] as never,
      1 as never,
      1 as never,
    );
    return args.includes('--fence') || free.has(name) ? [] : [name];
  });
  expect(without).toEqual([]);
});

test('a release id sorts by time and names its commit', () => {
  const id = releaseId(new Date('2026-11-21T21:30:05.123Z'), '1a2b3c4d5e6f');
  expect(id).toBe('20261121-213005-1a2b3c4');
  expect([id, '20261121-213005', 'v1.0', '../../etc'].map(isReleaseId)).toEqual([true, false, false, false]);
});
