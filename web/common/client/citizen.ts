import { call } from './http.ts';
import type {
  Draft,
  FormListItem,
  DraftInput,
  LoginCode,
  LoginInput,
  PublishedForm,
  Receipt,
  Region,
  Session,
  SubmissionDetail,
  SubmissionList,
  SubmitInput,
} from './types.ts';

const api = '/api/citizen';
const segment = encodeURIComponent;

/** Every call a citizen's page makes; each throws ApiProblem. */
export const citizenApi = {
  forms: () => call<{ items: FormListItem[] }>('GET', `${api}/forms`),
  form: (key: string) => call<PublishedForm>('GET', `${api}/forms/${segment(key)}`),
  formVersion: (key: string, version: number) =>
    call<PublishedForm>('GET', `${api}/forms/${segment(key)}/versions/${version}`),
  /** Without `parent`: the provinces. */
  regions: (parent: string) =>
    call<{ items: Region[] }>('GET', `${api}/regions${parent ? `?parent=${segment(parent)}` : ''}`),

  requestCode: (phone: string) => call<LoginCode>('POST', `${api}/login-codes`, { body: { phone } }),
  logIn: (body: LoginInput) => call<Session>('POST', `${api}/session`, { body }),
  session: () => call<Session>('GET', `${api}/session`),
  logOut: () => call<void>('DELETE', `${api}/session`),
  logOutEverywhere: () => call<void>('DELETE', `${api}/sessions`),

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
  withdraw: (id: string) => call<SubmissionDetail>('POST', `${api}/submissions/${segment(id)}/withdraw`),
};
