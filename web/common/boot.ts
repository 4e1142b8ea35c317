/** An answer of the API with its text. */
export interface Answered {
  response: Response;
  text: string;
}

/** What the boot script in the page's head (web/boot/boot.js) leaves for the app. */
export interface Boot {
  /** The build that the page names; '' if it names none. */
  readonly build: string;
  /** The fragment by which the shell opened the page, with `#`. Emptied when its ticket is spent: a reload brings it back. */
  entry: string;
  /** The app runs: from now on it decides itself when to load the page anew. */
  app?: boolean;
  /** Answers that `boot/ahead.ts` has asked for, by path; undefined if none came. */
  early?: Record<string, Promise<Answered | undefined>> | undefined;
  /** Calls back when the version is known or a second is over; not at all when a newer page is on its way. */
  ready(then: () => void): void;
  /** Calls back with the build that is served now; '' if there is no answer within `ms`. */
  check(ms: number, then: (build: string) => void): void;
  /** Loads the page anew as this build. False: that was done before, or a minute is not over. */
  load(build: string): boolean;
}

/** Without the script (a stricter policy of headers) pages work all the same; they only can't heal themselves. */
export const boot: Boot = (globalThis as { dengjiBoot?: Boot }).dengjiBoot || {
  build: '',
  entry: '',
  ready: (then) => then(),
  check: (_ms, then) => then(''),
  load: () => false,
};
