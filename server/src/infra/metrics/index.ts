import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The numbers of a process, in a registry of its own. Labels carry routes and kinds, never ids or personal data. */
export interface Metrics {
  registry: Registry;
  /** Seconds from the first byte of a request to the last of its answer. */
  httpDuration: Histogram<'route' | 'method' | 'status'>;
  /** Requests being answered now; the drain waits for 0. */
  inFlight: Gauge;
  /** Runs of jobs by outcome: see `Outcome` in infra/jobs; `taken_over` besides, for work whose worker fell silent. */
  jobs: Counter<'job' | 'outcome'>;
  /** A counter by name; the second call with the same name answers the first one's counter. */
  counter<L extends string = never>(name: string, help: string, labels?: L[]): Counter<L>;
  gauge<L extends string = never>(name: string, help: string, labels?: L[]): Gauge<L>;
  /** @param buckets upper bounds, in the unit that the name ends with */
  histogram<L extends string = never>(name: string, help: string, labels: L[], buckets: number[]): Histogram<L>;
  /** A gauge that is asked for its values whenever metrics are collected; what it does not name is not there any more. */
  collected(
    name: string,
    help: string,
    labels: string[],
    collect: () => Promise<{ labels: Record<string, string>; value: number }[]>,
  ): void;
}

/** @param defaults also collect what the Node process uses (CPU, memory, event loop); tests leave it off. */
export function createMetrics({ defaults = true }: { defaults?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (defaults) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request.',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    inFlight: new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered now.', registers }),
    jobs: new Counter({
      name: 'jobs_total',
      help: 'Runs of jobs by outcome.',
      labelNames: ['job', 'outcome'],
      registers,
    }),
    counter: <L extends string>(name: string, help: string, labels: L[] = []) =>
      (registry.getSingleMetric(name) as Counter<L> | undefined) ??
      new Counter<L>({ name, help, labelNames: labels, registers }),
    gauge: <L extends string>(name: string, help: string, labels: L[] = []) =>
      (registry.getSingleMetric(name) as Gauge<L> | undefined) ??
      new Gauge<L>({ name, help, labelNames: labels, registers }),
    histogram: <L extends string>(name: string, help: string, labels: L[], buckets: number[]) =>
      (registry.getSingleMetric(name) as Histogram<L> | undefined) ??
      new Histogram<L>({ name, help, labelNames: labels, buckets, registers }),
    collected(name, help, labels, collect) {
      registry.removeSingleMetric(name);
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        async collect() {
          const values = await collect();
          this.reset();
          for (const { labels: of, value } of values) this.set(of, value);
        },
      });
    },
  };
}
