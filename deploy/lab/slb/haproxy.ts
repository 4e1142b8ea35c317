import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, stopProcess } from '../../../scripts/lib/children.mjs';
import { systemProgram } from '../host/system-program.ts';
import { untilConnects } from '../wait.ts';

/** How an SLB node decides, seconds and counts. */
export interface SlbCheck {
  intervalS: number;
  fall: number;
  rise: number;
}

export interface SlbNode {
  readonly name: string;
  /** Where its connections to the hosts come from: their health logs tell the nodes apart by it. */
  readonly source: string;
  readonly url: string;
  readonly socket: string;
  stop(): Promise<void>;
}

export interface SlbOptions {
  name: string;
  folder: string;
  listen: { address: string; port: number };
  source: string;
  hosts: readonly { name: string; address: string; port: number }[];
  check: SlbCheck;
}

/**
 * One node of the SLB: TCP with HTTP checks, as a cloud's layer 4 load balancer works. It tells the host who the client is by
 * the PROXY protocol (checks too: nginx's port speaks nothing else), and leaves connections alone when a host is marked down.
 */
export async function startSlbNode(options: SlbOptions): Promise<SlbNode> {
  const { name, folder, listen, source } = options;
  const socket = join(folder, `${name}.sock`);
  const config = join(folder, `${name}.cfg`);
  writeFileSync(config, haproxyConfig(options, socket));
  const { pid, exited } = startChild(systemProgram('haproxy'), ['-f', config, '-db'], {
    log: join(folder, `${name}.log`),
  });
  await Promise.race([
    untilConnects(listen.address, listen.port),
    exited.then(() => Promise.reject(new Error(`haproxy ended at once: ${join(folder, `${name}.log`)}`))),
  ]);
  return {
    name,
    source,
    socket,
    url: `http://${listen.address}:${listen.port}`,
    stop: () => stopProcess(pid!, 2_000),
  };
}

function haproxyConfig({ listen, source, hosts, check }: SlbOptions, socket: string): string {
  const servers = hosts.map(({ name, address, port }) => `  server ${name} ${address}:${port}`);
  return `global
  stats socket ${socket} mode 600 level admin
  maxconn 4000
defaults
  mode tcp
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  timeout check 2s
frontend in
  bind ${listen.address}:${listen.port}
  default_backend hosts
backend hosts
  balance roundrobin
  source ${source}
  option httpchk
  http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host slb.check
  http-check expect status 200
  default-server check check-send-proxy send-proxy-v2 inter ${check.intervalS}s fall ${check.fall} rise ${check.rise}
${servers.join('\n')}
`;
}
