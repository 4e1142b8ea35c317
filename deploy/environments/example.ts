import type { EnvironmentInput } from '../config/schema.ts';

/**
 * An environment of two hosts: documentation and template at once. Copy it to deploy/environments/<name>.ts, then
 * `npm run deploy -- check --env <name>`. What each field means, and its default, is in deploy/config/schema.ts; what is
 * left out here has its default. Wrong fields are named all at once, with their paths.
 */
const example: EnvironmentInput = {
  name: 'example',

  // The fleet, in the order in which it is released to. A third host is one more line: docs/operations.md, "A third host".
  hosts: [
    { name: 'h1', address: '10.0.0.11' },
    { name: 'h2', address: '10.0.0.12', ssh: 'h2.internal', sshPort: 2222 },
  ],

  serverName: 'reg.example.cn',
  publicOrigin: 'https://reg.example.cn',

  // TLS ends at the SLB. In nginx instead: { at: 'nginx', certificate: '/etc/ssl/reg.pem', key: '/etc/ssl/reg.key' }
  tls: { at: 'slb' },
  proxyProtocol: true,
  slb: {
    // Where the SLB connects and probes from; nobody else is believed about a client's address.
    addresses: ['100.64.0.0/10'],
    // Its probing nodes. Empty: found in the health log of each host.
    probers: [],
    // As it is set in the SLB; the waits of a release count with it.
    check: { intervalS: 2, fall: 3, rise: 2 },
  },

  ssh: { user: 'dengji', port: 22, options: [] },
  setup: {
    // Logs in as root (or as an account with sudo) once, to make a bare Debian host ready.
    user: 'root',
    // KEY=VALUE lines: MONGO_URL, REDIS_URL, DATA_KEYS, INDEX_KEY, DEPLOY_SECRET, … Never in git.
    envFile: 'example.env',
  },

  build: { node: '20.20.2', platform: 'linux-x64' },
  processes: { api: 2, memoryMb: 1024 },

  // openssl rand -hex 32 > deploy/environments/example.canary.key
  canary: { keyFile: 'example.canary.key' },

  // A host that hears nothing of its operator for 25 s puts itself back in service.
  lease: { seconds: 25 },
  // Longest wait for requests in flight; then the host rejoins and the plan ends. Nothing is cut.
  drain: { deadlineS: 150 },
  // Production: another person than the author approves in the system backend.
  approval: { required: true },
  keep: { releases: 5, assetsDays: 14 },
  limits: { minFreeMb: 3000, maxClockSkewMs: 2000 },
};

export default example;
