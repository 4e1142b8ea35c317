/** One word for a POSIX shell: what ssh gets is read by the login shell of the host. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line for a POSIX shell. */
export const commandLine = (argv: readonly string[]): string => argv.map(quote).join(' ');
