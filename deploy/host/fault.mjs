/** Exit codes of the host program. 255 is never among them: that is ssh's own, and a lock must not look like a lost line. */
export const EXIT = { ok: 0, usage: 64, timedOut: 69, failed: 70, locked: 73, fenced: 75 };

/**
 * A failure with a code that the operator's program can act on.
 * `exit` is the process's exit code; `more` goes into the answer beside `code` and `message`.
 */
export class Fault extends Error {
  /**
   * @param {number} exit
   * @param {string} code
   * @param {string} message
   * @param {Record<string, unknown>} [more]
   */
  constructor(exit, code, message, more = {}) {
    super(message);
    this.exit = exit;
    this.code = code;
    this.more = more;
  }
}

/** @param {string} message */
export const usage = (message) => new Fault(EXIT.usage, 'usage', message);
/** @param {string} code @param {string} message @param {Record<string, unknown>} [more] */
export const failed = (code, message, more) => new Fault(EXIT.failed, code, message, more);
/** @param {string} code @param {string} message @param {Record<string, unknown>} [more] */
export const timedOut = (code, message, more) => new Fault(EXIT.timedOut, code, message, more);
/** @param {string} message @param {Record<string, unknown>} [more] */
export const fencedOff = (message, more) => new Fault(EXIT.fenced, 'fenced', message, more);
/** @param {string} message @param {Record<string, unknown>} [more] */
export const locked = (message, more) => new Fault(EXIT.locked, 'locked', message, more);
