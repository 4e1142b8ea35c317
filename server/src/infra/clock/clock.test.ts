import { describe, expect, it } from 'vitest';
import { endOfDay, shanghaiDay, startOfDay } from './index.ts';

describe('days in Asia/Shanghai', () => {
  it('change at 16:00 UTC', () => {
    expect(shanghaiDay(new Date('2026-11-21T15:59:59.999Z'))).toBe('2026-11-21');
    expect(shanghaiDay(new Date('2026-11-21T16:00:00.000Z'))).toBe('2026-11-22');
    expect(startOfDay('2026-11-22').toISOString()).toBe('2026-11-21T16:00:00.000Z');
    expect(endOfDay('2026-11-22').toISOString()).toBe('2026-11-22T16:00:00.000Z');
  });
});
