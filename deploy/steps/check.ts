import { hostCommands as commands } from '../commands/host-program.ts';
import type { Environment, Host } from '../config/schema.ts';
import type { Answer } from './remote.ts';
import type { Context } from './session.ts';
import { type HostFacts, pendingEverywhere, readFacts } from './facts.ts';

export type { HostFacts } from './facts.ts';

export interface CheckOptions {
  /** This operator holds the lock: it need not be free. */
  locked?: boolean;
  /** A rollback needs no room for a new release. */
  rollback?: boolean;
  release?: string;
}

export interface Checked {
  facts: HostFacts[];
  /** One line each, with the host's name; empty when all is well. */
  faults: string[];
  /** What an operator should know, and what stops nothing. */
  remarks: string[];
}

/** Asks all hosts for their facts and judges them, all faults of all hosts at once. Changes nothing. */
export async function checkFleet(context: Context, options: CheckOptions = {}): Promise<Checked> {
  const { environment } = context.loaded;
  const asked = await Promise.allSettled(context.hosts.map((host) => factsOf(context, host)));
  if (context.remote.dry)
    return { facts: asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])), faults: [], remarks: [] };
  const checked: Checked = { facts: [], faults: [], remarks: [] };
  asked.forEach((one, at) => {
    const name = context.hosts[at]?.name ?? '';
    if (one.status === 'rejected') {
      checked.faults.push((one.reason as Error).message);
      return;
    }
    checked.facts.push(one.value);
    checked.faults.push(...judge(environment, one.value, options).map((fault) => `${name}: ${fault}`));
  });
  for (const one of pendingEverywhere(checked.facts)) {
    checked.remarks.push(...remarksOn(environment, one).map((remark) => `${one.host}: ${remark}`));
  }
  const serving = checked.facts.filter((one) => one.serving).length;
  const fresh = checked.facts.filter((one) => one.current === null).length;
  if (environment.hosts.length > 1 && serving + fresh < 2 && checked.faults.length === 0) {
    checked.faults.push(
      `only ${serving} host is in service: taking one out would leave nobody (join or repair the others first)`,
    );
  }
  return checked;
}

/** The facts of all hosts of a plan. @throws the first host's fault */
export async function factsOfAll(context: Context): Promise<HostFacts[]> {
  return await Promise.all(context.hosts.map((host) => factsOf(context, host)));
}

export async function factsOf(context: Context, host: Host): Promise<HostFacts> {
  // The first call opens the connection; its time would be read as clock difference.
  await context.remote.call(host, commands.lockShow(), { timeoutS: 60 });
  const before = Date.now();
  const answer: Answer = await context.remote.call(host, commands.facts(), { timeoutS: 60 });
  return readFacts(host, answer, before, Date.now());
}

/** Pure: what is wrong with a host. */
export function judge(environment: Environment, facts: HostFacts, { locked, rollback }: CheckOptions): string[] {
  const { limits, build } = environment;
  const faults: string[] = [];
  const { clock } = facts;
  if (clock.leastMs > limits.maxClockSkewMs) {
    faults.push(
      `its clock is ${clock.offsetMs > 0 ? 'ahead' : 'behind'} by at least ${clock.leastMs} ms (limit ${limits.maxClockSkewMs}); is its time service running?`,
    );
  }
  if (rollback !== true && facts.freeMb < limits.minFreeMb) {
    faults.push(`${facts.freeMb} MB free, ${limits.minFreeMb} MB are needed (deploy prune frees some)`);
  }
  if (facts.platform !== build.platform)
    faults.push(`it is ${facts.platform}, the artifacts are for ${build.platform}`);
  if (facts.nginx === null) faults.push('nginx is not installed: run setup');
  if (facts.nginxTest !== null) faults.push(`nginx refuses its configuration: ${facts.nginxTest}`);
  for (const port of facts.takenPorts) faults.push(`port ${port} is taken by another program`);
  if (!facts.hasEnv) faults.push(`env/dengji.env is missing: run setup with setup.envFile`);
  if (facts.current !== null && facts.halfWay)
    faults.push(`it is in the middle of something (${facts.phase}): deploy resume`);
  if (facts.current !== null && facts.hold) faults.push('it is drained on purpose: deploy join, or --without it');
  if (locked !== true && facts.lock?.held === true)
    faults.push(`locked by ${facts.lock.holder} until ${facts.lock.expiresAt}`);
  return faults;
}

/** Pure: what is unusual and stops nothing. */
export function remarksOn(environment: Environment, facts: HostFacts): string[] {
  const remarks: string[] = [];
  if (facts.current === null) remarks.push('new: no release yet');
  else if (Object.keys(facts.probers).length === 0)
    remarks.push('no probe of the SLB was seen: does it ask GET /health/ready here?');
  for (const wanted of environment.slb.probers) {
    if (facts.current !== null && facts.probers[wanted] === undefined)
      remarks.push(`no probe of the SLB node ${wanted} was seen`);
  }
  for (const [prober, status] of Object.entries(facts.probers)) {
    if (status !== 200 && !facts.draining) remarks.push(`the SLB node ${prober} got ${status} last`);
  }
  if (facts.pending.length > 0) remarks.push(`migrations pending: ${facts.pending.join(', ')}`);
  return remarks;
}
