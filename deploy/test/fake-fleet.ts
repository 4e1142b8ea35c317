import { parseEnvironment, type Loaded } from '../config/load.ts';
import type { EnvironmentInput, Host } from '../config/schema.ts';
import { EXIT, type Exit, Fault, HostFault } from '../faults.ts';
import type { Answer } from '../steps/answer.ts';
import type { Interrupt } from '../steps/interrupt.ts';
import type { Remote } from '../steps/remote.ts';
import type { Context } from '../steps/session.ts';
import { makeTerminal } from '../steps/terminal.ts';

/** An environment of two hosts for tests. */
export function someEnvironment(changes: Partial<EnvironmentInput> = {}): Loaded {
  const input: EnvironmentInput = {
    name: 'test',
    hosts: [
      { name: 'h1', address: '10.0.0.11' },
      { name: 'h2', address: '10.0.0.12' },
    ],
    serverName: 'reg.example.cn',
    publicOrigin: 'https://reg.example.cn',
    slb: { addresses: ['10.0.1.0/24'] },
    build: { node: '20.20.2' },
    canary: { key: 'k'.repeat(40) },
    ...changes,
  };
  return { environment: parseEnvironment(input, 'test'), canaryKey: 'k'.repeat(40) };
}

export interface Call {
  host: string;
  /** e.g. `wait out`, `lock take` */
  name: string;
  args: readonly string[];
  input?: string;
}

export interface FakeFleet {
  context: Context;
  calls: Call[];
  /** What people were told. */
  said: string[];
  /** As Ctrl-C does. */
  interrupt(): void;
  /** Calls as `host name`, without the lock, its renewals and the records. */
  road(): string[];
}

type Reply = (host: Host, args: readonly string[]) => Answer | Promise<Answer> | undefined;

const TWO_WORDS = new Set(['lock', 'wait', 'canary', 'settings', 'env']);

/** A fleet that answers as good hosts do, unless `reply` says otherwise (it may throw a HostFault). */
export function fakeFleet(reply: Reply = () => undefined, loaded: Loaded = someEnvironment()): FakeFleet {
  const calls: Call[] = [];
  const said: string[] = [];
  const abort = new AbortController();
  const fences = new Map<string, number>();
  const interrupt: Interrupt = {
    signal: abort.signal,
    check: () => abort.signal.throwIfAborted(),
    close: () => undefined,
  };
  const remote: Remote = {
    dry: false,
    program: { hash: 'abc', files: ['main.mjs'] },
    async call(host, args, { input, signal } = {}) {
      signal?.throwIfAborted();
      await Promise.resolve();
      const name = args.slice(0, TWO_WORDS.has(args[0] ?? '') ? 2 : 1).join(' ');
      calls.push({ host: host.name, name, args, ...(input === undefined ? {} : { input }) });
      const own = await reply(host, args);
      if (own) return own;
      if (name === 'facts') return goodFacts(host);
      if (name === 'lock show') return { lock: { fence: fences.get(host.name) ?? 6 } };
      if (name !== 'lock take') return { ok: true };
      fences.set(host.name, Number(args.at(-1)));
      return { fence: Number(args.at(-1)) };
    },
    shell: () => Promise.resolve({ code: 0, stdout: `v${loaded.environment.build.node}\nprogram\n`, stderr: '' }),
    close: () => Promise.resolve(),
  };
  const sink = { write: (text: string) => said.push(text) };
  const context: Context = {
    ...{ loaded, remote, interrupt, by: 'li.lei' },
    hosts: loaded.environment.hosts,
    terminal: makeTerminal(false, sink, sink),
  };
  return {
    ...{ context, calls, said },
    interrupt: () => abort.abort(new Fault('interrupted', EXIT.interrupted)),
    road: () =>
      calls.filter(({ name }) => !/^(lock|record|approval)/.test(name)).map(({ host, name }) => `${host} ${name}`),
  };
}

/** What a host says that serves release `current`. */
export function goodFacts(_host: Host, current: string | null = RELEASES.old): Answer {
  return {
    ok: true,
    time: Date.now(),
    arch: 'linux-x64',
    disk: { freeBytes: 50 * 1024 ** 3 },
    nginx: { version: '1.22.1', test: 'ok' },
    env: ['MONGO_URL'],
    releases: Object.values(RELEASES).map((id) => ({ id, commit: id.slice(-7), migrations: [], contracts: [] })),
    current,
    previous: RELEASES.older,
    next: null,
    state: { phase: 'serving', hold: false },
    ready: { status: 200, build: current },
    draining: false,
    probers: { '10.0.1.1': { status: 200, at: 1 } },
    pending: [],
    lock: null,
  };
}

export const RELEASES = {
  older: '20261101-080000-aaaaaaa',
  old: '20261110-080000-bbbbbbb',
  fresh: '20261120-080000-ccccccc',
} as const;

/** What a host program that refuses makes of a call. */
export const refusal = (host: Host, step: string, exit: Exit = EXIT.failed, detail: Answer = {}) =>
  new HostFault(host.name, step, 'refused', `${step} went wrong`, exit, detail);
