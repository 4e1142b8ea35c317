import { setTimeout as sleep } from 'node:timers/promises';
import { timedOut } from './fault.mjs';
import { recentLines, Tail } from './health-log.mjs';
import { noteAfter, readJournal } from './journal.mjs';
import { progress } from './log.mjs';
import { proberJudge, silentS } from './probers.mjs';
import { healthLog, isBare } from './service.mjs';

const POLL_MS = 100;

/**
 * Waits until the load balancer has really taken the host out, or put it back, as nginx's log of its probes tells.
 * @param {import('./service.mjs').Host} host
 * @param {'out' | 'in'} way
 * @param {{ probers: string[] | null, times: number, timeoutS: number }} how probers null: found in the log
 * @throws timed out (69)
 */
export async function waitSlb(host, way, { probers, times, timeoutS }) {
  if (way === 'out' && isBare(host)) return { ms: 0, probers: {} };
  const { paths, settings, fence } = host;
  const log = healthLog(settings);
  const { health } = readJournal(paths);
  const windowS = silentS(settings);
  const wanted = way === 'out' ? 503 : 200;
  const judge = proberJudge({ probers, wanted, times, windowS, networks: settings.slb.addresses });
  const begun = Date.now();
  judge.before(recentLines(log, begun / 1000 - windowS));
  const tail = new Tail(log, health);
  let told = '';
  try {
    for (; ; await sleep(POLL_MS)) {
      judge.add(tail.read());
      const now = Date.now();
      const { done, probers: runs } = judge.verdict(now / 1000);
      const sample = JSON.stringify(runs);
      if (sample !== told) progress({ ms: now - begun, wanted, times, probers: runs });
      told = sample;
      if (done) {
        if (way === 'out') await noteAfter(paths, fence, ['draining'], { phase: 'out' });
        return { ms: now - begun, probers: runs };
      }
      if (now - begun > timeoutS * 1000) {
        const why =
          Object.keys(runs).length === 0 ? 'nobody probes this host' : `not every prober got ${times} × ${wanted}`;
        throw timedOut(`not_${way}`, `${why} within ${timeoutS} s`, { probers: runs });
      }
    }
  } finally {
    tail.close();
  }
}
