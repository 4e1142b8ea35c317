/** What this folder reads of a host's settings.json, which the operator's program writes (deploy/config/settings.ts). */
export interface HostSettings {
  host: string;
  root: string;
  runtime: string;
  logs: string;
  user: string;
  /** Where the SLB and the peers reach this host. */
  address: string;
  loopback: string;
  ports: { http: number; https: number; status: number; api: number; canaryApi: number };
  /** As in nginx's server_name; `_` serves every name. */
  serverName: string;
  /** With http: nothing is redirected and no HSTS is sent (a lab). */
  publicOrigin: string;
  tls: { at: string; certificate?: string | undefined; key?: string | undefined };
  proxyProtocol: boolean;
  /**
   * `forwardedFor`: the SLB speaks HTTP and writes X-Forwarded-For itself. Never for one of layer 4: it would pass on what the
   * client wrote.
   */
  slb: { addresses: string[]; forwardedFor?: boolean };
  peers: { name: string; address: string }[];
  canary: { key: string };
  errorLogLevel?: string;
  /** Per client address; thousands of citizens share one behind a mobile carrier. `uploadMb`: largest body of an import. */
  limits?: { requestsPerSecond?: number; connections?: number; uploadMb?: number };
}

/** @throws Error naming every field that is wrong */
export function judge(settings: HostSettings): void;
/** The name of the upstream of a host's canary. */
export function upstreamOf(address: string): string;
/** The values of the templates. `machine`: nginx is started by root; the brotli modules are there. */
export function valuesOf(
  settings: HostSettings,
  machine: { asRoot: boolean; brotli: boolean },
): Record<string, string | number | boolean>;
