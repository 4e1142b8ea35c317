import type { ZodIssue } from 'zod';

type Found = Pick<ZodIssue, 'path' | 'message'>;

/** Ports of the API processes: one each, from the named one on. */
const PER_PROCESS = new Set(['internal', 'canaryInternal']);

/**
 * Pure: faults between fields. Looks at a value that may be wrong in other places too, so that all faults are told at once.
 */
export function crossFaults(value: unknown): Found[] {
  const { hosts, ports, processes } = (value ?? {}) as {
    hosts?: unknown;
    ports?: unknown;
    processes?: { api?: unknown };
  };
  return [
    ...(Array.isArray(hosts) ? namesTwice(hosts as Record<string, unknown>[]) : []),
    ...portsTwice((ports ?? {}) as Record<string, unknown>, Number(processes?.api) || 1),
  ];
}

function namesTwice(hosts: readonly Record<string, unknown>[]): Found[] {
  return ['name', 'address'].flatMap((key) =>
    hosts.flatMap((host, at) => {
      const first = hosts.findIndex((other) => other?.[key] !== undefined && other[key] === host?.[key]);
      return first === -1 || first === at
        ? []
        : [{ path: ['hosts', at, key], message: `is also the ${key} of hosts.${first}` }];
    }),
  );
}

function portsTwice(ports: Record<string, unknown>, processes: number): Found[] {
  const spans = Object.entries(ports).flatMap(([name, from]) =>
    typeof from === 'number' ? [{ name, from, to: from + (PER_PROCESS.has(name) ? processes : 1) - 1 }] : [],
  );
  return spans.flatMap((span, at) => {
    const other = spans.slice(0, at).find((before) => before.from <= span.to && span.from <= before.to);
    return other ? [{ path: ['ports', span.name], message: `overlaps with ports.${other.name}` }] : [];
  });
}
