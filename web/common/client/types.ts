import type { Answers, FormContent } from '../../../server/shared/fields/types.ts';
import type { operations } from '../../api/schema.d.ts';

/** What an operation of the API answers when it succeeds. */
type Answer<Id extends keyof operations> = operations[Id]['responses'][keyof operations[Id]['responses'] &
  (200 | 201 | 202)] extends {
  content: { 'application/json': infer Body };
}
  ? Body
  : never;
/** What an operation is sent. */
type Input<Id extends keyof operations> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;
/** The API calls answers and contents maps; the field engine knows their shapes. */
type Typed<Body, Known> = Omit<Body, keyof Known> & Known;

export type FormListItem = Answer<'listOpenForms'>['items'][number];
export type PublishedForm = Typed<Answer<'getFormVersionForCitizen'>, { content: FormContent }>;
export type OpenFormNow = Typed<Answer<'getOpenForm'>, { content: FormContent }>;
/** Answers begun on an earlier version, on the current one. */
export type Carried = Typed<Answer<'carryAnswers'>, { content: FormContent; answers: Answers }>;
export type CarryInput = Typed<Input<'carryAnswers'>, { answers: Answers }>;
export type Region = Answer<'listRegions'>['items'][number];

export type OrganisationChoices = Answer<'listOrganisationChoices'>;

/** Times are seconds. */
export type LoginCode = Answer<'sendLoginCode'>;
export type LoginInput = Input<'logInCitizen'>;
export type TicketInput = Input<'useTicket'>;
/** The phone is masked; '' while none is bound. */
export type Session = Answer<'getCitizenSession'>;

export type Draft = Typed<Answer<'getDraft'>, { answers: Answers }>;
export type DraftInput = Typed<Input<'saveDraft'>, { answers: Answers }>;
export type SubmitInput = Typed<Input<'submitForm'>, { answers: Answers }>;
export type CorrectInput = Typed<Input<'correctSubmission'>, { answers: Answers }>;
export type Receipt = Answer<'submitForm'>;
export type SubmissionList = Answer<'listOwnSubmissions'>;
export type SubmissionListItem = SubmissionList['items'][number];
export type SubmissionDetail = Typed<Answer<'getOwnSubmission'>, { answers: Answers }>;
