import { reactive } from 'vue';
import { fieldsOf, isEmpty, normalise } from '../../../server/shared/fields/index.ts';
import type { Answers, Field, Text } from '../../../server/shared/fields/types.ts';
import { citizenApi } from '../../common/client/citizen.ts';
import type { Carried, Draft, OpenFormNow, PublishedForm, SubmissionListItem } from '../../common/client/types.ts';
import { fingerprint } from '../../common/fingerprint.ts';
import { ensureFieldTexts } from '../../common/i18n/field-texts.ts';
import { askLogIn, onLogOut, whoAmI } from '../login/index.ts';
import { sentSince } from './already-sent.ts';
import { draftOf } from './draft.ts';
import { forgetCopy, recallCopy } from './keep-copy.ts';
import { linkValues } from './link-values.ts';
import { localCopy, type LocalCopy } from './local-copy.ts';
import { whichDraft } from './which-draft.ts';

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
  /** The answers that this page began with, or saved last: a draft of the server that says the same is no other device's. */
  base: Answers;
  savedAt: string;
  /** Fingerprints of the saves that were not answered: a draft of the server that is one of them is no other device's. */
  unheard: string[];
  state: SaveState;
  dirty: boolean;
  /** Another device's draft that differs, until the citizen has chosen. */
  conflict: Draft | null;
  /** The submission that ended the draft elsewhere, until the citizen has said whether these answers are wanted once more. */
  sent: SubmissionListItem | null;
  /** It was sent, thrown away, or its citizen has logged out: nothing of it is kept any more. */
  gone: boolean;
  /** Was filled in before, or entered by its first step: not a bookmark or the way back from a receipt. */
  begun: boolean;
  /** The form has a newer version than the draft was begun with; told until the citizen goes on. */
  updated: boolean;
  /** What is different, and which answers did not come along. */
  told: Text[];
}

/** Loaded while the form is fetched, not before: the start page needs none. */
const widgets = () => import('../../common/fields/widgets.ts');

let open: OpenForm | null = null;

export function closeForm(): void {
  if (open) open.gone = true;
  open = null;
}

onLogOut(closeForm);

/** Opens a form with this citizen's draft, or gives the one that is open. Null: gone to the login screen. Throws ApiProblem. */
export async function openForm(key: string): Promise<OpenForm | null> {
  // What everybody may read need not wait for the answer who is logged in.
  const reading = open && open.key === key ? null : contentOf(key);
  if (reading) reading.catch(() => undefined);
  const session = await whoAmI();
  if (!session) {
    askLogIn(false);
    return null;
  }
  if (open && open.key === key && open.accountId === session.accountId) return open;
  const [[form], draft, { ensureWidgets }] = await Promise.all([
    reading || contentOf(key),
    draftOf(key),
    widgets(),
    recallCopy(key),
  ]);
  const going = await goOn(form, draft);
  await ensureWidgets(going.form.content);
  const copy = localCopy(key, session.accountId);
  const sent = copy && !draft ? await sentSince(key, copy.savedAt || timeOf(copy)) : null;
  const begun = begin(going.form, session.accountId, going.draft, copy, sent);
  begun.told = going.told;
  begun.answers = { ...linkValues(form), ...begun.answers };
  open = reactive(begun);
  return open;
}

/** By this device's clock, for what the server never had; '' in copies of older pages. */
const timeOf = ({ at }: LocalCopy): string => (at ? new Date(at).toISOString() : '');

const contentOf = (key: string) => Promise.all([citizenApi.form(key), ensureFieldTexts()]);

/** A draft goes on with the version that it was begun on while that is still taken; then with the newest, and what fits. */
async function goOn(form: OpenFormNow, draft: Draft | null) {
  const here: { form: PublishedForm; draft: Draft | null; told: Text[] } = { form, draft, told: [] };
  if (!draft || draft.version === form.version) return here;
  const grace = form.accepts.filter(({ version }) => version === draft.version)[0];
  if (grace && Date.parse(grace.until) > Date.now())
    return { ...here, form: await citizenApi.formVersion(form.key, draft.version) };
  const carried = await citizenApi.carry(form.key, { version: draft.version, answers: draft.answers });
  return { form, draft: { ...draft, answers: carried.answers }, told: told(carried) };
}

