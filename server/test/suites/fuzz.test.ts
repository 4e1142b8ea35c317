import { describe, expect, it } from 'vitest';
import { fuzz } from '../fuzzing.ts';

/** As long as the whole test run can spare; `npm run proof -- fuzz` goes on for minutes. */
const REQUESTS = 800;
const MS = 20_000;

describe('schema-driven fuzzing of every operation', () => {
  it('never a server error, an undeclared answer or a way around the rights (23, 25, 50)', async () => {
    // The time counts from the first request: a world is built before it.
    let end = 0;
    const late = () => Date.now() > (end ||= Date.now() + MS);
    const report = await fuzz({ seed: 20261121, over: (requests) => requests >= REQUESTS || late() });
    expect(report.failures).toEqual([]);
    expect(report.requests).toBeGreaterThan(100);
  }, 120_000);
});
