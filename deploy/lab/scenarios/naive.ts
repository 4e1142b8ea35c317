import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LabHost } from '../host/host.ts';
import type { Lab } from '../lab.ts';

/**
 * What people do without a deploy: `pm2 restart all` on one host after the other. Nobody tells the SLB, nothing is drained.
 * The processes are as well made as ever: the negative control shows what the road around them is worth.
 */
export async function restartNaively(lab: Lab): Promise<void> {
  for (const host of lab.hosts) {
    await pm2(host, ['restart', 'all']);
    await lab.untilSettled();
  }
}

/** The same with the patience that pm2 has by default: 1.6 s, then SIGKILL. */
export async function killNaively(lab: Lab): Promise<void> {
  for (const host of lab.hosts) {
    const listed = await pm2(host, ['jlist']);
    const processes = JSON.parse(listed.slice(listed.indexOf('['))) as { pid: number }[];
    for (const { pid } of processes) if (pid > 0) process.kill(pid, 'SIGKILL');
    await lab.untilSettled();
  }
}

async function pm2({ root }: LabHost, args: string[]): Promise<string> {
  const release = join(root, readlinkSync(join(root, 'current')));
  const { stdout } = await promisify(execFile)(
    join(release, 'node/bin/node'),
    [join(release, 'node_modules/pm2/bin/pm2'), ...args],
    {
      cwd: release,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PM2_HOME: join(root, 'pm2/main'),
        PM2_DISABLE_VERSION_CHECK: '1',
      },
      maxBuffer: 16 * 1_024 * 1_024,
    },
  );
  return stdout;
}
