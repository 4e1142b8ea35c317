/** What the exit codes mean; docs/operations.md repeats them for operators. */
export const EXIT = {
  ok: 0,
  /** Something failed; the fleet goes on serving. */
  failed: 1,
  /** The command or the environment file is wrong; nothing was done. */
  usage: 2,
  /** A deadline passed; the host was put back in service. */
  timedOut: 69,
  /** Another operator holds the lock. */
  locked: 73,
  /** Another operator took over, or the lease ran out: this one changes nothing any more. */
  fenced: 75,
  interrupted: 130,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** A fault that is told to the operator in its own words, without a stack. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly exit: Exit = EXIT.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** ssh itself failed (its code 255): nothing is known about what the host did. */
export class SshFault extends Fault {
  constructor(
    readonly host: string,
    detail: string,
  ) {
    super(`${host}: ssh failed: ${detail || 'no reason given'}`);
  }
}

/** The host program refused or failed, and said why. */
export class HostFault extends Fault {
  constructor(
    readonly host: string,
    readonly step: string,
    readonly code: string,
    message: string,
    exit: Exit,
    /** Everything else the host said, e.g. `holder` of a lock. */
    readonly detail: Record<string, unknown> = {},
  ) {
    super(`${host}: ${step}: ${message}`, exit);
  }
}
