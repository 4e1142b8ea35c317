/** `npm run lab`: a fleet on this machine to play with, until Ctrl-C. */
import { createEnding } from '../../scripts/lib/ending.mjs';
import { readOptions, runMain } from '../../scripts/lib/options.mjs';
import { bold, dim, say } from '../../scripts/lib/terminal.mjs';
import { loadLab, LIGHT, tableOf } from './driver/load.ts';
import { startLab, type Lab } from './lab.ts';
import { QUICK, REAL } from './timing.ts';
import { addVariant, VARIANTS } from './variants.ts';

const help = `
npm run lab [-- --hosts N] [-- --real] [-- --load] [-- --no-release]

Starts a fleet on this machine and leaves it running until Ctrl-C: two SLB nodes (HAProxy), hosts with an sshd, an nginx and
a pm2 each, MongoDB and Redis, and a git repository to release from. Then npm run deploy -- COMMAND works on it as on a real one.

  --hosts N      so many hosts (default 2)
  --real         SLB thresholds and lease as in production; else shorter ones
  --load         a load beside it; what became of its requests is printed at the end
  --no-release   leaves the hosts bare

Needs haproxy, nginx with njs, and an sshd (Debian: apt-get install haproxy nginx libnginx-mod-http-js openssh-server). Nothing
is installed or started outside of a temporary folder.
`;

await runMain(async () => {
  const { values } = readOptions(help, {
    hosts: { type: 'string' },
    real: { type: 'boolean' },
    load: { type: 'boolean' },
    'no-release': { type: 'boolean' },
  });
  const ending = createEnding(() => say(`\nStopping… ${dim('(Ctrl-C again forces)')}`));
  try {
    await Promise.race([bringUp(values, ending), ending.stopping]);
    await ending.stopping;
  } finally {
    await ending.unwind();
  }
  say('Stopped; nothing is left.');
  process.exit(0);
});

interface Values {
  hosts?: string;
  real?: boolean;
  load?: boolean;
  'no-release'?: boolean;
}

async function bringUp(values: Values, ending: ReturnType<typeof createEnding>): Promise<void> {
  const hosts = Number(values.hosts ?? 2);
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > 9) throw new Error('--hosts is a number from 1 to 9');
  const lab = await startLab({ timing: values.real ? REAL : QUICK, hosts, say });
  ending.defer(() => lab.stop());
  for (const variant of VARIANTS) addVariant(lab.repository, variant, variant);
  if (!values['no-release']) {
    say('the first release');
    await lab.firstRelease();
  }
  if (values.load) {
    const load = await loadLab(lab, 'play', LIGHT);
    ending.defer(async () => say(`\n${tableOf(await load.stop())}`));
  }
  greet(lab);
}

function greet(lab: Lab): void {
  const { environment, slbs, hosts, ports, folder } = lab;
  const deploy = (command: string) => `  npm run deploy -- ${command} --env ${environment}`;
  say(`
${bold('The lab runs')}

  citizens            ${slbs.map(({ url }) => bold(`${url}/register/`)).join('  ')}
  staff               ${slbs[0]!.url}/business/   ${lab.accounts[0]} / ${lab.password}
  hosts               ${hosts.map(({ name, address }) => `${name} ${address}`).join('  ')}
  ssh                 ssh -i ${folder}/operator_key -o UserKnownHostsFile=${folder}/known_hosts -p ${ports.ssh} ${hosts[0]!.address}
  SLB                 echo 'show stat' | nc -U ${slbs[0]!.socket}
  folders, logs       ${folder}

Commits to release (tags of ${lab.repository.folder}): base, ${VARIANTS.join(', ')}
(throws: does not start; refuses: fails its smoke test; expand: with a migration; contract: no way back)

${['check', 'status', 'release plain', 'rollback', 'release throws'].map(deploy).join('\n')}

${dim('Ctrl-C stops everything.')}
`);
}
