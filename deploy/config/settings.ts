import type { Environment, Host } from './schema.ts';

/** settings.json of a host: what the host must know of its environment. nginx/render.mjs and deploy/host read it. */
export interface HostSettings {
  environment: string;
  host: string;
  root: string;
  runtime: string;
  logs: string;
  user: string;
  /** Private address: peers and the SLB reach the host there. */
  address: string;
  loopback: string;
  ports: Environment['ports'];
  serverName: string;
  publicOrigin: string;
  tls: Environment['tls'];
  proxyProtocol: boolean;
  slb: { addresses: string[]; forwardedFor: boolean; check: Environment['slb']['check'] };
  peers: { name: string; address: string }[];
  processes: Environment['processes'];
  canary: { key: string };
  lease: { seconds: number };
  drain: { deadlineS: number };
  commands: Environment['commands'];
  errorLogLevel: Environment['errorLogLevel'];
}

/** Pure: the settings of one host. @param canaryKey the key of the canary cookie, already read */
export function hostSettings(environment: Environment, host: Host, canaryKey: string): HostSettings {
  const { user, ports, serverName, publicOrigin, tls, proxyProtocol, processes } = environment;
  return {
    environment: environment.name,
    host: host.name,
    ...placeOf(environment, host),
    user,
    address: host.address,
    loopback: host.loopback ?? environment.loopback,
    ...{ ports, serverName, publicOrigin, tls, proxyProtocol },
    slb: {
      addresses: environment.slb.addresses,
      forwardedFor: environment.slb.forwardedFor,
      check: environment.slb.check,
    },
    peers: environment.hosts.filter((one) => one.name !== host.name).map(({ name, address }) => ({ name, address })),
    processes,
    canary: { key: canaryKey },
    lease: environment.lease,
    drain: environment.drain,
    commands: host.commands ?? environment.commands,
    errorLogLevel: environment.errorLogLevel,
  };
}

/** The folders of a host: its own where it has them. */
export function placeOf(environment: Environment, host: Host): Pick<HostSettings, 'root' | 'runtime' | 'logs'> {
  return {
    root: host.root ?? environment.root,
    runtime: host.runtime ?? environment.runtime,
    logs: host.logs ?? environment.logs,
  };
}
