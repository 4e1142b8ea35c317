import { describe, expect, it } from 'vitest';

interface Judge {
  before(lines: object[]): void;
  add(lines: object[]): void;
  verdict(now: number): { done: boolean; probers: Record<string, number> };
}
const module = './probers.mjs';
const { proberJudge } = (await import(module)) as { proberJudge: (how: object) => Judge };

describe('probers', () => {
  const how = { probers: null, wanted: 503, times: 3, windowS: 20, networks: ['10.0.0.0/24'] };
  const line = (t: number, port: number, status = 503) => ({ t, prober: '10.0.0.1', port, status });

  it('each listener of a load balancer decides for itself: the checks of one node on two ports are not added up', () => {
    const judge = proberJudge(how);
    judge.before([line(1, 80, 200), line(1, 443, 200)]);
    judge.add([line(3, 80), line(3, 443), line(5, 80), line(5, 443)]);
    expect(judge.verdict(5)).toEqual({ done: false, probers: { '10.0.0.1': 2 } });
    judge.add([line(7, 80)]);
    expect(judge.verdict(7).done).toBe(false);
    judge.add([line(7.1, 443)]);
    expect(judge.verdict(7.2)).toEqual({ done: true, probers: { '10.0.0.1': 3 } });
  });

  it('a port that is not checked any more is not waited for; one good answer begins the row anew', () => {
    const judge = proberJudge(how);
    judge.before([line(1, 443, 200)]);
    judge.add([line(30, 80), line(32, 80), line(34, 80)]);
    expect(judge.verdict(34).done).toBe(true);
    judge.add([line(36, 80, 200), line(38, 80)]);
    expect(judge.verdict(38)).toEqual({ done: false, probers: { '10.0.0.1': 1 } });
  });
});
