import type { Host } from '../config/schema.ts';
import { type Answer, textOf } from './answer.ts';

/** A release that a host keeps. */
export interface KeptRelease {
  id: string;
  commit: string;
  migrations: string[];
  contracts: string[];
}

/** What a host says about itself. */
export interface HostFacts {
  host: string;
  freeMb: number;
  /** e.g. linux-x64 */
  platform: string;
  nginx: string | null;
  /** What nginx says against its configuration; null: it is well, or there is none yet. */
  nginxTest: string | null;
  /** Names of ports that another program has. */
  takenPorts: string[];
  hasEnv: boolean;
  releases: KeptRelease[];
  current: string | null;
  previous: string | null;
  /** The release that runs beside, as a canary. */
  next: string | null;
  canary: { release: string; percent: number; hosts: string[] } | null;
  /** Where it is between serving and serving again. */
  phase: string;
  /** In the middle of a release, with nobody who finishes it. */
  halfWay: boolean;
  draining: boolean;
  /** Drained on purpose: nobody heals it. */
  hold: boolean;
  /** It answers, and is meant to. */
  serving: boolean;
  /** The build that its API says it is. */
  serves: string | null;
  /** The host command that runs there at this moment. */
  doing: string | null;
  /** Processes of the application. */
  processes: number;
  /** Last status that each node of the SLB got. */
  probers: Record<string, number>;
  lock: { held: boolean; holder: string; fence: number; since: string; expiresAt: string; doing: string } | null;
  pending: string[];
  versions: Record<string, string>;
  /** Its clock minus ours: somewhere around `offsetMs`, and at least `leastMs` apart whatever the line's delay was. */
  clock: { offsetMs: number; leastMs: number };
}

/** Migrations run on one host for all: what is pending is what no host has seen run. Pure. */
export function pendingEverywhere(facts: readonly HostFacts[]): HostFacts[] {
  return facts.map((one) => ({
    ...one,
    pending: one.pending.filter((id) => facts.every((other) => other.pending.includes(id))),
  }));
}

/** Clock difference from one question: its time was read somewhere between the question and the answer. Pure. */
export function clockDifference(
  theirs: number,
  asked: number,
  answered: number,
): { offsetMs: number; leastMs: number } {
  const leastMs = Math.max(0, asked - theirs, theirs - answered);
  return { offsetMs: Math.round(theirs - (asked + answered) / 2), leastMs: Math.round(leastMs) };
}

type Json = Record<string, unknown>;

/** The host program's `facts`, as this program uses them. Pure; tolerant of what an older host program does not tell. */
export function readFacts(host: Host, answer: Answer, asked: number, answered: number): HostFacts {
  const nginx = (answer['nginx'] ?? {}) as Json;
  const state = (answer['state'] ?? {}) as Json;
  const ready = (answer['ready'] ?? {}) as Json;
  const lock = answer['lock'] as Json | null | undefined;
  const phase = textOf(state['phase'], 'unknown');
  const draining = answer['draining'] === true;
  const hold = state['hold'] === true || answer['drainedByHand'] === true;
  const ports = (answer['ports'] ?? {}) as Record<string, string>;
  return {
    host: host.name,
    freeMb: Math.round(Number((answer['disk'] as Json | undefined)?.['freeBytes'] ?? 0) / 1024 ** 2),
    platform: textOf(answer['arch'], 'unknown'),
    nginx: textOrNull(nginx['version']),
    nginxTest: nginx['test'] === 'ok' ? null : textOrNull(nginx['test']),
    takenPorts: Object.entries(ports).flatMap(([name, whose]) => (whose === 'taken' ? [name] : [])),
    hasEnv: Array.isArray(answer['env']) && answer['env'].length > 0,
    releases: ((answer['releases'] ?? []) as KeptRelease[]).map((one) => ({
      ...one,
      migrations: one.migrations ?? [],
      contracts: one.contracts ?? [],
    })),
    current: textOrNull(answer['current']),
    previous: textOrNull(answer['previous']),
    next: textOrNull(answer['next']),
    canary: (answer['canary'] as HostFacts['canary'] | undefined) ?? null,
    phase,
    halfWay: phase !== 'serving' && !hold,
    draining,
    hold,
    serving: ready['status'] === 200 && !draining,
    serves: textOrNull(ready['build']),
    doing: textOrNull((answer['running'] as Json | null | undefined)?.['command']),
    processes: ((answer['processes'] ?? []) as Json[]).filter((one) => one['daemon'] !== true).length,
    probers: statusesOf(answer['probers']),
    lock: lock ? readLock(lock) : null,
    pending: (answer['pending'] ?? []) as string[],
    versions: (answer['versions'] ?? {}) as Record<string, string>,
    clock: clockDifference(Number(answer['time'] ?? asked), asked, answered),
  };
}

const textOrNull = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

function readLock(lock: Json): HostFacts['lock'] {
  const holder = (lock['holder'] ?? {}) as Json;
  return {
    held: lock['held'] === true,
    holder: textOf(holder['name'], 'nobody'),
    doing: textOf(holder['doing']),
    since: textOf(holder['since'] ?? lock['takenAt']),
    fence: Number(lock['fence'] ?? 0),
    expiresAt: textOf(lock['expiresAt']),
  };
}

/** `{ "10.0.0.1": 200 }` or `{ "10.0.0.1": { status: 200, … } }`. */
function statusesOf(value: unknown): Record<string, number> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, one]) => [name, Number((one as Json | null)?.['status'] ?? one)]));
}
