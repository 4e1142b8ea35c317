import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { percentOf } from './progress.ts';
import { useEvents } from './useEvents.ts';

/** A stream whose ends the test decides. */
class FakeSource {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 1;
  onopen?: () => void;
  onerror?: () => void;
  onmessage?: (event: { data: string }) => void;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    FakeSource.all.push(this);
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
  /** A break after which the browser comes back by itself. */
  drop(): void {
    this.readyState = 0;
    this.onerror?.();
  }
  refuse(): void {
    this.readyState = FakeSource.CLOSED;
    this.onerror?.();
  }
  tell(n: number): void {
    this.onmessage?.({ data: JSON.stringify({ n }) });
  }
}

const page = { hidden: false, listeners: new Set<() => void>() };
const show = (visible: boolean) => {
  page.hidden = !visible;
  for (const listener of page.listeners) listener();
};
const last = () => FakeSource.all.at(-1)!;
const open = () => FakeSource.all.filter((one) => one.readyState !== FakeSource.CLOSED);
let scope: EffectScope;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  page.hidden = false;
  page.listeners.clear();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', {
    get hidden() {
      return page.hidden;
    },
    addEventListener: (_: string, listener: () => void) => page.listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => page.listeners.delete(listener),
  });
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function follow(ask = vi.fn<() => Promise<{ n: number }>>(async () => ({ n: 100 }))) {
  const url = ref<string | null>('/events');
  const taken: number[] = [];
  const take = ({ n }: { n: number }) => void taken.push(n);
  const { lost } = scope.run(() => useEvents<{ n: number }>({ url: () => url.value, ask, take }))!;
  return { url, taken, lost, ask };
}

describe('following a state', () => {
  it('takes what the stream tells, however often it ends and begins again', async () => {
    const { taken, ask } = follow();
    last().tell(1);
    for (let turn = 0; turn < 5; turn += 1) {
      last().drop();
      last().onopen?.();
      last().tell(turn + 2);
    }
    expect(taken).toEqual([1, 2, 3, 4, 5, 6]);
    expect(FakeSource.all).toHaveLength(1);
    expect(ask).not.toHaveBeenCalled();
  });

  it('asks by ordinary requests after three breaks in a row, and tries the stream again later', async () => {
    const { taken, lost, ask } = follow();
    for (let turn = 0; turn < 3; turn += 1) last().drop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(open()).toEqual([]);
    expect(taken.length).toBeGreaterThan(3);
    expect(lost.value).toBe(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(open()).toHaveLength(1);
    const asked = ask.mock.calls.length;
    last().onopen?.();
    last().tell(7);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(taken.at(-1)).toBe(7);
    expect(ask.mock.calls.length).toBe(asked);
  });

  it('asks why at once when the stream is refused, and comes back', async () => {
    const { ask } = follow();
    last().refuse();
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(open()).toHaveLength(1);
  });

  it('says that nothing gets through, until something does', async () => {
    let works = false;
    const { lost } = follow(
      vi.fn<() => Promise<{ n: number }>>(async () => {
        if (!works) throw new Error('offline');
        return { n: 1 };
      }),
    );
    for (let turn = 0; turn < 3; turn += 1) last().drop();
    await vi.advanceTimersByTimeAsync(1);
    expect(lost.value).toBe(true);
    works = true;
    await vi.advanceTimersByTimeAsync(2_500);
    expect(lost.value).toBe(false);
  });

  it('lets go of the connection while the page is hidden, when there is nothing to follow, and when it is left', async () => {
    const { url } = follow();
    show(false);
    expect(open()).toEqual([]);
    show(true);
    expect(open()).toHaveLength(1);
    url.value = null;
    await nextTick();
    expect(open()).toEqual([]);
    url.value = '/other';
    expect(last().url).toBe('/other');
    scope.stop();
    expect(open()).toEqual([]);
    expect(page.listeners.size).toBe(0);
  });
});

it('says 100 % for the last row only', () => {
  expect(percentOf({ rows: 5, total: null })).toBeNull();
  expect(percentOf({ rows: 0, total: 0 })).toBeNull();
  expect(percentOf({ rows: 999_999, total: 1_000_000 })).toBe(99.9);
  expect([percentOf({ rows: 3, total: 3 }), percentOf({ rows: 4, total: 3 })]).toEqual([100, 100]);
});
