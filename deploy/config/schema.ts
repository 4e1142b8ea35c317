import { z } from 'zod';
import * as t from './texts.ts';

/**
 * One environment: a fleet of hosts behind one layer-4 load balancer (SLB). Every field says in `describe` what it is for;
 * `environments/example.ts` shows all of them in use. Unknown fields are refused: a misspelt one must not be ignored.
 */
const commands = z
  .strictObject({
    nginxTest: t.argv
      .default(['/usr/sbin/nginx', '-t', '-q', '-c'])
      .describe('Tests a configuration, whose path is added. nginx runs as `user`, so that nobody must be root.'),
    nginxReload: t.argv
      .default(['sudo', '-n', '/usr/bin/systemctl', 'reload', 'dengji-nginx'])
      .describe('Reloads nginx.'),
  })
  .describe('How nginx is reached on a host.');

const host = z
  .strictObject({
    name: t.name.describe('What operators and records call the host. Unique; never given to another machine.'),
    address: t.address.describe(
      'Private IP address: its peers and the SLB reach nginx and the API of this host there.',
    ),
    ssh: t.sshTarget
      .optional()
      .describe('Where ssh reaches it: a name of your ssh config or an address. Default: address.'),
    loopback: t.address.optional().describe('Its loopback address, where hosts share a machine. Default: loopback.'),
    root: t.path.optional().describe('Its folder, where hosts share a machine. Default: root.'),
    runtime: t.path.optional().describe('Its folder in memory, where hosts share a machine. Default: runtime.'),
    logs: t.path.optional().describe('Its log folder, where hosts share a machine. Default: logs.'),
    commands: commands.optional().describe('How its nginx is reached, where hosts share a machine. Default: commands.'),
    sshPort: t.port.optional().describe('Port of its sshd. Default: ssh.port.'),
  })
  .describe('One machine of the fleet.');

const ports = z
  .strictObject({
    http: t.port.default(80).describe('nginx: what the SLB forwards http to.'),
    https: t.port
      .default(443)
      .describe('nginx: what the SLB forwards https to; in clear text when tls.at is slb, which has decrypted it.'),
    status: t.port.default(8081).describe('nginx: its own counters, on loopback only.'),
    api: t.port.default(3000).describe('The API. Peers forward to it while they are drained.'),
    internal: t.port.default(3010).describe('Metrics and in-flight count of the API processes, on loopback only.'),
    worker: t.port.default(3030).describe('The same of the worker.'),
    canaryApi: t.port.default(3100).describe('The API of a canary release.'),
    canaryInternal: t.port.default(3110).describe('Internal port of a canary release.'),
  })
  .describe('Ports on every host; all different. A process of several instances takes the port and those after it.');

const tls = z
  .discriminatedUnion('at', [
    z.strictObject({ at: z.literal('slb') }),
    z.strictObject({ at: z.literal('nginx'), certificate: t.path, key: t.path }),
  ])
  .describe('Where TLS ends: at the SLB, or in nginx with a certificate and key that lie on every host.');

const slb = z
  .strictObject({
    addresses: z
      .array(t.network)
      .min(1)
      .describe(
        'Addresses (CIDR) that the SLB connects and probes from. Only they are believed about a client address.',
      ),
    forwardedFor: z
      .boolean()
      .default(false)
      .describe(
        'The SLB speaks HTTP and writes X-Forwarded-For itself. Never for one of layer 4: it passes on what the client wrote.',
      ),
    probers: z
      .array(t.address)
      .default([])
      .describe(
        'Addresses of the SLB nodes that probe. Empty: found in the health log. Name them when a node may be silent.',
      ),
    check: z
      .strictObject({
        intervalS: t.seconds(1, 60).default(2).describe('Seconds between two probes.'),
        fall: t.count(1, 10).default(3).describe('Failed probes after which the SLB takes a host out.'),
        rise: t.count(1, 10).default(2).describe('Good probes after which the SLB puts a host in.'),
      })
      .default({})
      .describe('The health check exactly as it is set in the SLB: GET /health/ready, 200 is healthy.'),
  })
  .describe('What this program must know of the load balancer. Its required settings are in docs/operations.md.');

const ssh = z
  .strictObject({
    user: t.account.default('dengji').describe('Account that releases are made under.'),
    port: t.port.default(22).describe('Port of sshd, where a host does not say otherwise.'),
    key: t.path.optional().describe('Private key file. Default: what ssh finds (agent, ~/.ssh/config).'),
    config: t.path.optional().describe('ssh config file to use in place of yours.'),
    options: z.array(t.sshOption).default([]).describe('More -o options, e.g. "ProxyJump=bastion".'),
    connectTimeoutS: t.seconds(1, 60).default(10).describe('Seconds until an unreachable host is given up.'),
  })
  .describe('How the hosts are reached. Passwords are never asked for: BatchMode is always on.');

