import { closeSync, fstatSync, openSync, statSync, writeSync } from 'node:fs';

/** How often a process looks whether its log file was moved away, ms. */
const LOOK_MS = 60_000;

export interface LogFile {
  write(line: string): void;
  /** Goes on in a new file when the old one was moved or removed. Done every minute by itself. */
  follow(): void;
  close(): void;
}

/**
 * A log file that several processes append to: one write a line, so that lines stay whole, and at once, so that a dying
 * process loses none. Who rotates it only moves it away. A disk that is full costs lines, never a request.
 * @throws when the file can't be opened at first
 */
export function openLogFile(path: string): LogFile {
  const open = () => openSync(path, 'a', 0o640);
  let fd = open();
  const quietly = (work: () => void) => {
    try {
      work();
    } catch {
      // Nobody could be told: this is where one tells.
    }
  };
  const moved = () => statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(fd).ino;
  const follow = () =>
    quietly(() => {
      if (!moved()) return;
      const next = open();
      closeSync(fd);
      fd = next;
    });
  const timer = setInterval(follow, LOOK_MS).unref();
  return {
    write: (line) => quietly(() => void writeSync(fd, line)),
    follow,
    close: () => {
      clearInterval(timer);
      quietly(() => closeSync(fd));
    },
  };
}
