import { hostCommands } from '../commands/host-program.ts';
import type { Host } from '../config/schema.ts';
import type { Answer, Remote } from './remote.ts';

/** The states of a release's record, in their order. */
export type ReleaseState =
  | 'created'
  | 'checked'
  | 'approved'
  | 'building'
  | 'deploying'
  | 'verifying'
  | 'done'
  | 'failed'
  | 'rolledBack';

export type Kind = 'release' | 'rollback' | 'canary';

/** One event of a release's record. `seq` grows; the same release and seq twice is the same event. */
export interface ReleaseEvent {
  release: string;
  seq: number;
  /** ISO time. */
  at: string;
  state: ReleaseState;
  by: string;
  kind: Kind;
  host?: string;
  step?: string;
  durationMs?: number;
  message?: string;
  commit?: string;
  ref?: string;
  /** sha256 of the artifact. */
  artifact?: string;
}

export interface Approval {
  required: boolean;
  by?: string | null;
  at?: string | null;
}

/** One step that was done, for the table at the end. */
export interface Timing {
  host: string;
  step: string;
  ms: number;
}

type Details = Partial<Omit<ReleaseEvent, 'release' | 'seq' | 'at' | 'by' | 'kind' | 'state'>>;

export interface Recorder {
  /** Names the release that all later events are about. */
  begin(release: string, kind: Kind): void;
  /** Adds an event. Returns at once; events arrive in order. */
  add(state: ReleaseState, details?: Details): void;
  /** Waits until all events arrived, or gives up. @returns the answer to the last one */
  flush(): Promise<Answer | undefined>;
  /** Says which host is out of service just now: its API can't be asked. */
  avoid(host: Host | undefined): void;
}

/**
 * Records what a plan does: each event goes to a host, which keeps it in a file and posts it to the API there. The plan
 * never waits for it and never fails by it: with the API away the hosts keep the events and post them later.
 */
export function makeRecorder(
  remote: Remote,
  hosts: readonly Host[],
  by: string,
  warn: (text: string) => void,
): Recorder {
  let release = '';
  let kind: Kind = 'release';
  let seq = 0;
  let avoided: string | undefined;
  let last: Answer | undefined;
  let queue: Promise<void> = Promise.resolve();

  async function send(event: ReleaseEvent): Promise<void> {
    const inOrder = [...hosts].sort((a, b) => Number(a.name === avoided) - Number(b.name === avoided));
    for (const host of inOrder) {
      try {
        last = await remote.call(host, hostCommands.record(event), { timeoutS: 20 });
        return;
      } catch (error) {
        if (host === inOrder.at(-1)) warn(`this event could not be recorded: ${(error as Error).message}`);
      }
    }
  }

  return {
    begin: (id, what) => {
      release = id;
      kind = what;
    },
    add(state, details = {}) {
      if (release === '') return;
      // Later than all before, also those of another operator who began this release.
      seq = Math.max(seq + 1, Date.now());
      const event = { release, seq, at: new Date().toISOString(), state, by, kind, ...details };
      queue = queue.then(() => send(event));
    },
    async flush() {
      await queue;
      return last;
    },
    avoid: (host) => {
      avoided = host?.name;
    },
  };
}
