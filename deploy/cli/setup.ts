import { setUp } from '../plan/setup.ts';
import { seconds } from '../steps/session.ts';
import type { Command } from './command.ts';
import { hostNamed } from './fleet.ts';

export const setup: Command = {
  usage: 'setup [HOST]',
  summary: 'makes bare Debian hosts ready for their first release; safe to run again',
  help: `
Logs in as setup.user (root, or an account with sudo and without a password), installs nginx and what it needs, makes the
account, folders, units, log rotation and settings, puts the secrets of setup.envFile there and prints firewall hints.
Nothing that serves is stopped. Without HOST: all hosts, one after the other.`,
  options: {},
  words: { min: 0, max: 1 },
  async run(context, { words }) {
    const hosts = words[0] === undefined ? context.hosts : [hostNamed(context, words[0])];
    const started = performance.now();
    await setUp(context, hosts);
    context.terminal.say(`ready${seconds(performance.now() - started)}; next: npm run deploy -- check`);
    return { hosts: hosts.map(({ name }) => name) };
  },
};
