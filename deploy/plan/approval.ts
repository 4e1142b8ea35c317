import { setTimeout as sleep } from 'node:timers/promises';
import { hostCommands as commands } from '../commands/host-program.ts';
import { EXIT, Fault } from '../faults.ts';
import { textOf } from '../steps/answer.ts';
import type { HostFacts } from '../steps/check.ts';
import type { Approval } from '../steps/record.ts';
import type { Session } from '../steps/session.ts';
import { stopping } from './parts.ts';

const POLL_MS = 3000;

interface Verdict {
  approval?: Approval;
  /** Why the API could not be asked. */
  why: string;
}

/**
 * Waits for the approval of another person, where the environment or the server asks for one. The very first release of a
 * fleet needs none: there is no system backend yet to give it in, and nobody is served.
 * @throws Fault (timedOut) when nobody came in time, before a host was touched
 */
export async function approved(session: Session, facts: readonly HostFacts[]): Promise<void> {
  const { environment, terminal, remote, recorder } = session;
  const first = verdictOf(await recorder.flush());
  if (!environment.approval.required && first.approval?.required !== true) return;
  if (remote.dry) return terminal.say('here the plan waits until another person approves the release');
  if (facts.every(({ current }) => current === null))
    return terminal.say('the first release of this fleet: no approval');
  if (!first.approval?.by) {
    terminal.say(`waiting for approval by another person: ${environment.publicOrigin}/system/releases/${recorder.id}`);
    terminal.say(
      `(up to ${Math.round(environment.limits.approvalS / 60)} min; Ctrl-C ends; nothing was changed so far)`,
    );
  }
  const by = await approver(session, first);
  terminal.say(`approved by ${by}`);
  recorder.add('approved', { message: `by ${by}` });
}

async function approver(session: Session, first: Verdict): Promise<string> {
  const { environment, terminal, interrupt } = session;
  const end = Date.now() + environment.limits.approvalS * 1000;
  let told = '';
  for (let now = first; ; now = await ask(session)) {
    if (now.approval?.by) return now.approval.by;
    if (now.why !== told && now.why !== '') terminal.say(`the approval can't be asked for just now: ${now.why}`);
    told = now.why;
    if (Date.now() > end) throw new Fault('Nobody approved the release in time. Nothing was changed.', EXIT.timedOut);
    interrupt.check();
    await sleep(POLL_MS, undefined, { signal: stopping(session) }).catch(() => interrupt.check());
  }
}

/** Asks through the first host that answers. */
async function ask(session: Session): Promise<Verdict> {
  let last: Verdict = { why: 'no host' };
  for (const host of session.hosts) {
    last = await session
      .call(host, commands.approval(session.recorder.id))
      .then(verdictOf, (error: Error) => ({ why: error.message }));
    if (last.approval) return last;
  }
  session.signal.throwIfAborted();
  return last;
}

/** Of `record` or of `approval`. */
function verdictOf(answer: unknown): Verdict {
  const found = (answer ?? {}) as {
    answer?: { approval?: Approval } | null;
    approval?: Approval | null;
    why?: unknown;
  };
  const approval = found.answer?.approval ?? found.approval;
  return { why: approval ? '' : textOf(found.why), ...(approval ? { approval } : {}) };
}