const told = ({ changes, lost }: Carried): Text[] =>
  (changes as Text[]).concat(
    lost.map(({ label, words }) => ({
      'zh-CN': `${label['zh-CN']}：${words['zh-CN']}`,
      en: `${label.en}: ${words.en}`,
    })),
  );

function begin(
  form: PublishedForm,
  accountId: string,
  draft: Draft | null,
  copy: LocalCopy | null,
  sent: SubmissionListItem | null,
): OpenForm {
  const opened: OpenForm = {
    ...form,
    accountId,
    answers: {},
    step: 0,
    rev: 0,
    base: {},
    savedAt: '',
    unheard: [],
    state: 'new',
    dirty: false,
    conflict: null,
    sent: null,
    gone: false,
    begun: draft !== null,
    updated: false,
    told: [],
  };
  if (draft) take(opened, draft);
  if (!copy) return opened;
  const counts = whichDraft(copy, draft, {
    same: (a, b) => sameAnswers(form, a, b),
    print: (answers) => printOf(form, answers),
  });
  if (counts === 'draft') {
    forgetCopy(form.key);
    return opened;
  }
  if (counts === 'ask') opened.conflict = draft;
  const mine = known(form, copy.answers);
  return Object.assign(opened, {
    answers: mine,
    base: mine,
    step: copy.step,
    savedAt: opened.savedAt || copy.savedAt || '',
    unheard: copy.unheard || [],
    sent,
    begun: true,
    dirty: true,
    updated: copy.version !== form.version,
  });
}

/** Takes over a draft of the server. */
export function take(form: OpenForm, draft: Draft): void {
  form.answers = form.base = known(form, draft.answers);
  form.step = Math.min(draft.step, form.content.steps.length - 1);
  form.rev = draft.rev;
  form.savedAt = draft.savedAt;
  form.updated = draft.version !== form.version;
  form.state = 'saved';
  form.dirty = false;
  form.conflict = null;
}

/** Fetches the form's newest version under the answers that still fit; tells what changed. Throws ApiProblem. */
export async function updateForm(form: OpenForm): Promise<void> {
  const carried = await citizenApi.carry(form.key, { version: form.version, answers: known(form, form.answers) });
  const { version, content, answers } = carried;
  await (await widgets()).ensureWidgets(content);
  Object.assign(form, { version, content, answers, step: 0, updated: true, told: told(carried), dirty: true });
}

/** Only answers that the form asks for: the server refuses others. */
export function known(form: Pick<PublishedForm, 'content'>, answers: Record<string, unknown>): Answers {
  const kept: Record<string, unknown> = {};
  fieldsOf(form.content).forEach(({ key }) => {
    if (answers[key] !== undefined) kept[key] = answers[key];
  });
  return kept as Answers;
}

/** As the server keeps it: without the spaces that were typed. */
function tidy(field: Field, typed: unknown): unknown {
  const value = normalise(field, typed);
  return isEmpty(field, value) ? null : value;
}

/** Whether two values of a field say the same. */
export const sameValue = (field: Field, a: unknown, b: unknown): boolean =>
  JSON.stringify(tidy(field, a)) === JSON.stringify(tidy(field, b));

export const sameAnswers = (form: Pick<PublishedForm, 'content'>, a: Answers, b: Answers): boolean =>
  fieldsOf(form.content).every((field) => sameValue(field, a[field.key], b[field.key]));

/** The same for answers that say the same. */
export const printOf = (form: Pick<PublishedForm, 'content'>, answers: Answers): string =>
  fingerprint(JSON.stringify(fieldsOf(form.content).map((field) => tidy(field, answers[field.key]))));
