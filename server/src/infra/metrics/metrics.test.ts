import { describe, expect, it } from 'vitest';
import { createMetrics } from './index.ts';

describe('metrics', () => {
  it('keeps numbers of its own, in the format Prometheus reads', async () => {
    const [one, other] = [createMetrics({ defaults: false }), createMetrics({ defaults: false })];
    one.httpDuration.observe({ route: '/a/{id}', method: 'GET', status: '200' }, 0.02);
    one.inFlight.inc();
    one.jobs.inc({ job: 'import', outcome: 'finished' });
    const text = await one.registry.metrics();
    expect(text).toContain(
      'http_request_duration_seconds_bucket{le="0.025",route="/a/{id}",method="GET",status="200"} 1',
    );
    expect(text).toContain('http_requests_in_flight 1');
    expect(text).toContain('jobs_total{job="import",outcome="finished"} 1');
    expect(await other.registry.metrics()).toContain('http_requests_in_flight 0');
  });

  it('answers the same counter for the same name', async () => {
    const metrics = createMetrics();
    metrics.counter('sms_total', 'Messages.', ['outcome']).inc({ outcome: 'sent' });
    metrics.counter('sms_total', 'Messages.', ['outcome']).inc({ outcome: 'sent' });
    metrics.gauge('queue_length', 'Waiting.').set(4);
    const text = await metrics.registry.metrics();
    expect(text).toContain('sms_total{outcome="sent"} 2');
    expect(text).toContain('queue_length 4');
    expect(text).toContain('process_cpu_seconds_total');
  });
});
