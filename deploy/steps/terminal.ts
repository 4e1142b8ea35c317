/** Where a run tells what it does. People read stderr-like lines; with --json the last line of stdout is one JSON object. */
export interface Terminal {
  /** One line, with the time in front. */
  say(text: string): void;
  /** A block as it is: tables, help, commands of a dry run. */
  block(text: string): void;
  /** The result for programs; only with --json. */
  result(value: object): void;
}

interface Sink {
  write(text: string): unknown;
}

/** @param json people's lines go to `err`, so that stdout holds nothing but the result */
export function makeTerminal(json: boolean, out: Sink, err: Sink, clock: () => Date = () => new Date()): Terminal {
  const people = json ? err : out;
  return {
    say: (text) => void people.write(`${clock().toTimeString().slice(0, 8)}  ${text}\n`),
    block: (text) => void people.write(text.endsWith('\n') ? text : `${text}\n`),
    result: (value) => void (json && out.write(`${JSON.stringify(value)}\n`)),
  };
}

/** Rows as columns of equal width. The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => width(row[at] ?? ''))));
  const line = (row: readonly string[]) => row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - width(cell)));
  return rows.map((row) => `  ${line(row).join('  ').trimEnd()}\n`).join('');
}

/** Chinese characters take two columns. */
const width = (text: string) => text.length + (text.match(/[⺀-￦]/gu)?.length ?? 0);
