import { onScopeDispose, ref, watch, type Ref } from 'vue';

export interface EventsOptions<T> {
  /** Where the events come from; null: there is nothing to follow now. */
  url: () => string | null;
  /** The same state by an ordinary request: while the stream does not work. */
  ask: () => Promise<T>;
  take: (state: T) => void;
}

export interface Events {
  /** Neither the stream nor an ordinary request gets through. */
  lost: Ref<boolean>;
}

/** So many breaks without a connection between them, and the stream counts as not working. */
const TRIES = 3;
const POLL = 2_000;
/** So many ordinary requests, and the stream is given another chance. */
const POLLS_BEFORE_STREAM = 15;

/**
 * Follows a state by server-sent events. The browser comes back by itself after each of the stream's ends, telling what
 * it saw last; where that fails three times in a row, ordinary requests take the place. A hidden page lets go of its
 * connection: a browser has only six for one host, over all tabs.
 */
export function useEvents<T>({ url, ask, take }: EventsOptions<T>): Events {
  const lost = ref(false);
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  let breaks = 0;
  let polls = 0;

  function stop(): void {
    turn += 1;
    clearTimeout(timer);
    source?.close();
    source = null;
  }
  function start(): void {
    stop();
    breaks = 0;
    if (url() && !document.hidden) open();
  }
  function open(): void {
    const at = url();
    if (!at) return;
    const mine = (source = new EventSource(at));
    mine.onopen = () => {
      breaks = 0;
      lost.value = false;
    };
    mine.onmessage = (event) => take(JSON.parse(event.data as string) as T);
    mine.onerror = () => {
      breaks += 1;
      // A refusal (logged out, no connection to be had) closes the stream for good: an ordinary request tells why.
      if (breaks < TRIES && mine.readyState !== EventSource.CLOSED) return;
      mine.close();
      polls = 0;
      void poll();
    };
  }
  async function poll(): Promise<void> {
    const mine = turn;
    await ask().then(
      (state) => {
        if (mine !== turn) return;
        lost.value = false;
        take(state);
      },
      () => {
        if (mine === turn) lost.value = true;
      },
    );
    // What was taken may have ended it, or sent it elsewhere.
    if (mine !== turn) return;
    polls += 1;
    const again = breaks < TRIES || polls >= POLLS_BEFORE_STREAM;
    timer = setTimeout(again ? open : () => void poll(), POLL);
  }

  document.addEventListener('visibilitychange', start);
  watch(url, start, { immediate: true, flush: 'sync' });
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', start);
    stop();
  });
  return { lost };
}
