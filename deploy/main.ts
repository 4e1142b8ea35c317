import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import type { Command } from './cli/command.ts';
import { commands } from './cli/commands.ts';
import { commonHelp, parse, type Parsed, text } from './cli/options.ts';
import { loadEnvironment } from './config/load.ts';
import { EXIT, Fault } from './faults.ts';
import { listen } from './steps/interrupt.ts';
import { connect, connectDry } from './steps/remote.ts';
import type { Context } from './steps/session.ts';
import { makeTerminal, type Terminal } from './steps/terminal.ts';

/** `npm run deploy -- COMMAND …`: finds the command, makes its context, tells its faults. What it does is in plan/. */
async function main(argv: string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  const terminal = makeTerminal(argv.includes('--json'), process.stdout, process.stderr);
  try {
    if (['', '--help', 'help'].includes(name)) {
      terminal.block(overview());
      return name === '' ? EXIT.usage : EXIT.ok;
    }
    const command = commands[name];
    if (!command) throw new Fault(`There is no command "${name}". npm run deploy -- --help lists them.`, EXIT.usage);
    const parsed = parse(rest, command.options, command.words);
    if (parsed.flags['help'] === true) terminal.block(helpOf(command));
    else terminal.result({ ok: true, command: name, ...(await runWith(command, parsed, terminal)) });
    return EXIT.ok;
  } catch (error) {
    const fault = error instanceof Fault;
    const exit = fault ? error.exit : EXIT.failed;
    terminal.block(`\n${fault ? error.message : ((error as Error).stack ?? String(error))}`);
    terminal.result({ ok: false, command: name, exit, message: (error as Error).message });
    return exit;
  }
}

async function runWith(command: Command, parsed: Parsed, terminal: Terminal): Promise<object> {
  const loaded = await loadEnvironment(required(parsed));
  const without = (parsed.flags['without'] ?? []) as string[];
  const { hosts } = loaded.environment;
  for (const name of without) {
    if (!hosts.some((host) => host.name === name))
      throw new Fault(`--without ${name}: there is no such host.`, EXIT.usage);
  }
  const used = hosts.filter((host) => !without.includes(host.name));
  if (used.length === 0) throw new Fault('No host is left.', EXIT.usage);
  const interrupt = listen((line) => terminal.say(line));
  const remote = parsed.flags['dry-run'] === true ? await connectDry(loaded, terminal) : await connect(loaded);
  const context: Context = { loaded, hosts: used, remote, terminal, interrupt, by: text(parsed, 'by') ?? operator() };
  try {
    return await command.run(context, parsed);
  } finally {
    await remote.close();
    interrupt.close();
  }
}

function required(parsed: Parsed): string {
  const env = text(parsed, 'env');
  if (env === undefined)
    throw new Fault('--env NAME is missing: nothing is ever done to an environment you did not name.', EXIT.usage);
  return env;
}

/** Who is at work: as git knows them, else the name of the account. */
function operator(): string {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    if (name) return name;
  } catch {
    // No git, or no name in it.
  }
  return userInfo().username;
}

function overview(): string {
  const widest = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(({ usage, summary }) => `  ${usage.padEnd(widest)}  ${summary}`);
  return `\nnpm run deploy -- COMMAND --env NAME [options]\n\n${lines.join('\n')}\n${commonHelp}\nGuide: docs/operations.md\n`;
}

const helpOf = ({ usage, summary, help }: Command) =>
  `\nnpm run deploy -- ${usage} --env NAME\n\n${summary}\n\n${help.trim()}\n${commonHelp}`;

process.exitCode = await main(process.argv.slice(2));
