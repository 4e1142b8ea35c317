import { hostCommands } from '../commands/host-program.ts';
import { type Answer, textOf } from './answer.ts';
import type { Kind, ReleaseEvent, ReleaseState } from './record.ts';
import type { Context } from './session.ts';

/** What was tried with a release: one record. */
export interface Attempt {
  id: string;
  /** The release that is put in service. */
  target: string;
  kind: Kind;
  state: ReleaseState;
  by: string;
  /** ISO time of the first and of the last event. */
  began: string;
  at: string;
  lastSeq: number;
  last: ReleaseEvent;
  /** A migration was run, or begun. */
  migrated: boolean;
}

/** Events that the hosts keep; each plan spreads its own over them. */
export async function eventsOf(context: Pick<Context, 'remote' | 'hosts'>, limit: number): Promise<ReleaseEvent[]> {
  const { remote, hosts } = context;
  const all = await Promise.allSettled(
    hosts.map((host) => remote.call(host, hostCommands.records(limit), { timeoutS: 30 })),
  );
  return all.flatMap((one) => (one.status === 'fulfilled' ? eventsIn(one.value) : []));
}

/** The attempts that the hosts know, newest first. A host that can't be reached is left out. */
export async function attemptsOf(context: Pick<Context, 'remote' | 'hosts'>, limit = 2000): Promise<Attempt[]> {
  return fold(await eventsOf(context, limit));
}

/** The events in an answer of `records`. */
const eventsIn = (answer: Answer): ReleaseEvent[] =>
  Array.isArray(answer['records']) ? (answer['records'] as ReleaseEvent[]) : [];

/** Pure: events of any hosts, in any order, become attempts, newest first. */
export function fold(events: readonly ReleaseEvent[]): Attempt[] {
  const byId = new Map<string, ReleaseEvent[]>();
  for (const event of events) byId.set(event.release, [...(byId.get(event.release) ?? []), event]);
  return [...byId.entries()].map(([id, own]) => attempt(id, own)).sort((a, b) => (a.at < b.at ? 1 : -1));
}

function attempt(id: string, events: ReleaseEvent[]): Attempt {
  const sorted = events.toSorted((a, b) => a.seq - b.seq);
  const first = sorted[0] as ReleaseEvent;
  const last = sorted.at(-1) as ReleaseEvent;
  return {
    id,
    target: textOf(sorted.findLast(({ target }) => target !== undefined)?.target, id),
    kind: last.kind,
    state: last.state,
    by: first.by,
    began: first.at,
    at: last.at,
    lastSeq: last.seq,
    last,
    migrated: sorted.some(({ step }) => step === 'migrate'),
  };
}

/** Whether it was left in the middle: hosts may be at different releases. */
export const isOpen = ({ state }: Attempt): boolean => state === 'deploying' || state === 'verifying';
