import { reactive } from 'vue';
import { fieldsOf } from '../../../server/shared/fields/index.ts';
import type { Answers } from '../../../server/shared/fields/types.ts';
import { citizenApi } from '../../common/client/citizen.ts';
import type { Draft, PublishedForm } from '../../common/client/types.ts';
import { ensureFieldTexts } from '../../common/i18n/field-texts.ts';
import { askLogIn, onLogOut, whoAmI } from '../login/index.ts';
import { draftOf } from './draft.ts';
import { forgetAllCopies, forgetCopy, localCopy } from './local-copy.ts';

export type SaveState = 'new' | 'saved' | 'saving' | 'offline' | 'offlineLost' | 'failed' | 'closed';

/** A form that is being filled in. Lives in memory across screens; the server's draft follows it. */
export interface OpenForm extends PublishedForm {
  accountId: string;
  /** Raw values by field key, hidden ones too: the citizen may change their mind. */
  answers: Record<string, unknown>;
  /** Index into `content.steps`: where to go on. */
  step: number;
  /** The server's draft that the answers grew from; 0 for none. */
  rev: number;
  savedAt: string;
  state: SaveState;
  dirty: boolean;
  /** Another device's draft that differs, until the citizen has chosen. */
  conflict: Draft | null;
  /** Was filled in before, or entered by its first step: not a bookmark or the way back from a receipt. */
  begun: boolean;
  /** The form has a newer version than the draft was begun with; told until the citizen goes on. */
  updated: boolean;
}

let open: OpenForm | null = null;

export function closeForm(): void {
  open = null;
}

onLogOut(() => {
  closeForm();
  forgetAllCopies();
});

/** Opens a form with this citizen's draft, or gives the one that is open. Null: gone to the login screen. Throws ApiProblem. */
export async function openForm(key: string): Promise<OpenForm | null> {
  const session = await whoAmI();
  if (!session) {
    askLogIn(false);
    return null;
  }
  if (open && open.key === key && open.accountId === session.accountId) return open;
  const [form, draft] = await Promise.all([citizenApi.form(key), draftOf(key), ensureFieldTexts()]);
  open = reactive(begin(form, session.accountId, draft));
  return open;
}

function begin(form: PublishedForm, accountId: string, draft: Draft | null): OpenForm {
  const opened: OpenForm = {
    ...form,
    accountId,
    answers: {},
    step: 0,
    rev: 0,
    savedAt: '',
    state: 'new',
    dirty: false,
    conflict: null,
    begun: draft !== null,
    updated: false,
  };
  if (draft) take(opened, draft);
  const copy = localCopy(form.key, accountId);
  if (!copy) return opened;
  const mine = known(form, copy.answers);
  if (sameAnswers(mine, opened.answers)) {
    forgetCopy(form.key);
    return opened;
  }
  // The copy is newer than what it grew from; if the server's draft has moved on too, the citizen chooses.
  if (draft && draft.rev !== copy.rev) opened.conflict = draft;
  return Object.assign(opened, {
    answers: mine,
    step: copy.step,
    begun: true,
    dirty: true,
    updated: copy.version !== form.version,
  });
}

/** Takes over a draft of the server. */
export function take(form: OpenForm, draft: Draft): void {
  form.answers = known(form, draft.answers);
  form.step = Math.min(draft.step, form.content.steps.length - 1);
  form.rev = draft.rev;
  form.savedAt = draft.savedAt;
  form.updated = draft.version !== form.version;
  form.state = 'saved';
  form.dirty = false;
  form.conflict = null;
}

/** Fetches the form's newest version under the answers; what it no longer asks falls away. Throws ApiProblem. */
export async function updateForm(form: OpenForm): Promise<void> {
  const { version, content } = await citizenApi.form(form.key);
  Object.assign(form, {
    version,
    content,
    answers: known({ content }, form.answers),
    step: 0,
    updated: true,
    dirty: true,
  });
}

/** Only answers that the form asks for: the server refuses others. */
export function known(form: Pick<PublishedForm, 'content'>, answers: Record<string, unknown>): Answers {
  const kept: Record<string, unknown> = {};
  fieldsOf(form.content).forEach(({ key }) => {
    if (answers[key] !== undefined) kept[key] = answers[key];
  });
  return kept as Answers;
}

/** Compared as JSON in the order of the form: `known` puts both into it. */
export const sameAnswers = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
