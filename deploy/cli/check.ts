import { EXIT, Fault } from '../faults.ts';
import { checkFleet } from '../steps/check.ts';
import { putPrograms } from '../steps/session.ts';
import { table } from '../steps/terminal.ts';
import type { HostFacts } from '../steps/facts.ts';
import type { Command } from './command.ts';

export const check: Command = {
  usage: 'check',
  summary: 'looks at everything a release needs, on all hosts at once, and changes nothing',
  help: `
ssh, versions, free disk, clocks, ports, nginx -t, what the SLB's probes got, migrations pending, whether the lock is free.
Names every fault of every host. (The host program is put into its own folder where it is missing; nothing that serves is touched.)`,
  options: {},
  words: { min: 0, max: 0 },
  async run(context) {
    await putPrograms(context);
    const { facts, faults, remarks } = await checkFleet(context);
    if (context.remote.dry) return {};
    context.terminal.block(`\n${table([head, ...facts.map(row)])}`);
    for (const remark of remarks) context.terminal.block(`  note: ${remark}`);
    for (const fault of faults) context.terminal.block(`  FAULT: ${fault}`);
    if (faults.length > 0) throw new Fault(`${faults.length} fault(s). Nothing was changed.`, EXIT.failed);
    context.terminal.block('\nall well\n');
    return { facts, remarks };
  },
};

const head = ['host', 'release', 'phase', 'disk', 'clock', 'node', 'nginx', 'SLB', 'lock'];

function row(facts: HostFacts): string[] {
  const probers = Object.entries(facts.probers).map(([name, status]) => `${name}: ${status}`);
  return [
    facts.host,
    facts.current ?? '(none)',
    facts.draining ? `${facts.phase}, drained` : facts.phase,
    `${facts.freeMb} MB`,
    facts.clock.leastMs === 0 ? 'ok' : `off ≥ ${facts.clock.leastMs} ms`,
    facts.versions['node'] ?? '-',
    facts.nginx ?? '-',
    probers.join(', ') || '-',
    facts.lock?.held === true ? facts.lock.holder : 'free',
  ];
}
