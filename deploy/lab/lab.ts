import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { removeLater } from '../../scripts/lib/databases.mjs';
import { dataDir, root } from '../../scripts/lib/paths.mjs';
import { writeEnvironment, type Changes } from './environment.ts';
import { startHost, type LabHost } from './host/host.ts';
import { makeKey } from './host/sshd.ts';
import { endStrays, guardStrays } from './host/strays.ts';
import { loopbackNetwork } from './network.ts';
import { startOperator, type Finished, type Running } from './operator.ts';
import { pickPorts, type LabPorts } from './ports.ts';
import { makeRepository, type Repository } from './repository.ts';
import { startSlbNode, type SlbNode } from './slb/haproxy.ts';
import { watchSlb, type SlbView } from './slb/view.ts';
import type { Timing } from './timing.ts';
import { until } from './wait.ts';
import { environmentFile, startDatabases, type LabDatabases } from './world/databases.ts';
import { prepare } from './world/prepare.ts';

/** A fleet on one machine: SLB nodes, hosts, databases, and somebody who releases to it. */
export interface Lab {
  readonly folder: string;
  readonly ports: LabPorts;
  readonly hosts: readonly LabHost[];
  readonly slbs: readonly SlbNode[];
  /** What the SLB nodes themselves think. */
  readonly view: SlbView;
  readonly databases: LabDatabases;
  readonly repository: Repository;
  readonly publicOrigin: string;
  /** Staff who may do everything, and their password. */
  readonly accounts: readonly string[];
  readonly password: string;
  /** File for the deploy program's --env. */
  readonly environment: string;
  readonly timing: Timing;
  /** Another environment file for the same fleet. */
  otherEnvironment(name: string, changes: Changes): string;
  /** Begins `npm run deploy -- …`. */
  operator(args: readonly string[], options?: { name?: string; environment?: string }): Running;
  /** The same to its end. @throws Error unless it ends with the code, 0 unless told */
  deploy(args: readonly string[], options?: { code?: number; name?: string; environment?: string }): Promise<Finished>;
  /** Releases what this checkout is, and waits until every SLB node has every host. */
  firstRelease(): Promise<void>;
  /** Waits until every SLB node has every host. */
  untilUp(): Promise<void>;
  /** Waits until they have, and none of them has changed its mind for as long as it takes them to. */
  untilSettled(): Promise<void>;
  stop(): Promise<void>;
}

export interface LabOptions {
  timing: Timing;
  hosts?: number;
  /** Staff accounts to make. */
  accounts?: number;
  say?: (text: string) => void;
  /** Keeps the folder with all logs. */
  keep?: boolean;
  /** A checkout that is built. Default: this one, which is then built where it has changed. */
  built?: string;
}

const PASSWORD = 'Kx7-vurpal-Mot9';
/** Node for the hosts, shared by all labs of this checkout. */
const SHARED_CACHE = join(dataDir, 'lab-cache');

