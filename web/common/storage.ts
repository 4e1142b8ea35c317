/** Browser storage that never throws: it may be full, switched off or, in private windows, missing. */
export interface Shelf {
  get<T>(key: string): T | null;
  set(key: string, value: unknown): boolean;
  remove(key: string): void;
}

function shelf(open: () => Storage): Shelf {
  const name = (key: string) => `dengji.${key}`;
  return {
    get<T>(key: string) {
      try {
        return JSON.parse(open().getItem(name(key)) || 'null') as T | null;
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        open().setItem(name(key), JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    remove(key) {
      try {
        open().removeItem(name(key));
      } catch {
        // Nothing was kept, so nothing is left behind.
      }
    },
  };
}

/** Survives closing the page: settings, and a draft only while the network is away. */
export const deviceShelf = shelf(() => localStorage);

/** Ends with the tab: idempotency keys, a draft while the citizen logs in again. */
export const tabShelf = shelf(() => sessionStorage);
