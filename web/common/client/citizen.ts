import { call } from './http.ts';
import type {
  Carried,
  CarryInput,
  CorrectInput,
  Draft,
  FormListItem,
  DraftInput,
  LoginCode,
  LoginInput,
  OpenFormNow,
  OrganisationChoices,
  PublishedForm,
  Receipt,
  Region,
  Session,
  SubmissionDetail,
  SubmissionList,
  SubmitInput,
  TicketInput,
} from './types.ts';

const api = '/api/citizen';
const segment = encodeURIComponent;

/** Every call a citizen's page makes; each throws ApiProblem. */
export const citizenApi = {
  forms: () => call<{ items: FormListItem[] }>('GET', `${api}/forms`),
  form: (key: string) => call<OpenFormNow>('GET', `${api}/forms/${segment(key)}`),
  formVersion: (key: string, version: number) =>
    call<PublishedForm>('GET', `${api}/forms/${segment(key)}/versions/${version}`),
  carry: (key: string, body: CarryInput) => call<Carried>('POST', `${api}/forms/${segment(key)}/carry`, { body }),
  /** Without `parent`: the provinces. */
  regions: (parent: string) =>
    call<{ items: Region[] }>('GET', `${api}/regions${parent ? `?parent=${segment(parent)}` : ''}`),

  /** The first organisations of a name, or some by their ids, parted by commas. */
  organisations: (query: { q?: string; ids?: string }) =>
    call<OrganisationChoices>('GET', `${api}/organisations?${new URLSearchParams(query).toString()}`),

  requestCode: (phone: string) => call<LoginCode>('POST', `${api}/login-codes`, { body: { phone } }),
  logIn: (body: LoginInput) => call<Session>('POST', `${api}/session`, { body }),
  /** `path` is this page's, to which the ticket is bound. */
  enterByTicket: (body: TicketInput) => call<Session>('POST', `${api}/session/ticket`, { body }),
  bindPhone: (body: LoginInput) => call<Session>('POST', `${api}/phone`, { body }),
  /** `code` is what WeChat's phone component gave. */
  bindWechatPhone: (code: string) => call<Session>('POST', `${api}/wechat/phone`, { body: { code } }),
  session: () => call<Session>('GET', `${api}/session`),
  logOut: () => call<void>('DELETE', `${api}/session`),

  draft: (key: string) => call<Draft>('GET', `${api}/forms/${segment(key)}/draft`),
  saveDraft: (key: string, body: DraftInput, keepalive = false) =>
    call<Draft>('PUT', `${api}/forms/${segment(key)}/draft`, { body, keepalive }),
  deleteDraft: (key: string) => call<void>('DELETE', `${api}/forms/${segment(key)}/draft`),

  submit: (key: string, idempotencyKey: string, body: SubmitInput) =>
    call<Receipt>('POST', `${api}/forms/${segment(key)}/submissions`, {
      body,
      headers: { 'Idempotency-Key': idempotencyKey },
    }),
  submissions: (cursor: string | null) =>
    call<SubmissionList>('GET', `${api}/submissions${cursor ? `?cursor=${segment(cursor)}` : ''}`),
  submission: (id: string) => call<SubmissionDetail>('GET', `${api}/submissions/${segment(id)}`),
  correct: (id: string, idempotencyKey: string, body: CorrectInput) =>
    call<SubmissionDetail>('PUT', `${api}/submissions/${segment(id)}`, {
      body,
      headers: { 'Idempotency-Key': idempotencyKey },
    }),
  withdraw: (id: string) => call<SubmissionDetail>('POST', `${api}/submissions/${segment(id)}/withdraw`),
};
