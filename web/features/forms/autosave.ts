import { citizenApi } from '../../common/client/citizen.ts';
import { backoff } from '../../common/client/backoff.ts';
import { toProblem, type ApiProblem } from '../../common/client/problem.ts';
import { askLogIn } from '../login/index.ts';
import { draftOf } from './draft.ts';
import { forgetCopy, keepInTab, keepOnDevice, type LocalCopy } from './local-copy.ts';
import { known, sameAnswers, take, updateForm, type OpenForm } from './open-form.ts';

const PAUSE_MS = 800;

let timer: ReturnType<typeof setTimeout> | undefined;
let running: Promise<void> | null = null;
let failures = 0;

/** Saves soon: after a pause in typing. */
export function saveSoon(form: OpenForm): void {
  form.dirty = true;
  schedule(form, failures ? backoff(failures, null) : PAUSE_MS);
}

function schedule(form: OpenForm, ms: number) {
  clearTimeout(timer);
  timer = setTimeout(() => void saveNow(form), ms);
}

/** Saves what is not saved yet; one save at a time, the last answers win. Never throws: `form.state` tells. */
export async function saveNow(form: OpenForm, keepalive = false): Promise<void> {
  clearTimeout(timer);
  if (running) await running;
  if (!form.dirty || form.conflict) return;
  running = save(form, keepalive);
  await running;
  running = null;
}

/** Stops saving: the form was sent or its draft thrown away. Waits for a save that is under way. */
export async function stopSaving(form: OpenForm): Promise<void> {
  clearTimeout(timer);
  form.dirty = false;
  if (running) await running;
  clearTimeout(timer);
}

async function save(form: OpenForm, keepalive: boolean) {
  const copy: LocalCopy = {
    accountId: form.accountId,
    version: form.version,
    answers: known(form, form.answers),
    step: form.step,
    rev: form.rev,
  };
  const { version, answers, step, rev } = copy;
  form.dirty = false;
  if (form.state !== 'offline') form.state = 'saving';
  try {
    const saved = await citizenApi.saveDraft(form.key, { version, answers, step, rev }, keepalive);
    form.rev = saved.rev;
    form.savedAt = saved.savedAt;
    form.state = 'saved';
    failures = 0;
    forgetCopy(form.key);
  } catch (fault) {
    form.dirty = true;
    await recover(form, copy, toProblem(fault));
  }
}

async function recover(form: OpenForm, copy: LocalCopy, problem: ApiProblem) {
  if (problem.code === 'edit_conflict') return settle(form, copy);
  if (problem.code === 'version_outdated') {
    form.state = 'failed';
    await updateForm(form).catch(() => undefined);
    return schedule(form, PAUSE_MS);
  }
  if (problem.status === 401) {
    keepInTab(form.key, copy);
    form.state = 'failed';
    return askLogIn(true);
  }
  if (problem.status === 0) form.state = keepOnDevice(form.key, copy) ? 'offline' : 'offlineLost';
  else {
    keepInTab(form.key, copy);
    form.state = problem.code === 'form_closed' ? 'closed' : 'failed';
  }
  // A refusal for good (invalid input) waits for the next change; anything else is tried again.
  if (problem.temporary || problem.status === 429) schedule(form, backoff(failures++, problem.retryAfter));
}

/** Somebody saved before us: perhaps ourselves, when the answer got lost; else another device, and the citizen chooses. */
async function settle(form: OpenForm, copy: LocalCopy) {
  const theirs = await draftOf(form.key).catch(() => undefined);
  if (theirs === undefined) {
    form.state = 'failed';
    return schedule(form, backoff(failures++, null));
  }
  if (!theirs) {
    form.rev = 0;
    return schedule(form, PAUSE_MS);
  }
  if (sameAnswers(known(form, theirs.answers), copy.answers)) {
    form.rev = theirs.rev;
    form.savedAt = theirs.savedAt;
    return schedule(form, PAUSE_MS);
  }
  form.state = 'failed';
  form.conflict = theirs;
}

/** The citizen's choice between two drafts; the other one is replaced. */
export function resolveConflict(form: OpenForm, mine: boolean): void {
  const theirs = form.conflict;
  if (!theirs) return;
  forgetCopy(form.key);
  if (!mine) return take(form, theirs);
  form.rev = theirs.rev;
  form.conflict = null;
  saveSoon(form);
}
