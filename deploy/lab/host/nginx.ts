import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { startChild, stopProcess } from '../../../scripts/lib/children.mjs';
import { untilConnects } from '../wait.ts';
import { systemProgram } from './system-program.ts';

/** A host's nginx: its master lives as long as the lab, as systemd's would. */
export interface HostNginx {
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts nginx on what a host has before its first release: it says "not ready" to everybody. A release points ROOT/nginx
 * elsewhere and reloads.
 */
export async function startNginx(host: {
  root: string;
  runtime: string;
  logs: string;
  address: string;
  port: number;
}): Promise<HostNginx> {
  const { root, runtime, logs, address, port } = host;
  for (const folder of [runtime, logs, join(root, 'bootstrap/nginx')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'bootstrap/nginx/nginx.conf'), bootstrap(host));
  if (!existsSync(join(root, 'nginx'))) symlinkSync('bootstrap/nginx', join(root, 'nginx'));
  const log = join(logs, 'nginx-start.log');
  const { pid, exited } = startChild(
    systemProgram('nginx'),
    ['-c', join(root, 'nginx/nginx.conf'), '-g', 'daemon off;'],
    { log },
  );
  await Promise.race([
    untilConnects(address, port),
    exited.then(() => Promise.reject(new Error(`nginx ended at once: ${log}`))),
  ]);
  return { pid: pid!, stop: () => stopProcess(pid!, 2_000) };
}

const bootstrap = ({ runtime, logs, address, port }: Parameters<typeof startNginx>[0]) => `
${process.getuid?.() === 0 ? `user ${userInfo().username};` : ''}
worker_processes 1;
pid ${runtime}/nginx.pid;
error_log ${logs}/nginx-error.log warn;
events {}
http {
  access_log off;
  client_body_temp_path ${runtime}/nginx-body;
  proxy_temp_path ${runtime}/nginx-proxy;
  fastcgi_temp_path ${runtime}/nginx-fastcgi;
  uwsgi_temp_path ${runtime}/nginx-uwsgi;
  scgi_temp_path ${runtime}/nginx-scgi;
  server {
    listen ${address}:${port} proxy_protocol;
    return 503;
  }
}
`;
