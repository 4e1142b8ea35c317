/** Preloaded into a process: tells the delay of its event loop since it was asked last, p99 in ms. Looks 50 times a second. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();
process.on('message', (question) => {
  if (question !== 'loop') return;
  process.send!(delay.percentile(99) / 1e6);
  delay.reset();
});