const build = z
  .strictObject({
    node: t.nodeVersion.describe('Node that travels in the artifact, e.g. "20.20.2".'),
    platform: z.enum(['linux-x64', 'linux-arm64']).default('linux-x64').describe('What the hosts are.'),
    repository: t.path
      .optional()
      .describe('Git checkout that REF is looked up in. Default: the one this program is in.'),
    cache: t.path
      .optional()
      .describe('Folder for artifacts and installed modules. Default: .data/deploy in the repository.'),
    modules: z
      .enum(['install', 'checkout'])
      .default('install')
      .describe(
        'install: npm ci from the lock file. checkout: link what the checkout has installed, for trying things out.',
      ),
  })
  .describe('How the artifact is made.');

const limits = z
  .strictObject({
    minFreeMb: t.count(1, 10_000_000).default(3000).describe('Free disk under root below which nothing is begun.'),
    maxClockSkewMs: t
      .count(10, 60_000)
      .default(2000)
      .describe('Largest clock difference between a host and this machine.'),
    outS: t
      .seconds(1, 600)
      .optional()
      .describe('Longest wait for the SLB to take a host out. Default: 5 × intervalS × fall + 10.'),
    inS: t
      .seconds(1, 600)
      .optional()
      .describe('Longest wait for the SLB to put it in. Default: 5 × intervalS × rise + 10.'),
    stepS: t
      .seconds(5, 3600)
      .default(240)
      .describe('Longest any other step on a host may take (stop, start, smoke test).'),
    transferS: t.seconds(5, 7200).default(900).describe('Longest a host may take to receive an artifact.'),
    migrateS: t.seconds(5, 86_400).default(3600).describe('Longest a migration may take.'),
    approvalS: t.seconds(5, 86_400).default(3600).describe('Longest wait for the approval of a release.'),
  })
  .default({})
  .describe('What counts as wrong, and how long is waited for what.');

export const Environment = z.strictObject({
  name: t.name.describe('The name of the environment, shown in prompts, records and messages.'),
  hosts: z.array(host).min(1).max(50).describe('The fleet, in the order in which it is released to.'),
  root: t.path.default('/srv/dengji').describe('Folder on every host: releases, assets, state.'),
  runtime: t.path.default('/run/dengji').describe('Folder in memory on every host; holds the drain flag.'),
  logs: t.path.default('/var/log/dengji').describe('Folder of all log files on every host.'),
  user: t.account.default('dengji').describe('Account that nginx and node run under.'),
  loopback: t.address.default('127.0.0.1').describe('Loopback address of the hosts.'),
  ports: ports.default({}),
  serverName: z.string().min(1).max(253).describe('Host name(s) of the site as nginx writes them in server_name.'),
  publicOrigin: t.origin.describe('Where browsers find the site, e.g. https://reg.example.cn'),
  tls: tls.default({ at: 'slb' }),
  proxyProtocol: z.boolean().default(true).describe('The SLB sends the PROXY protocol: the client address is known.'),
  slb,
  ssh: ssh.default({}),
  build,
  processes: z
    .strictObject({
      api: t.count(1, 64).default(2).describe('API processes per host.'),
      memoryMb: t.count(128, 65_536).default(1024).describe('Memory at which pm2 replaces a process.'),
    })
    .default({})
    .describe('What runs on a host.'),
  canary: z
    .strictObject({
      keyFile: t.localPath
        .optional()
        .describe('File with the key of the canary cookie, relative to the environment file. Not for git.'),
      key: z.string().min(32).max(200).optional().describe('The key itself, where no file is wanted (a lab).'),
    })
    .refine((one) => (one.key === undefined) !== (one.keyFile === undefined), 'exactly one of key and keyFile')
    .describe('Who may choose a side: the key signs the canary cookie and header.'),
  lease: z
    .strictObject({ seconds: t.seconds(4, 600).default(25).describe('Seconds without a sign of the operator.') })
    .default({})
    .describe('A host that hears nothing of its operator for so long puts itself back in service.'),
  drain: z
    .strictObject({ deadlineS: t.seconds(5, 600).default(150).describe('Longest wait for requests in flight.') })
    .default({})
    .describe('At the deadline the host rejoins and the plan ends: nothing is cut.'),
  approval: z
    .strictObject({ required: z.boolean().default(false).describe('Another person than the author approves.') })
    .default({})
    .describe('Whether a release waits for an approval in the system backend.'),
  keep: z
    .strictObject({
      releases: t.count(2, 50).default(5).describe('Releases kept on a host, current and previous among them.'),
      assetsDays: t.count(1, 365).default(14).describe('Days that hashed assets of older releases stay reachable.'),
    })
    .default({})
    .describe('What prune leaves.'),
  setup: z
    .strictObject({
      user: t.account.default('root').describe('Account that setup logs in with: root, or one with sudo.'),
      envFile: t.localPath
        .optional()
        .describe('File of secrets for the hosts, relative to the environment file. Not for git.'),
    })
    .default({})
    .describe('How a bare host is made ready.'),
  commands: commands.default({}),
  errorLogLevel: z
    .enum(['debug', 'info', 'notice', 'warn', 'error'])
    .default('warn')
    .describe("Level of nginx's error log."),
  limits,
});

export type Environment = z.output<typeof Environment>;
/** What an environment file writes: everything with a default may be left out. */
export type EnvironmentInput = z.input<typeof Environment>;
export type Host = Environment['hosts'][number];
