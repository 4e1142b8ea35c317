import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PORTS, startHost, type TestHost } from './test/host.ts';
import { ask } from './test/http.ts';

const HSTS = 'max-age=63072000; includeSubDomains';

describe('control 19: TLS in nginx', () => {
  let folder: string;
  let host: TestHost;
  const shake = (version: SecureVersion, ciphers = 'ALL:@SECLEVEL=0') =>
    new Promise<string>((resolve) => {
      const socket = connect({
        host: host.settings.address,
        port: PORTS.https,
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        ciphers,
      });
      socket.once('secureConnect', () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
        socket.destroy();
      });
      socket.once('error', () => resolve('refused'));
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dengji-tls-'));
    const [certificate, key] = [join(folder, 'site.pem'), join(folder, 'site.key')];
    const subject = ['-subj', '/CN=reg.example.cn', '-addext', 'subjectAltName=DNS:reg.example.cn'];
    const make = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ];
    execFileSync('openssl', make, { stdio: 'ignore' });
    host = await startHost({ tls: { at: 'nginx', certificate, key }, serverName: 'reg.example.cn' });
  });
  afterAll(async () => {
    await host?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('speaks TLS 1.2 and 1.3 only', async () => {
    expect(await shake('TLSv1')).toBe('refused');
    expect(await shake('TLSv1.1')).toBe('refused');
    expect(await shake('TLSv1.2')).toMatch(/^TLSv1.2 ECDHE-/);
    expect(await shake('TLSv1.3')).toMatch(/^TLSv1.3 TLS_/);
  });

  it('takes no cipher without forward secrecy and authentication', async () => {
    const weak = [
      'AES128-SHA',
      'AES128-GCM-SHA256',
      'ECDHE-RSA-AES128-SHA',
      'ECDHE-RSA-AES256-SHA384',
      'DHE-RSA-AES128-SHA',
      'NULL',
    ];
    for (const cipher of weak)
      expect([cipher, await shake('TLSv1.2', `${cipher}:@SECLEVEL=0`)]).toEqual([cipher, 'refused']);
  });

  it('sends HSTS with every kind of answer, and http goes to https', async () => {
    const agent = new Agent({ rejectUnauthorized: false });
    const get = (path: string) =>
      new Promise<{ status: number; hsts: string | undefined }>((resolve, reject) => {
        const options = {
          host: host.settings.address,
          port: PORTS.https,
          path,
          agent,
          headers: { Host: 'reg.example.cn' },
        };
        request(options, (res) => {
          res.resume();
          resolve({ status: res.statusCode!, hsts: res.headers['strict-transport-security'] });
        })
          .on('error', reject)
          .end();
      });
    expect(await get('/register/')).toEqual({ status: 200, hsts: HSTS });
    expect(await get('/register')).toEqual({ status: 302, hsts: HSTS });
    expect(await get('/none')).toEqual({ status: 404, hsts: HSTS });
    expect(await get('/api/x')).toEqual({ status: 502, hsts: HSTS });
    expect(await get('/health/ready')).toEqual({ status: 503, hsts: HSTS });
    agent.destroy();

    const plain = { host: host.settings.address, port: PORTS.http };
    const there = await ask({ ...plain, path: '/register/?a=1', headers: { Host: 'reg.example.cn' } });
    expect([there.status, there.headers.location]).toEqual([308, 'https://reg.example.cn/register/?a=1']);
  });

  it('a host name that is not ours gets nothing but the health check', async () => {
    const plain = { host: host.settings.address, port: PORTS.http, headers: { Host: 'evil.example' } };
    expect((await ask({ ...plain, path: '/register/' })).status).toBe(421);
    expect((await ask({ ...plain, path: '/health/ready' })).status).toBe(503);
  });
});
