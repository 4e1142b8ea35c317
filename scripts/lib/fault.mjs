/** A failure that a person can act on: one clear sentence, and where to read more. Shown without a stack. */
export class Fault extends Error {
  /**
   * @param {string} message one sentence
   * @param {{ log?: string, cause?: unknown }} [more] log: path of the file that holds the details
   */
  constructor(message, more = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Fault';
    this.log = more.log;
  }
}