/** Starts a fleet without a release. Everything it starts ends with `stop`, or with this process. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { timing, hosts: hostCount = 2, accounts: accountCount = 40, say = () => undefined, keep = false } = options;
  // Sockets lie in it, whose paths may only be short.
  const folder = mkdtempSync(join(tmpdir(), 'dj-lab-'));
  if (!keep) removeLater(folder);
  const at = (name: string) => join(folder, name);
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const one of stops.toReversed()) await Promise.resolve(one()).catch(() => undefined);
    await endStrays(folder);
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const built = options.built ?? root;
    if (built === root) await ensureBuilt();
    for (const name of ['slb', 'log']) mkdirSync(at(name));
    const network = loopbackNetwork(hostCount);
    stops.push(() => network.close());
    const ports = await pickPorts(network.hosts);
    const databases = await startDatabases(at('db'));
    stops.push(() => databases.stop());
    stops.push(guardStrays(folder));
    const repository = makeRepository(at('repository'), built);

    const publicOrigin = `http://127.0.0.1:${ports.slb[0]}`;
    const env = environmentFile(databases, { publicOrigin, adminPassword: PASSWORD });
    const accounts = await prepare({ env, built, folder, accounts: accountCount, mongoUrl: databases.mongoUrl });
    say('databases are filled');

    const authorizedKey = makeKey(at('operator_key'));
    const hosts = await Promise.all(
      network.hosts.map((address, index) =>
        startHost({ folder, name: `h${index + 1}`, address, ports, authorizedKey, env }),
      ),
    );
    for (const host of hosts) stops.push(() => host.stop());
    writeFileSync(at('known_hosts'), hosts.map(({ sshd }) => `${sshd.hostKey}\n`).join(''));
    const slbs = await Promise.all(
      network.slbs.map((source, index) =>
        startSlbNode({
          name: `slb${index + 1}`,
          folder: at('slb'),
          listen: { address: '127.0.0.1', port: ports.slb[index]! },
          source,
          hosts: hosts.map(({ name, address }) => ({ name, address, port: ports.http })),
          check: timing.check,
        }),
      ),
    );
    for (const slb of slbs) stops.push(() => slb.stop());
    const view = watchSlb(slbs);
    stops.push(() => view.stop());

    takeNode(at('cache'));
    stops.push(() => giveNode(at('cache')));
    const common = {
      ...{ folder, hosts, ports, timing, publicOrigin, repository: repository.folder, cache: at('cache') },
      ...{ slbs: network.slbs, key: at('operator_key'), knownHosts: at('known_hosts') },
    };
    const environment = writeEnvironment({ ...common, name: 'lab' });
    const operator: Lab['operator'] = (args, { name = 'first', environment: other = environment } = {}) =>
      startOperator({ args, environment: other, name, log: join(at('log'), `operator-${name}.log`) });
    const allUp = async (quietMs: number): Promise<void> => {
      const since = Date.now();
      await until(
        'the SLB nodes have every host',
        () =>
          hosts.every(({ name }) => view.of(name).every((is) => is === 'up')) &&
          Date.now() - Math.max(since, view.events.at(-1)?.at ?? 0) >= quietMs,
        180_000,
      );
    };
    const deploy: Lab['deploy'] = async (args, { code = 0, ...rest } = {}) => {
      const finished = await operator(args, rest).ended;
      if (finished.code !== code)
        throw new Error(`deploy ${args.join(' ')} ended with ${finished.code}, not ${code}:\n${finished.text}`);
      return finished;
    };
    say(`the fleet runs in ${folder}`);
    return {
      ...{ folder, ports, hosts, slbs, view, databases, repository, publicOrigin, accounts, environment, timing },
      password: PASSWORD,
      otherEnvironment: (name, changes) => writeEnvironment({ ...common, name }, changes),
      operator,
      deploy,
      async firstRelease() {
        await deploy(['release', 'base']);
        await allUp(0);
      },
      untilUp: () => allUp(0),
      untilSettled: () => allUp((timing.check.fall + timing.check.rise) * timing.check.intervalS * 1_000),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Copies a folder unless it is there; whole or not at all. Never by links: another lab may be packing the very files. */
function copyOnce(from: string, to: string): void {
  if (!existsSync(from) || existsSync(to)) return;
  const draft = `${to}.${process.pid}.${randomBytes(3).toString('hex')}`;
  cpSync(from, draft, { recursive: true });
  try {
    renameSync(draft, to);
  } catch {
    // Another lab was faster.
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Takes the node for the hosts from the cache, so that not every lab fetches it. */
function takeNode(to: string): void {
  mkdirSync(to, { recursive: true });
  copyOnce(join(SHARED_CACHE, 'node'), join(to, 'node'));
}

function giveNode(from: string): void {
  mkdirSync(SHARED_CACHE, { recursive: true });
  copyOnce(join(from, 'node'), join(SHARED_CACHE, 'node'));
}
