import { hostCommands } from '../commands/host-program.ts';
import { releaseId } from '../commands/build.ts';
import type { Host } from '../config/schema.ts';
import { HostFault } from '../faults.ts';
import type { Answer } from './answer.ts';
import type { Attempt } from './history.ts';
import type { Remote } from './remote.ts';

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

/** One event of an attempt's record. The same attempt and seq twice is the same event. */
export interface ReleaseEvent {
  /** Id of the attempt: that of the release when it is its first. */
  release: string;
  seq: number;
  /** ISO time. */
  at: string;
  state: ReleaseState;
  by: string;
  kind: Kind;
  environment: string;
  /** The release put in service, when the attempt has an id of its own. */
  target?: string;
  host?: string;
  step?: string;
  durationMs?: number;
  message?: string;
  commit?: string;
  ref?: string;
  /** sha256 of the artifact. */
  artifact?: string;
  approvalRequired?: boolean;
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

type Details = Partial<Omit<ReleaseEvent, 'release' | 'seq' | 'at' | 'by' | 'kind' | 'state' | 'environment'>>;

export interface Recorder {
  /** Begins a record. @param first the release was never recorded: the record has its id */
  begin(target: string, kind: Kind, first: boolean): void;
  /** Goes on with the record of an attempt that is under way, or that is over. */
  goOn(attempt: Attempt): void;
  /** Id of the record. */
  readonly id: string;
  /** Adds an event. Returns at once; events arrive in order. Without a record nothing happens. */
  add(state: ReleaseState, details?: Details): void;
  /** Waits until all events arrived, or gives up. @returns the answer to the last one */
  flush(): Promise<Answer | undefined>;
  /** Lets every host post what it could not post before, e.g. while its own API was being swapped. Never fails. */
  settle(): Promise<void>;
  /** Says which host is out of service just now: its API can't be asked. */
  avoid(host: Host | undefined): void;
}

interface Setting {
  remote: Remote;
  hosts: readonly Host[];
  environment: string;
  by: string;
  warn: (text: string) => void;
}

/**
 * Records what a plan does: each event goes to a host, which keeps it in a file and posts it to the API there. The plan
 * never waits for it and never fails by it: with the API away the hosts keep the events and post them later.
 */
export function makeRecorder({ remote, hosts, environment, by, warn }: Setting): Recorder {
  let now: { id: string; target: string; kind: Kind } | undefined;
  let seq = 0;
  let avoided: string | undefined;
  let last: Answer | undefined;
  let waiting: ReleaseEvent[] = [];
  let queue: Promise<void> = Promise.resolve();

  async function send(event: ReleaseEvent): Promise<void> {
    waiting.push(event);
    while (waiting[0]) {
      const sent = await sendOne(waiting[0]);
      if (sent === 'later') return;
      waiting = waiting.slice(1);
    }
  }

  async function sendOne(event: ReleaseEvent): Promise<'sent' | 'later' | 'lost'> {
    const inOrder = [...hosts].sort((a, b) => Number(a.name === avoided) - Number(b.name === avoided));
    let why: Error | undefined;
    for (const host of inOrder) {
      try {
        last = await remote.call(host, hostCommands.record(event), { timeoutS: 20 });
        return 'sent';
      } catch (error) {
        why = error as Error;
      }
    }
    // A new host keeps records only once it has its settings.
    if (why instanceof HostFault && why.code === 'no_settings') return 'later';
    warn(`an event could not be recorded: ${why?.message}`);
    return 'lost';
  }

  return {
    get id() {
      return now?.id ?? '';
    },
    begin(target, kind, first) {
      now = { id: first ? target : releaseId(new Date(), target.split('-')[2] ?? ''), target, kind };
      seq = 0;
    },
    goOn({ id, target, kind, lastSeq }) {
      now = { id, target, kind };
      // A gap: what the operator before sent last may still be on its way.
      seq = lastSeq + 100;
    },
    add(state, details = {}) {
      if (!now || remote.dry) return;
      seq += 1;
      const { id, target, kind } = now;
      const own = target === id ? {} : { target };
      const at = new Date().toISOString();
      const event: ReleaseEvent = { release: id, seq, at, state, by, kind, environment, ...own, ...details };
      queue = queue.then(() => send(event));
    },
    async flush() {
      await queue;
      return last;
    },
    async settle() {
      await queue;
      if (!now || remote.dry) return;
      const { id } = now;
      await Promise.allSettled(hosts.map((host) => remote.call(host, hostCommands.approval(id), { timeoutS: 30 })));
    },
    avoid: (host) => {
      avoided = host?.name;
    },
  };
}
