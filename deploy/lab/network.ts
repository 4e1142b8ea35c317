/** Where the parts of a lab are reached, and how a program is started in the place of one of them. */
export interface Network {
  readonly kind: string;
  /** Private addresses of the hosts, in order. */
  readonly hosts: readonly string[];
  /** Where each SLB node speaks to the hosts from. */
  readonly slbs: readonly [string, string];
  /** The argv that runs a program as if on that host. */
  on(host: number, argv: readonly string[]): string[];
  close(): Promise<void>;
}

/** Hosts as addresses of this machine's loopback: runs for everybody on Linux. */
export function loopbackNetwork(hosts: number): Network {
  return {
    kind: 'loopback',
    hosts: Array.from({ length: hosts }, (_none, at) => `127.0.0.${11 + at}`),
    slbs: ['127.0.0.21', '127.0.0.22'],
    on: (_host, argv) => [...argv],
    close: async () => undefined,
  };
}
