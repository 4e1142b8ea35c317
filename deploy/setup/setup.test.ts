import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, stopProcess } from '../../scripts/lib/children.mjs';
import { ownAddress } from '../../nginx/test/address.ts';
import { until } from '../../nginx/test/host.ts';
import { ask } from '../../nginx/test/http.ts';
import { render } from '../../nginx/render.mjs';
import { writeBundle, type BundleOptions } from './bundle.ts';
import { UNITS } from './files.ts';
import { keepPackages, makeChroot, type Chroot } from './test/chroot.ts';
import { exampleSettings } from './test/settings.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHNlY3JldA release@example';
/** What systemd may find fault with in our units, from 0 (closed) to 10 (open). */
const EXPOSURE = { 'dengji-nginx.service': 3, 'dengji.service': 6 };

describe('setup of a bare host', () => {
  const hosts: { chroot: Chroot; bundle: BundleOptions; first: string }[] = [];
  const h = (at: number) => hosts[at]!;

  beforeAll(async () => {
    const env = join(tmpdir(), `dengji-setup-${process.pid}.env`);
    writeFileSync(env, 'MONGO_URL=mongodb://db/dengji?replicaSet=rs0\n', { mode: 0o600 });
    const prepare = async (at: number) => {
      const chroot = await makeChroot();
      const address = ownAddress();
      const settings = exampleSettings({
        hosts: [{ name: `h${at + 1}`, address, loopback: address }],
        ports: { http: 8080, https: 8443 },
      });
      const bundle = { settings, node: process.execPath, authorizedKey: KEY, envFile: env };
      writeBundle(join(chroot.path, 'setup'), bundle);
      hosts[at] = { chroot, bundle, first: '' };
      h(at).first = await chroot.run(['sh', '/setup/setup.sh']);
      await keepPackages(chroot);
    };
    // The first one makes the base and downloads; what it got the other one has.
    await prepare(0);
    await prepare(1);
    rmSync(env);
  }, 600_000);
  afterAll(() => hosts.forEach(({ chroot }) => chroot.remove()));

  it('ends ready, and a second run changes nothing', async () => {
    for (const { chroot, first } of hosts) {
      expect(first).toMatch(/changed {2}packages:.* nginx/);
      expect(first).toMatch(/changed {2}account dengji/);
      expect(first).toContain('Firewall (not changed by this script)');
      const again = await chroot.run(['sh', '/setup/setup.sh']);
      expect(again.split('\n').filter((line) => line.startsWith('changed'))).toEqual([]);
      expect(again.trimEnd().endsWith('0 changes')).toBe(true);
    }
  });

  it('repairs what was broken, and says what', async () => {
    const { chroot } = h(0);
    const at = (path: string) => join(chroot.path, path);
    writeFileSync(at('etc/systemd/system/dengji.service'), '[Unit]\n');
    await chroot.run([
      'sh',
      '-c',
      'chmod 777 /srv/dengji/env && rm -r /srv/dengji/pm2 && systemctl disable -q dengji-watchdog.timer',
    ]);
    const again = await chroot.run(['sh', '/setup/setup.sh']);
    const changes = again
      .split('\n')
      .filter((line) => line.startsWith('changed'))
      .map((line) => line.slice(9));
    expect(changes).toEqual([
      'folder /srv/dengji/env',
      ...['pm2', 'pm2/main', 'pm2/canary'].map((name) => `folder /srv/dengji/${name}`),
      'file /etc/systemd/system/dengji.service',
      'unit dengji-watchdog.timer',
    ]);
  });

  it('keeps secrets to the account, and gives it one command as root', async () => {
    const { chroot } = h(0);
    const mode = (path: string) => (statSync(join(chroot.path, path)).mode & 0o777).toString(8);
    const modes = ['env', 'env/dengji.env', 'settings.json', 'state', 'pm2', 'pm2/main'].map((name) => [
      name,
      mode(`srv/dengji/${name}`),
    ]);
    expect(Object.fromEntries(modes)).toEqual({
      env: '700',
      'env/dengji.env': '600',
      'settings.json': '600',
      state: '700',
      pm2: '700',
      'pm2/main': '700',
    });
    expect([mode('etc/sudoers.d/dengji'), mode('home/dengji/.ssh'), mode('home/dengji/.ssh/authorized_keys')]).toEqual([
      '440',
      '700',
      '600',
    ]);
    expect(await chroot.run(['visudo', '-c'])).toContain('/etc/sudoers.d/dengji: parsed OK');
    const allowed = readFileSync(join(chroot.path, 'etc/sudoers.d/dengji'), 'utf8')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    expect(allowed).toEqual(['dengji ALL=(root) NOPASSWD: /usr/bin/systemctl reload dengji-nginx']);
    expect(readFileSync(join(chroot.path, 'etc/shadow'), 'utf8')).toMatch(/^dengji:[!*]/m);
  });

  it('units are right in the eyes of systemd, start at boot, and are closed', async () => {
    const { chroot } = h(1);
    // What the first release brings.
    const node = 'srv/dengji/current/node/bin';
    mkdirSync(join(chroot.path, node), { recursive: true });
    await chroot.run(['cp', '/srv/dengji/host/node', `/${node}/node`]);
    const verify = [
      'systemd-analyze',
      'verify',
      ...UNITS.map((name) => `/etc/systemd/system/${name}`),
      '/etc/systemd/system/dengji-watchdog.service',
    ];
    expect((await chroot.run(verify)).split('\n').filter((line) => line.includes('dengji'))).toEqual([]);
    for (const name of UNITS) expect((await chroot.run(['systemctl', 'is-enabled', name])).trim()).toBe('enabled');
    expect((await chroot.run(['sh', '-c', 'systemctl is-enabled nginx.service || true'])).trim()).toBe('masked');
    for (const [name, most] of Object.entries(EXPOSURE)) {
      const path = `/etc/systemd/system/${name}`;
      const report = await chroot.run([
        'systemd-analyze',
        'security',
        '--offline=true',
        `--threshold=${most * 10}`,
        '--no-pager',
        path,
      ]);
      expect(report).toContain('Overall exposure level');
    }
  });

  it('nginx runs as the account, says before the first release that it is not ready, and goes on over a rotation', async () => {
    const { chroot, bundle } = h(0);
    const { address, ports } = bundle.settings;
    const log = join(chroot.path, 'nginx.out');
    const argv = [
      '--userspec=dengji',
      chroot.path,
      '/usr/sbin/nginx',
      '-c',
      '/srv/dengji/nginx/nginx.conf',
      '-g',
      'daemon off;',
    ];
    const { pid } = startChild('chroot', argv, { log });
    const asked = () => ask({ host: address, port: ports.http, path: '/health/ready' });
    const first = await until('nginx', () => asked().catch(() => undefined));
    expect([first.status, first.body]).toEqual([503, '{"status":"empty"}']);
    expect((await ask({ host: address, port: ports.https, path: '/register/' })).status).toBe(503);

    const health = (name: string) =>
      readFileSync(join(chroot.path, 'var/log/dengji', name), 'utf8')
        .trim()
        .split('\n');
    const before = health('health.log').length;
    await chroot.run(['logrotate', '--force', '/etc/logrotate.d/dengji']);
    await until('the new file', async () => {
      await asked();
      return health('health.log').filter(Boolean).length > 0 ? true : undefined;
    });
    expect(health('health.log.1')).toHaveLength(before);
    await stopProcess(pid!, 5_000);
  });

  it('a host that was rebooted in the middle of a release is not ready before it was healed', async () => {
    const { chroot } = h(1);
    const unit = readFileSync(join(chroot.path, 'etc/systemd/system/dengji-nginx.service'), 'utf8');
    const line = /^ExecStartPre=\/bin\/sh -c '(.*)'$/m.exec(unit)![1]!;
    const journal = join(chroot.path, 'srv/dengji/state/host.json');
    const flagged = async () => {
      await chroot.run(['sh', '-c', line]);
      const found = existsSync(join(chroot.path, 'run/dengji/drain'));
      rmSync(join(chroot.path, 'run/dengji/drain'), { force: true });
      return found;
    };
    expect(await flagged()).toBe(false);
    writeFileSync(journal, `${JSON.stringify({ phase: 'switched', hold: false })}\n`);
    expect(await flagged()).toBe(true);
    writeFileSync(journal, `${JSON.stringify({ phase: 'serving', hold: false })}\n`);
    expect(await flagged()).toBe(false);
  });

  it('nginx takes a rendered configuration, tested by the account without root', async () => {
    const { chroot, bundle } = h(1);
    const folder = join(chroot.path, 'srv/dengji/rendered');
    mkdirSync(folder);
    for (const [name, text] of Object.entries(render(bundle.settings, { asRoot: false, brotli: true })))
      writeFileSync(join(folder, name), text);
    const test = bundle.settings.commands.nginxTest;
    await chroot.run([...test, '/srv/dengji/rendered/nginx.conf'], 'dengji');
  });

  it('refuses what is no host for it, and changes nothing there', async () => {
    const { chroot } = h(1);
    await expect(chroot.run(['sh', '/setup/setup.sh'], 'dengji')).rejects.toThrow(
      /must be run by root|Permission denied/,
    );
    await chroot.run(['sed', '-i', 's/^VERSION_ID=.*/VERSION_ID="11"/', '/etc/os-release']);
    await expect(chroot.run(['sh', '/setup/setup.sh'])).rejects.toThrow('Debian 12 or younger is needed');
  });
});
