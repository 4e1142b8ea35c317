import { t } from './index.ts';

/** A waiting time in the unit that fits: seconds up to 90, minutes up to 90, then hours; rounded up. */
export function waitText(seconds: number): string {
  if (seconds <= 90) return t('wait.seconds', { count: Math.ceil(seconds) });
  if (seconds <= 5400) return t('wait.minutes', { count: Math.ceil(seconds / 60) });
  return t('wait.hours', { count: Math.ceil(seconds / 3600) });
}
