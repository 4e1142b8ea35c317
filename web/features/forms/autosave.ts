import { citizenApi } from '../../common/client/citizen.ts';
import { backoff } from '../../common/client/backoff.ts';
import { toProblem, type ApiProblem } from '../../common/client/problem.ts';
import { askLogIn } from '../login/index.ts';
import { sentSince } from './already-sent.ts';
import { draftOf } from './draft.ts';
import { forgetCopy, keepOnDevice, onDisk } from './keep-copy.ts';
import type { LocalCopy } from './local-copy.ts';
import { known, printOf, sameAnswers, take, updateForm, type OpenForm } from './open-form.ts';

const PAUSE_MS = 800;
/** Somebody who types without a pause is saved all the same. */
const LONGEST_MS = 1500;
/** A phone kills pages without a word: until the server has it, what was typed lies on the phone after this time. */
const COPY_MS = 400;

let timer: ReturnType<typeof setTimeout> | undefined;
let copying: ReturnType<typeof setTimeout> | undefined;
/** When the oldest unsaved change was made. */
let since = 0;
let running: Promise<void> | null = null;
let failures = 0;

/** Saves soon: after a pause in typing, and at the latest after a while. */
export function saveSoon(form: OpenForm): void {
  if (!form.dirty) since = Date.now();
  form.dirty = true;
  copying = copying || setTimeout(() => keepTyped(form), COPY_MS);
  const longest = Math.max(0, since + LONGEST_MS - Date.now());
  schedule(form, failures ? backoff(failures, null) : Math.min(PAUSE_MS, longest));
}

/** Keeps on this device what the server does not have yet. False: there is something, and no room for it. */
export function keepTyped(form: OpenForm): boolean {
  stopCopying();
  return !form.dirty || form.gone || keepOnDevice(form.key, copyOf(form));
}

function stopCopying() {
  clearTimeout(copying);
  copying = undefined;
}

const copyOf = (form: OpenForm): LocalCopy => ({
  accountId: form.accountId,
  version: form.version,
  answers: known(form, form.answers),
  step: form.step,
  rev: form.rev,
  savedAt: form.savedAt,
  unheard: form.unheard,
});

function schedule(form: OpenForm, ms: number) {
  clearTimeout(timer);
  timer = setTimeout(() => void saveNow(form), ms);
}

/** Saves what is not saved yet; one save at a time, the last answers win. Never throws: `form.state` tells. */
export async function saveNow(form: OpenForm, keepalive = false): Promise<void> {
  clearTimeout(timer);
  if (running) await running;
  if (!form.dirty || form.conflict || form.sent || form.gone) return;
  running = save(form, keepalive);
  await running;
  running = null;
}

/** Stops saving: the form was sent or its draft thrown away. Waits for a save that is under way. */
export async function stopSaving(form: OpenForm): Promise<void> {
  clearTimeout(timer);
  stopCopying();
  form.dirty = false;
  if (running) await running;
  clearTimeout(timer);
  stopCopying();
}

async function save(form: OpenForm, keepalive: boolean) {
  const { version, step, rev } = form;
  const answers = known(form, form.answers);
  const print = printOf(form, answers);
  if (form.unheard.indexOf(print) < 0) form.unheard.push(print);
  // When the page goes before the answer comes, the next one must know what may have arrived.
  keepOnDevice(form.key, copyOf(form));
  form.dirty = false;
  if (form.state !== 'offline') form.state = 'saving';
  if (!keepalive) await onDisk();
  try {
    const saved = await citizenApi.saveDraft(form.key, { version, answers, step, rev }, keepalive);
    if (form.gone) return;
    form.rev = saved.rev;
    form.base = answers;
    form.savedAt = saved.savedAt;
    form.state = 'saved';
    form.unheard = [];
    failures = 0;
    // What was typed meanwhile grew from this rev.
    if (form.dirty) keepTyped(form);
    else forgetCopy(form.key);
  } catch (fault) {
    if (form.gone) return;
    form.dirty = true;
    await recover(form, toProblem(fault));
  }
}

async function recover(form: OpenForm, problem: ApiProblem) {
  if (problem.code === 'edit_conflict') return settle(form);
  if (problem.code === 'version_outdated') {
    form.state = 'failed';
    await updateForm(form).catch(() => undefined);
    return schedule(form, PAUSE_MS);
  }
  // With what was typed while it was on its way.
  const kept = keepTyped(form);
  if (problem.status === 401) {
    form.state = 'failed';
    return askLogIn(true);
  }
  if (problem.status === 0) form.state = kept ? 'offline' : 'offlineLost';
  else form.state = problem.code === 'form_closed' ? 'closed' : 'failed';
  // A refusal for good (invalid input) waits for the next change; anything else is tried again.
  if (problem.temporary || problem.status === 429) schedule(form, backoff(failures++, problem.retryAfter));
}

/** Somebody saved before us: perhaps ourselves, when the answer got lost; else another device, and the citizen chooses. */
async function settle(form: OpenForm) {
  try {
    const theirs = await draftOf(form.key);
    const sent = theirs ? null : await sentSince(form.key, form.savedAt);
    if (form.gone) return;
    if (sent || (theirs && !isOwn(form, theirs.answers))) {
      Object.assign(form, { state: 'failed', conflict: theirs, sent });
      return;
    }
    form.rev = theirs ? theirs.rev : 0;
    if (theirs) form.savedAt = theirs.savedAt;
    schedule(form, PAUSE_MS);
  } catch {
    form.state = 'failed';
    schedule(form, backoff(failures++, null));
  }
}

const isOwn = (form: OpenForm, answers: LocalCopy['answers']) =>
  form.unheard.indexOf(printOf(form, answers)) >= 0 || sameAnswers(form, answers, form.base);

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

/** The citizen wants to send the form once more, with these answers. */
export function fillAgain(form: OpenForm): void {
  form.sent = null;
  form.rev = 0;
  saveSoon(form);
}
