import type { Lab } from '../lab.ts';
import type { Finished } from '../operator.ts';
import { addVariant } from '../variants.ts';
import { currents } from './kills.ts';

/** What must be refused, how it is brought about, and what the message has to name. */
const CASES: readonly [string, (lab: Lab) => Promise<Finished>, RegExp][] = [
  [
    'a host that can not be reached',
    async (lab) => {
      const { sshd } = lab.hosts.at(-1)!;
      await sshd.stop();
      try {
        return await lab.operator(['release', 'refused']).ended;
      } finally {
        await sshd.start();
      }
    },
    /h2\b.*(not reached|unreachable|can't be reached|refused)/is,
  ],
  [
    'a host without room',
    async (lab) => {
      const environment = lab.otherEnvironment('no-room', { limits: { minFreeMb: 9_999_999 } });
      return lab.operator(['release', 'refused'], { environment }).ended;
    },
    /disk|free/i,
  ],
  [
    'a host with a wrong clock',
    async (lab) => {
      const { sshd } = lab.hosts.at(-1)!;
      await sshd.skewClock('+1h');
      try {
        return await lab.operator(['release', 'refused']).ended;
      } finally {
        await sshd.skewClock(null);
      }
    },
    /h2\b.*clock/is,
  ],
];

/**
 * What must be refused with a clear message and with nothing half done.
 * @returns what was wrong
 */
export async function refusals(lab: Lab, say: (text: string) => void): Promise<string[]> {
  const wrong: string[] = [];
  addVariant(lab.repository, 'plain', 'refused');
  for (const [what, work, message] of CASES) {
    await lab.untilSettled();
    const before = [String(currents(lab)), lab.view.events.length] as const;
    const { code, text } = await work(lab);
    if (code === 0) wrong.push(`${what} was not refused`);
    if (!message.test(text)) wrong.push(`${what}: the message says nothing of ${message}:\n${text}`);
    if (String(currents(lab)) !== before[0] || lab.view.events.length !== before[1])
      wrong.push(`${what}: something was changed`);
    say(`${what}: refused with ${code}`);
  }
  wrong.push(...(await secondOperator(lab)));
  return wrong;
}

/** Somebody begins while another one is at work. */
async function secondOperator(lab: Lab): Promise<string[]> {
  const first = lab.operator(['release', 'base', '--again'], { name: 'Alice' });
  await first.line(/locked/);
  const second = await lab.operator(['release', 'refused'], { name: 'Bob' }).ended;
  const wrong: string[] = [];
  if (second.code !== 73) wrong.push(`a second operator ended with ${second.code}:\n${second.text}`);
  if (!second.text.includes('Alice')) wrong.push(`a second operator is not told who is at work:\n${second.text}`);
  const { code, text } = await first.ended;
  if (code !== 0) wrong.push(`the first operator was disturbed, and ended with ${code}:\n${text}`);
  await lab.untilUp();
  return wrong;
}
